"""The scored table: one row per statement, as `countervoice score` promises it, in Arrow."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa

from data.context import context_columns, context_schema
from data.errors import InputError
from data.labels import DEGREES, SENTIMENTS
from data.records import Statement
from models.abstaining import abstains
from models.calls import calls
from models.predictions import ModelInfo, Predictions, topics_over
from serving.analysis import Analysis

P_SENTIMENT: Final = tuple(f"p_{label}" for label in SENTIMENTS)
P_DEGREE: Final = tuple(f"p_{label}" for label in DEGREES)
SCORED: Final = pa.schema(
    [
        *[(name, pa.string()) for name in ("feedback_id", "statement_id")],
        *[(name, pa.int64()) for name in ("start", "end")],
        *[(name, pa.string()) for name in ("text", "language", "sentiment")],
        *[(name, pa.float64()) for name in P_SENTIMENT],
        ("sentiment_abstain", pa.bool_()),
        ("topics", pa.list_(pa.string())),
        ("degree", pa.string()),
        *[(name, pa.float64()) for name in P_DEGREE],
        ("degree_abstain", pa.bool_()),
    ]
)
# What mining needs besides: who wrote, when, where, how rated, and the model's own view of the statement.
CONTEXT: Final = context_schema()
P_TOPICS: Final = "p_topics"
EMBEDDING: Final = "embedding"

_KEY: Final = b"countervoice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What a scored table was made from, and by which model.

    Attributes:
        rows: Rows of the input.
        rejected: Those among them that could not be read.
        own_ids: The input has a column of ids; without one, an id is the number of a row and means nothing elsewhere.
    """

    model: ModelInfo
    rows: int
    rejected: int
    own_ids: bool


def scored_table(analysis: Analysis, origin: Origin, *, embeddings: bool) -> pa.Table:
    """The rows of the statements of ``analysis``; with what mining needs, if ``embeddings``."""
    columns = score_columns(analysis.statements, analysis.predictions, origin.model)
    table = pa.table(columns, schema=SCORED)
    if embeddings:
        table = _with_mining_columns(table, analysis)
    return with_origin(table, origin)


def score_columns(
    statements: Sequence[Statement], predictions: Predictions, model: ModelInfo
) -> dict[str, Sequence[Any]]:
    """The columns of a scored file, in order, aligned with ``statements``."""
    return {
        "feedback_id": [statement.feedback_id for statement in statements],
        "statement_id": [statement.id for statement in statements],
        "start": [statement.start for statement in statements],
        "end": [statement.end for statement in statements],
        "text": [statement.text for statement in statements],
        "language": [statement.language for statement in statements],
        "sentiment": [SENTIMENTS[label] for label in calls("sentiment", predictions.sentiment)],
        **_probabilities(P_SENTIMENT, predictions.sentiment),
        "sentiment_abstain": abstains(predictions.sentiment, model.abstain_below["sentiment"]).tolist(),
        "topics": [topics_over(row, model.topic_threshold) for row in predictions.topics],
        "degree": [DEGREES[label] for label in calls("degree", predictions.degree)],
        **_probabilities(P_DEGREE, predictions.degree),
        "degree_abstain": abstains(predictions.degree, model.abstain_below["degree"]).tolist(),
    }


def with_origin(table: pa.Table, origin: Origin) -> pa.Table:
    """The table with its origin in the metadata of its schema, where Parquet keeps it."""
    return table.replace_schema_metadata({_KEY: json.dumps(asdict(origin))})


def origin_of(metadata: Mapping[bytes, bytes] | None) -> Origin | None:
    """The origin in the metadata of a schema; None where another program wrote or rewrote the file.

    Raises:
        InputError: It is there and cannot be understood.
    """
    text = (metadata or {}).get(_KEY)
    if text is None:
        return None
    try:
        found = json.loads(text)
        model = ModelInfo(**found["model"] | {"languages": tuple(found["model"]["languages"])})
        return Origin(
            model=model,
            rows=int(found["rows"]),
            rejected=int(found["rejected"]),
            own_ids=bool(found["own_ids"]),
        )
    except (ValueError, TypeError, KeyError) as error:
        raise InputError(
            f"the scored file is of another version of Countervoice: {error!r}; score again"
        ) from None


def _probabilities(names: Sequence[str], values: np.ndarray[Any, Any]) -> dict[str, Sequence[Any]]:
    return {name: values[:, number].tolist() for number, name in enumerate(names)}


def _with_mining_columns(table: pa.Table, analysis: Analysis) -> pa.Table:
    by_id = {message.id: message for message in analysis.feedback}
    messages = [by_id[statement.feedback_id] for statement in analysis.statements]
    for name, values in context_columns(messages).items():
        field = CONTEXT.field(name)
        table = table.append_column(field, pa.array(values, type=field.type))
    predictions = analysis.predictions
    table = table.append_column(P_TOPICS, _vectors(predictions.topics.astype(np.float32)))
    return table.append_column(EMBEDDING, _vectors(predictions.embeddings.astype(np.float16)))


def _vectors(values: np.ndarray[Any, Any]) -> pa.Array:
    """(n, d) numbers as n lists of fixed size."""
    return pa.FixedSizeListArray.from_arrays(pa.array(values.reshape(-1)), values.shape[1])
