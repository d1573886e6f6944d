"""Whether a column whose name only hints at a role has it, told by its first cells."""

from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from types import MappingProxyType
from typing import Final

from data.fields import as_rating, as_text, as_time
from data.prose import FIRST_ROWS
from data.records import Rejection
from data.tables import Table

_HIGHEST_RATING: Final = 100
_MOST_RATINGS: Final = 101  # of one column: 0 to 100
_CAN_BE_READ: Final[Mapping[str, Callable[[object], bool]]] = MappingProxyType(
    {
        "rating": lambda cell: as_rating(cell) is not None,
        "time": lambda cell: any(as_time(cell, day_first=order) is not None for order in (True, False)),
    }
)


class FirstCells:
    """The first rows of a table, read again for each question: few columns have a name that asks one."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def hold(self, role: str, column: str) -> bool:
        """Whether more than half of the filled ones in ``column`` can be read as ``role``, "rating" or "time".

        No ratings are numbers of orders and of points: one over 100, or more of them than 0 to 100.
        """
        place = self._table.names.index(column)
        rows = [row for row in islice(self._table.rows(), FIRST_ROWS) if not isinstance(row, Rejection)]
        filled = [cells[place] for _, cells in rows if as_text(cells[place]) is not None]
        if role == "rating" and not _may_be_ratings(filled):
            return False
        return 2 * sum(map(_CAN_BE_READ[role], filled)) > len(filled)


def _may_be_ratings(cells: Sequence[object]) -> bool:
    values = {value for value in map(as_rating, cells) if value is not None}
    return max(values, default=0) <= _HIGHEST_RATING and len(values) <= _MOST_RATINGS
