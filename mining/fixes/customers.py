"""A list of customers: who left when, and what each brings in a year."""

import csv
from datetime import date
from math import isfinite
from pathlib import Path

from data.errors import InputError
from mining.fixes.cost import Customer

_NEEDED = ("author", "left_on")


def read_customers(path: Path, first: date, last: date) -> dict[str, Customer]:
    """Read a CSV with the columns author, left_on (empty for those who stay) and, where it is known, yearly_value.

    Args:
        path: The file, UTF-8.
        first, last: Days of the feedback; who left before them is no customer here, who left after them had not left.

    Returns:
        Author, without case and outer spaces as people are counted, to customer.

    Raises:
        InputError: A column is missing, or a row cannot be read.
    """
    found: dict[str, Customer] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            missing = [name for name in _NEEDED if name not in (rows.fieldnames or ())]
            if missing:
                raise InputError(f"{path} has no column {missing[0]!r}: it needs {', '.join(_NEEDED)}")
            for row in rows:
                author, left, value = plain_author(row["author"] or ""), *_figures(row)
                if author and (left is None or left >= first):
                    found[author] = Customer(left is not None and left <= last, value)
    except (UnicodeDecodeError, csv.Error, ValueError) as error:
        raise InputError(
            f"{path} cannot be read ({error}): give UTF-8, days as 2026-05-04, values as numbers"
        ) from error
    return found


def plain_author(name: str) -> str:
    """A name as people are told apart by it: without case and outer spaces."""
    return " ".join(name.casefold().split())


def _figures(row: dict[str, str]) -> tuple[date | None, float | None]:
    left, value = (row["left_on"] or "").strip(), (row.get("yearly_value") or "").strip()
    amount = float(value) if value else None
    if amount is not None and not (isfinite(amount) and amount >= 0):
        raise ValueError(f"yearly_value {value}")
    return date.fromisoformat(left) if left else None, amount
