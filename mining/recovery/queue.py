"""The queue: one entry a person, the most urgent first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from data.customers import Customers
from data.playbook import Gesture, Playbook
from mining.recovery.complainers import Complainer, Complainers
from mining.recovery.holdout import Holdout
from mining.recovery.person_ids import person_id
from mining.recovery.standing import Standing, State, state_of
from mining.recovery.urgency import Signals, signals_of, urgency_of, values_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One person to contact, or who was.

    Attributes:
        id: Of the person, for commands and addresses.
        urgency: In [0, 100].
        due: The last day to contact the person; for a complaint of unknown date counted from today.
        overdue: Whether that day is past and the person still open.
        gesture: The one to begin with.
        standing: What the ledger has, None where it has nothing.
    """

    id: str
    person: Complainer
    signals: Signals
    urgency: float
    due: date
    state: State
    overdue: bool
    gesture: Gesture
    standing: Standing | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """Everybody who complained.

    Attributes:
        entries: Open ones first, the most urgent first; people who are held out are not among them.
        held_out: People who are held out.
        copied: Messages that were left out as copies.
        not_mined: People who were contacted, and of whom this mining has no complaint.
    """

    entries: Sequence[Entry]
    held_out: int
    copied: int
    not_mined: int = 0

    def states(self) -> dict[State, int]:
        """How many people are in each state that there is."""
        counts: dict[State, int] = {}
        for entry in self.entries:
            counts[entry.state] = counts.get(entry.state, 0) + 1
        return counts

    @property
    def overdue(self) -> int:
        """How many open people should have been contacted before today."""
        return sum(entry.overdue for entry in self.entries)

    @property
    def nameless(self) -> int:
        """How many people the source does not name: only who knows their message can contact them."""
        return sum(entry.person.author is None for entry in self.entries)


def queue_of(
    found: Complainers,
    playbook: Playbook,
    standings: Mapping[str, Standing],
    *,
    today: date,
    customers: Customers | None = None,
    holdout: Holdout | None = None,
    not_mined: int = 0,
) -> Queue:
    """Rank everybody who complained; ``standings`` are by key of the person, ``not_mined`` as with ``Queue``."""
    values = values_of(customers)
    held = {key for key in found.people if holdout is not None and holdout.holds(key)}
    entries = [
        _entry(person, playbook, values, standings.get(key), today)
        for key, person in found.people.items()
        if key not in held
    ]
    entries.sort(key=lambda entry: (entry.state != "open", -entry.urgency, entry.id))
    return Queue(entries=tuple(entries), held_out=len(held), copied=found.copied, not_mined=not_mined)


def _entry(
    person: Complainer,
    playbook: Playbook,
    values: Mapping[str, float] | None,
    standing: Standing | None,
    today: date,
) -> Entry:
    signals = signals_of(person, playbook, values, today=today)
    urgency = urgency_of(signals, playbook.weights)
    due = (person.days[-1] if person.days else today) + timedelta(days=playbook.days_for(urgency))
    state = state_of(standing, person.last_at)
    return Entry(
        id=person_id(person.key),
        person=person,
        signals=signals,
        urgency=urgency,
        due=due,
        state=state,
        overdue=state == "open" and due < today,
        gesture=playbook.response(person.causes, person.topics).gesture,
        standing=standing,
    )
