"""What must be known of a whole file before its first row can be read: told by one pass, in little memory."""

import re
from dataclasses import dataclass
from typing import Final

from data.columns import ColumnMap, asks_for_a_side, is_known_otherwise
from data.date_order import DateOrder
from data.fields import as_language, as_text
from data.grouping import Grouping, segment_value
from data.prose import FIRST_ROWS, Prose
from data.records import Rejection
from data.tables import Table

_LIKE_INVENTED: Final = re.compile(r"row(-+)[0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """A file seen from afar.

    Attributes:
        rows: All rows.
        readable: Rows whose cells could be told.
        segments: The free columns that group people: a few short values, shared by rows, not mostly e-mail addresses.
        unread: The free columns that hold texts in many of the first rows, and are not taken for another role's.
        bare_answers: The text column asks what was liked or disliked, and most of its first cells are a few words.
        dates: Whether dates such as 03/04/2026 start with the day.
        invented: What the id of a row without one begins with, before its number: no id of the file does.
    """

    rows: int
    readable: int
    segments: tuple[str, ...]
    unread: tuple[str, ...]
    bare_answers: bool
    dates: DateOrder
    invented: str


def survey(table: Table, columns: ColumnMap) -> Survey:
    """Read ``table`` once; ``columns.segments`` are the candidates for segments."""
    places = {name: place for place, name in enumerate(table.names)}
    groups = {name: Grouping() for name in columns.segments}
    texts = {name: Prose() for name in (columns.text, *columns.segments)}
    dates, ids = DateOrder(), _Ids()
    rows = readable = 0
    for row in table.rows():
        rows += 1
        if isinstance(row, Rejection):
            continue
        readable += 1
        _, cells = row
        for name, group in groups.items():
            group.add(cells[places[name]])
        if readable <= FIRST_ROWS:
            for name, prose in texts.items():
                prose.add(segment_value(cells[places[name]]))
        if columns.time is not None:
            told = None if columns.language is None else as_language(cells[places[columns.language]])
            dates.add(cells[places[columns.time]], told)
        if columns.id is not None:
            ids.add(cells[places[columns.id]])
    segments = tuple(name for name, group in groups.items() if group.groups_people)
    return Survey(
        rows=rows,
        readable=readable,
        segments=segments,
        unread=tuple(name for name in _unread(columns, segments) if texts[name].is_prose),
        bare_answers=asks_for_a_side(columns.text) and texts[columns.text].is_short,
        dates=dates,
        invented=ids.free_prefix,
    )


def _unread(columns: ColumnMap, segments: tuple[str, ...]) -> list[str]:
    """The free columns of which nothing is made, but for those that would have had another role than the text's."""
    read = {*segments, columns.outcome}
    return [name for name in columns.segments if name not in read and not is_known_otherwise(name)]


class _Ids:
    """How ids begin that look like those of rows without one."""

    def __init__(self) -> None:
        self._dashes = 0

    def add(self, cell: object) -> None:
        found = _LIKE_INVENTED.fullmatch((as_text(cell) or "").strip())
        if found is not None:
            self._dashes = max(self._dashes, len(found[1]))

    @property
    def free_prefix(self) -> str:
        """``row-`` where no id looks so, else with one dash more than any of them."""
        return "row-" + "-" * self._dashes
