"""Who spoke when: days of people, and the months or weeks in which they are counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from data.records import Feedback
from data.times import in_utc
from mining.sorted_keys import distinct
from mining.written_days import EPOCH, UNDATED, written_days

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

DAYS_PER_MONTH = 30.4375
MOST_MONTHS = 120
"""Months of a file that are told of one by one."""

_STRAY = 0.05


def period_of(moment: datetime) -> str:
    """Month of a moment in UTC, "2026-03"."""
    return day_of(moment).strftime("%Y-%m")


def day_of(moment: datetime) -> date:
    """Day of a moment in UTC; naive times are taken as UTC."""
    return in_utc(moment).date()


def time_order(moment: datetime | None, feedback_id: str) -> tuple[datetime, str]:
    """What messages are sorted by: undated ones first, then by time, those of one moment by id.

    A message that tells its day alone comes before those of the day that tell a time: dates are read as the beginning
    of their day, so that nothing tells the two apart.
    """
    return datetime.min.replace(tzinfo=UTC) if moment is None else in_utc(moment), feedback_id


def message_days(feedback: Sequence[Feedback]) -> Ints:
    """(m,) proleptic ordinal of the day of each message, -1 where it has none."""
    ordinals = (UNDATED if m.created_at is None else day_of(m.created_at).toordinal() for m in feedback)
    return np.fromiter(ordinals, dtype=np.int64, count=len(feedback))


def timed_days(days: Ints) -> Ints:
    """The days, -1 also for stray ones (``written_days``) and those outside of the months that are told of one by one.

    Those are the last ``MOST_MONTHS`` in a row; where they hold less than a twentieth of what the fullest ones do, the
    fullest, the first of them where several are as full.

    Args:
        days: (m,) as from ``message_days``.
    """
    days = written_days(days)
    dated = days != UNDATED
    months = _months(days[dated])
    if not len(months) or np.ptp(months) < MOST_MONTHS:
        return days
    held = np.convolve(np.bincount(months - months.min()), np.ones(MOST_MONTHS, dtype=np.int64), "valid")
    place = len(held) - 1 if held[-1] >= _STRAY * held.max() else int(np.argmax(held))
    first = months.min() + place
    timed = days.copy()
    timed[np.flatnonzero(dated)[(months < first) | (months >= first + MOST_MONTHS)]] = UNDATED
    return timed


@dataclass(frozen=True, slots=True)
class Moments:
    """Dated messages of people.

    Attributes:
        person: (k,) numbers of people.
        day: (k,) ordinals of days.
    """

    person: Ints
    day: Ints

    @classmethod
    def of_messages(cls, people: Ints, days: Ints) -> "Moments":
        """The dated ones among messages given by their person and their day."""
        dated = days != UNDATED
        return cls(people[dated], days[dated])

    def during(self, first: int, end: int) -> "Moments":
        """The messages of the days from the ordinal ``first`` to the one before ``end``."""
        inside = (self.day >= first) & (self.day < end)
        return Moments(self.person[inside], self.day[inside])

    def people(self) -> int:
        """Distinct people."""
        return len(distinct(self.person))


@dataclass(frozen=True)
class Calendar:
    """Periods in a row, without gaps.

    Attributes:
        unit: "month", "week", or "four weeks" around a fix.
        starts: (t + 1,) ordinals of the first days of the t periods, and of the day behind the last.
    """

    unit: str
    starts: Ints

    @classmethod
    def months(cls, days: Ints) -> "Calendar":
        """Calendar months from the first of the days to the last; none without days."""
        if not len(days):
            return cls("month", np.zeros(1, dtype=np.int64))
        numbers = _months(np.array([days.min(), days.max()]))
        firsts = np.arange(numbers[0], numbers[1] + 2).astype("datetime64[M]").astype("datetime64[D]")
        return cls("month", firsts.astype(np.int64) + EPOCH)

    @classmethod
    def weeks(cls, days: Ints) -> "Calendar":
        """Weeks of seven days that end with the last of the days; the days before the first whole week are left out."""
        first, last = int(days.min()), int(days.max())
        return cls("week", np.arange(last + 1 - 7 * ((last + 1 - first) // 7), last + 2, 7, dtype=np.int64))

    def __len__(self) -> int:
        return len(self.starts) - 1

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """Of a month "2026-03", of a week "2026-03-02/2026-03-08"."""
        first, last = _dates(self.starts[:-1]), _dates(self.starts[1:] - 1)
        if self.unit == "month":
            return tuple(first.astype("datetime64[M]").astype(str).tolist())
        return tuple(f"{start}/{end}" for start, end in zip(first, last, strict=True))

    @cached_property
    def middles(self) -> Floats:
        """(t,) middles of the periods in months from the middle of all."""
        middles = (self.starts[:-1] + self.starts[1:]) / (2 * DAYS_PER_MONTH)
        return np.asarray(middles - middles.mean()) if len(self) else np.zeros(0)

    def people(self, moments: Moments) -> Ints:
        """(t,) distinct people who spoke in each period; who speaks in two periods counts in both."""
        period, _ = self.spoken(moments)
        return np.bincount(period, minlength=len(self)).astype(np.int64)

    def spoken(self, moments: Moments) -> tuple[Ints, Ints]:
        """(k,) periods and (k,) people, sorted: who spoke in which, each person once in each."""
        place = np.searchsorted(self.starts, moments.day, side="right") - 1
        inside = (place >= 0) & (place < len(self))
        people = int(moments.person.max(initial=0)) + 1
        period, person = np.divmod(distinct(place[inside] * people + moments.person[inside]), people)
        return period, person

    def first_days(self, moments: Moments) -> Ints:
        """Sorted ordinals: for each person and each period in which they spoke, the first day."""
        place = np.searchsorted(self.starts, moments.day, side="right") - 1
        order = np.lexsort((moments.day, moments.person, place))
        place, person = place[order], moments.person[order]
        first = np.ones(len(order), dtype=bool)
        first[1:] = (place[1:] != place[:-1]) | (person[1:] != person[:-1])
        return np.sort(moments.day[order][first])


@dataclass(frozen=True, eq=False)
class Background:
    """Everybody who wrote about a product, against whom its causes are held, in the time of the file.

    When one product is written about more, nothing rises in it, nor falls in another one.

    Attributes:
        everybody: All dated messages about the product.
        file: All dated messages of the file; None where that is everybody.
    """

    everybody: Moments
    file: Moments | None = None

    @cached_property
    def months(self) -> Calendar:
        """The months of the file."""
        return Calendar.months((self.file or self.everybody).day)

    @cached_property
    def lifetime(self) -> Ints:
        """First day on which anybody wrote about the product, and last day of the file; none without days."""
        days = self.everybody.day
        return np.array([days.min(), (self.file or self.everybody).day.max()] if len(days) else [], np.int64)

    @cached_property
    def people(self) -> Ints:
        """(t,) people who wrote about the product in each month."""
        return self.months.people(self.everybody)

    @cached_property
    def days(self) -> Ints:
        """Sorted ordinals: the first day of each person in each month."""
        return self.months.first_days(self.everybody)


def _months(ordinals: Ints) -> Ints:
    """Months since January 1970."""
    return _dates(ordinals).astype("datetime64[M]").astype(np.int64)


def _dates(ordinals: Ints) -> NDArray[np.datetime64]:
    return (ordinals - EPOCH).astype("datetime64[D]")
