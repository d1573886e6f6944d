"""The plain words for what the errors of the classifier leave of a share, in English."""

from typing import Final

from mining.report_words import SHARE_GATE, people_on
from mining.results import Side

NEAR_ZERO: Final = "cannot be told from zero"


def corrected(side: Side) -> str:
    """``48 % (33–61 %)`` after correction; nothing where there is none, or fewer than ``SHARE_GATE`` people."""
    share = side.corrected
    if share is None or side.share.n < SHARE_GATE:
        return ""
    value, low, high = (f"{100 * part:.0f}" for part in (share.value, share.low, share.high))
    return f"{value}\u202f% ({low}–{high}\u202f%)"


def people_or_none(side: Side) -> str:
    """``15 ask for more``, with a warning where misreading alone may have put them there."""
    return f"{people_on(side)}, {NEAR_ZERO}" if side.near_zero else people_on(side)
