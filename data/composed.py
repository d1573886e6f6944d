"""Names in one spelling: macOS, and some forms, write the marks of letters apart, which nobody can see."""

import unicodedata
from typing import Final

_LONGEST: Final = 1_000  # characters; no name is longer, and a run of marks takes time by its square


def composed(text: str) -> str:
    """``text`` in NFC. For what is compared, never for what people said: offsets count in the text as it came.

    One of more than 1,000 characters stays as it is.
    """
    return text if len(text) > _LONGEST else unicodedata.normalize("NFC", text)


def compatible(text: str) -> str:
    """``text`` in NFKC, for what is looked up in lists and forms; one of more than 1,000 characters as it is."""
    return text if len(text) > _LONGEST else unicodedata.normalize("NFKC", text)
