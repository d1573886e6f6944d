"""Customers by author: what they are worth a year, since when they buy, and whether they left."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from data.composed import composed
from data.date_order import DateOrder
from data.errors import ColumnError, InputError
from data.fields import as_text
from data.records import Rejection
from data.tables import Table, open_table
from data.times import as_time, numbered_day, plain_date
from data.years import YEARS

AUTHOR: Final = "author"
COLUMNS: Final = ("yearly_value", "left_on")
_DAYS: Final = ("left_on", "customer_since")


@dataclass(frozen=True, slots=True)
class Customer:
    """One customer; None for what the file does not tell.

    Attributes:
        yearly_value: What a year with this customer is worth, in the user's currency, >= 0.
        left_on: The day of leaving, in UTC; None for who stayed.
        since: First day as a customer, in UTC.
    """

    yearly_value: float | None
    left_on: date | None
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Customers:
    """What a file of customers holds.

    Attributes:
        by_author: Customers by ``author_key`` of their author; one can be there under two names.
        tells_leaving: Whether the file tells who left.
        count: Customers of the file, one per row with a name.
    """

    by_author: Mapping[str, Customer]
    tells_leaving: bool
    count: int


def author_key(author: str) -> str:
    """An author's name as it is compared everywhere: in NFC, without case and spare spaces.

    Pseudonyms that are kept were made from it: another rule would find nobody again.
    """
    return " ".join(composed(author).casefold().split())


def read_customers(path: Path) -> Customers:
    """Read a file with the column ``author`` and at least one of ``yearly_value`` and ``left_on``.

    The column ``customer_since`` is welcome.

    Dates such as 03/04/2026 are read in the order that another one of the file shows (25/12/2026); all have one order.

    Raises:
        ColumnError: A column is missing.
        InputError: The file cannot be read, a cell is not what its column says, no date shows whether days or
            months come first or two contradict each other, or an author stands there twice.
    """
    table = open_table(path)
    there = [name for name in COLUMNS if name in table.names]
    if AUTHOR not in table.names or not there:
        raise ColumnError(f"{path.name} needs the column {AUTHOR} and one of {', '.join(COLUMNS)}")
    rows = list(_rows(table, path))
    dates = _dates(cells for _, cells in rows)
    found: dict[str, Customer] = {}
    for where, cells in rows:
        author = author_key(as_text(cells[AUTHOR]) or "")
        if not author:
            continue  # who has no name cannot be found again
        if author in found:
            raise InputError(f"{where}: {author!r} stands there twice; keep one row each")
        found[author] = _customer(cells, where, dates)
    return Customers(found, "left_on" in there, len(found))


def _rows(table: Table, path: Path) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Where each row stands, and its cells by column."""
    for row in table.rows():
        if isinstance(row, Rejection):
            raise InputError(f"row {row.row} of {path.name}: {row.reason}")
        number, cells = row
        yield f"row {number} of {path.name}", dict(zip(table.names, cells, strict=True))


def _dates(rows: Iterable[Mapping[str, object]]) -> DateOrder:
    order = DateOrder()
    for cells in rows:
        for name in _DAYS:
            order.add(cells.get(name))
    return order


def _customer(cells: Mapping[str, object], where: str, dates: DateOrder) -> Customer:
    value = _value(cells.get("yearly_value"), where)
    left, since = (_day(cells.get(name), name, where, dates) for name in _DAYS)
    if left and since and left < since:
        raise InputError(f"{where}: left_on {left} lies before customer_since {since}; one of them is wrong")
    return Customer(value, left, since)


def _value(cell: object, where: str) -> float | None:
    text = as_text(cell)
    if text is None:
        return None
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf"):
        raise InputError(f"{where}: yearly_value is {text[:40]!r}; a number from 0 is needed")
    return value


def _day(cell: object, name: str, where: str, dates: DateOrder) -> date | None:
    if as_text(cell) is None:
        return None
    day_first = dates.day_first
    numbered = numbered_day(plain_date(cell))
    if day_first is None and numbered is not None and numbered.is_ambiguous:
        raise InputError(
            f"{where}: {name} is {cell!r}, and no date of the file shows whether days or months come first; "
            "write dates such as 2026-05-31"
        )
    if numbered is not None and numbered.starts_with_day not in (None, day_first):
        raise InputError(
            f"{where}: {name} is {cell!r}, and other dates of the file start with the "
            f"{'day' if day_first else 'month'}; write dates such as 2026-05-31"
        )
    moment = as_time(cell, day_first=day_first is not False, croatian=dates.croatian)
    if moment is None:
        raise InputError(
            f"{where}: {name} is {str(cell)[:40]!r}; a date such as 2026-05-31 is needed, "
            f"from the years {YEARS.start} to {YEARS.stop - 1}"
        )
    return moment.date()
