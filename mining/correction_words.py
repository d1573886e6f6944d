"""The plain words for corrected shares, penalties and response rates, in English."""

from typing import Final

from mining.report_words import count, people_on
from mining.results import Side
from mining.settings import SHARE_PEOPLE

NEAR_ZERO: Final = "cannot be told from zero"
_KNOWS_NOTHING: Final = 0.9  # width of an interval


def corrected(side: Side, gate: int = SHARE_PEOPLE) -> str:
    """``48 % (33–61 %)`` after correction; nothing where there is none, or fewer than ``gate`` people.

    An interval of nearly all that is possible says that nothing is known, and so does the word then.
    """
    share = side.corrected
    if share is None or side.share.n < gate:
        return ""
    if share.high - share.low > _KNOWS_NOTHING:
        return "not known"
    value, low, high = (f"{100 * part:.0f}" for part in (share.value, share.low, share.high))
    return f"{value}\u202f% ({low}–{high}\u202f%)"


def people_or_none(side: Side) -> str:
    """``15 ask for more``, with a warning where misreading alone may have put them there."""
    return f"{people_on(side)}, {NEAR_ZERO}" if side.near_zero else people_on(side)


def penalty(side: Side) -> str:
    """``rate 1.3 lower (0.9 to 1.7) than the 812 who do not complain of it: worth acting on``; "" without ratings."""
    found = side.penalty
    if found is None:
        return ""
    way = "lower" if found.drop >= 0 else "higher"
    low, high = sorted((found.low, found.high)) if found.drop >= 0 else sorted((-found.high, -found.low))
    told = f"rate {abs(found.drop):.1f} {way} ({low:.1f} to {high:.1f}) than the {count(found.middle)}"
    return f"{told} who do not complain of it{': worth acting on' if found.act else ''}"


def rate(part: float) -> str:
    """``2.4 %``, ``20 %``: one decimal below ten per cent."""
    return f"{100 * part:.{1 if part < 0.0995 else 0}f}\u202f%"
