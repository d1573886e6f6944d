"""Which free columns group people: a few short values that rows share. Others name people, orders or tickets."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from data.fields import as_name
from data.records import Feedback

MOST_VALUES: Final = 40
_LONGEST_VALUE: Final = 60  # characters; longer cells are prose
_ADDRESS: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class Grouping:
    """The values of a column, for as long as they may be those of a segment."""

    def __init__(self) -> None:
        self._values: set[str] = set()
        self._filled = 0
        self._addresses = 0
        self._fits = True

    def add(self, cell: object) -> None:
        """See the cell of a row."""
        value = segment_value(cell) if self._fits else None
        if value is not None:
            self._filled += 1
            self._values.add(value)
            self._fits = len(value) <= _LONGEST_VALUE and len(self._values) <= MOST_VALUES
            self._addresses += self._fits and _ADDRESS.fullmatch(value) is not None

    @property
    def groups_people(self) -> bool:
        """Whether the column has at least two values, of two rows each in the mean, and not mostly e-mail addresses."""
        names_people = self._addresses > self._filled / 2
        return self._fits and not names_people and 2 <= len(self._values) <= self._filled / 2


def segment_value(cell: object) -> str | None:
    """A cell as the value of a segment; None for nothing and for what is no single value."""
    if isinstance(cell, (dict, list, bytes)):
        return None
    return as_name(cell)


def with_grouping_segments(messages: Sequence[Feedback]) -> tuple[Feedback, ...]:
    """The messages with those of their segments alone that group people, as a file with such columns is read."""
    columns = defaultdict[str, Grouping](Grouping)
    for message in messages:
        for name, value in message.segments.items():
            columns[name].add(value)
    groups = {name for name, column in columns.items() if column.groups_people}
    return tuple(
        replace(message, segments={name: value for name, value in message.segments.items() if name in groups})
        for message in messages
    )
