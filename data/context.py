"""Who wrote a message, where, when and how they rated: the columns that go with each of its statements in Parquet."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from data.records import Feedback

if TYPE_CHECKING:
    import pyarrow as pa


def context_schema() -> "pa.Schema":
    """Names and types of the columns; segments map the name of a column to its value."""
    import pyarrow as pa

    return pa.schema(
        [
            *[(name, pa.string()) for name in ("author", "source", "channel")],
            ("solicited", pa.bool_()),
            ("rating", pa.float64()),
            ("created_at", pa.timestamp("us", tz="UTC")),
            ("segments", pa.map_(pa.string(), pa.string())),
        ]
    )


def context_columns(messages: Sequence[Feedback]) -> dict[str, list[Any]]:
    """The columns, aligned with ``messages``."""
    return {name: [_value(message, name) for message in messages] for name in context_schema().names}


def _value(message: Feedback, name: str) -> Any:
    return list(message.segments.items()) if name == "segments" else getattr(message, name)
