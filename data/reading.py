"""Feedback from files. Every row of a file ends as feedback or as a rejection with its reason."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeVar

from data.columns import ColumnMap, guess_columns
from data.fields import as_flag, as_language, as_rating, as_text, as_time, day_comes_first
from data.records import Feedback, Rejection
from data.tables import Table, read_table

MAX_TEXT: Final = 20_000  # characters
MAX_SEGMENT_VALUES: Final = 40
_MAX_SEGMENT_VALUE: Final = 60  # characters; longer cells are prose
_PROGRESS_EVERY: Final = 1000

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadResult:
    """A file as feedback.

    Attributes:
        rejections: Rows that are not feedback, in the order of the file.
        rows: All rows; ``len(feedback) + len(rejections)``.
        notes: Lines for people about cells that were dropped though their row was kept.
    """

    feedback: tuple[Feedback, ...]
    rejections: tuple[Rejection, ...]
    columns: ColumnMap
    rows: int
    notes: tuple[str, ...] = ()


def read_feedback(
    path: Path | str,
    given: Mapping[str, str] | None = None,
    *,
    on_progress: Callable[[int], None] | None = None,
) -> ReadResult:
    """Read CSV, TSV, JSON lines or Parquet.

    ``given`` maps a role ("text", "id", "author", "time", "rating", ...) to a column; the rest is guessed.
    ``on_progress`` gets the number of rows newly read.

    A row without text, with a text over ``MAX_TEXT`` characters, with an id that an earlier row has, or with
    cells that do not fit the header is rejected. A rating or date that cannot be read becomes None and is
    counted in ``notes``. The language stays None unless a column gives it.

    Raises:
        ColumnError: A given column is missing, or the text column cannot be told.
        EncodingError: The file is not UTF-8.
        InputError: The file is missing, empty, or of another format.
    """
    progress = _Progress(on_progress)
    table = read_table(Path(path), progress.one_more)
    progress.report()
    columns = _with_real_segments(guess_columns(table.names, given or {}), table)
    reader = _RowReader(table, columns)
    results = [reader.read(number, cells) for number, cells in table.rows]
    rejections = [*table.rejections, *(found for found in results if isinstance(found, Rejection))]
    return ReadResult(
        feedback=tuple(found for found in results if isinstance(found, Feedback)),
        rejections=tuple(sorted(rejections, key=lambda rejection: rejection.row)),
        columns=columns,
        rows=len(table.rows) + len(table.rejections),
        notes=reader.notes(),
    )


class _Progress:
    def __init__(self, on_progress: Callable[[int], None] | None) -> None:
        self._on_progress = on_progress
        self._unreported = 0

    def one_more(self) -> None:
        self._unreported += 1
        if self._unreported == _PROGRESS_EVERY:
            self.report()

    def report(self) -> None:
        if self._on_progress is not None and self._unreported:
            self._on_progress(self._unreported)
        self._unreported = 0


def _with_real_segments(columns: ColumnMap, table: Table) -> ColumnMap:
    """Keep the free columns that group people: a few short values, shared by rows."""
    kept = tuple(name for name in columns.segments if _groups_people(_column(table, name)))
    return replace(columns, segments=kept)


def _groups_people(cells: Sequence[object]) -> bool:
    values = {value for cell in cells if (value := _segment_value(cell)) is not None}
    filled = sum(_segment_value(cell) is not None for cell in cells)
    short = all(len(value) <= _MAX_SEGMENT_VALUE for value in values)
    return short and 2 <= len(values) <= MAX_SEGMENT_VALUES and 2 * len(values) <= filled


def _segment_value(cell: object) -> str | None:
    if isinstance(cell, (dict, list, bytes)):
        return None
    text = as_text(cell)
    return None if text is None else text.strip()


def _column(table: Table, name: str) -> list[object]:
    place = table.names.index(name)
    return [cells[place] for _, cells in table.rows]


class _RowReader:
    """Turns rows into feedback; remembers the ids seen and counts the cells dropped."""

    def __init__(self, table: Table, columns: ColumnMap) -> None:
        self._columns = columns
        self._rows = len(table.rows)
        self._places = {name: place for place, name in enumerate(table.names)}
        self._ids: dict[str, int] = {}
        self._dropped: Counter[str] = Counter()
        self._ambiguous_days = False
        times = [] if columns.time is None else _column(table, columns.time)
        order = day_comes_first(times)
        self._day_first = order is not False
        if order is None and any(isinstance(cell, str) and cell[2:3] == "/" for cell in times):
            self._ambiguous_days = True

    def read(self, number: int, cells: list[object]) -> Feedback | Rejection:
        own_id = as_text(self._cell(cells, self._columns.id))
        feedback_id = self._id(number, own_id)
        problem = self._problem(cells, feedback_id)
        if problem is not None:
            field, reason = problem
            return Rejection(row=number, id=own_id, field=field, reason=reason)
        self._ids[feedback_id] = number
        return self._feedback(feedback_id, cells)

    def notes(self) -> tuple[str, ...]:
        lines = [
            f"{what} ({count:,} of {self._rows:,} rows)" for what, count in sorted(self._dropped.items())
        ]
        if self._ambiguous_days:
            lines.append(f"{self._columns.time}: dates such as 03/04/2026 were read as day/month")
        return tuple(lines)

    def _id(self, number: int, own_id: str | None) -> str:
        if own_id is not None:
            return own_id.strip()
        return str(number) if self._columns.id is None else f"row-{number}"

    def _problem(self, cells: list[object], feedback_id: str) -> tuple[str, str] | None:
        """Column and reason why a row cannot be feedback."""
        raw = self._cell(cells, self._columns.text)
        if isinstance(raw, (dict, list, bytes)):
            return self._columns.text, f"the text is a {type(raw).__name__}"
        text = as_text(raw)
        if text is None:
            return self._columns.text, "no text"
        if len(text) > MAX_TEXT:
            return self._columns.text, f"{len(text):,} characters where at most {MAX_TEXT:,} are allowed"
        if feedback_id in self._ids:
            return self._columns.id or "id", f"row {self._ids[feedback_id]} has the same id"
        return None

    def _feedback(self, feedback_id: str, cells: list[object]) -> Feedback:
        raw = self._cell(cells, self._columns.text)
        if isinstance(raw, str) and "\x00" in raw:
            self._dropped["NUL characters were removed from texts"] += 1
        return Feedback(
            id=feedback_id,
            text=as_text(raw) or "",
            rating=self._kept("rating", self._columns.rating, cells, as_rating),
            author=_stripped(self._cell(cells, self._columns.author)),
            source=_stripped(self._cell(cells, self._columns.source)),
            channel=_stripped(self._cell(cells, self._columns.channel)),
            solicited=self._kept("yes/no value", self._columns.solicited, cells, as_flag),
            created_at=self._kept("date", self._columns.time, cells, self._time),
            language=self._kept("language tag", self._columns.language, cells, as_language),
            segments=MappingProxyType(self._segments(cells)),
        )

    def _kept(
        self, what: str, column: str | None, cells: list[object], convert: Callable[[object], _Value | None]
    ) -> _Value | None:
        cell = self._cell(cells, column)
        value = convert(cell)
        if value is None and as_text(cell) is not None:
            self._dropped[f"{column} held no {what} that can be read"] += 1
        return value

    def _time(self, cell: object) -> datetime | None:
        return as_time(cell, day_first=self._day_first)

    def _segments(self, cells: list[object]) -> dict[str, str]:
        values = {name: _segment_value(self._cell(cells, name)) for name in self._columns.segments}
        return {name: value for name, value in values.items() if value is not None}

    def _cell(self, cells: list[object], column: str | None) -> object:
        return None if column is None else cells[self._places[column]]


def _stripped(cell: object) -> str | None:
    text = as_text(cell)
    return None if text is None else text.strip()
