"""What people put between the digits of one number: spaces of many widths, hyphens, dots and brackets."""

from typing import Final

# For a character class. The zero-width space is one of them: it parts words, though nobody sees it.
SPACES: Final = r" \u00a0\u2000-\u200b\u202f\u205f\u3000"
GAPS: Final = SPACES + r".()（）\u2010-\u2013\u2212－\-"
LONGEST: Final = 3  # characters of one gap
