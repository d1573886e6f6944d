"""Feedback from files. Every row of a file ends as feedback or as a rejection with its reason."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeVar

from data.authors import AuthorCensus, is_placeholder
from data.columns import ColumnMap, guess_columns
from data.dropped import Dropped
from data.errors import ColumnError
from data.fields import as_flag, as_language, as_outcome, as_rating, as_text, as_time
from data.first_cells import FirstCells
from data.ids import SeenIds
from data.non_answers import says_nothing
from data.own_words import OwnWords, own_words
from data.records import Feedback, Rejection
from data.set_aside import SetAside
from data.survey import Survey, segment_value, survey
from data.tables import Table, no_rows, open_table
from data.transcripts import Transcripts
from data.visible import is_blank

MAX_TEXT: Final = 20_000  # characters
_PROGRESS_EVERY: Final = 1000
_SHOWN: Final = 40  # characters of an answer
_NOT_TEXT: Final[Mapping[type, str]] = MappingProxyType(
    {dict: "an object", list: "a list", bytes: "binary data"}
)

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadResult:
    """A file as feedback.

    Attributes:
        rejections: Rows that are not feedback, in the order of the file.
        rows: All rows; ``len(feedback) + len(rejections)``.
        silent: Those among the rejections whose text says nothing.
        notes: Lines for people about the rows that were set aside, and about cells that were dropped though their
            row was kept.
    """

    feedback: tuple[Feedback, ...]
    rejections: tuple[Rejection, ...]
    columns: ColumnMap
    rows: int
    silent: int = 0
    notes: tuple[str, ...] = ()


def read_feedback(
    path: Path | str,
    given: Mapping[str, str] | None = None,
    *,
    on_progress: Callable[[int], None] | None = None,
) -> ReadResult:
    """Read CSV, TSV, JSON lines or Parquet into memory.

    ``on_progress`` gets the number of rows newly read. Everything else, errors too, is as in ``FeedbackFile``.
    """
    file = FeedbackFile(path, given)
    reading = file.reading()
    feedback: list[Feedback] = []
    rejections: list[Rejection] = []
    progress = _Progress(on_progress)
    for found in reading:
        progress.one_more()
        if isinstance(found, Feedback):
            feedback.append(found)
        else:
            rejections.append(found)
    progress.report()
    return ReadResult(
        feedback=tuple(feedback),
        rejections=tuple(rejections),
        columns=file.columns,
        rows=file.rows,
        silent=reading.silent,
        notes=reading.notes(),
    )


class FeedbackFile:
    """A file of feedback that can be read row by row, as often as needed, in memory that does not grow with it.

    Attributes:
        columns: Which column holds what; its segments are those that group people, and what is not read is told.
        rows: All rows of the file.
    """

    def __init__(self, path: Path | str, given: Mapping[str, str] | None = None) -> None:
        """Look through a CSV, TSV, JSON lines or Parquet file once.

        ``given`` maps a role ("text", "id", "author", "time", "rating", ...) to a column; the rest is guessed.

        Raises:
            ColumnError: A given column is missing, the text column cannot be told, or a role would fall to a
                name that two columns have.
            EncodingError: The file is not UTF-8.
            InputError: The file is missing, empty, or of another format.
        """
        self._table = open_table(Path(path))
        repeated = set(self._table.repeated.values())
        columns = guess_columns(self._table.names, given or {}, repeated, FirstCells(self._table).hold)
        _refuse_nested(self._table, columns.text)
        self._survey = survey(self._table, columns)
        if not self._survey.rows:
            raise no_rows(Path(path))
        self.columns = replace(
            columns,
            segments=self._survey.segments,
            unread=self._survey.unread,
            bare_answers=self._survey.bare_answers,
        )
        self.rows = self._survey.rows

    def reading(self, ids: Path | None = None) -> "Reading":
        """Start a pass over all rows; the ids seen are kept in the file ``ids``, or in memory without one."""
        return Reading(self._table, self.columns, self._survey, ids)


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


class Reading:
    """One pass over a file: each row as feedback or as a rejection, in order.

    A row without text, with a text that says nothing or is over ``MAX_TEXT`` characters, with an id that an earlier
    row has, or with cells that do not fit the header is rejected. A rating or date that cannot be read becomes None, as
    does an author that is a placeholder, and is counted in ``notes``. The language stays None unless a column gives it.
    """

    def __init__(self, table: Table, columns: ColumnMap, seen: Survey, ids: Path | None) -> None:
        self._table = table
        self._columns = columns
        self._survey = seen
        self._places = {name: place for place, name in enumerate(table.names)}
        self._ids = SeenIds(ids)
        self._dropped = Dropped()
        self._authors = AuthorCensus()
        self._transcripts = Transcripts()
        self._set_aside = SetAside(seen.rows)

    def __iter__(self) -> Iterator[Feedback | Rejection]:
        with self._ids:
            for row in self._table.rows():
                found = row if isinstance(row, Rejection) else self._read(*row)
                if isinstance(found, Rejection):
                    self._set_aside.add()
                yield found

    @property
    def silent(self) -> int:
        """Rows so far whose text says nothing."""
        return self._set_aside.silent

    def notes(self) -> tuple[str, ...]:
        """After the last row: lines for people about rows that were set aside, and cells that were dropped."""
        lines = [*self._set_aside.notes(), *self._dropped.lines(self._survey.readable)]
        lines += self._transcripts.notes()
        lines += [f"{self._columns.author}: {note}" for note in self._authors.notes()]
        lines += [f"{self._columns.time}: {note}" for note in self._survey.dates.notes()]
        lines += [
            f"a column named {own!r} counts as {name!r}: an earlier one has its name"
            for name, own in self._table.repeated.items()
        ]
        return tuple(lines)

    def _read(self, number: int, cells: list[object]) -> Feedback | Rejection:
        own_id = as_text(self._cell(cells, self._columns.id))
        feedback_id = self._id(number, own_id)
        own = own_words(as_text(self._cell(cells, self._columns.text)) or "")
        problem = self._problem(number, cells, own, own_id)
        if problem is not None:
            field, reason = problem
            return Rejection(row=number, id=own_id, field=field, reason=reason)
        self._count_removed(self._cell(cells, self._columns.text), own)
        self._transcripts.add(own.text)
        return self._feedback(feedback_id, cells, own.text)

    def _id(self, number: int, own_id: str | None) -> str:
        if own_id is not None:
            return own_id.strip()
        return str(number) if self._columns.id is None else f"{self._survey.invented}{number}"

    def _problem(
        self, number: int, cells: list[object], own: OwnWords, own_id: str | None
    ) -> tuple[str, str] | None:
        """Column and reason why a row cannot be feedback."""
        raw = self._cell(cells, self._columns.text)
        if type(raw) in _NOT_TEXT:
            return self._columns.text, f"the text is {_NOT_TEXT[type(raw)]}"
        text = own.text
        if is_blank(text):
            return self._columns.text, "no text"
        if len(text) > MAX_TEXT:
            self._set_aside.add_long()
            return self._columns.text, f"{len(text):,} characters where at most {MAX_TEXT:,} are allowed"
        if says_nothing(text, as_language(self._cell(cells, self._columns.language))):
            self._set_aside.add_silent(text.strip())
            return self._columns.text, f"says nothing ({text.strip()[:_SHOWN]!r})"
        if self._columns.id is None or own_id is None:  # row numbers do not repeat
            return None
        earlier = self._ids.first_row(own_id.strip(), number)
        return None if earlier is None else (self._columns.id, f"row {earlier} has the same id")

    def _count_removed(self, raw: object, own: OwnWords) -> None:
        if isinstance(raw, str) and "\x00" in raw:
            self._dropped.add("NUL characters were removed from texts")
        if own.marked_up:
            self._dropped.add("HTML tags or entities were removed from texts")
        if own.quoting:
            self._dropped.add("quoted mail was removed from texts")

    def _feedback(self, feedback_id: str, cells: list[object], text: str) -> Feedback:
        return Feedback(
            id=feedback_id,
            text=text,
            rating=self._kept("rating", self._columns.rating, cells, as_rating),
            author=self._author(cells),
            source=_stripped(self._cell(cells, self._columns.source)),
            channel=_stripped(self._cell(cells, self._columns.channel)),
            solicited=self._kept("yes/no value", self._columns.solicited, cells, as_flag),
            created_at=self._kept("date", self._columns.time, cells, self._time),
            language=self._kept("language tag", self._columns.language, cells, as_language),
            outcome=self._kept("number or yes/no value", self._columns.outcome, cells, as_outcome),
            segments=MappingProxyType(self._segments(cells)),
        )

    def _kept(
        self, what: str, column: str | None, cells: list[object], convert: Callable[[object], _Value | None]
    ) -> _Value | None:
        cell = self._cell(cells, column)
        value = convert(cell)
        written = as_text(cell) if value is None else None
        if written is not None:
            self._dropped.add(f"{column} held no {what} that can be read", written)
        return value

    def _author(self, cells: list[object]) -> str | None:
        author = _stripped(self._cell(cells, self._columns.author))
        if author is None:
            return None
        if is_placeholder(author):
            what = "held a placeholder, which names nobody: each such message counts as a person"
            self._dropped.add(f"{self._columns.author} {what}", author)
            return None
        self._authors.add(author)
        return author

    def _time(self, cell: object) -> datetime | None:
        return as_time(cell, day_first=self._survey.dates.day_first is not False)

    def _segments(self, cells: list[object]) -> dict[str, str]:
        values = {name: segment_value(self._cell(cells, name)) for name in self._columns.segments}
        return {name: value for name, value in values.items() if value is not None}

    def _cell(self, cells: list[object], column: str | None) -> object:
        return None if column is None else cells[self._places[column]]


def _stripped(cell: object) -> str | None:
    text = as_text(cell)
    return None if text is None else text.strip()


def _refuse_nested(table: Table, text: str) -> None:
    kind = table.nested.get(text)
    if kind is not None:
        raise ColumnError(
            f"the column {text!r} is {kind}, which is no text: name another with --text-column, "
            "or write the text that it holds as a column of its own"
        )
