"""Single cells as values: texts, ratings, dates, flags, language tags; None for what cannot be read."""

import math
import re
import unicodedata
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Final

from data.month_names import numbered_month
from data.visible import is_blank
from data.yes_no import YES_NO

YEARS: Final = range(1900, 2200)
"""Years that a date of feedback can be of, from files as over HTTP; 9999-12-31 in a table means "never"."""

_STARS: Final = re.compile(r"\s*([★⭐\ufe0f]+)[☆\s]*")
# Three digits behind a comma are as likely thousands: nobody can tell whether 1,000 is one or a thousand.
_RATING: Final = re.compile(
    r"\s*(-?(?![1-9]\d{0,2},\d{3}(?!\d))\d{1,6}(?:[.,]\d{1,40})?)"
    r"\s*(?:(?:/|out of|of|von|sur|de|su|van|z|из|з)\s*(\d{1,4}))?"
    r"\s*(?:stars?|sterne?n?|étoiles?|estrellas?|estrelas?|stell[ae]|sterren|★|⭐|%)?\s*",
    re.IGNORECASE,
)
_RATING_DECIMALS: Final = 6  # 4.2 in single precision, as Parquet may hold it, is 4.199999809265137
# Hyphens part no year of two digits: 26-05-07 starts with it as often as not.
_PARTED_DATE: Final = re.compile(
    r"\s*(\d{1,2})[./-](\d{1,2})(?:[./-](\d{4})|[./](\d{2}))"
    r"(?:[,\s]+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\s*([ap])\.?m\.?)?(?:\sUTC)?)?\s*",
    re.IGNORECASE,
)
# The rest begins behind the minutes of an hour, of which Excel writes one digit in the morning.
_YEAR_FIRST: Final = re.compile(
    r"\s*(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?(?:[T\s]\s*(\d{1,2})(?=:))?\b(.*)", re.DOTALL
)
_SHORT_YEARS: Final = range(1990, 2050)
"""What years of two digits can be: 69 is 2026 of the Buddhist calendar as well as 1969, and nobody writes of 2068."""
_LONG_NUMBER: Final = re.compile(r"\d{9,}(?:\.\d+)?")
_COMPACT: Final = re.compile(r"((?:19|20|21)\d{6})(\d{4}(?:\d{2})?)(?:\.0+)?")  # of ``YEARS``
# From nine digits, March 1973.
_EPOCH_SECONDS: Final = (1e8, datetime(YEARS.stop, 1, 1, tzinfo=UTC).timestamp())
_LANGUAGE: Final = re.compile(r"\s*([A-Za-z]{2})(?:[-_][A-Za-z0-9_-]{1,20})?\s*")
_UNREADABLE: Final = str.maketrans({"\x00": None} | {chr(code): "\ufffd" for code in range(0xD800, 0xE000)})


def readable(text: str) -> str:
    """``text`` without NUL, and with U+FFFD for each lone surrogate: what every file and database can hold."""
    return text.translate(_UNREADABLE)


def as_text(cell: object) -> str | None:
    """A cell as ``readable`` text, bytes as UTF-8 or in hex; None for nothing (None, NaN, no visible character)."""
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return None
    if isinstance(cell, bytes):
        cell = _decoded(cell)
    # A column of whole numbers with gaps comes as floats, and one of a database as 12.0000000000.
    whole = (isinstance(cell, float) and cell.is_integer()) or (
        isinstance(cell, Decimal) and cell == cell.to_integral_value()
    )
    text = readable(str(int(cell) if whole else cell))  # type: ignore[call-overload]
    return None if is_blank(text) else text


def _decoded(cell: bytes) -> str:
    """Bytes as Parquet holds texts of Spark, or keys of a fixed size such as UUIDs."""
    try:
        return cell.decode()
    except UnicodeDecodeError:
        return cell.hex()


def as_rating(cell: object) -> float | None:
    """A rating on its own scale: 4, "4.5", "4,5", "4/5", "4.0 out of 5 stars", "★★★★"; to six decimals."""
    text = as_text(cell)
    if text is None:
        return None
    if stars := _STARS.fullmatch(text):
        return float(len(stars[1].replace("\ufe0f", "")))
    if number := _RATING.fullmatch(text):
        return round(float(number[1].replace(",", ".")), _RATING_DECIMALS)
    return None


def rated_out_of(cell: object) -> int | None:
    """What a rating says it is out of: 5 for "4/5" and "4.0 out of 5 stars"; None where it does not say."""
    rating = _RATING.fullmatch(cell) if isinstance(cell, str) else None
    return int(rating[2]) if rating is not None and rating[2] else None


def as_flag(cell: object) -> bool | None:
    """Yes or no, in the words of every language of ``data.language``; full-width letters and digits, too."""
    return YES_NO.get(unicodedata.normalize("NFKC", as_text(cell) or "").strip().casefold())


def as_outcome(cell: object) -> float | None:
    """Yes (1) or no (0) in the words of every language, or a number."""
    flag = as_flag(cell)
    if flag is not None:
        return float(flag)
    try:
        number = float(as_text(cell) or "")
    except ValueError:
        return as_rating(cell)
    return number if math.isfinite(number) else None


def as_language(cell: object) -> str | None:
    """The primary tag of a BCP 47 tag or a locale: "vi-VN", "pt_BR", "EN"; None for names and "und"."""
    found = _LANGUAGE.fullmatch(as_text(cell) or "")
    return None if found is None else found[1].lower()


def starts_with_day(cell: object) -> bool | None:
    """Whether a date shows that it starts with the day (25/12/2026, 3.4.2026) or the month (12/25/2026); else None."""
    parted = _PARTED_DATE.fullmatch(cell) if isinstance(cell, str) else None
    if parted is None:
        return None
    if _has_dots(parted):
        return True
    first, second = int(parted[1]) <= 12, int(parted[2]) <= 12
    return None if first == second else second


def is_ambiguous_date(cell: object) -> bool:
    """Whether a cell is a date like 03/04/2026, whose order only other dates of its column can tell."""
    parted = _PARTED_DATE.fullmatch(cell) if isinstance(cell, str) else None
    return parted is not None and not _has_dots(parted) and int(parted[1]) <= 12 and int(parted[2]) <= 12


def may_start_with_year(cell: object) -> bool | None:
    """Whether a date with slashes and a year of two digits may be yy/mm/dd: 26/05/07 may, 5/7/26 not; else None.

    26/05/69 may not: there is no such day.
    """
    parted = _PARTED_DATE.fullmatch(cell) if isinstance(cell, str) else None
    if parted is None or parted[4] is None or _has_dots(parted):
        return None
    return int(parted[1]) > 12 and int(parted[4]) <= 31


def _has_dots(parted: re.Match[str]) -> bool:
    """Whether dots part the date, whatever its "a.m." has."""
    return parted.string[parted.end(1)] == "."


def as_time(cell: object, *, day_first: bool) -> datetime | None:
    """ISO 8601, dd/mm/yyyy, yyyy/mm/dd, yyyymmddHHMM(SS), Unix seconds or milliseconds as UTC; naive is UTC.

    The year of dd/mm/yyyy may have two digits (1990 to 2049), its hours AM or PM; the month may be a name, before the
    day, too, and with a Thai one the year is of the Buddhist calendar where it is none of ours.

    None outside of ``YEARS`` in UTC; Unix time is of nine digits and more, from March 1973.
    """
    try:
        found = _any_time(cell, day_first=day_first)
        moment = None if found is None else _aware(found)
        return moment if moment is not None and moment.year in YEARS else None
    except (ValueError, OverflowError, OSError):
        return None


def _any_time(cell: object, *, day_first: bool) -> datetime | None:
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, date):
        return datetime.combine(cell, time())
    text = (as_text(cell) or "").strip()
    if not text:
        return None
    if _LONG_NUMBER.fullmatch(text):
        return _from_number(text)
    if parted := _PARTED_DATE.fullmatch(text):
        return _from_parts(parted, day_first=day_first)
    if early_year := _YEAR_FIRST.fullmatch(text):
        clock = f"T{int(early_year[4]):02}{early_year[5]}" if early_year[4] else early_year[5]
        text = f"{early_year[1]}-{int(early_year[2]):02}-{int(early_year[3]):02}{clock}"
    elif numbered := _PARTED_DATE.fullmatch(numbered_month(text) or ""):
        return _from_parts(numbered, day_first=True)
    return datetime.fromisoformat(text.removesuffix(" UTC"))


def _from_parts(parted: re.Match[str], *, day_first: bool) -> datetime:
    first, second, year, short, hour, minute, seconds = (int(part or 0) for part in parted.groups()[:7])
    if parted[4]:
        year = short + (2000 if 2000 + short in _SHORT_YEARS else 1900)
        if year not in _SHORT_YEARS:
            raise ValueError(f"no year {parted[4]}")
    day, month = (first, second) if day_first else (second, first)
    return datetime(year, month, day, _hour_of_day(hour, parted[8]), minute, seconds)


def _hour_of_day(hour: int, half: str | None) -> int:
    """The hour from 0 to 23; ``half`` is the first letter of AM or PM, whose hours are 1 to 12."""
    if half is None:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError(f"no hour {hour} {half}m")
    return hour % 12 + 12 * (half.casefold() == "p")


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


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
