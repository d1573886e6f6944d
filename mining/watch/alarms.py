"""Alarms over days: one CUSUM for each cause, one rate of false alarms for all."""

from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from data.errors import StateError
from mining.watch.chance import Usual, usual_of
from mining.watch.counting import DailyCounts
from mining.watch.results import Alarm, WatchSettings

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_LONGEST_YEARS = 1e6
_LARGEST_RATIO = 8.0


@dataclass(slots=True)
class _Cause:
    """Where the sums of one cause stand.

    Attributes:
        up: CUSUM for a rise, >= 0.
        down: CUSUM for the way back, once there was an alarm, >= 0.
        zero: Last day at which the sum in force was 0.
        raised: Days of rises; what is usual is not learned from them.
        alarm: The alarm that stands; None while all is as usual.
    """

    usual: Usual
    raised: NDArray[np.bool_]
    zero: int = -1
    up: float = 0.0
    down: float = 0.0
    alarm: Alarm | None = None
    told: list[Alarm] = field(default_factory=list)


def find_alarms(counts: DailyCounts, settings: WatchSettings) -> list[Alarm]:
    """Watch the causes day by day, and tell what would have been told on each day.

    The height of each CUSUM is told as the rate a year at which chance alone reaches it in that cause. On each day the rates of
    all causes that no alarm stands for go through the step-up of Benjamini & Hochberg: the k lowest are alarms where the
    k-th is at most k/m of ``settings.false_alarms``. So with every cause as usual that many alarms come a year, from all causes
    together, and where several causes rise at once each is found sooner. An alarm stands until a CUSUM the other
    way shows that the cause is back; what is usual is learned anew every four weeks, without the days of alarms.

    Returns:
        In the order of the days on which they were told, then of the causes.

    Raises:
        StateError: The history is not longer than the warm-up.
    """
    if counts.days <= settings.warm_up:
        raise StateError(
            f"the dates span {counts.days} days: a watch learns {settings.warm_up} days what is usual, mine a longer history"
        )
    causes = [_Cause(_none(settings), np.zeros(counts.days, dtype=bool)) for _ in counts.causes]
    for day in range(settings.warm_up, counts.days):
        if (day - settings.warm_up) % settings.refit == 0:
            _learn(causes, counts, day, settings)
        for place, cause in enumerate(causes):
            _add(cause, counts, place, day, settings)
        _tell(causes, counts, day, settings)
    for place, cause in enumerate(causes):
        _close(cause, counts, place, None)
    told = [alarm for cause in causes for alarm in cause.told]
    return sorted(told, key=lambda alarm: (alarm.day, alarm.cause_id))


def _none(settings: WatchSettings) -> Usual:
    return Usual(0.0, settings.factor, np.ones(1), np.zeros(1))


def _learn(causes: list[_Cause], counts: DailyCounts, day: int, settings: WatchSettings) -> None:
    first = max(0, day - settings.memory)
    rarest = settings.false_alarms / len(causes) if causes else 1.0
    for place, cause in enumerate(causes):
        quiet = np.flatnonzero(~cause.raised[first:day]) + first
        if len(quiet) >= settings.warm_up // 2:
            people, of = counts.people[place, quiet], counts.of[place, quiet]
            cause.usual = usual_of(people, of, factor=settings.factor, rarest=rarest)


def _add(cause: _Cause, counts: DailyCounts, place: int, day: int, settings: WatchSettings) -> None:
    step = cause.usual.step(int(counts.people[place, day]), int(counts.of[place, day]))
    if cause.alarm is None:
        cause.up = max(0.0, cause.up + step)
        cause.zero = day if cause.up == 0 else cause.zero
        return
    cause.raised[day] = True
    cause.down = max(0.0, cause.down - step)
    cause.zero = day if cause.down == 0 else cause.zero
    if cause.down >= np.log(settings.back):
        _close(cause, counts, place, cause.zero)
        cause.raised[cause.zero + 1 : day + 1] = False
        cause.up, cause.zero = 0.0, day


def _tell(causes: list[_Cause], counts: DailyCounts, day: int, settings: WatchSettings) -> None:
    open_ = [place for place, cause in enumerate(causes) if cause.alarm is None]
    rates = np.array([causes[place].usual.rate(causes[place].up) for place in open_])
    for place, rate, adjusted in zip(open_, rates, _stepped_up(rates), strict=True):
        cause = causes[place]
        first = max(cause.zero + 1, 0)
        days = slice(first, day + 1)
        people = int(counts.people[place, days].sum())
        if adjusted > settings.false_alarms or people < settings.gate:
            continue
        of = int(counts.of[place, days].sum())
        cause.alarm = Alarm(
            cause_id=counts.causes[place],
            since=_date(counts, first),
            day=_date(counts, day),
            until=None,
            people=people,
            of=of,
            expected=cause.usual.share * of,
            years=min(_LONGEST_YEARS, 1 / rate),
            adjusted=adjusted,
            in_all=people,
        )
        cause.raised[days] = True
        cause.down, cause.zero = 0.0, day


def _stepped_up(rates: Floats) -> list[float]:
    """Benjamini-Hochberg for expected numbers of false alarms in place of probabilities, in the given order."""
    order = np.argsort(rates, kind="stable")
    ranks = np.arange(1, len(rates) + 1)
    lowest = np.minimum.accumulate((rates[order] * len(rates) / ranks)[::-1])[::-1]
    adjusted = np.empty_like(rates)
    adjusted[order] = lowest
    found: list[float] = adjusted.tolist()
    return found


def _close(cause: _Cause, counts: DailyCounts, place: int, last: int | None) -> None:
    """Put the alarm that stands among those told; ``last`` is the last day of the rise, None while it lasts."""
    from dataclasses import replace

    if cause.alarm is None:
        return
    first = cause.alarm.since.toordinal() - counts.first
    end = counts.days if last is None else last + 1
    cause.told.append(
        replace(
            cause.alarm,
            until=None if last is None else _date(counts, last),
            in_all=int(counts.people[place, first:end].sum()),
        )
    )
    cause.alarm = None


def _date(counts: DailyCounts, day: int) -> date:
    return date.fromordinal(counts.first + day)
