"""Fixes as they go over HTTP and out of ``--json``."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, RootModel

from data.years import YEARS
from mining.fixes.entries import Look
from mining.fixes.ledger import LONGEST_TEXT
from mining.fixes.results import Verdict
from mining.fixes.review import Review, Reviewed, Withdrawn
from serving.messages import Grade, SideLabel, only_a_day

Day = date  # a field called date would hide the type
Line = Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT, strict=True)]


def _in_years(day: Day) -> Day:
    if day.year not in YEARS:
        raise ValueError(f"a year from {YEARS.start} to {YEARS.stop - 1} is needed")
    return day


class FixRequest(BaseModel):
    """A fix to register, before its effect is looked at."""

    model_config = ConfigDict(extra="forbid", strict=True)

    cause_id: Line
    owner: Line = Field(description="Who answers for it.")
    action: Line = Field(description="What is done.")
    date: Annotated[Day, Field(strict=False), BeforeValidator(only_a_day), AfterValidator(_in_years)] = Field(
        description="First day on which it is in force, UTC."
    )
    side: SideLabel | None = Field(None, description="The side that it answers; null for all but praise.")


class WithdrawalRequest(BaseModel):
    """A fix to withdraw, because it was registered by mistake."""

    model_config = ConfigDict(extra="forbid", strict=True)

    reason: Line = Field(description="Why it does not stand.")
    by: Line = Field(description="Who withdraws it.")


class _Read(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class PhaseAnswer(_Read):
    """A stretch of days: people who complained, of those who wrote, each once.

    ``rate`` counts each of them once in four weeks: it is no quotient of the two.
    """

    first: date
    last: date
    people: int
    of: int
    rate: float | None


class RatioAnswer(_Read):
    """A ratio with its 95 % interval; null stands for infinity."""

    value: float | None
    low: float
    high: float | None
    model: Literal["poisson", "negative_binomial", "binomial"]
    dispersion: float


class ReturnAnswer(_Read):
    """When it came back: the quiet days and those since, each against the days before the fix."""

    day: date
    quiet: PhaseAnswer
    again: PhaseAnswer
    quiet_ratio: RatioAnswer
    again_ratio: RatioAnswer
    p_value: float


class ControlAnswer(BaseModel):
    """An untouched cause that a fix is held against: people who complained of it, each once."""

    cause_id: str
    before: int
    after: int


class LookAnswer(_Read):
    """What an earlier mining said, where it was news."""

    at: datetime
    verdict: Verdict
    ratio: float | None
    low: float | None
    high: float | None


class RegistrationAnswer(BaseModel):
    """A fix without anything that was mined: all that is told where the key has not the scope read."""

    number: int
    cause_id: str
    owner: str
    action: str
    date: Day
    side: SideLabel | None
    registered_at: datetime


class _Registered(RegistrationAnswer):
    """What was registered, and what was known then."""

    label: str
    mined_until: Day | None
    registered_after_looking: bool


class FixAnswer(_Registered):
    """A fix and what became of its cause.

    ``ratio`` is by people who wrote, ``controlled`` against untouched causes, the ``controls``, ``level`` beyond a
    trend; null where it cannot be told. ``more_days`` is null where no number of days would tell a halving, or the next
    fix came first; ``more_days_gone`` is the same for a fall to a tenth.
    """

    standing: Literal["covered", "reopened", "open", "waiting"]
    verdict: Verdict
    grade: Grade
    reason: str
    more_days: int | None
    more_days_gone: int | None
    before: PhaseAnswer | None
    after: PhaseAnswer | None
    ratio: RatioAnswer | None
    controlled: RatioAnswer | None
    controls: list[ControlAnswer]
    level: RatioAnswer | None
    returned: ReturnAnswer | None
    history: list[LookAnswer]


class NewFixAnswer(RootModel[FixAnswer | RegistrationAnswer]):
    """A fix that was registered just now, as far as the key may read."""


class WithdrawnFixAnswer(_Registered):
    """A fix that was withdrawn, and is counted nowhere.

    ``seen_verdict`` could be seen by then; null where no message from later than its day had been mined.
    """

    withdrawn_at: datetime
    withdrawn_by: str
    withdrawn_reason: str
    seen_verdict: Verdict | None
    history: list[LookAnswer]


class FixesAnswer(BaseModel):
    """All fixes, or those of one cause, in the order of their days: those that stand, and those that do not."""

    fixes: list[FixAnswer]
    withdrawn: list[WithdrawnFixAnswer]


def fixes_answer(review: Review, labels: Mapping[str, str]) -> FixesAnswer:
    """All of a review as it is told."""
    return FixesAnswer(
        fixes=[_fix_answer(each, review.looks, labels) for each in review.found],
        withdrawn=[withdrawn_answer(each, review.looks, labels) for each in review.withdrawn],
    )


def withdrawn_answer(
    withdrawn: Withdrawn, looks: Sequence[Look], labels: Mapping[str, str]
) -> WithdrawnFixAnswer:
    """One fix that does not stand, as it is told."""
    withdrawal = withdrawn.withdrawal
    return WithdrawnFixAnswer.model_validate(
        {
            **_registered(withdrawn, looks, labels),
            "withdrawn_at": withdrawal.at,
            "withdrawn_by": withdrawal.by,
            "withdrawn_reason": withdrawal.reason,
            "seen_verdict": withdrawal.seen,
        }
    )


def _fix_answer(reviewed: Reviewed, looks: Sequence[Look], labels: Mapping[str, str]) -> FixAnswer:
    outcome = reviewed.outcome
    told = {
        name: getattr(outcome, name) for name in ("verdict", "grade", "reason", "more_days", "more_days_gone")
    }
    figures = {
        name: getattr(outcome, name)
        for name in ("before", "after", "ratio", "controlled", "level", "returned")
    }
    registered = _registered(reviewed, looks, labels)
    controls = [
        ControlAnswer(cause_id=each.cause, before=each.before, after=each.after) for each in reviewed.controls
    ]
    return FixAnswer.model_validate(
        {**registered, "standing": reviewed.standing, **told, **figures, "controls": controls}
    )


def _registered(
    each: Reviewed | Withdrawn, looks: Sequence[Look], labels: Mapping[str, str]
) -> dict[str, object]:
    """The fields that both kinds have."""
    fix = each.fix
    return {
        "number": fix.number,
        "cause_id": each.cause,
        "label": labels.get(each.cause, ""),
        "owner": fix.owner,
        "action": fix.action,
        "date": fix.day,
        "side": fix.side,
        "registered_at": fix.registered_at,
        "mined_until": fix.looked_until,
        "registered_after_looking": fix.late,
        "history": [look for look in looks if look.fix == fix.number],
    }
