"""Beliefs and gaps as they go over HTTP and out of ``--json``."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from mining.gap.beliefs import LONGEST_NAME
from mining.gap.book import Sealed
from mining.gap.measured import Measured
from mining.gap.verdict import Gap, Verdict
from serving.gap.folder import Showing

LONGEST_SUBJECT = 64
Share = Annotated[float, Field(ge=0, le=1, strict=True, allow_inf_nan=False)]


class BeliefRequest(BaseModel):
    """A belief to seal, before the measured share is shown."""

    model_config = ConfigDict(extra="forbid", strict=True)

    subject: str = Field(
        min_length=1, max_length=LONGEST_SUBJECT, description="A topic, or the id of a cause."
    )
    share: Share = Field(description="Of those who complain, the share who complain of it.")
    by: str = Field(min_length=1, max_length=LONGEST_NAME, description="Who believes it.")
    margin: float | None = Field(
        None, gt=0, le=0.5, description="How far off still counts as right; null for the default."
    )


class BeliefAnswer(BaseModel):
    """A sealed belief."""

    subject: str
    share: float
    margin: float
    by: str
    at: datetime
    seal: str
    revised: int = Field(description="How often the same person had changed it before its share was shown.")


class MeasuredAnswer(BaseModel):
    """k of n people with a 95 % interval; ``at_most`` is its end if unnamed complaints were all about this."""

    people: int
    of: int
    share: float
    low: float
    high: float
    at_most: float


class GapAnswer(BaseModel):
    """A belief beside the measured share; null where too few people complain, or the mining did not find the cause."""

    belief: BeliefAnswer
    label: str
    measured: MeasuredAnswer | None
    difference: float | None
    low: float | None
    high: float | None
    high_if_unnamed: float | None
    p_value: float | None
    verdict: Verdict
    grade: Literal["anecdote", "emerging"]
    reason: str


class GapsAnswer(BaseModel):
    """All beliefs with their gaps; topics of which nobody said anything have no numbers."""

    people: int
    without_topic: int
    without_cause: int
    corrected: Literal[False] = Field(description="Topics were not tested: shares are as the model reads.")
    gaps: list[GapAnswer]
    nobody_said: list[str]
    revealed: dict[str, MeasuredAnswer]


def belief_answer(sealed: Sealed) -> BeliefAnswer:
    """A belief as it is told, without its salt."""
    belief = sealed.belief
    return BeliefAnswer(
        subject=belief.subject,
        share=belief.share,
        margin=belief.margin,
        by=belief.by,
        at=belief.at,
        seal=sealed.seal,
        revised=sealed.revised,
    )


def gaps_answer(showing: Showing) -> GapsAnswer:
    """A showing as it is told."""
    return GapsAnswer(
        people=showing.people,
        without_topic=showing.without_topic,
        without_cause=showing.without_cause,
        corrected=False,
        gaps=[_gap_answer(sealed, gap, showing.labels) for sealed, gap in showing.gaps],
        nobody_said=list(showing.nobody_said),
        revealed={topic: _measured_answer(measured) for topic, measured in showing.revealed.items()},
    )


def _gap_answer(sealed: Sealed, gap: Gap, labels: Mapping[str, str]) -> GapAnswer:
    return GapAnswer(
        belief=belief_answer(sealed),
        label=labels.get(gap.belief.subject, ""),
        measured=None if gap.measured is None else _measured_answer(gap.measured),
        difference=gap.difference,
        low=gap.low,
        high=gap.high,
        high_if_unnamed=gap.high_if_unnamed,
        p_value=gap.p_value,
        verdict=gap.verdict,
        grade=gap.grade,
        reason=gap.reason,
    )


def _measured_answer(measured: Measured) -> MeasuredAnswer:
    share = measured.share
    return MeasuredAnswer(
        people=share.k,
        of=share.n,
        share=share.value,
        low=share.low,
        high=share.high,
        at_most=measured.most.high,
    )
