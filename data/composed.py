"""Names in one spelling: macOS, and some forms, write the marks of letters apart, which nobody can see."""

import unicodedata


def composed(text: str) -> str:
    """``text`` in NFC. For what is compared, never for what people said: offsets count in the text as it came."""
    return unicodedata.normalize("NFC", text)
