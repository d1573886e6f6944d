"""Whether causes grow or shrink, as a share of those who write, and which have grown lately."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mining.evidence import adjusted
from mining.periods import DAYS_PER_MONTH, Background, Calendar, Moments
from mining.rate_model import RateFit, fit_rate
from mining.same_people import SamePeople, same_people
from mining.timing_results import Recent, Trend, TrendPoint

Ints = NDArray[np.int64]

_FEWEST_PERIODS = 6
_STEADY = 2.0
_RECENT_PART = 4
_RECENT_DAYS = 92
_FAR_ABOVE = 2.0
_DAYS = {"month": DAYS_PER_MONTH, "week": 7.0}


def trends_of(
    causes: Sequence[Moments], backgrounds: Sequence[Background], *, gate: int, significance: float
) -> list[tuple[Trend, Recent] | None]:
    """The trend of each cause, and its recent periods against its past.

    Trend: a log-linear rate model (``mining.rate_model``) of the people per month, or per week of a product of less
    than six months, with everybody who wrote about the product in the period as exposure: a product that grows does
    not make its causes rise, nor those of another one fall. "rising" and "falling" are what Benjamini-Hochberg over
    all causes leaves at ``significance``; "steady" means shown to change by less than a factor of two over the whole
    time, the odds at which two sides stop being a split; the rest is "unclear".

    Recent: the conditional binomial test (Przyborowski & Wilenski 1940) of the last quarter of the periods, at most
    three months, against the time before, by exposure, one-sided. Causes come in waves, so all counts are divided
    first by how much more their contrast varies than chance: by the larger of the cause's own past dispersion and
    that of all causes together, since nine months of one cause tell little about its waves. Where nobody wrote about
    the product in one of the two there is no test, and none that others are adjusted for.

    Both take a person who writes in several periods as one who may say the same again (``mining.same_people``).

    Args:
        causes: Dated messages of each cause, all among those of everybody in its background.
        backgrounds: For each cause everybody who wrote about its product; one object for all causes of a product.
        gate: Fewest people on each side of a contrast: a trend needs twice as many, "emerging" as many lately.
        significance: Level of the adjusted p-values.

    Returns:
        For each cause both, or None when fewer than six periods hold messages about its product.
    """
    placed = _placed(causes, backgrounds)
    told = [each for each in placed if each is not None]
    trends = _labelled([_trend(each, gate) for each in told], [each.span for each in told], significance)
    recents = _flagged(_recents(told), gate, significance)
    both = iter(zip(trends, recents, strict=True))
    return [None if each is None else next(both) for each in placed]


@dataclass(frozen=True, slots=True)
class _Placed:
    """A cause in the periods of its product.

    Attributes:
        moments: Its dated messages.
        same: Who spoke of it, and who wrote about the product, in which periods.
        of: Distinct people who wrote about the product in the last periods, and in those before.
    """

    moments: Moments
    same: SamePeople
    of: tuple[int, int]
    calendar: Calendar

    @property
    def counts(self) -> Ints:
        """(t,) people who spoke of it in each period."""
        return self.same.counts

    @property
    def everybody(self) -> Ints:
        """(t,) people who wrote about the product."""
        return self.same.exposure

    @property
    def last(self) -> int:
        """How many of the periods are recent."""
        return _last(self.calendar)

    @property
    def span(self) -> float:
        """Months between the middles of the first and the last period."""
        return float(self.calendar.middles[-1] - self.calendar.middles[0])


def _placed(causes: Sequence[Moments], backgrounds: Sequence[Background]) -> list[_Placed | None]:
    places = defaultdict[Background, list[int]](list)
    for place, background in enumerate(backgrounds):
        places[background].append(place)
    found: list[_Placed | None] = [None] * len(causes)
    for background, own in places.items():
        calendar = _calendar(background)
        if calendar is None:
            continue
        of = _people(background.everybody, calendar)
        shared = same_people([causes[place] for place in own], background.everybody, calendar)
        for place, same in zip(own, shared, strict=True):
            found[place] = _Placed(causes[place], same, of, calendar)
    return found


def _calendar(background: Background) -> Calendar | None:
    """Months from the first of the product to the last of the file, or weeks where too few hold messages, or None."""
    days = background.lifetime
    if not len(days):
        return None
    for calendar in (Calendar.months(days), Calendar.weeks(days)):
        if (calendar.people(background.everybody) > 0).sum() >= _FEWEST_PERIODS:
            return calendar
    return None


def _last(calendar: Calendar) -> int:
    return max(1, min(len(calendar) // _RECENT_PART, int(_RECENT_DAYS / _DAYS[calendar.unit])))


def _trend(cause: _Placed, gate: int) -> Trend:
    own, everybody, calendar = cause.counts, cause.everybody, cause.calendar
    written = np.flatnonzero(everybody)
    points = tuple(
        TrendPoint(period=calendar.labels[place], people=int(own[place]), of=int(everybody[place]))
        for place in written
    )
    enough = cause.moments.people() >= 2 * gate
    trend = Trend(label="unclear" if enough else "anecdote", unit=calendar.unit, points=points)
    if not enough:
        return trend
    fit = fit_rate(own[written], everybody[written], calendar.middles[written], cause.same.among(written))
    return trend if fit is None else _fitted(trend, fit)


def _fitted(trend: Trend, fit: RateFit) -> Trend:
    drawn = zip(trend.points, fit.bands(), strict=True)
    return replace(
        trend,
        points=tuple(replace(point, expected=rate, low=low, high=high) for point, (rate, low, high) in drawn),
        change=fit.change,
        low=fit.low,
        high=fit.high,
        model=fit.model,
        dispersion=fit.dispersion,
        p_value=fit.p_value,
    )


def _labelled(trends: Sequence[Trend], spans: Sequence[float], significance: float) -> list[Trend]:
    tested = [trend.p_value for trend in trends if trend.p_value is not None]
    p_values = iter(adjusted(tested))
    return [
        trend if trend.p_value is None else _told(trend, next(p_values), span, significance)
        for trend, span in zip(trends, spans, strict=True)
    ]


def _told(trend: Trend, p_adjusted: float, span: float, significance: float) -> Trend:
    change, low, high = (value or 1.0 for value in (trend.change, trend.low, trend.high))
    if p_adjusted < significance:
        label = "rising" if change > 1 else "falling"
    else:
        most = float(np.abs(np.log([low, high])).max() * span)
        label = "steady" if most < np.log(_STEADY) else "unclear"
    return replace(trend, p_adjusted=p_adjusted, label=label)


def _recents(causes: Sequence[_Placed]) -> list[Recent]:
    found = []
    for cause, dispersion in zip(causes, _dispersions(causes), strict=True):
        people, past_people = _people(cause.moments, cause.calendar)
        ratio, p_value = _contrast(cause.counts, cause.same, cause.everybody, cause.last, dispersion)
        found.append(
            Recent(
                people=people,
                of=cause.of[0],
                past_people=past_people,
                past_of=cause.of[1],
                first=cause.calendar.labels[-cause.last],
                ratio=ratio,
                p_value=p_value,
                p_adjusted=1.0,
                emerging=False,
            )
        )
    return found


def _people(moments: Moments, calendar: Calendar) -> tuple[int, int]:
    """Distinct people of the last periods, and of those before."""
    first, turn, end = (int(calendar.starts[place]) for place in (0, -_last(calendar) - 1, -1))
    return moments.during(turn, end).people(), moments.during(first, turn).people()


def _dispersions(causes: Sequence[_Placed]) -> list[float]:
    """Of each cause in its past: its own, or that of all whose periods are as long, whichever is larger."""
    waves = [_waves(cause.counts[: -cause.last], cause.everybody[: -cause.last]) for cause in causes]
    common = dict[str, float]()
    for unit in _DAYS:
        alike = [wave for cause, wave in zip(causes, waves, strict=True) if cause.calendar.unit == unit]
        common[unit] = sum(excess for excess, _ in alike) / max(1.0, sum(squares for _, squares in alike))
    return [
        max(0.0, common[cause.calendar.unit], excess / squares if squares else 0.0)
        for cause, (excess, squares) in zip(causes, waves, strict=True)
    ]


def _waves(own: Ints, everybody: Ints) -> tuple[float, float]:
    """Numerator and denominator of the dispersion alpha by the method of moments, around a constant rate."""
    periods = int((everybody > 0).sum())
    if periods < 2 or not own.sum():
        return 0.0, 0.0
    part = everybody / everybody.sum()
    expected = own.sum() * part
    excess = ((own - expected) ** 2 - expected * (1 - part)).sum() * periods / (periods - 1)
    return float(excess), float((expected**2).sum())


def _contrast(
    own: Ints, same: SamePeople, everybody: Ints, last: int, dispersion: float
) -> tuple[float | None, float]:
    """Rate of the ``last`` periods over that of those before, None where nobody spoke then; and its p-value.

    Where nobody at all wrote in one of the two, as between a launch and what came much later, nothing can be told.
    How far people go on saying the same is measured around the two rates, lest the rise itself pass for their habit.
    """
    from scipy.stats import binom

    people, past = int(own[-last:].sum()), int(own[:-last].sum())
    of, past_of = int(everybody[-last:].sum()), int(everybody[:-last].sum())
    if not (of and past_of):
        return None, 1.0
    share = of / (of + past_of)
    lately = np.arange(len(own)) >= len(own) - last
    weights = np.where(lately, 1 - share, -share)
    expected = own.sum() * everybody / everybody.sum()
    by_chance = (weights**2 * expected).sum()
    excess = dispersion * (weights**2 * expected**2).sum()
    excess += same.excess(weights, np.where(lately, people / of, past / past_of))
    times = 1 + excess / by_chance if by_chance else 1.0
    few, many = int(people / times), int(np.ceil(past / times))
    ratio = (people / of) / (past / past_of) if past else None
    return ratio, float(binom.sf(few - 1, few + many, share))


def _flagged(recents: Sequence[Recent], gate: int, significance: float) -> list[Recent]:
    p_values = iter(adjusted([recent.p_value for recent in recents if _testable(recent)]))
    return [
        _lately(recent, next(p_values), gate, significance) if _testable(recent) else recent
        for recent in recents
    ]


def _testable(recent: Recent) -> bool:
    """Whether somebody wrote about the product both lately and before."""
    return recent.of > 0 and recent.past_of > 0


def _lately(recent: Recent, p_adjusted: float, gate: int, significance: float) -> Recent:
    return replace(
        recent,
        p_adjusted=p_adjusted,
        emerging=p_adjusted < significance / 2  # divided counts are an approximation, rough in the tail
        and recent.people >= gate
        and (recent.ratio is None or recent.ratio >= _FAR_ABOVE),
    )
