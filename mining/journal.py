"""What a mining leaves for those who act on it: one row per statement, with its person, its cause and its sides."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from data.context import context_columns, context_schema
from data.errors import StateError
from data.labels import SENTIMENTS, SIDES
from data.parquet import read_parquet
from data.records import Feedback, Statement
from data.writing import whole_file
from mining.contexts import contexts_as, shared_contexts, values_of
from mining.results import Mining
from mining.settings import MiningSettings
from mining.sides import find_sides
from models.abstaining import abstains
from models.predictions import ModelInfo, Predictions, topics_over

if TYPE_CHECKING:
    import pyarrow as pa

JOURNAL_NAME = "journal.parquet"

_NEGATIVE = SENTIMENTS.index("negative")


@dataclass(frozen=True, slots=True)
class Journal:
    """The statements of one mining as a table, in the order of feedback id and offset.

    Columns of ``table``:
        feedback_id, start, end, text, language: Of the statement; the text is null once it was erased.
        person: Feedback id of the first message, by id, of the person behind it: people, not accounts, are counted.
        author, source, channel, solicited, rating, created_at, segments: Of the message (``data.context``); once it was
            erased, the author is null and the context column of the mining the only segment.
        outcome: Of the message, where one was named.
        context: What it is about, as the mining took it: its value of the context column, "" for none or a rare one.
        cause_id: Null for the unassigned.
        side: The one side of the statement, of ``data.labels.SIDES``; null where it takes none.
        topics: Ids, those past the model's threshold, the most probable first.
        p_negative: Probability that the statement is negative.
        sentiment_abstain, degree_abstain: The model does not stand by its call (``models.abstaining``).
    """

    table: "pa.Table"

    def column(self, name: str) -> list[Any]:
        """The values of a column as Python objects, null as None."""
        values: list[Any] = self.table.column(name).to_pylist()
        return values

    def __len__(self) -> int:
        return int(self.table.num_rows)


def journal_of(
    feedback: Sequence[Feedback],
    statements: Sequence[Statement],
    predictions: Predictions,
    mining: Mining,
    settings: MiningSettings,
    model: ModelInfo,
) -> Journal:
    """Join what was said with what was found; ``statements`` and ``predictions``, of ``model``, were mined."""
    import pyarrow as pa

    messages = {message.id: message for message in feedback}
    order = sorted(
        range(len(statements)),
        key=lambda i: (statements[i].feedback_id, statements[i].start, statements[i].end),
    )
    said = [statements[i] for i in order]
    about = [messages[statement.feedback_id] for statement in said]
    repeated = np.array(mining.repeated or [False] * len(statements), dtype=bool)
    sides = np.where(repeated, -1, find_sides(predictions, settings).main)
    first = _first_messages(statements, mining.people)
    abstained = {
        head: abstains(getattr(predictions, head), model.abstain_below[head])
        for head in ("sentiment", "degree")
    }
    columns: dict[str, list[Any]] = {
        "feedback_id": [statement.feedback_id for statement in said],
        "start": [statement.start for statement in said],
        "end": [statement.end for statement in said],
        "text": [statement.text for statement in said],
        "language": [statement.language for statement in said],
        "person": [first[mining.people[i]] for i in order],
        **context_columns(about),
        "outcome": [message.outcome for message in about],
        "context": list(_contexts(about, repeated[order], settings.context)),
        "cause_id": [mining.assignment[i] for i in order],
        "side": [SIDES[sides[i]] if sides[i] >= 0 else None for i in order],
        "topics": [topics_over(predictions.topics[i], model.topic_threshold) for i in order],
        "p_negative": [float(predictions.sentiment[i][_NEGATIVE]) for i in order],
        **{f"{head}_abstain": unsure[order].tolist() for head, unsure in abstained.items()},
    }
    return Journal(pa.table(columns, schema=journal_schema()))


def _contexts(about: Sequence[Feedback], repeated: NDArray[np.bool_], column: str | None) -> tuple[str, ...]:
    """The context of each statement, by its message; those that the mining set aside make no value frequent."""
    heard = [about[i] for i in np.flatnonzero(~repeated).tolist()]
    return contexts_as(shared_contexts(values_of(heard, column)), about, column)


def _first_messages(statements: Sequence[Statement], people: Sequence[int]) -> dict[int, str]:
    first: dict[int, str] = {}
    for statement, person in zip(statements, people, strict=True):
        first[person] = min(first.get(person, statement.feedback_id), statement.feedback_id)
    return first


def journal_schema() -> "pa.Schema":
    """The columns of a journal in their order, one row a statement."""
    import pyarrow as pa

    text = pa.string()
    return pa.schema(
        [
            ("feedback_id", text),
            *[(name, pa.int32()) for name in ("start", "end")],
            *[(name, text) for name in ("text", "language", "person")],
            *context_schema(),
            ("outcome", pa.float64()),
            *[(name, text) for name in ("context", "cause_id", "side")],
            ("topics", pa.list_(text)),
            ("p_negative", pa.float64()),
            *[(name, pa.bool_()) for name in ("sentiment_abstain", "degree_abstain")],
        ]
    )


def write_journal(path: Path, journal: Journal) -> None:
    """Write ``journal`` to ``path``, whole or not at all.

    Raises:
        WriteError: The file cannot be written.
    """
    import pyarrow.parquet as pq

    with whole_file(path, "wb") as file:
        pq.write_table(journal.table, file, compression="zstd")


def read_journal(path: Path) -> Journal:
    """Read the journal in ``path``.

    Raises:
        StateError: There is none, or the file is not one of this version.
    """
    import pyarrow as pa

    if not path.is_file():
        raise StateError(f"no journal at {path}: mine again, with this version")
    try:
        table = read_parquet(path)
    except (pa.ArrowException, OSError) as error:
        raise StateError(f"{path} cannot be read ({error}): mine again") from error
    if table.schema != journal_schema():
        raise StateError(f"{path} is of another version: mine again")
    return Journal(table)


def forget_in_journal(path: Path, ids: Collection[str], context: str | None) -> None:
    """Take the words, the author and the segments of the feedback ``ids`` out of the journal in ``path``.

    Its counts stay, and so do the values of the segment ``context``, which say what it is about; others may be the
    name or the order of a customer.

    Raises:
        StateError: The journal cannot be read.
        WriteError: It cannot be written.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    table = read_journal(path).table
    gone = pc.is_in(table.column("feedback_id"), value_set=pa.array(sorted(ids), pa.string()))
    if not pc.any(gone).as_py():
        return
    nothing = pa.scalar(None, pa.string())
    left = {"text": nothing, "author": nothing, "segments": _only(context, table.column("segments"))}
    for name, value in left.items():
        kept = pc.if_else(gone, value, table.column(name))
        table = table.set_column(table.schema.get_field_index(name), table.schema.field(name), kept)
    write_journal(path, Journal(table))


def _only(context: str | None, segments: "pa.ChunkedArray") -> "pa.Array":
    """Segments, one mapping a row, without all but ``context``."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if context is None:
        return pa.array([[]] * len(segments), segments.type)
    values = pc.map_lookup(segments, pa.scalar(context), "first").to_pylist()
    return pa.array([[] if value is None else [(context, value)] for value in values], segments.type)
