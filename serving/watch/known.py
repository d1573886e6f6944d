"""What is known of the past: the bursts that the mining found, or the user's own list."""

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from data.errors import InputError
from mining.results import Cause
from mining.watch.judging import Event


def bursts_of(causes: Sequence[Cause]) -> list[Event]:
    """The bursts of the last mining."""
    return [
        Event(cause.id, *map(date.fromisoformat, burst.split("/", 1)))
        for cause in causes
        for burst in cause.timing.bursts
    ]


def read_events(path: Path, causes: Sequence[Cause]) -> list[Event]:
    """Events from a CSV file with the columns cause (id or name), from and to; an empty "to" means that it lasts.

    Raises:
        InputError: A column is missing, a cause is unknown, or a day is none.
    """
    ids = {name: cause.id for cause in causes for name in (cause.label, cause.id)}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path} is not CSV in UTF-8 ({error})") from None
    return [_event(row, ids, f"{path}, row {number}") for number, row in enumerate(rows, 1)]


def _event(row: dict[str, str], ids: dict[str, str], where: str) -> Event:
    missing = [name for name in ("cause", "from", "to") if row.get(name) is None]
    if missing:
        raise InputError(f"{where}: no {missing[0]}; the columns are cause, from, to")
    if row["cause"] not in ids:
        raise InputError(
            f"{where}: no cause {row['cause']!r}: give an id or a name of `countervoice causes list`"
        )
    first, last = _day(row["from"], where), _day(row["to"], where) if row["to"].strip() else None
    if last and last < first:
        raise InputError(f"{where}: it ends on {last}, before it begins on {first}")
    return Event(ids[row["cause"]], first, last)


def _day(text: str, where: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise InputError(f"{where}: {text!r} is no day such as 2026-03-10") from None
