"""Alarms over days: a CUSUM for each cause, and one rate of false alarms for all."""

import numpy as np
from numpy.typing import NDArray

from data.errors import StateError
from mining.watch.counting import DailyCounts
from mining.watch.cusum import Cusum
from mining.watch.results import Alarm, WatchSettings

Floats = NDArray[np.float64]


def find_alarms(counts: DailyCounts, settings: WatchSettings) -> list[Alarm]:
    """Watch the causes day by day, and tell what would have been told on each day.

    The height of each CUSUM is read as the rate a year at which chance alone reaches it in that cause. On each day the
    rates of the m causes for which no alarm stands go through the step-up of Benjamini & Hochberg (1995): the k lowest
    are alarms where the k-th is at most k/m of ``settings.false_alarms``. So with every cause as usual that many alarms
    come a year, from all causes together, and where several rise at once each is found sooner.

    Returns:
        In the order of the days on which they were told, then of the causes.

    Raises:
        StateError: The history is not longer than the warm-up.
    """
    if counts.days <= settings.warm_up:
        raise StateError(
            f"the messages span {counts.days} days, and a watch learns {settings.warm_up} days what is usual: "
            "mine a longer history"
        )
    sums = [
        Cusum(cause, counts.first, people, of, settings)
        for cause, people, of in zip(counts.causes, counts.people, counts.of, strict=True)
    ]
    for day in range(settings.warm_up, counts.days):
        if (day - settings.warm_up) % settings.refit == 0:
            for each in sums:
                each.learn(day, settings.false_alarms / len(sums))
        for each in sums:
            each.add(day)
        _tell(sums, day, settings.false_alarms)
    told = [alarm for each in sums for alarm in each.alarms()]
    return sorted(told, key=lambda alarm: (alarm.day, alarm.cause_id))


def _tell(sums: list[Cusum], day: int, allowed: float) -> None:
    usual = [each for each in sums if not each.is_raised]
    adjusted = stepped_up(np.array([each.rate for each in usual]))
    for each, rate in zip(usual, adjusted, strict=True):
        if rate <= allowed:
            each.alarm(day, rate)


def stepped_up(rates: Floats) -> list[float]:
    """Benjamini-Hochberg adjusted rates in the given order: as for p-values, but nothing is capped at 1."""
    order = np.argsort(rates, kind="stable")
    each = rates[order] * len(rates) / np.arange(1, len(rates) + 1)
    adjusted = np.empty_like(rates)
    adjusted[order] = np.minimum.accumulate(each[::-1])[::-1]
    found: list[float] = adjusted.tolist()
    return found
