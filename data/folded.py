"""A text as it is searched: full-width letters as ASCII, marks on their letters, and nothing that cannot be seen."""

import re
import unicodedata
from typing import Final

from data.edited import Edit, Edited, edited

_FULL_WIDTH: Final = {
    0xFEE0 + ord(char): char for char in map(chr, range(ord("!"), ord("~"))) if char.isalnum()
}
_MARKS: Final = r"\u0300-\u036f"
# Soft hyphens, joiners, directions, byte order marks. The zero-width space stays: it parts what stands around it.
_UNSEEN: Final = r"\u00ad\u034f\u061c\u180e\u200c-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
_FOLDS: Final = re.compile(rf"[{_UNSEEN}{_MARKS}\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")
# Three marks at most, for normalizing takes the square of their number; no letter of one code point has more.
_EDITED: Final = re.compile(rf"[{_UNSEEN}]+|[^\W\d_][{_MARKS}]{{1,3}}")


def folded(text: str) -> Edited:
    """``text`` folded, with the way back to it.

    The cost is bounded by a constant for each character; most texts have nothing to fold, and cost little.
    """
    if text.isascii() or not _FOLDS.search(text):
        return Edited(text)
    plain = text.translate(_FULL_WIDTH)  # one for one
    return edited(plain, map(_edit, _EDITED.finditer(plain)))


def _edit(found: re.Match[str]) -> Edit:
    """What cannot be seen goes; a letter and its marks become one character, where there is one."""
    if not found[0][0].isalpha():
        return *found.span(), ""
    whole = unicodedata.normalize("NFC", found[0])
    return *found.span(), whole if len(whole) == 1 else found[0]
