"""``countervoice score``: a file of feedback in, one row per statement out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from data.errors import InputError
from data.labels import DEGREES, SENTIMENTS, TOPICS
from data.records import Statement
from data.writing import FORMATS, write_rejections, write_table
from models.predictions import Predictions, Predictor
from serving.analysis import REJECTED_NAME, analyse, read_file
from serving.progress import Stages, silent


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """What was written, and where; ``rejected_path`` is None when every row could be read."""

    path: Path
    rows: int
    messages: int
    statements: int
    rejected: int
    rejected_path: Path | None


def score_file(
    source: Path,
    out: Path | None,
    predictor: Predictor,
    *,
    columns: Mapping[str, str],
    say: Callable[[str], None] = lambda line: None,
    stages: Stages = silent,
) -> Scored:
    """Score ``source`` and write one row per statement to ``out``.

    Without ``out`` it is ``<source stem>.scored.parquet`` beside ``source``; the suffix chooses the format.

    Raises:
        InputError: The source cannot be read, or ``out`` cannot be written to.
    """
    out = checked_output(source, out)
    rejected_path = out.with_name(REJECTED_NAME)
    read = read_file(source, columns, rejected_path=rejected_path, say=say, stages=stages)
    analysis = analyse(read.feedback, predictor, stages=stages)
    stages(f"Writing {out.name}")
    table = score_columns(analysis.statements, analysis.predictions, predictor.info.topic_threshold)
    if read.rejections or rejected_path.exists():  # those of an earlier run are not this run's
        write_rejections(rejected_path, read.rejections)
    write_table(out, table)
    return Scored(
        path=out,
        rows=read.rows,
        messages=len(analysis.feedback),
        statements=len(analysis.statements),
        rejected=len(read.rejections),
        rejected_path=rejected_path if read.rejections else None,
    )


def checked_output(source: Path, out: Path | None) -> Path:
    """Refuse a bad output path before the long work starts, not after it."""
    if out is None:
        return source.with_name(f"{source.stem}.scored.parquet")
    if out.suffix.lower() not in FORMATS:
        raise InputError(f"cannot write {out.name}: the suffix must be one of {', '.join(FORMATS)}")
    if out.name == REJECTED_NAME:
        raise InputError(f"{REJECTED_NAME} is where rejected rows go: choose another name for --out")
    if out.resolve() == source.resolve():
        raise InputError(f"--out {out} is the input itself: choose another name")
    if not out.absolute().parent.is_dir():
        raise InputError(f"--out {out}: the folder {out.parent} does not exist: create it first")
    return out


def score_columns(
    statements: Sequence[Statement], predictions: Predictions, topic_threshold: float
) -> dict[str, Sequence[Any]]:
    """The columns of a scored file, in order, aligned with ``statements``."""
    return {
        "feedback_id": [statement.feedback_id for statement in statements],
        "statement_id": [statement.id for statement in statements],
        "start": [statement.start for statement in statements],
        "end": [statement.end for statement in statements],
        "text": [statement.text for statement in statements],
        "language": [statement.language for statement in statements],
        "sentiment": [SENTIMENTS[best] for best in predictions.sentiment.argmax(axis=1)],
        **_probabilities(SENTIMENTS, predictions.sentiment),
        "topics": [topics_over(row, topic_threshold) for row in predictions.topics],
        "degree": [DEGREES[best] for best in predictions.degree.argmax(axis=1)],
        **_probabilities(DEGREES, predictions.degree),
    }


def topics_over(probabilities: np.ndarray[Any, Any], threshold: float) -> list[str]:
    """Topic ids with at least ``threshold`` probability, the most probable first."""
    order = np.argsort(-probabilities, kind="stable")
    return [TOPICS[topic] for topic in order if probabilities[topic] >= threshold]


def _probabilities(labels: Sequence[str], values: np.ndarray[Any, Any]) -> dict[str, Sequence[Any]]:
    return {f"p_{label}": values[:, number].tolist() for number, label in enumerate(labels)}
