"""Feedback, the statements in it, and the rows that are none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """One message of one customer.

    Attributes:
        id: Unique within a file; the row number (from 1) as text where the file has no id column.
        text: The message as it was written, never empty. Where it came from a file, its title is its first line, and
            markup and quoted mail are left out.
        rating: On the file's own scale, for instance 1 to 5.
        author: Who wrote it, in whatever form the source names people.
        created_at: When it was written; naive times are taken as UTC.
        language: BCP 47 primary tag ("vi"), given or identified.
        outcome: What the writer did or was, as a number, yes being 1: of the column that was named for it.
        segments: Free columns that describe the writer or the context, name to value.
    """

    id: str
    text: str
    rating: float | None = None
    author: str | None = None
    source: str | None = None
    channel: str | None = None
    solicited: bool | None = None
    created_at: datetime | None = None
    language: str | None = None
    outcome: float | None = None
    segments: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A part of a feedback that says one thing.

    Attributes:
        id: ``<feedback_id>#<number>``, numbered from 1 in the order of the text.
        start: Offset of the first character in ``Feedback.text``, in Unicode code points.
        end: Offset behind the last character, so that ``feedback.text[start:end] == text``.
    """

    id: str
    feedback_id: str
    start: int
    end: int
    text: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """An input row that could not become feedback.

    Attributes:
        row: Number of the row in the file, from 1, not counting a header.
        field: Column at fault.
        reason: One line for people.
    """

    row: int
    id: str | None
    field: str
    reason: str
