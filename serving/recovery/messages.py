"""The recovery queue as it goes over HTTP."""

from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from data.playbook import MOST
from mining.recovery.standing import Outcome, State
from serving.feedback_messages import Line


class RecoveryRequest(BaseModel):
    """What was done for a person, or how it ended."""

    model_config = ConfigDict(extra="forbid", strict=True)

    state: Literal["contacted", "recovered", "lost"]
    gesture: Line | None = Field(None, description="Id in the playbook; the one to begin with by default.")
    cost: Annotated[float, Field(ge=0, le=MOST, allow_inf_nan=False)] | None = Field(
        None, description="What it cost; as in the playbook by default."
    )
    again: bool = Field(False, description="Another contact of somebody who is contacted already.")

    @model_validator(mode="after")
    def _only_of_contacts(self) -> Self:
        if self.state != "contacted" and (self.gesture is not None or self.cost is not None or self.again):
            raise ValueError("gesture, cost and again are for the state contacted")
        return self


class SignalsAnswer(BaseModel):
    """What urgency is made of, each in [0, 1]; value is null without customers."""

    anger: float
    shouting: float
    severity: float
    value: float | None
    recency: float
    unsolicited: float


class GestureAnswer(BaseModel):
    """A gesture of the playbook, named in each of its languages."""

    id: str
    cost: float
    names: dict[str, str]


class RecoveryEntry(BaseModel):
    """One person of the queue, with the angriest complaint as ``quote`` and the id of its message as ``quoted``."""

    id: str
    author: str | None
    state: State
    urgency: float
    signals: SignalsAnswer
    due: date
    overdue: bool
    gesture: GestureAnswer
    causes: list[str]
    topics: list[str]
    last_complaint: date | None
    language: str
    quote: str
    quoted: str
    feedback: list[str]
    contacted: list[datetime]
    gestures: list[str]
    spent: float
    outcome: Outcome | None


class RecoveryStanding(BaseModel):
    """How it stands with a person after an entry: nothing that they wrote, as who may write need not be let read."""

    id: str
    state: State
    contacted: list[datetime]
    gestures: list[str]
    spent: float
    outcome: Outcome | None


class RecoveryAnswer(BaseModel):
    """People of the queue, the most urgent first, and how many are in each state.

    ``not_mined`` counts people who were contacted, and of whom the mining has no complaint: they are in no state.
    """

    people: list[RecoveryEntry]
    states: dict[State, int]
    overdue: int
    held_out: int
    copied: int
    not_mined: int
