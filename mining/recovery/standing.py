"""How a person stands: what the ledger has of them, and what that makes of a complaint."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

State = Literal["open", "contacted", "recovered", "lost"]
Outcome = Literal["recovered", "lost"]

STATES: Final[tuple[State, ...]] = ("open", "contacted", "recovered", "lost")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the ledger says of one person.

    Attributes:
        contacted: When the person was contacted, earliest first, in UTC.
        gestures: What was offered, in the order of the contacts.
        cost: Of all gestures together.
        outcome: The last one that was entered, None before that.
        closed_at: When it was entered, in UTC.
    """

    contacted: tuple[datetime, ...] = ()
    gestures: tuple[str, ...] = ()
    cost: float = 0.0
    outcome: Outcome | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stood:
    """How one person stands, and nothing of what was said: the ledger knows people of whom a mining has no complaint.

    Attributes:
        id: Of the person, for commands and addresses.
        standing: What the ledger has, None where it has nothing.
    """

    id: str
    state: State
    standing: Standing | None


def state_of(standing: Standing | None, complained_at: datetime | None) -> State:
    """The state of a person whose last complaint was written at ``complained_at``, None where that is not known.

    Who complains again after having been closed is open again.
    """
    if standing is None:
        return "open"
    if standing.closed_at is None or any(moment > standing.closed_at for moment in standing.contacted):
        return "contacted"
    if complained_at is not None and complained_at > standing.closed_at:
        return "open"
    return standing.outcome or "open"
