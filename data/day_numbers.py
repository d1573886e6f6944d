"""Day numbers of spreadsheets: 46350.5 is noon of 24 November 2026."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from data.years import NEAR_YEARS

_FORM: Final = re.compile(r"\d{5}(?:[.,]\d{1,20})?")
# Day 1 is 1900-01-01, and a 29 February of 1900 is counted that never was. Files of an old Mac count from 1904.
_DAY_ZERO: Final = datetime(1899, 12, 30, tzinfo=UTC)
_DAY: Final = 24 * 60 * 60  # seconds


def day_number(text: str) -> datetime | None:
    """The moment of a number of days, to the second; None for other texts, and outside of 1990 to 2049.

    Nothing tells such a number from any other: ask only where a whole column holds them.
    """
    if not _FORM.fullmatch(text):
        return None
    moment = _DAY_ZERO + timedelta(seconds=round(float(text.replace(",", ".")) * _DAY))
    return moment if moment.year in NEAR_YEARS else None
