"""A cell as it is looked up in a list: without case, what stands around it, and what parts its words."""

import unicodedata
from typing import Final

_PARTING: Final = str.maketrans("-_,’", "   '")


def plain_cell(text: str, *, around: str) -> str:
    """``text`` folded, its words parted by one space, less outer characters of the categories ``around``.

    Args:
        around: First letters of Unicode categories: "PZC" for punctuation, spaces and controls.
    """
    inner = unicodedata.normalize("NFKC", text).casefold().translate(_PARTING)
    while inner and unicodedata.category(inner[0])[0] in around:
        inner = inner[1:]
    while inner and unicodedata.category(inner[-1])[0] in around:
        inner = inner[:-1]
    return " ".join(inner.split())
