"""Dates that name their month (May 7, 2026; 7. Mai 2026), with the month as a number.

The names are those of ICU (CLDR), long and short, as they stand in a date and alone.
"""

import re
import unicodedata
from datetime import UTC, datetime
from functools import cache
from typing import Final

# Without Croatian, whose listopad is October: November in Polish and Czech.
_LANGUAGES: Final = "ar cs da de en es fr hi id it ja ko lv nl pl pt ru sk sv sw th tr uk vi zh"
_FORMS: Final = ("MMMM", "LLLL", "MMM", "LLL")

_DAY: Final = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
# Vietnamese months are numbered: tháng 5.
_MONTH: Final = r"(?P<month>[^\W\d][^\d,]{1,20}?(?:\s\d{1,2})??)"
_YEAR: Final = r"(?P<year>\d{4}|\d{2})(?:\s*[гр]\.)?"
_CLOCK: Final = r"(?:[,\s]+(?:(?:at|um|à)\s+)?(?P<clock>\d{1,2}:.{2,20}))?"
_DAY_FIRST: Final = re.compile(rf"{_DAY}[.\s-]*(?:de\s+)?{_MONTH}[.,\s-]+(?:de\s+)?{_YEAR}{_CLOCK}", re.I)
_MONTH_FIRST: Final = re.compile(rf"{_MONTH}[.\s]*{_DAY}[,\s]+{_YEAR}{_CLOCK}", re.I)
_THAI: Final = re.compile(r"[\u0e00-\u0e7f]")
_BUDDHIST: Final = 543
"""Years by which the Buddhist calendar is ahead."""
_BUDDHIST_YEARS: Final = range(1900 + _BUDDHIST, 2200 + _BUDDHIST)
_SHORT_YEARS: Final = range(1990 + _BUDDHIST, 2050 + _BUDDHIST)
"""Those of two digits, of the years that others can have."""


def numbered_month(text: str) -> str | None:
    """``text`` as "7.5.2026 2:02 PM" where it is such a date, in any language of the list; else None.

    With the Thai name of a month, "69" and "2569" are 2026.
    """
    for form in (_DAY_FIRST, _MONTH_FIRST):
        found = form.fullmatch(text)
        month = None if found is None else _months().get(_folded(found["month"]))
        if found is not None and month is not None:
            year = _thai_year(found["year"]) if _THAI.search(found["month"]) else found["year"]
            return f"{found['day']}.{month}.{year} {found['clock'] or ''}".strip() if year else None
    return None


def _thai_year(written: str) -> str | None:
    """The year of a Thai date as ours; None for one of two digits that is none of ``_SHORT_YEARS``, such as 26."""
    year = int(written) + (2500 if len(written) == 2 else 0)
    if len(written) == 2 and year not in _SHORT_YEARS:
        return None
    return str(year - _BUDDHIST) if year in _BUDDHIST_YEARS else written


@cache
def _months() -> dict[str, int]:
    """Number of the month by its folded name."""
    from icu4py.messageformat import MessageFormat

    return {
        _folded(name.format({"0": datetime(2026, month, 15, tzinfo=UTC)})): month
        for language in _LANGUAGES.split()
        for name in (MessageFormat(f"{{0,date,{form}}}", language) for form in _FORMS)
        for month in range(1, 13)
    }


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold().replace(".", "").strip()
