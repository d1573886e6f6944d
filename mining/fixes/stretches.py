"""The days before and after a fix, cut into periods of four weeks that begin on its day."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mining.fixes.results import Phase
from mining.periods import Calendar, Moments
from mining.same_people import SamePeople, same_people

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

PERIOD_DAYS = 28
WEEK_DAYS = 7
LONGEST_BEFORE = 13 * PERIOD_DAYS


@dataclass(frozen=True, slots=True)
class Window:
    """Ordinals of days: what counts as before, and what as after.

    Attributes:
        first: First day before.
        day: Day of the fix, the first one after; of a fix that is still to come the day behind the last message.
        end: Day behind the last one after.
        closed: Whether the next fix of the cause ends it: no day will be added.
    """

    first: int
    day: int
    end: int
    closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Voices:
    """Dated messages of people, by what they are about.

    Attributes:
        own: Complaints of the cause.
        everybody: All messages about its product.
        controls: Complaints of the causes of the product that nobody touched.
        sources: Sources that complaints of the cause came from.
    """

    own: Moments
    everybody: Moments
    controls: Moments
    sources: int = 1


@dataclass(frozen=True)
class Counted:
    """The same people in periods.

    Attributes:
        voices: The people.
        calendar: Periods in a row.
        after: (t,) whether a period lies after the day.
        counts, exposure, controls: (t,) people of each; who speaks in two periods counts in both.
    """

    voices: Voices
    calendar: Calendar
    after: Mask
    counts: Ints
    exposure: Ints
    controls: Ints

    @cached_property
    def past(self) -> Phase:
        """All before the day."""
        return self._phase(~self.after)

    @cached_property
    def present(self) -> Phase:
        """All from the day on."""
        return self._phase(self.after)

    @cached_property
    def same(self) -> SamePeople:
        """Who spoke of the cause, of everybody, in several periods."""
        return same_people([self.voices.own], self.voices.everybody, self.calendar)[0]

    @cached_property
    def same_complaining(self) -> SamePeople:
        """Who spoke of the cause, of those who spoke of it or of an untouched one, in several periods."""
        own, controls = self.voices.own, self.voices.controls
        either = Moments(np.append(own.person, controls.person), np.append(own.day, controls.day))
        return same_people([own], either, self.calendar)[0]

    @property
    def times(self) -> Ints:
        """(people,) in how many periods each who spoke of the cause did."""
        _, person = self.calendar.spoken(self.voices.own)
        return np.unique(person, return_counts=True)[1].astype(np.int64)

    @property
    def comparable(self) -> bool:
        """Whether anybody wrote before, and anybody after."""
        return bool(self.exposure[self.after].sum() and self.exposure[~self.after].sum())

    @property
    def fewest_controls(self) -> int:
        """People of untouched causes before the day or after it, whichever are fewer."""
        return min(
            self.voices.controls.during(*self._days(where)).people() for where in (~self.after, self.after)
        )

    def _phase(self, where: Mask) -> Phase:
        first, end = self._days(where)
        return Phase(
            first=date.fromordinal(first),
            last=date.fromordinal(end - 1),
            people=self.voices.own.during(first, end).people(),
            of=self.voices.everybody.during(first, end).people(),
            complained=int(self.counts[where].sum()),
            wrote=int(self.exposure[where].sum()),
        )

    def _days(self, where: Mask) -> tuple[int, int]:
        """First day of the periods, and the day behind them."""
        starts = self.calendar.starts
        return int(starts[:-1][where].min()), int(starts[1:][where].max())


def window_of(day: int, first: int, last: int, others: list[int]) -> Window:
    """A year before, as far as the file goes and no other fix of the cause; after until the next fix of it.

    Days between the last message and a fix that is still to come are no days without complaints: nobody has seen them.

    Args:
        day: Ordinal of the fix.
        first, last: Of the first and the last message of the file.
        others: Days of the other fixes of the cause.
    """
    day = min(day, last + 1)
    begin = max([first, day - LONGEST_BEFORE, *(other for other in others if other < day)])
    end = min([last + 1, *(other for other in others if other > day)])
    return Window(min(begin, day), day, max(end, day), closed=end <= last)


def counted(voices: Voices, window: Window) -> Counted:
    """Count in periods of four weeks that meet on the day; a rest of less than two weeks joins its neighbour."""
    before = np.arange(window.day, window.first, -PERIOD_DAYS)
    after = np.arange(window.day, window.end, PERIOD_DAYS)
    starts = _joined(np.unique([window.first, *before, *after, window.end]), window)
    calendar = Calendar("four weeks", starts.astype(np.int64))
    return Counted(
        voices=voices,
        calendar=calendar,
        after=starts[:-1] >= window.day,
        counts=calendar.people(voices.own),
        exposure=calendar.people(voices.everybody),
        controls=calendar.people(voices.controls),
    )


def weekly(voices: Voices, window: Window) -> tuple[Calendar, Ints, Ints]:
    """Weeks from the day on, people of the cause and everybody in each; days behind the last whole week join it."""
    weeks = max(1, (window.end - window.day) // WEEK_DAYS)
    starts = np.append(window.day + WEEK_DAYS * np.arange(weeks), window.end)
    calendar = Calendar("week", starts.astype(np.int64))
    return calendar, calendar.people(voices.own), calendar.people(voices.everybody)


def _joined(starts: Ints, window: Window) -> Ints:
    """Without the short rests at both ends, as long as each phase keeps a period."""
    if len(starts) > 2 and starts[1] - starts[0] < PERIOD_DAYS // 2 and starts[1] < window.day:
        starts = np.delete(starts, 1)
    if len(starts) > 2 and starts[-1] - starts[-2] < PERIOD_DAYS // 2 and starts[-2] > window.day:
        starts = np.delete(starts, -2)
    return starts
