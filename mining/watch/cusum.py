"""The CUSUM of one cause: upwards until an alarm, then the other way until all is as usual again."""

from dataclasses import replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from mining.watch.chance import DAYS_PER_YEAR, Usual, usual_of
from mining.watch.results import Alarm, WatchSettings

Ints = NDArray[np.int64]

_LONGEST_YEARS = 1e6
_LARGEST_RATIO = 8.0
# Before anything is learned no day counts for or against a rise: the sum stays 0, which it reaches every day.
_NOTHING_KNOWN = Usual(0.0, 1.0, np.zeros(1), np.log([DAYS_PER_YEAR]))


class Cusum:
    """Two sums over the days of one cause (Page 1954), of which one runs at a time.

    As usual: the sum of the log likelihood ratios of "raised", from 0 upwards. While an alarm stands: the same sum with
    the other sign and the ratio that the alarm found, to the height at which "as usual" is ``settings.back`` times
    as likely.

    Attributes:
        told: The alarms that are over, in the order of time.
    """

    def __init__(self, cause_id: str, first: int, people: Ints, of: Ints, settings: WatchSettings) -> None:
        """Of a cause with the (d,) ``people`` of the ``of`` who wrote on each day from the ordinal ``first``."""
        self.told = list[Alarm]()
        self._cause_id, self._first, self._people, self._of = cause_id, first, people, of
        self._settings = settings
        self._usual = _NOTHING_KNOWN
        self._begins = _beginnings(of > 0, settings.warm_up // 2)
        self._raised = np.zeros(len(people), dtype=bool)  # days that are nothing usual
        self._sum, self._zero = 0.0, -1  # the sum that runs, and the last day on which it was 0
        self._stands: Alarm | None = None

    @property
    def is_raised(self) -> bool:
        """Whether an alarm stands."""
        return self._stands is not None

    @property
    def rate(self) -> float:
        """How often a year chance alone takes the sum as high as it is."""
        return self._usual.rate(self._sum)

    def learn(self, day: int, rarest: float) -> None:
        """Learn what is usual from the days before ``day``, but those of alarms; with few others nothing changes.

        A silence of half the warm-up teaches nothing, nor what came before it: chance would look rarer than it is.
        """
        settings = self._settings
        first = max(int(self._begins[day - 1]), day - settings.memory)
        quiet = first + np.flatnonzero(~self._raised[first:day])
        if len(quiet) >= settings.warm_up // 2:
            self._usual = usual_of(
                self._people[quiet], self._of[quiet], factor=settings.factor, rarest=rarest
            )

    def add(self, day: int) -> None:
        """Add a day; where it shows that the cause is back, the alarm is over."""
        step = self._step(day)
        self._sum = max(0.0, self._sum + (step if self._stands is None else -step))
        if self._sum == 0:
            self._zero = day
        if self._stands is None:
            return
        self._raised[day] = True
        if self._sum >= np.log(self._settings.back):
            self._raised[self._zero + 1 : day + 1] = False
            self._end(self._zero)
            self._sum, self._zero = 0.0, day

    def alarm(self, day: int, adjusted: float) -> None:
        """Raise the alarm, if there are people enough."""
        since = self._since(day)
        days = slice(since, day + 1)
        people, of = int(self._people[days].sum()), int(self._of[days].sum())
        if people < self._settings.gate:
            return
        self._stands = Alarm(
            cause_id=self._cause_id,
            since=self._date(since),
            day=self._date(day),
            until=None,
            people=people,
            of=of,
            expected=self._usual.share * of,
            years=1 / max(self.rate, 1 / _LONGEST_YEARS),  # the rate of a huge spike is 0 in floats
            adjusted=adjusted,
            in_all=people,
        )
        self._raised[days] = True
        self._sum, self._zero = 0.0, day

    def alarms(self) -> list[Alarm]:
        """All alarms, the last one as it stands."""
        return [*self.told, *([self._counted(self._stands, None)] if self._stands else [])]

    def _step(self, day: int) -> float:
        people, of = int(self._people[day]), int(self._of[day])
        if self._stands is None:
            return self._usual.step(people, of)
        found = min(_LARGEST_RATIO, max(self._settings.factor, self._stands.ratio))
        return replace(self._usual, factor=found).step(people, of)

    def _since(self, day: int) -> int:
        """The day since which a rise, of whatever ratio, is likeliest, after the last on which the sum was 0."""
        start = self._zero + 1
        people = np.cumsum(self._people[start : day + 1][::-1])[::-1]
        expected = self._usual.share * np.cumsum(self._of[start : day + 1][::-1])[::-1]
        ratio = np.maximum(1.0, people / np.maximum(expected, 1e-9))
        likely = people * np.log(ratio) - expected * (ratio - 1)
        return start + int(np.argmax(likely))

    def _end(self, last: int) -> None:
        if self._stands is not None:
            self.told.append(self._counted(self._stands, last))
        self._stands = None

    def _counted(self, alarm: Alarm, last: int | None) -> Alarm:
        """The alarm with its end, and with all people until then."""
        first = alarm.since.toordinal() - self._first
        days = slice(first, None if last is None else last + 1)
        until = None if last is None else self._date(last)
        return replace(alarm, until=until, in_all=int(self._people[days].sum()))

    def _date(self, day: int) -> date:
        return date.fromordinal(self._first + day)


def _beginnings(written: NDArray[np.bool_], silence: int) -> Ints:
    """(d,) for each day the first day after the last ``silence`` days or more without a message; d + 1 within one.

    Args:
        written: (d,) whether anybody wrote on each day.
        silence: Days, > 0.
    """
    days = np.arange(len(written))
    last = np.maximum.accumulate(np.where(written, days, -1))
    before = np.append(-1, last[:-1])
    anew = written & (days - before > silence)
    begins = np.maximum.accumulate(np.where(anew, days, 0))
    return np.where(days - last >= silence, len(written) + 1, begins)
