"""Single cells as values: texts, ratings, flags, language tags; None for what cannot be read. Dates: `data.times`."""

import math
import re
from decimal import Decimal
from typing import Final

from data.composed import compatible, composed
from data.language_codes import LANGUAGE_CODES, RENAMED
from data.visible import is_blank
from data.written_ratings import written_rating
from data.yes_no import YES_NO

_STARS: Final = re.compile(r"\s*([★⭐\ufe0f]+)[☆\s]*")
_RATING_DECIMALS: Final = 6  # 4.2 in single precision, as Parquet may hold it, is 4.199999809265137
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


def as_name(cell: object) -> str | None:
    """A cell as a name, or a value, that others are compared with: in NFC, less outer spaces."""
    text = as_text(cell)
    return None if text is None else composed(text.strip())


def _decoded(cell: bytes) -> str:
    """Bytes as Parquet holds texts of Spark, or keys of a fixed size such as UUIDs."""
    try:
        return cell.decode()
    except UnicodeDecodeError:
        return cell.hex()


def as_rating(cell: object) -> float | None:
    """A rating on its own scale: 4, "4.5", "4,5", "4/5", "4 no 5", "4점", "4 gwiazdki", "★★★★"; to six decimals."""
    text = as_text(cell)
    if text is None:
        return None
    if stars := _STARS.fullmatch(text):
        return float(len(stars[1].replace("\ufe0f", "")))
    found = written_rating(text)
    return None if found is None else round(found[0], _RATING_DECIMALS)


def rated_out_of(cell: object) -> int | None:
    """What a rating says it is out of: 5 for "4/5" and "4.0 out of 5 stars"; None where it does not say."""
    found = written_rating(cell) if isinstance(cell, str) else None
    return None if found is None else found[1]


def as_flag(cell: object) -> bool | None:
    """Yes or no, in the words of every language of ``data.language``; full-width letters and digits, too."""
    return YES_NO.get(compatible(as_text(cell) or "").strip().casefold())


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
    """The primary tag of a BCP 47 tag or a locale: "vi-VN", "pt_BR", "EN"; None for names, countries and "und"."""
    found = _LANGUAGE.fullmatch(as_text(cell) or "")
    code = "" if found is None else found[1].lower()
    tag = RENAMED.get(code, code)
    return tag if tag in LANGUAGE_CODES else None
