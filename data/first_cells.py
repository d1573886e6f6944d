"""Whether a column whose name only hints at a role has it, told by its first cells."""

from collections.abc import Callable, Mapping
from itertools import islice
from types import MappingProxyType
from typing import Final

from data.fields import as_rating, as_text, as_time
from data.records import Rejection
from data.tables import Table

_ROWS: Final = 500
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
        """Whether more than half of the filled ones in ``column`` can be read as ``role``, "rating" or "time"."""
        place = self._table.names.index(column)
        rows = [row for row in islice(self._table.rows(), _ROWS) if not isinstance(row, Rejection)]
        filled = [cells[place] for _, cells in rows if as_text(cells[place]) is not None]
        return 2 * sum(map(_CAN_BE_READ[role], filled)) > len(filled)
