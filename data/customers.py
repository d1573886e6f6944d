"""Customers: since when somebody buys, what a year of it is worth, and whether they left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import isfinite
from pathlib import Path
from typing import Final

from data.errors import ColumnError
from data.fields import as_text, as_time, day_comes_first
from data.records import Rejection
from data.tables import Row, Table, no_rows, open_table

COLUMNS: Final = ("author", "customer_since", "left_on", "yearly_value")
_NEEDED: Final = ("author", "left_on")


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """One customer.

    Attributes:
        author: The name under which they write, as the feedback has it.
        since: First day as a customer, None where unknown.
        left_on: The day on which they left, None for those who stay.
        yearly_value: What a year of theirs is worth, in the user's currency; None where unknown.
    """

    author: str
    since: date | None = None
    left_on: date | None = None
    yearly_value: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Customers:
    """A file of customers: those it names, by ``author_key``, and the rows that name none."""

    by_author: Mapping[str, Customer]
    rejections: Sequence[Rejection] = ()


def author_key(author: str) -> str:
    """A name as people are compared: without case and spare spaces."""
    return " ".join(author.casefold().split())


def read_customers(path: Path) -> Customers:
    """Read a table with the columns ``COLUMNS``; author and left_on are needed, the others are welcome.

    An empty ``left_on`` says that the customer stays. A row with an author that was there before, or with a cell that
    cannot be read, is rejected with its reason.

    Raises:
        ColumnError: A needed column is missing.
        InputError: The file cannot be read, or has no rows.
    """
    table = open_table(path)
    missing = [name for name in _NEEDED if name not in table.names]
    if missing:
        raise ColumnError(
            f"{path.name} has no column {' and no '.join(missing)}: name them so; {', '.join(COLUMNS)} are read"
        )
    day_first = _day_first(table)
    found: dict[str, Customer] = {}
    rejections: list[Rejection] = []
    for row in table.rows():
        read = row if isinstance(row, Rejection) else _customer(table, row, day_first)
        if isinstance(read, Customer) and author_key(read.author) in found:
            read = Rejection(row=row[0], id=read.author, field="author", reason="the author is there twice")
        if isinstance(read, Customer):
            found[author_key(read.author)] = read
        else:
            rejections.append(read)
    if not found and not rejections:
        raise no_rows(path)
    return Customers(by_author=found, rejections=tuple(rejections))


def _day_first(table: Table) -> bool:
    """Whether its dates start with the day, told by both columns of dates together."""
    places = [table.names.index(name) for name in COLUMNS[1:3] if name in table.names]
    cells = (row[1][place] for row in table.rows() if not isinstance(row, Rejection) for place in places)
    return bool(day_comes_first(cells))


def _customer(table: Table, row: Row, day_first: bool) -> Customer | Rejection:
    number, cells = row
    told = {name: as_text(cell) for name, cell in zip(table.names, cells, strict=True) if name in COLUMNS}
    author = told["author"]
    if author is None:
        return Rejection(row=number, id=None, field="author", reason="there is no author")
    days: dict[str, date | None] = {}
    for name in COLUMNS[1:3]:
        raw = told.get(name)
        moment = None if raw is None else as_time(raw, day_first=day_first)
        if raw is not None and moment is None:
            return Rejection(row=number, id=author, field=name, reason=f"{raw[:40]!r} is no date: YYYY-MM-DD")
        days[name] = moment and moment.date()
    since, left = days["customer_since"], days["left_on"]
    if since and left and left < since:
        return Rejection(row=number, id=author, field="left_on", reason="left before becoming a customer")
    value = _amount(told.get("yearly_value"))
    if isinstance(value, str):
        return Rejection(row=number, id=author, field="yearly_value", reason=value)
    return Customer(author=author, since=since, left_on=left, yearly_value=value)


def _amount(cell: str | None) -> float | str | None:
    """An amount, None for an empty cell, or why it is none."""
    if cell is None:
        return None
    try:
        number = float(cell)
    except ValueError:
        return f"{cell[:40]!r} is no amount: digits with a point, such as 1200.50"
    return number if isfinite(number) and number >= 0 else f"{cell[:40]!r} is no amount of 0 or more"
