"""Dates that name their month: May 7, 2026; 7. Mai 2026; 2026. gada 7. maijs.

The names are those of ICU (CLDR), long and short, as they stand in a date and alone. Those of Croatian that Polish or
Czech have, too, are of the month before: lip is June, srp July, lis and listopad October.
"""

import re
import unicodedata
from datetime import UTC, date, datetime
from functools import cache
from typing import Final

from data.years import thai_year, year_of

CROATIAN: Final = "hr"
LANGUAGES: Final = (
    *("ar", "cs", "da", "de", "en", "es", "fr", "hi", CROATIAN, "id", "it", "ja", "ko", "lv"),
    *("nl", "pl", "pt", "ru", "sk", "sv", "sw", "th", "tr", "uk", "vi", "zh"),
)
"""Those whose names of months, and of weekdays, are read."""
UNLIKE_CROATIAN: Final = ("cs", "pl")
"""Those in which Croatian names of months are those of other months."""

_FORMS: Final = ("MMMM", "LLLL", "MMM", "LLL")

_DAY: Final = r"(?:(?:ngày|den|le|el|il|dne|dňa)\s+)?(?P<day>\d{1,2})(?:st|nd|rd|th)?"
# Vietnamese months are numbered: tháng 5.
_MONTH: Final = r"(?P<month>[^\W\d][^\d,]{1,20}?(?:\s\d{1,2})??)"
_YEAR: Final = r"(?:พ\.ศ\.\s*)?(?P<year>\d{4}|\d{2})(?:\s*(?:[грr]\.|roku|року|года)|\.)?"
# As programs write them in English: "Tue Nov 24 2026".
_WEEKDAY: Final = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}[.,]{0,2}\s+)?"
_ORDERS: Final = (
    re.compile(rf"{_WEEKDAY}{_DAY}[.\s-]*(?:de\s+)?{_MONTH}[.,\s-]+(?:(?:de|năm)\s+)?{_YEAR}", re.I),
    re.compile(rf"{_WEEKDAY}{_MONTH}[.\s]*{_DAY}[,\s]+{_YEAR}", re.I),
    re.compile(rf"{_YEAR}\.?\s+gada\s+{_DAY}\.?\s+{_MONTH}", re.I),  # Latvian
)
_THAI: Final = re.compile(r"[\u0e00-\u0e7f]")
_WORD: Final = re.compile(r"[^\W\d_]{3,}")


def named_date(text: str, *, croatian: bool = False) -> date | None:
    """The date that ``text`` is in any language of the list, without a time of day; None where it is none.

    With the Thai name of a month, "69" and "2569" are 2026. A name of two months, such as lip, is read as Polish or
    Czech; where the dates are ``croatian``, as Croatian.

    Raises:
        ValueError: There is no such day, or the year is not told: 31 February, 1 Aug 69.
    """
    for form in _ORDERS:
        found = form.fullmatch(text)
        month = None if found is None else _months(croatian).get(_folded(found["month"]))
        if found is not None and month is not None:
            year_in = thai_year if _THAI.search(found["month"]) else year_of
            return date(year_in(found["year"]), month, int(found["day"]))
    return None


def month_languages(text: str) -> frozenset[str]:
    """Those of Croatian, Czech and Polish that have a month in ``text``: of "15 lip 2026", Croatian and Polish."""
    words = set(_WORD.findall(text.casefold()))
    languages = (CROATIAN, *UNLIKE_CROATIAN)
    return frozenset(language for language in languages if not words.isdisjoint(_names(language)))


def means_two_months(text: str) -> bool:
    """Whether the month in ``text`` is one in Croatian and another elsewhere: lip is, and pro, December, is not."""
    words = _WORD.findall(text.casefold())
    return any(_months(True).get(word) != _months(False).get(word) for word in words)


@cache
def _months(croatian: bool) -> dict[str, int]:
    """Number of the month by its folded name, in Croatian or in the others where a name means two."""
    others = [language for language in LANGUAGES if language != CROATIAN]
    last_wins = [*others, CROATIAN] if croatian else [CROATIAN, *others]
    return {name: month for language in last_wins for name, month in _names(language).items()}


@cache
def _names(language: str) -> dict[str, int]:
    from icu4py.messageformat import MessageFormat

    return {
        _folded(name.format({"0": datetime(2026, month, 15, tzinfo=UTC)})): month
        for name in (MessageFormat(f"{{0,date,{form}}}", language) for form in _FORMS)
        for month in range(1, 13)
    }


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold().replace(".", "").strip()
