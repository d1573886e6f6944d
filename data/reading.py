"""Feedback from files. Every row of a file ends as feedback or as a rejection with its reason."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from data.columns import ColumnMap, guess_columns
from data.errors import ColumnError
from data.feedback_rows import Reading
from data.first_cells import FirstCells
from data.records import Feedback, Rejection
from data.survey import survey
from data.tables import Table, no_rows, open_table

_PROGRESS_EVERY: Final = 1000


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

        ``given`` maps a role ("text", "title", "id", "author", "time", "rating", ...) to a column, or to "" where the
        file has none, which for the text cannot be; the rest is guessed.

        Raises:
            ColumnError: A given column is missing, the text column cannot be told, or a role would fall to a
                name that two columns have.
            EncodingError: The file is not UTF-8.
            InputError: The file is missing, empty, or of another format.
        """
        self._table = open_table(Path(path))
        repeated = set(self._table.repeated.values())
        columns = guess_columns(self._table.names, given or {}, repeated, FirstCells(self._table).hold)
        for role, column in (("text", columns.text), ("title", columns.title)):
            _refuse_nested(self._table, role, column)
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

    def reading(self, ids: Path | None = None) -> Reading:
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


def _refuse_nested(table: Table, role: str, column: str | None) -> None:
    if column is not None and column in table.nested:
        found = table.nested[column]
        how = f" ({found.remedy})" if found.remedy else ""
        raise ColumnError(
            f"the column {column!r} is {found.what}, which is no text: name another with --{role}-column, "
            f"or write the text that it holds as a column of its own{how}"
        )
