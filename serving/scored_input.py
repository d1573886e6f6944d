"""A scored file, read back: the messages, statements and predictions that `countervoice mine` starts from."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pyarrow as pa

from data.errors import InputError
from data.feedback_rows import MAX_TEXT
from data.labels import TOPICS
from data.language import identify
from data.parquet import parquet_schema, read_parquet
from data.records import Feedback, Statement
from data.words import weight
from models.predictions import Floats, ModelInfo
from serving.one_model import one_model
from serving.scored_files import scored_files
from serving.scored_partitions import with_folder_columns
from serving.scored_segments import with_mapped_segments
from serving.scored_table import CONTEXT, EMBEDDING, P_DEGREE, P_SENTIMENT, P_TOPICS, SCORED, origin_of

_NEEDED: Final = ("feedback_id", "statement_id", "start", "end", "text", "language", *P_SENTIMENT, *P_DEGREE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredInput:
    """A scored file of n statements.

    Attributes:
        feedback: The messages, put together from their statements. What stood between two statements was white
            space, and is spaces here.
        sentiment: (n, 3) probabilities.
        degree: (n, 3) probabilities.
        topics: (n, 18) probabilities; None if the file was scored without `--embeddings`.
        embeddings: (n, d) vectors; None if the file was scored without `--embeddings`.
        rejected: Rows of the scored file's own input that could not be read.
        own_ids: The ids of the messages are those of the source, not numbers of rows; taken for granted where the
            file does not say.
        model: What scored it; None if the file does not say.
        has_context: The file tells who wrote, when and where.
    """

    feedback: tuple[Feedback, ...]
    statements: tuple[Statement, ...]
    sentiment: Floats
    degree: Floats
    topics: Floats | None
    embeddings: Floats | None
    rejected: int
    own_ids: bool
    model: ModelInfo | None
    has_context: bool


def is_scored(path: Path) -> bool:
    """Whether a Parquet file, or a folder of them, has all columns of a scored file that mining needs."""
    if path.is_dir():
        return True  # nothing else that can be mined is a folder
    if path.suffix.lower() != ".parquet" or not path.is_file():  # a pipe is not opened
        return False
    try:
        return set(_NEEDED) <= set(parquet_schema(path).names)
    except (pa.ArrowException, OSError, ValueError):  # the reader of feedback says what is wrong
        return False


def read_scored(path: Path) -> ScoredInput:
    """Read a scored Parquet file, or a folder of them, into memory.

    Raises:
        InputError: A column is missing or of another type, a row contradicts itself or repeats, or the parts
            are of different models.
    """
    files = scored_files(path) if path.is_dir() else [path]
    if not files:
        raise InputError(f"{path} holds no Parquet file: name a scored file, or a folder that score left")
    parts = [_part(file) for file in files]
    try:
        table = pa.concat_tables(parts, promote_options="permissive")
    except (pa.ArrowException, ValueError) as error:
        raise InputError(f"the parts in {path} do not fit together: {str(error).splitlines()[0]}") from None
    origins = [origin_of(part.schema.metadata) for part in parts]
    models = [origin.model if origin else None for origin in origins]
    model = one_model(path, dict(zip(files, models, strict=True)))
    if not table.num_rows:
        raise InputError(f"{path} has no rows: there is nothing to mine")
    statements = _statements(path, table)
    vectors = {P_TOPICS, EMBEDDING} <= set(table.column_names)
    return ScoredInput(
        feedback=_feedback(path, table, statements),
        statements=statements,
        sentiment=_probabilities(path, table, P_SENTIMENT),
        degree=_probabilities(path, table, P_DEGREE),
        topics=_vectors(path, table, P_TOPICS, len(TOPICS)) if vectors else None,
        embeddings=_vectors(path, table, EMBEDDING) if vectors else None,
        rejected=sum(origin.rejected for origin in origins if origin),
        own_ids=all(origin.own_ids for origin in origins if origin),
        model=model,
        has_context=set(CONTEXT.names) <= set(table.column_names),
    )


def _part(file: Path) -> pa.Table:
    try:
        whole = with_folder_columns(read_parquet(file), file)
        part = with_mapped_segments(file, _with_plain_texts(whole))
    except (pa.ArrowException, OSError, ValueError) as error:
        raise InputError(f"{file} is not a readable scored file: {str(error).splitlines()[0]}") from None
    _check_columns(file, part.schema)
    return part


def _with_plain_texts(table: pa.Table) -> pa.Table:
    """The table with each column of texts as strings: other programs write large strings, views and categories."""
    for place, column in enumerate(table.schema):
        if _is_text(column.type):
            table = table.set_column(place, column.name, table.column(place).cast(pa.string()))
    return table


def _check_columns(path: Path, schema: pa.Schema) -> None:
    for name in _NEEDED:
        if name not in schema.names:
            raise InputError(f"{path} has no column {name!r}: it was not written by `countervoice score`")
        wanted, found = SCORED.field(name).type, schema.field(name).type
        same = (pa.types.is_floating, pa.types.is_integer, _is_text)
        if not any(is_kind(wanted) and is_kind(found) for is_kind in same):
            raise InputError(f"{path}, column {name!r} is {found} where {wanted} is needed")


def _is_text(type_: pa.DataType) -> bool:
    """Whether cells are texts, however the program that wrote the file lays them out."""
    if pa.types.is_dictionary(type_):
        return _is_text(type_.value_type)
    return bool(
        pa.types.is_string(type_) or pa.types.is_large_string(type_) or pa.types.is_string_view(type_)
    )


def _statements(path: Path, table: pa.Table) -> tuple[Statement, ...]:
    names = ("statement_id", "feedback_id", "start", "end", "text", "language")
    rows = list(zip(*(table[name].to_pylist() for name in names), strict=True))
    seen: dict[str, int] = {}
    for number, (identity, _, start, end, text, _) in enumerate(rows, start=1):
        if None in rows[number - 1]:
            missing = names[rows[number - 1].index(None)]
            raise InputError(f"{path}, row {number}, column {missing!r}: nothing where a value is needed")
        if not (0 <= start < end <= MAX_TEXT and end - start == len(text)):
            raise InputError(f"{path}, row {number}: start {start} and end {end} do not fit the text")
        first = seen.setdefault(identity, number)
        if first != number:
            raise InputError(f"{path}, row {number}: row {first} has the same statement_id {identity!r}")
    return tuple(
        Statement(id=identity, feedback_id=message, start=start, end=end, text=text, language=language)
        for identity, message, start, end, text, language in rows
    )


def _feedback(path: Path, table: pa.Table, statements: Sequence[Statement]) -> tuple[Feedback, ...]:
    parts: dict[str, list[tuple[int, int]]] = defaultdict(
        list
    )  # feedback id to start and row of each statement
    for row, statement in enumerate(statements):
        parts[statement.feedback_id].append((statement.start, row))
    firsts = [rows[0][1] for rows in parts.values()]
    contexts = _contexts(path, table, firsts)
    return tuple(
        _message(path, identity, [statements[row] for _, row in sorted(rows)], context)
        for (identity, rows), context in zip(parts.items(), contexts, strict=True)
    )


def _message(path: Path, identity: str, said: Sequence[Statement], context: dict[str, Any]) -> Feedback:
    text = _joined(path, said)
    return Feedback(id=identity, text=text, language=_language(text, said), **context)


def _language(text: str, said: Sequence[Statement]) -> str:
    """That of the statements; of several the one that the whole text is in, else the one of most letters.

    A message can begin in another language than its own: "Par maz. Мы сидели там час." is Russian.
    """
    letters: Counter[str] = Counter()
    for statement in said:
        letters[statement.language] += weight(statement.text)
    most = max(letters, key=letters.__getitem__)
    if len(letters) == 1:
        return most
    (whole,) = identify([text])
    return whole if whole in letters else most


def _joined(path: Path, statements: Sequence[Statement]) -> str:
    text = ""
    for statement in statements:
        if statement.start < len(text):
            raise InputError(f"{path}: {statement.id!r} overlaps the statement before it")
        text = text.ljust(statement.start) + statement.text
    return text


def _contexts(path: Path, table: pa.Table, rows: Sequence[int]) -> Iterator[dict[str, Any]]:
    """For each of the rows the fields of ``Feedback`` that the table tells."""
    names = [name for name in CONTEXT.names if name in table.column_names]
    columns = [_context(path, table, name, rows) for name in names]
    for row in range(len(rows)):
        found = {name: column[row] for name, column in zip(names, columns, strict=True)}
        if "segments" in found:
            found["segments"] = MappingProxyType(dict(found["segments"] or ()))
        yield found


def _context(path: Path, table: pa.Table, name: str, rows: Sequence[int]) -> list[Any]:
    wanted = CONTEXT.field(name).type
    try:
        cells: list[Any] = table[name].take(rows).cast(wanted).to_pylist()
    except pa.ArrowException as error:
        raise InputError(
            f"{path}, column {name!r} is {table[name].type} where {wanted} is needed: {str(error).splitlines()[0]}"
        ) from None
    return cells


def _probabilities(path: Path, table: pa.Table, names: Sequence[str]) -> Floats:
    columns = [table[name].to_numpy().astype(np.float32) for name in names]
    values = np.stack(columns, axis=1) if len(table) else np.zeros((0, len(names)), np.float32)
    bad = np.flatnonzero(~((values >= 0) & (values <= 1)).all(axis=1))
    if len(bad):
        raise InputError(
            f"{path}, row {bad[0] + 1}, columns {', '.join(names)}: probabilities are from 0 to 1"
        )
    return values


def _vectors(path: Path, table: pa.Table, name: str, width: int | None = None) -> Floats:
    column = table[name].combine_chunks()
    values = np.asarray(column.flatten().to_numpy(zero_copy_only=False), np.float32)
    size, rest = divmod(len(values), max(1, len(column)))
    if column.null_count or rest or (width is not None and len(column) and size != width):
        raise InputError(f"{path}, column {name!r}: each row needs {width or 'as many'} numbers")
    if not np.isfinite(values).all():
        raise InputError(f"{path}, column {name!r}: some numbers are not finite")
    return values.reshape(len(column), size)
