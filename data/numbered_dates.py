"""Dates of numbers that start with the day or the month: 24.11.2026, 11/24/26."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from data.years import year_of

# Hyphens part no year of two digits: 26-05-07 starts with it as often as not, as does 26. 5. 7.
_FORM: Final = re.compile(r"(\d{1,2})([./-])(?:\s?(\d{1,2})[./-]\s?(\d{4})\.?|(\d{1,2})[./](\d{2}))")
_MONTHS: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberedDate:
    """A date whose order is to be told.

    Attributes:
        year: As it is written, with four or two digits.
        has_dots: Whether a dot stands behind the first number.
    """

    first: int
    second: int
    year: str
    has_dots: bool

    @property
    def starts_with_day(self) -> bool | None:
        """What the date shows: 25/12/2026 and 3.4.2026 start with the day, 12/25/2026 with the month; else None."""
        if self.has_dots:
            return True
        first, second = self.first <= _MONTHS, self.second <= _MONTHS
        return None if first == second else second

    @property
    def is_ambiguous(self) -> bool:
        """Whether it is like 03/04/2026, whose order only other dates of its column can tell."""
        return not self.has_dots and self.first <= _MONTHS and self.second <= _MONTHS

    @property
    def may_start_with_year(self) -> bool | None:
        """Whether one with a year of two digits and no dots may be yy/mm/dd: 26/05/07 may, 5/7/26 not; None for others.

        26/05/69 may not: there is no such day.
        """
        if len(self.year) > 2 or self.has_dots:
            return None
        return self.first > _MONTHS and int(self.year) <= 31

    def day(self, *, day_first: bool) -> date:
        """The day that is meant.

        Raises:
            ValueError: There is none such, or its year is not told.
        """
        day, month = (self.first, self.second) if day_first else (self.second, self.first)
        return date(year_of(self.year), month, day)


def numbered_date(text: str) -> NumberedDate | None:
    """The date that ``text`` is, without a time of day; None for anything else."""
    found = _FORM.fullmatch(text)
    if found is None:
        return None
    return NumberedDate(
        first=int(found[1]),
        second=int(found[3] or found[5]),
        year=found[4] or found[6],
        has_dots=found[2] == ".",
    )
