"""What goes over HTTP: requests and answers, as types that validate, document and serialise."""

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from data.visible import is_blank

MAX_TEXTS = 256
MAX_CHARACTERS = 20_000
MAX_CONTEXT = 200
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)

Sentiment = Literal["negative", "neutral", "positive"]
Degree = Literal["too_little", "too_much", "none"]
SideLabel = Literal["too_little", "too_much", "complaint", "praise"]
Verdict = Literal["anecdote", "leans_A", "leans_B", "split", "split_by_segment", "inconclusive"]
Grade = Literal["anecdote", "emerging", "established"]


def without_nul(text: str) -> str:
    """``text``, where it holds no NUL.

    Raises:
        ValueError: It holds one.
    """
    if "\x00" in text:
        raise ValueError("a text cannot hold the character NUL")
    return text


def beginning_with_a_day(given: object) -> str:
    """``given``, where it is text that begins like 2026-05-04.

    Digits alone would be taken for seconds since 1970, and 20260504 for a day in August of that year.

    Raises:
        ValueError: It is something else.
    """
    if not (isinstance(given, str) and _DAY.match(given)):
        raise ValueError("a day as in 2026-05-04 is needed")
    return given


def only_a_day(given: object) -> str:
    """``given``, where it is text like 2026-05-04: a time of that day with an offset may be of another one in UTC.

    Raises:
        ValueError: It is something else.
    """
    day = beginning_with_a_day(given)
    if not _DAY.fullmatch(day):
        raise ValueError("a day as in 2026-05-04 is needed, without a time")
    return day


def not_blank(text: str) -> str:
    """``text``, where one of its characters can be seen.

    Raises:
        ValueError: None can.
    """
    if is_blank(text):
        raise ValueError("a text needs at least one character that can be seen")
    return text


Text = Annotated[
    str,
    Field(min_length=1, max_length=MAX_CHARACTERS, strict=True),
    AfterValidator(without_nul),
    AfterValidator(not_blank),
]
Texts = Annotated[
    list[Text],
    Field(
        min_length=1,
        max_length=MAX_TEXTS,
        description="Messages of customers, each whole as it was written.",
        examples=[["Quá ít ví dụ so với số công ty trong nước"]],
    ),
]
Contexts = Annotated[
    list[Annotated[str, Field(max_length=MAX_CONTEXT, strict=True), AfterValidator(without_nul)] | None],
    Field(
        max_length=MAX_TEXTS,
        description="For each text what it is about, a value of the context column of the mining, such as the product; "
        "null where it is not known. Only causes of that value are open to the text then.",
        examples=[["Business cases"]],
    ),
]


class ClassifyRequest(BaseModel):
    """Messages to classify, and what each is about where that is known."""

    model_config = ConfigDict(extra="forbid")

    texts: Texts
    contexts: Contexts | None = None

    @model_validator(mode="after")
    def _one_for_each(self) -> Self:
        if self.contexts is not None and len(self.contexts) != len(self.texts):
            raise ValueError("contexts needs one entry for each text: null where there is none")
        return self


class SentimentAnswer(BaseModel):
    """The most probable sentiment, the probability of each, and whether the model does not stand by its call."""

    label: Sentiment
    scores: dict[Sentiment, float]
    abstain: bool


class DegreeAnswer(BaseModel):
    """The degree that is more likely than not, or none, the probability of each, and whether the model abstains."""

    label: Degree
    scores: dict[Degree, float]
    abstain: bool


class TopicAnswer(BaseModel):
    """A topic of the taxonomy with its probability."""

    id: str
    score: float


class CauseAnswer(BaseModel):
    """The cause of the last mining that the statement falls in."""

    id: str
    label: str
    people: int
    grade: Grade


class SideAnswer(BaseModel):
    """The side of that cause that the statement is on: its people, and their share with its 95 % interval.

    Where the statement is on a side of an opposition, the share is of the people on its two sides, and beside it
    stands the share corrected for the errors of the model. A side cannot be told from zero where misreading everybody
    else may alone give as many people. Null where the checkpoint does not tell how often it errs. Too few people for a
    share (the verdict is then "anecdote") have none.
    """

    label: SideLabel
    people: int
    share: float | None
    interval: tuple[float, float] | None
    corrected_share: float | None
    corrected_interval: tuple[float, float] | None
    cannot_be_told_from_zero: bool | None


class ExampleAnswer(BaseModel):
    """A verbatim span of a mined message; ``id`` is that message's."""

    id: str
    text: str


class CounterAnswer(BaseModel):
    """The opposing side, with what it says that comes nearest to the statement."""

    label: SideLabel
    people: int
    example: ExampleAnswer | None


class StatementAnswer(BaseModel):
    """One statement; ``message[start:end] == text`` in Unicode code points."""

    text: str
    start: int
    end: int
    sentiment: SentimentAnswer
    topics: list[TopicAnswer]
    degree: DegreeAnswer
    cause: CauseAnswer | None
    side: SideAnswer | None
    counter: CounterAnswer | None
    verdict: Verdict | None


class MessageAnswer(BaseModel):
    """One message, in the order of the request."""

    language: str
    statements: list[StatementAnswer]


class ErrorBody(BaseModel):
    """What went wrong: ``code`` for programs, ``message`` for people, ``request_id`` to find it in the log."""

    code: str
    message: str
    request_id: str | None = None


class ErrorAnswer(BaseModel):
    """Every error under /v1 looks like this."""

    error: ErrorBody
