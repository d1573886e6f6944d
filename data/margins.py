"""Margins: known shares of the customers by plan, region and the like, which those who write are held against."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from data.errors import ColumnError, InputError
from data.fields import as_name
from data.language import UNDETERMINED
from data.records import Feedback, Rejection
from data.tables import open_table

COLUMNS: Final = ("column", "value", "share")
_ROUNDED: Final = 0.005  # how far from 1 shares may sum that were rounded for people
_LISTED: Final = 8
_SHOWN: Final = 40  # characters of a cell


@dataclass(frozen=True, slots=True)
class Margins:
    """Known shares of all customers, whether they write or not.

    Attributes:
        shares: Column to value to share, in (0, 1], summing to 1 in each column; columns and values by name.
        name: Of the file, for messages.
    """

    shares: Mapping[str, Mapping[str, float]]
    name: str


def read_margins(path: Path) -> Margins:
    """Read a file with the columns ``column``, ``value`` and ``share``.

    Shares that sum to 1 but for rounding are scaled to 1.

    Raises:
        ColumnError: A column is missing.
        InputError: The file cannot be read or has no rows, a share is none, a value comes twice, or the shares of a
            column do not sum to 1.
    """
    table = open_table(path)
    if missing := [name for name in COLUMNS if name not in table.names]:
        raise ColumnError(f"{path.name} has no column {missing[0]!r}; it needs {', '.join(COLUMNS)}")
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for row in table.rows():
        if isinstance(row, Rejection):
            raise InputError(f"row {row.row} of {path.name}: {row.reason}")
        number, cells = row
        named = dict(zip(table.names, cells, strict=True))
        where = f"row {number} of {path.name}"
        column, value = (_name(named, name, where) for name in COLUMNS[:2])
        if value in found[column]:
            raise InputError(f"{where}: {column} {value!r} stands there twice; keep one row each")
        found[column][value] = _share(named["share"], where)
    if not found:
        raise InputError(f"{path.name} has no rows: it needs a share of the customers in each")
    return Margins({name: _whole(name, found[name], path.name) for name in sorted(found)}, path.name)


def told_of(message: Feedback) -> dict[str, str]:
    """What a message tells of its writer, column to value: segments, source, channel and language."""
    language = None if message.language == UNDETERMINED else message.language
    told = {"source": message.source, "channel": message.channel, "language": language}
    return {column: value for column, value in {**message.segments, **told}.items() if value}


def check_margins(margins: Margins, told: Iterable[Mapping[str, str]]) -> None:
    """See that each margin speaks of the same values as those who write.

    Args:
        margins: Known shares.
        told: What is known of each message or person, column to value; what is not known is left out.

    Raises:
        ColumnError: Nobody has a column of the margins.
        InputError: Nobody has one of its values, or somebody has one that it does not name.
    """
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for each in told:
        for column, value in each.items():
            counts[column][value] += 1
    for column, shares in margins.shares.items():
        if column not in counts:
            raise ColumnError(
                f"{margins.name}: nobody has a {column!r}; known of those who write: {_listed(counts) or 'nothing'}"
            )
        for value, share in shares.items():
            if value not in counts[column]:
                raise InputError(
                    f"{margins.name}: {column} {value!r} is {100 * share:.3g} % of the customers and nobody of it "
                    f"wrote, so no weight can speak for them; ask there, join it with another, or leave {column} out"
                )
        for value, number in counts[column].most_common():
            if value not in shares:
                raise InputError(
                    f"{margins.name}: {column} names no share of {value[:_SHOWN]!r}, which {number:,} of those who "
                    f"wrote have; add it, or leave {column} out"
                )


def _name(cells: Mapping[str, object], name: str, where: str) -> str:
    found = as_name(cells[name])
    if found is None:
        raise InputError(f"{where}: {name} is empty; name a {name}")
    return found


def _share(cell: object, where: str) -> float:
    try:
        share = float(str(cell))
    except ValueError:
        share = -1.0
    if not 0 < share <= 1:
        raise InputError(
            f"{where}: share is {str(cell)[:_SHOWN]!r}; a number above 0 and up to 1 is needed (0.45 for 45 %)"
        )
    return share


def _whole(column: str, shares: Mapping[str, float], name: str) -> dict[str, float]:
    total = sum(shares[value] for value in sorted(shares))
    if abs(total - 1) > _ROUNDED:
        raise InputError(
            f"{name}: the shares of {column!r} sum to {total:.4g}; they must sum to 1: give a row to each of its values"
        )
    return {value: shares[value] / total for value in sorted(shares)}


def _listed(names: Iterable[str]) -> str:
    shown = sorted(names)
    more = f" and {len(shown) - _LISTED} more" if len(shown) > _LISTED else ""
    return ", ".join(name[:_SHOWN] for name in shown[:_LISTED]) + more
