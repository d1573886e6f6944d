"""What a watch is asked and what it tells, as frozen records."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchSettings:
    """How to watch.

    Attributes:
        false_alarms: False alarms a year to be expected from all causes together, > 0.
        factor: The rise that is looked for, as a ratio of odds: 2 is a doubling of the people of a cause while all
            others stay as they were.
        warm_up: Days that only teach what is usual.
        refit: Days after which what is usual is learned anew.
        memory: Days that what is usual is learned from, at most.
        gate: Fewest people of an alarm.
        back: Odds at which a raised cause is held to be back to what is usual.
    """

    false_alarms: float = 1.0
    factor: float = 2.0
    warm_up: int = 56
    refit: int = 28
    memory: int = 365
    gate: int = 6
    back: float = 1000.0

    def __post_init__(self) -> None:
        if not 0 < self.false_alarms <= 365:
            raise ValueError(f"false_alarms is {self.false_alarms}: more than 0 and at most 365 a year")
        if self.factor <= 1:
            raise ValueError(f"factor is {self.factor}: a rise is more than 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """A cause that more people complain of than chance explains.

    Attributes:
        since: First day of the rise, as the sum tells it.
        day: The day on which it was told.
        until: Last day of the rise; None while it lasts.
        people, of: Who complained of the cause, and everybody who wrote about its product, from ``since`` to ``day``.
        expected: People to be expected of ``of``, by what is usual.
        years: Years after which chance alone reaches this height in this cause, once on average; capped.
        adjusted: False alarms a year that the height stands for, by Benjamini-Hochberg over all causes.
        in_all: People from ``since`` to ``until``, or to the last day.
    """

    cause_id: str
    since: date
    day: date
    until: date | None
    people: int
    of: int
    expected: float
    years: float
    adjusted: float
    in_all: int

    @property
    def ratio(self) -> float:
        """How many times the people to be expected."""
        return self.people / self.expected

    def overlaps(self, first: date, last: date) -> bool:
        """Whether the rise shares a day with the days from ``first`` to ``last``."""
        return self.since <= last and first <= (self.until or date.max)
