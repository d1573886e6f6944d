"""A cell as a moment: dates and times as exports, mails and spreadsheets write them."""

import re
from datetime import UTC, date, datetime, time
from email.utils import parsedate_to_datetime
from typing import Final

from data.clock import split_clock
from data.composed import compatible
from data.day_numbers import day_number
from data.early_years import early_year_day
from data.eras import in_our_era
from data.fields import as_text
from data.month_names import named_date
from data.numbered_dates import NumberedDate, numbered_date
from data.weekdays import without_weekday
from data.years import YEARS, year_of

_YEAR_FIRST: Final = re.compile(r"(\d{4})[-./年년]\s?(\d{1,2})[-./月월]\s?(\d{1,2})[日일.]?")
# What a date of numbers has, and one with dots, which no weekday precedes. Most other cells can be passed over.
_PARTED: Final = re.compile(r"\d[./-]\s?\d")
_DOTTED: Final = re.compile(r"\d{1,2}\.\s?\d{1,2}\.")
_DIRECTIONS: Final = dict.fromkeys(map(ord, "\u200e\u200f\u061c"))
_LONG_NUMBER: Final = re.compile(r"\d{9,}(?:\.\d+)?")
_COMPACT: Final = re.compile(r"((?:19|20|21)\d{6})(\d{4}(?:\d{2})?)(?:\.0+)?")  # of ``YEARS``
# From nine digits, March 1973.
_EPOCH_SECONDS: Final = (1e8, datetime(YEARS.stop, 1, 1, tzinfo=UTC).timestamp())

_DAY_NAME: Final = r"(?:mon|tue|wed|thu|fri|sat|sun)"
_MONTH: Final = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_HMS: Final = r"\d{1,2}:\d{2}(?::\d{2})?"
# Of zones with a name RFC 2822 knows these; another one could be any.
_MAIL_ZONE: Final = r"(?:[+-]\d{4}|utc?|gmt|z|[ecmp][sd]t)(?:\s*\([^()]{1,60}\))?"
_OF_MAIL: Final = re.compile(
    rf"(?:{_DAY_NAME},?\s+)?\d{{1,2}}\s+{_MONTH}\s+\d{{4}}\s+{_HMS}(?:\s+{_MAIL_ZONE})?"
    rf"|{_DAY_NAME}\s+{_MONTH}\s+\d{{1,2}}\s+{_HMS}(?:\s+(?:[+-]\d{{4}}|utc|gmt))?\s+\d{{4}}",
    re.IGNORECASE,
)


def as_time(
    cell: object,
    *,
    day_first: bool,
    day_numbers: bool = False,
    early_years: bool = False,
    croatian: bool = False,
) -> datetime | None:
    """A date, maybe with a time of day and a zone, in UTC; without a zone it is UTC.

    ISO 8601, dd/mm/yyyy or mm/dd/yyyy as ``day_first`` says, yyyy/mm/dd, months by name, dates of mails (RFC 2822),
    yyyymmddHHMM(SS), Unix seconds or milliseconds of nine digits and more (from March 1973), or, where the column has
    ``day_numbers``, those of spreadsheets; where it has ``early_years``, 26. 3. 5. starts with its year; where it is
    ``croatian``, lip is June. Years are those of ``data.years``, some of them of the Buddhist calendar, or of
    ``data.eras``. A weekday may stand beside it.

    None for anything else, and outside of ``YEARS`` in UTC.
    """
    try:
        found = _any_time(
            cell, day_first=day_first, day_numbers=day_numbers, early_years=early_years, croatian=croatian
        )
        moment = None if found is None else in_utc(found)
        return moment if moment is not None and moment.year in YEARS else None
    except (ValueError, OverflowError, OSError):
        return None


def plain_date(cell: object) -> str:
    """A cell as dates are compared: without marks of direction, digits of any script as ASCII, years of our era.

    "" for nothing.
    """
    text = (as_text(cell) or "").strip()
    if text.isascii():
        return text
    plain = compatible(text).translate(_DIRECTIONS)
    return in_our_era(re.sub(r"\d", lambda digit: str(int(digit[0])), plain))


def numbered_day(text: str) -> NumberedDate | None:
    """The date of a ``plain_date`` that starts with the day or the month, whatever its time of day; else None."""
    if text[:4].isdecimal() or not _PARTED.search(text):
        return None
    return numbered_date(_bare_day(text))


def dotted_day(text: str) -> str | None:
    """A ``plain_date`` that starts with two numbers and their dots, without what follows the day; else None."""
    return _bare_day(text) if _DOTTED.match(text) else None


def _bare_day(text: str) -> str:
    """A ``plain_date`` without its time of day and its weekday."""
    return without_weekday(split_clock(text)[0])


def _any_time(
    cell: object, *, day_first: bool, day_numbers: bool, early_years: bool, croatian: bool
) -> datetime | None:
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, date):
        return datetime.combine(cell, time())
    text = plain_date(cell)
    if not text:
        return None
    if day_numbers:
        return day_number(text)
    if _LONG_NUMBER.fullmatch(text):
        return _from_number(text)
    if _OF_MAIL.fullmatch(text):
        return parsedate_to_datetime(text)
    return _written(text, day_first=day_first, early_years=early_years, croatian=croatian)


def _written(text: str, *, day_first: bool, early_years: bool, croatian: bool) -> datetime:
    written, clock = split_clock(text)
    day = early_year_day(without_weekday(written)) if early_years else None
    day = (
        day
        or _day(written, day_first=day_first, croatian=croatian)
        or _day(without_weekday(written), day_first=day_first, croatian=croatian)
    )
    if day is None:  # 20260315T1230, 2026-W11-7
        return datetime.fromisoformat(text.removesuffix(" UTC"))
    return datetime.combine(day, time() if clock is None else clock.of_day())


def _day(text: str, *, day_first: bool, croatian: bool) -> date | None:
    if numbered := numbered_date(text):
        return numbered.day(day_first=day_first)
    if early_year := _YEAR_FIRST.fullmatch(text):
        return date(year_of(early_year[1]), int(early_year[2]), int(early_year[3]))
    return named_date(text, croatian=croatian)


def _from_number(text: str) -> datetime | None:
    """A compact date, or Unix seconds or milliseconds; None for a number outside of the years of either.

    Twelve digits of such a year would be milliseconds of 1976, of which there is no feedback.
    """
    if compact := _COMPACT.fullmatch(text):
        return datetime.fromisoformat(f"{compact[1]}T{compact[2]}")
    low, high = _EPOCH_SECONDS
    for seconds in (float(text), float(text) / 1000):
        if low <= seconds < high:
            return datetime.fromtimestamp(seconds, UTC)
    return None


def in_utc(moment: datetime) -> datetime:
    """A moment in UTC; without a zone it is taken as UTC.

    Raises:
        OverflowError: It is of the first or last day that a date can hold, and of another one in UTC.
    """
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
