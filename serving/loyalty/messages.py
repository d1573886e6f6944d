"""Loyalty as it goes over HTTP: what ``mining.loyalty.json_loyalty`` makes of it, without names."""

from datetime import date
from typing import Literal

from pydantic import BaseModel

from serving.messages import Grade, SideLabel

Interval = tuple[float | None, float | None]


class CountedShare(BaseModel):
    """K of n; below the gate the share is null."""

    k: int
    n: int
    share: float | None
    interval: Interval | None


class RatedPeople(BaseModel):
    """People by their latest rating of one product, or of anything ("")."""

    name: str
    loyal: CountedShare
    content: CountedShare
    rest: CountedShare
    anecdote: bool


class LeavingCalibration(BaseModel):
    """How far the chances of single people are to be believed."""

    slope: float | None
    slope_interval: Interval | None
    skill: float | None
    skill_interval: Interval | None
    usable: bool


class LeavingAssociation(BaseModel):
    """How leaving goes with a cause, or with one side of it."""

    cause_id: str
    label: str
    side: SideLabel | None
    left: CountedShare
    grade: Grade
    odds_ratio: float | None
    interval: Interval | None
    p_adjusted: float | None
    associated_with: str


class LeavingRecord(BaseModel):
    """What goes with leaving; ``refused`` says why nothing can be told."""

    unit: Literal["month", "person"]
    people: int
    trials: int
    events: int
    until: date | None
    left_out: dict[str, int]
    refused: str | None
    calibration: LeavingCalibration | None
    associations: list[LeavingAssociation]


class PersonAtRisk(BaseModel):
    """Somebody who may leave, by the id of a message."""

    person: str
    last_wrote: date | None
    chance: float | None
    yearly_value: float | None
    stake: float | None
    reasons: list[str]


class PeopleAtRisk(BaseModel):
    """The first of ``of`` people."""

    of: int
    people: list[PersonAtRisk]


class AdvocateRecord(BaseModel):
    """Somebody who speaks well of you, by the id of a message."""

    person: str
    last_wrote: date | None
    public: int
    yearly_value: float | None
    reasons: list[str]


class AdvocateList(BaseModel):
    """The first of ``of`` people."""

    of: int
    people: list[AdvocateRecord]


class SpokenOfCause(BaseModel):
    """What is said of a cause in public."""

    cause_id: str
    label: str
    complaint: int
    praise: int
    both: int
    negative: CountedShare
    grade: Grade


class WordOfMouthRecord(BaseModel):
    """What is said in the sources ``public``."""

    public: list[str]
    untold: int
    causes: list[SpokenOfCause]


class AssumedOfCause(BaseModel):
    """What would follow from the assumptions: fewest and most people told, and people who do not come back."""

    cause_id: str
    told: tuple[int, int]
    do_not_come_back: int


class AssumedRecord(BaseModel):
    """What is assumed, and not measured."""

    note: str
    tell: tuple[int, int]
    gone: float
    causes: list[AssumedOfCause]


class LoyaltyRecord(BaseModel):
    """Everything that is told of loyalty."""

    people: int
    scale: tuple[float, float] | None
    ratings: list[RatedPeople]
    customers: int | None
    leaving: LeavingRecord | None
    at_risk: PeopleAtRisk
    advocates: AdvocateList
    word_of_mouth: WordOfMouthRecord
    assumed: AssumedRecord
