"""An export of what is kept of an author as it goes over HTTP."""

from dataclasses import asdict
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from serving.exporting import Export
from serving.feedback_messages import AuditEntry, FeedbackAnswer, Line, feedback_answer


class ExportRequest(BaseModel):
    """Of whom, by the name that came as ``author`` or the pseudonym that is kept."""

    model_config = ConfigDict(extra="forbid")

    author: Line


class MinedStatement(BaseModel):
    """A statement in the mining, and what was read in it."""

    feedback_id: str
    start: int
    end: int
    text: str
    language: str
    source: str | None
    channel: str | None
    solicited: bool | None
    rating: float | None
    created_at: datetime | None
    segments: dict[str, str]
    outcome: float | None
    cause_id: str | None
    side: str | None
    topics: list[str]
    p_negative: float | None


class RecoveryEvent(BaseModel):
    """An entry of the ledger of the recovery queue."""

    at: datetime
    entered_at: datetime
    who: str
    state: Literal["contacted", "recovered", "lost"]
    gesture: str | None
    cost: float


class ExportAnswer(BaseModel):
    """Everything that is kept of an author, who is named by pseudonym."""

    author: str
    messages: list[FeedbackAnswer]
    statements: list[MinedStatement]
    recovery: list[RecoveryEvent]
    audit: list[AuditEntry]


def export_answer(author: str, export: Export) -> ExportAnswer:
    """What POST answers."""
    return ExportAnswer(
        author=author,
        messages=[feedback_answer(*each) for each in export.messages],
        statements=[MinedStatement(**each) for each in export.statements],
        recovery=[RecoveryEvent.model_validate(asdict(each)) for each in export.recovery],
        audit=[AuditEntry(**asdict(each)) for each in export.audit],
    )
