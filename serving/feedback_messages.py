"""Feedback as it goes over HTTP."""

from datetime import UTC, date, datetime
from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    WithJsonSchema,
    model_validator,
)

from data.composed import composed
from data.fields import as_language
from data.records import Feedback
from data.times import in_utc
from data.years import YEARS
from serving.database.feedback import Kept
from serving.messages import Text, beginning_with_a_day, not_blank, only_a_day, without_nul

MAX_FEEDBACK = 1_000
MAX_ERASED = 1_000
MAX_SEGMENTS = 20
MAX_RATING = 999_999  # six digits, as many as files may have
ID_PATTERN = "^[A-Za-z0-9][A-Za-z0-9._:~-]{0,199}$"


def _dated(moment: datetime) -> datetime:
    """``moment`` in UTC; its year counts there, too: one at the end of 2199 may be of the next."""
    if moment.year in YEARS:  # far from them an offset leads out of what a date can hold
        found = in_utc(moment)
        if found.year in YEARS:
            return found
    raise ValueError(f"a year from {YEARS.start} to {YEARS.stop - 1} is needed, in UTC, too")


def _not_ahead(day: date) -> date:
    """Refuse a slip of the hand, which would leave nothing."""
    if day > datetime.now(UTC).date():
        raise ValueError("today or a day before it is needed, in UTC")
    return day


def _known(code: str) -> str:
    """The code of a language by its name of today; that of a country is refused, as it would keep us from looking."""
    tag = as_language(code)
    if tag is None:
        raise ValueError(f"{code!r} is no language of ISO 639-1: leave it out, and it is found")
    return tag


Moment = Annotated[
    datetime,
    Field(strict=False),
    BeforeValidator(beginning_with_a_day),
    AfterValidator(_dated),
    WithJsonSchema({"type": "string", "anyOf": [{"format": "date-time"}, {"format": "date"}]}),
]
Line = Annotated[
    str,
    Field(min_length=1, max_length=200, strict=True),
    AfterValidator(without_nul),
    AfterValidator(not_blank),
]
Language = Annotated[str, Field(pattern="^[a-z]{2}$", strict=True), AfterValidator(_known)]
Name = Annotated[Line, AfterValidator(composed)]  # what messages are grouped by
FeedbackId = Annotated[
    str, Field(pattern=ID_PATTERN, strict=True, description="Yours, unique, and not personal data itself.")
]


class FeedbackRequest(BaseModel):
    """One message of one customer. Sending it again with the same id changes nothing."""

    model_config = ConfigDict(extra="forbid", strict=True)

    id: FeedbackId
    text: Text
    rating: float | None = Field(
        None, ge=-MAX_RATING, le=MAX_RATING, allow_inf_nan=False, description="On your own scale."
    )
    author: Line | None = Field(None, description="Any name or number of the writer; kept as a pseudonym.")
    source: Name | None = None
    channel: Name | None = None
    solicited: bool | None = None
    created_at: Moment | None = Field(None, description="When it was written; without an offset, UTC.")
    language: Language | None = Field(None, description="ISO 639-1; found when it is not given.")
    segments: dict[Name, Name] = Field(default_factory=dict, max_length=MAX_SEGMENTS)

    def record(self) -> Feedback:
        """As the other rooms know it."""
        return Feedback(**self.model_dump())


class FeedbackAnswer(BaseModel):
    """One feedback as it is kept: redacted, its author a pseudonym."""

    id: str
    text: str
    rating: float | None
    author: str | None
    source: str | None
    channel: str | None
    solicited: bool | None
    created_at: datetime | None
    language: str | None
    segments: dict[str, str]
    redacted: dict[str, int]
    received_at: datetime


class StoreAnswer(BaseModel):
    """What was new, there already, or erased before and not stored again, and what was taken out of the texts."""

    stored: int
    unchanged: int
    suppressed: int
    redacted: dict[str, int]


class ErasureRequest(BaseModel):
    """Whose feedback to erase, by the name that came as ``author``, which, by id, or how old: one of the three."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "oneOf": [
                {"required": ["author"], "properties": {"author": {"type": "string"}}},
                {"required": ["ids"], "properties": {"ids": {"type": "array"}}},
                {"required": ["before"], "properties": {"before": {"type": "string"}}},
            ]
        },
    )

    author: Line | None = None
    ids: list[Line] | None = Field(None, min_length=1, max_length=MAX_ERASED)
    before: Annotated[date, BeforeValidator(only_a_day), AfterValidator(_not_ahead)] | None = Field(
        None, description="The first day, UTC, whose messages stay; today at the latest."
    )

    @model_validator(mode="after")
    def _one_of_the_three(self) -> Self:
        if [self.author, self.ids, self.before].count(None) != 2:
            raise ValueError("give one of author, ids and before")
        return self


class LiftRequest(BaseModel):
    """Which erased messages may come again."""

    model_config = ConfigDict(extra="forbid")

    ids: list[Line] = Field(min_length=1, max_length=MAX_ERASED)


class LiftAnswer(BaseModel):
    """How many of them were kept out until now."""

    lifted: int


class ErasureAnswer(BaseModel):
    """How many messages were erased: kept, or in the mining in the state folder."""

    erased: int


class AuditEntry(BaseModel):
    """One change: who made it, and of which id; never a text."""

    id: int
    at: datetime
    who: str
    action: str
    subject: str
    rows: int


class AuditLog(BaseModel):
    """The last changes, newest first."""

    audit: list[AuditEntry]


_ONE = TypeAdapter(FeedbackRequest)
_MANY = TypeAdapter(Annotated[list[FeedbackRequest], Field(min_length=1, max_length=MAX_FEEDBACK)])


def read_feedback(body: bytes) -> list[FeedbackRequest]:
    """One feedback, or a list of 1 to ``MAX_FEEDBACK``.

    Raises:
        ValidationError: The body is neither.
    """
    if body.lstrip().startswith(b"["):
        return _MANY.validate_json(body)
    return [_ONE.validate_json(body)]


def feedback_answer(kept: Kept, received_at: datetime) -> FeedbackAnswer:
    """What GET answers."""
    sent = {name: getattr(kept.feedback, name) for name in FeedbackRequest.model_fields}
    return FeedbackAnswer(**sent, redacted=dict(kept.redacted), received_at=received_at)
