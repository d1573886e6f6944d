"""Journals made by hand, row by row."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa

from mining.journal import Journal, journal_schema

Row = Mapping[str, Any]


def said(
    feedback_id: str,
    author: str | None = None,
    *,
    side: str | None = "complaint",
    day: date | None = date(2026, 3, 2),
    text: str = "It broke",
    person: str | None = None,
    cause: str | None = "c-0001",
    topics: Sequence[str] = ("delivery",),
    p: float = 0.9,
    solicited: bool | None = None,
) -> Row:
    """One statement of one message; the person is the author's name unless it is given."""
    return {
        "feedback_id": feedback_id,
        "start": 0,
        "end": len(text),
        "text": text,
        "language": "en",
        "person": person or author or feedback_id,
        "author": author,
        "created_at": None if day is None else datetime(day.year, day.month, day.day, 12, tzinfo=UTC),
        "source": "email",
        "channel": "mail",
        "solicited": solicited,
        "rating": 2.0,
        "outcome": None,
        "segments": [],
        "context": "",
        "cause_id": cause,
        "side": side,
        "topics": list(topics),
        "p_negative": p,
    }


def journal(rows: Sequence[Row]) -> Journal:
    """The rows as a mining would leave them."""
    return Journal(pa.Table.from_pylist([dict(row) for row in rows], schema=journal_schema()))
