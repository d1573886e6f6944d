"""What a watch would have told in the past, held against what is known of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mining.watch.results import Alarm


@dataclass(frozen=True, slots=True)
class Event:
    """A rise that is known: of a cause, from one day to another; ``last`` is None where it lasts."""

    cause_id: str
    first: date
    last: date | None

    def explains(self, alarm: Alarm) -> bool:
        """Whether the alarm is of the cause, was told no sooner than the event began, and shares a day with it."""
        same = alarm.cause_id == self.cause_id
        return same and alarm.day >= self.first and alarm.overlaps(self.first, self.last or date.max)


@dataclass(frozen=True, slots=True)
class Judged:
    """Alarms of the past and what is known.

    Attributes:
        real: Each alarm that a known event explains, with that event.
        other: Alarms that none explains: false ones, or rises that nobody wrote down.
        missed: Events without an alarm that lasted into the watch.
        before: Events that were over before the watch began.
    """

    real: tuple[tuple[Alarm, Event], ...]
    other: tuple[Alarm, ...]
    missed: tuple[Event, ...]
    before: tuple[Event, ...]

    @property
    def delays(self) -> list[int]:
        """Days from the beginning of each event that was found to its first alarm."""
        first: dict[Event, date] = {}
        for alarm, event in self.real:
            first[event] = min(first.get(event, alarm.day), alarm.day)
        return [(day - event.first).days for event, day in first.items()]


def judge(alarms: Sequence[Alarm], events: Sequence[Event], watched_from: date) -> Judged:
    """Hold the alarms told since ``watched_from`` against the known events."""
    causes = [(alarm, next((event for event in events if event.explains(alarm)), None)) for alarm in alarms]
    found = {event for _, event in causes if event}
    before = tuple(event for event in events if event.last and event.last < watched_from)
    return Judged(
        real=tuple((alarm, event) for alarm, event in causes if event),
        other=tuple(alarm for alarm, event in causes if event is None),
        missed=tuple(event for event in events if event not in found and event not in before),
        before=before,
    )
