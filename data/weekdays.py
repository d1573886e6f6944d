"""The name of a weekday beside a date, which tells nothing more: 5 Mart 2026 Perşembe; 2026年3月5日(木).

The names are those of ICU (CLDR), long and short.
"""

import re
import unicodedata
from datetime import UTC, datetime
from functools import cache
from typing import Final

from data.month_names import LANGUAGES

_MONDAY: Final = 2  # of March 2026
_LONGEST: Final = 100  # characters of a date
_FORMS: Final = ("EEEE", "EEE", "EEEEEE")


def without_weekday(text: str) -> str:
    """A date, in NFKC, without the weekday that stands before it or behind it; the text as it is without one."""
    if text[:1].isdigit() and text[-1:].isdigit():
        return text
    return _weekday().sub("", text).strip() if len(text) <= _LONGEST else text


@cache
def _weekday() -> re.Pattern[str]:
    from icu4py.messageformat import MessageFormat

    names = {
        unicodedata.normalize("NFKC", name.format({"0": datetime(2026, 3, day, 12, tzinfo=UTC)})).rstrip(".")
        for language in LANGUAGES
        for name in (MessageFormat(f"{{0,date,{form}}}", language) for form in _FORMS)
        for day in range(_MONDAY, _MONDAY + 7)
    }
    one = "(?:" + "|".join(map(re.escape, sorted(names, key=lambda name: (-len(name), name)))) + ")"
    return re.compile(
        rf"^{one}(?:ที่)?[.,،]{{0,2}}\s+|\s*\({one}\.?\)$|[,،\s]+{one}\.?$|(?<=日){one}$", re.IGNORECASE
    )
