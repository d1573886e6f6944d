"""Whether a text shows anything at all: spaces, joiners and control characters alone say nothing."""

import unicodedata
from typing import Final

# Controls, format (zero-width space, byte order mark) and separators. Inside a text they stay: emoji need joiners.
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})


def is_blank(text: str) -> bool:
    """Whether no character of ``text`` can be seen."""
    return all(unicodedata.category(char) in _INVISIBLE for char in text)
