"""Dates with dots that start with a year of two digits, as Koreans write them: 26. 3. 5."""

import re
from datetime import date
from typing import Final

from data.years import year_of

_FORM: Final = re.compile(r"(\d{2})\.\s?(\d{1,2})\.\s?(\d{1,2})\.?")
_DOTTED: Final = re.compile(r"\d{1,2}\.\s?\d{1,2}\.\s?(\d{1,4})\.?")


def early_year_day(text: str) -> date | None:
    """The day that ``text`` is if it starts with its year; None for another form, and where there is no such day."""
    found = _FORM.fullmatch(text)
    try:
        return None if found is None else date(year_of(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def starts_with_year(text: str) -> bool | None:
    """What a date of numbers with dots shows: 26. 3. 5. starts with its year, 5. 3. 26. does not; else None."""
    dotted = _DOTTED.fullmatch(text)
    if dotted is None:
        return None
    if early_year_day(text) is None:
        return False
    return True if len(dotted[1]) == 1 else None  # no year has one digit
