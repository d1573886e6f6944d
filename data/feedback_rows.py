"""The rows of a file as feedback, or as rejections with the reason."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeVar

from data.authors import AuthorCensus, is_placeholder
from data.columns import ColumnMap
from data.dropped import Dropped
from data.fields import as_flag, as_language, as_name, as_outcome, as_rating, as_text
from data.grouping import segment_value
from data.ids import SeenIds
from data.non_answers import says_nothing
from data.own_words import OwnWords, own_words
from data.rating_scales import RatingScales
from data.records import Feedback, Rejection
from data.reply_labels import ReplyLabels
from data.set_aside import SetAside
from data.survey import Survey
from data.tables import Table
from data.times import as_time
from data.titles import titled
from data.transcripts import Transcripts
from data.visible import is_blank

MAX_TEXT: Final = 20_000  # characters
_SHOWN: Final = 40  # characters of an answer
_NOT_TEXT: Final[Mapping[type, str]] = MappingProxyType(
    {dict: "an object", list: "a list", bytes: "binary data"}
)

_Value = TypeVar("_Value")


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
        self._ratings = RatingScales()
        self._transcripts = Transcripts()
        self._replies = ReplyLabels()
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
        lines += self._transcripts.notes() or self._replies.notes()
        lines += [f"{self._columns.author}: {note}" for note in self._authors.notes()]
        lines += [f"{self._columns.rating}: {note}" for note in self._ratings.notes()]
        lines += [f"{self._columns.time}: {note}" for note in self._survey.dates.notes()]
        lines += [
            f"a column named {own!r} counts as {name!r}: an earlier one has its name"
            for name, own in self._table.repeated.items()
        ]
        return tuple(lines)

    def _read(self, number: int, cells: list[object]) -> Feedback | Rejection:
        own_id = as_text(self._cell(cells, self._columns.id))
        feedback_id = self._id(number, own_id)
        own = self._own_words(cells)
        problem = self._problem(number, cells, own, own_id)
        if problem is not None:
            field, reason = problem
            return Rejection(row=number, id=own_id, field=field, reason=reason)
        self._count_removed(cells, own)
        self._transcripts.add(own.text)
        self._replies.add(own.text)
        self._ratings.add(self._cell(cells, self._columns.rating))
        return self._feedback(feedback_id, cells, own.text)

    def _own_words(self, cells: list[object]) -> OwnWords:
        """The message, its title included."""
        text = own_words(as_text(self._cell(cells, self._columns.text)) or "")
        if self._columns.title is None:
            return text
        title = own_words(self._kept("text", self._columns.title, cells, _as_title) or "")
        whole = titled(title.text, text.text, as_language(self._cell(cells, self._columns.language)))
        if whole == text.text and not is_blank(title.text):
            what = "says nothing, or its text begins with it, and was left out"
            self._dropped.add(f"{self._columns.title} {what}", title.text)
        return OwnWords(
            text=whole, marked_up=title.marked_up or text.marked_up, quoting=title.quoting or text.quoting
        )

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

    def _count_removed(self, cells: list[object], own: OwnWords) -> None:
        written = [self._cell(cells, column) for column in (self._columns.title, self._columns.text)]
        if any(isinstance(cell, str) and "\x00" in cell for cell in written):
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
            source=as_name(self._cell(cells, self._columns.source)),
            channel=as_name(self._cell(cells, self._columns.channel)),
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
        author = as_name(self._cell(cells, self._columns.author))
        if author is None:
            return None
        if is_placeholder(author):
            what = "held a placeholder, which names nobody: each such message counts as a person"
            self._dropped.add(f"{self._columns.author} {what}", author)
            return None
        self._authors.add(author)
        return author

    def _time(self, cell: object) -> datetime | None:
        dates = self._survey.dates
        return as_time(
            cell,
            day_first=dates.day_first is not False,
            day_numbers=dates.day_numbers,
            early_years=dates.early_years,
            croatian=dates.croatian,
        )

    def _segments(self, cells: list[object]) -> dict[str, str]:
        values = {name: segment_value(self._cell(cells, name)) for name in self._columns.segments}
        return {name: value for name, value in values.items() if value is not None}

    def _cell(self, cells: list[object], column: str | None) -> object:
        return None if column is None else cells[self._places[column]]


def _as_title(cell: object) -> str | None:
    return None if type(cell) in _NOT_TEXT else as_text(cell)
