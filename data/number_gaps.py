"""The digits of one number, and what people put between them: spaces of many widths, hyphens, dots and brackets."""

import re
from typing import Final

# For a character class. The zero-width space is one of them: it parts words, though nobody sees it.
SPACES: Final = r" \u00a0\u2000-\u200b\u202f\u205f\u3000"
GAPS: Final = SPACES + r".()（）\u2010-\u2013\u2212－\-"
LONGEST: Final = 3  # characters of one gap

_FOREIGN_DIGIT: Final = re.compile(r"[^\D0-9]")


def in_ascii_digits(text: str) -> str:
    """``text`` with the digits of every script as 0 to 9; places stay."""
    return text if text.isascii() else _FOREIGN_DIGIT.sub(lambda digit: str(int(digit[0])), text)
