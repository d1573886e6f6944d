"""A cell as it is looked up in a list: without case, what stands around it, and what parts its words."""

import unicodedata
from typing import Final

from data.composed import compatible

_PARTING: Final = str.maketrans("-_,’", "   '")


def plain_cell(text: str, *, around: str) -> str:
    """``text`` folded, its words parted by one space, less outer characters of the categories ``around``.

    Args:
        around: First letters of Unicode categories: "PZC" for punctuation, spaces and controls.
    """
    plain = compatible(text).casefold().translate(_PARTING)
    start, end = 0, len(plain)
    while start < end and unicodedata.category(plain[start])[0] in around:
        start += 1
    while start < end and unicodedata.category(plain[end - 1])[0] in around:
        end -= 1
    return " ".join(plain[start:end].split())
