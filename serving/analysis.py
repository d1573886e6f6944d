"""From messages to predicted statements: the one path that scoring, mining and the HTTP service share."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from data.columns import describe_columns
from data.errors import InputError
from data.language import identify, identify_together
from data.reading import ReadResult, read_feedback
from data.records import Feedback, Statement
from data.splitting import split_statements
from models.predictions import Predictions, Predictor
from serving.progress import Stages, silent
from serving.rejected_file import put_rejections

REJECTED_NAME = "rejected.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """Messages, each with its language; their statements in order; and predictions aligned with those."""

    feedback: tuple[Feedback, ...]
    statements: tuple[Statement, ...]
    predictions: Predictions


def read_file(
    source: Path,
    columns: Mapping[str, str],
    *,
    rejected_path: Path,
    say: Callable[[str], None] = lambda line: None,
    stages: Stages = silent,
) -> ReadResult:
    """Read ``source`` and say aloud which columns were taken for what.

    ``columns`` maps a role ("text", "id", "author", ...) to a column name, as far as it was given.

    Raises:
        InputError: The file cannot be used. Where it has rows and none of them is a message, their reasons are
            in ``rejected_path``.
    """
    keep_from_overwriting(source, rejected_path)
    read = read_feedback(source, columns, on_progress=stages(f"Reading {source.name}"))
    for line in (*describe_columns(read.columns), *read.notes):
        say(line)
    if not read.feedback:
        rejected_path.parent.mkdir(parents=True, exist_ok=True)
        put_rejections(read.rejections, rejected_path, source)
        raise no_message(source, read.rows, read.silent, rejected_path)
    return read


def keep_from_overwriting(source: Path, path: Path, what: str = "rejected rows") -> None:
    """Refuse an input that lies at ``path``, where ``what`` would go.

    Raises:
        InputError: It does.
    """
    if source.resolve() == path.resolve():
        raise InputError(f"{source} is where {what} would go: rename it, or choose another --out")


def no_message(source: Path, rows: int, silent: int, rejected_path: Path) -> InputError:
    """What to say of a file all of whose rows were set aside, ``silent`` of them as their texts say nothing."""
    if silent == rows:
        return InputError(
            f"{source.name} has only answers that say nothing, such as 'n/a' ({rejected_path} lists them): "
            "if another column holds the text, name it with --text-column"
        )
    saying = f" ({silent:,} say nothing, such as 'n/a')" if silent else ""
    return InputError(
        f"none of the {rows:,} rows of {source.name} is a message{saying}; the reasons are in {rejected_path}"
    )


def analyse(feedback: Sequence[Feedback], predictor: Predictor, *, stages: Stages = silent) -> Analysis:
    """Identify languages where they are not given, split the messages into statements, and predict those."""
    stages("Finding languages and statements")
    feedback = with_languages(feedback)
    statements = all_statements(feedback)
    on_progress = stages("Predicting statements", len(statements))
    return predicted(feedback, statements, predictor, on_progress=on_progress)


def with_languages(
    feedback: Sequence[Feedback], common: frozenset[str] | None = None
) -> tuple[Feedback, ...]:
    """Give each message without a language the one that its text is identified as.

    ``common`` are the languages of the file that the messages are a part of; without it they are a whole file.
    """
    unknown = [message.text for message in feedback if message.language is None]
    found = iter(identify_together(unknown) if common is None else identify(unknown, common=common))
    return tuple(
        message if message.language is not None else replace(message, language=next(found))
        for message in feedback
    )


def all_statements(feedback: Sequence[Feedback]) -> tuple[Statement, ...]:
    """The statements of all messages, in order."""
    return tuple(statement for message in feedback for statement in split_statements(message))


def predicted(
    feedback: tuple[Feedback, ...],
    statements: tuple[Statement, ...],
    predictor: Predictor,
    *,
    on_progress: Callable[[int], None] | None = None,
) -> Analysis:
    """Predict the statements of the messages.

    Embeddings are rounded to half precision, as scored files keep them, so that a file and the same file scored
    are mined alike.
    """
    found = predictor.predict([statement.text for statement in statements], on_progress=on_progress)
    rounded = found.embeddings.astype(np.float16).astype(np.float32)
    return Analysis(feedback=feedback, statements=statements, predictions=replace(found, embeddings=rounded))
