"""Whether causes grow or shrink, as a share of those who write, and which have grown lately."""

from collections.abc import Sequence
from dataclasses import replace

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
    causes: Sequence[Moments], background: Background, *, gate: int, significance: float
) -> list[tuple[Trend, Recent] | None]:
    """The trend of each cause, and its recent periods against its past.

    Trend: a log-linear rate model (``mining.rate_model``) of the people per month, or per week in a file of less
    than six months, with everybody who wrote in the period as exposure: a file that grows does not make its causes
    rise. "rising" and "falling" are what Benjamini-Hochberg over all causes leaves at ``significance``; "steady"
    means shown to change by less than a factor of two over the whole file, the odds at which two sides stop being a
    split; the rest is "unclear".

    Recent: the conditional binomial test (Przyborowski & Wilenski 1940) of the last quarter of the periods, at most
    three months, against the time before, by exposure, one-sided. Causes come in waves, so all counts are divided
    first by how much more their contrast varies than chance: by the larger of the cause's own past dispersion and
    that of all causes together, since nine months of one cause tell little about its waves.

    Both take a person who writes in several periods as one who may say the same again (``mining.same_people``).

    Args:
        causes: Dated messages of each cause, all among those of everybody.
        background: Everybody in the file.
        gate: Fewest people on each side of a contrast: a trend needs twice as many, "emerging" as many lately.
        significance: Level of the adjusted p-values.

    Returns:
        For each cause both, or None for all when fewer than six periods hold messages.
    """
    calendar = _calendar(background)
    if calendar is None:
        return [None] * len(causes)
    everybody = calendar.people(background.everybody)
    shared = same_people(causes, background.everybody, calendar)
    counts = [same.counts for same in shared]
    enough = [moments.people() >= 2 * gate for moments in causes]
    told = zip(counts, shared, enough, strict=True)
    trends = [_trend(own, same, everybody, calendar, fits) for own, same, fits in told]
    recents = _recents(causes, counts, shared, background.everybody, everybody, calendar)
    return list(
        zip(
            _labelled(trends, _span(calendar), significance),
            _flagged(recents, gate, significance),
            strict=True,
        )
    )


def _calendar(background: Background) -> Calendar | None:
    """Months, or weeks where those are too few; None when weeks are, too."""
    if not len(background.everybody.day):
        return None
    for calendar in (background.months, Calendar.weeks(background.everybody.day)):
        if (calendar.people(background.everybody) > 0).sum() >= _FEWEST_PERIODS:
            return calendar
    return None


def _span(calendar: Calendar) -> float:
    """Months between the middles of the first and the last period."""
    return float(calendar.middles[-1] - calendar.middles[0])


def _trend(own: Ints, same: SamePeople, everybody: Ints, calendar: Calendar, enough: bool) -> Trend:
    written = np.flatnonzero(everybody)
    points = tuple(
        TrendPoint(period=calendar.labels[place], people=int(own[place]), of=int(everybody[place]))
        for place in written
    )
    trend = Trend(label="unclear" if enough else "anecdote", unit=calendar.unit, points=points)
    if not enough:
        return trend
    fit = fit_rate(own[written], everybody[written], calendar.middles[written], same.among(written))
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


def _labelled(trends: Sequence[Trend], span: float, significance: float) -> list[Trend]:
    tested = [trend.p_value for trend in trends if trend.p_value is not None]
    p_values = iter(adjusted(tested))
    return [
        trend if trend.p_value is None else _told(trend, next(p_values), span, significance)
        for trend in trends
    ]


def _told(trend: Trend, p_adjusted: float, span: float, significance: float) -> Trend:
    change, low, high = (value or 1.0 for value in (trend.change, trend.low, trend.high))
    if p_adjusted < significance:
        label = "rising" if change > 1 else "falling"
    else:
        most = float(np.abs(np.log([low, high])).max() * span)
        label = "steady" if most < np.log(_STEADY) else "unclear"
    return replace(trend, p_adjusted=p_adjusted, label=label)


def _recents(
    causes: Sequence[Moments],
    counts: Sequence[Ints],
    shared: Sequence[SamePeople],
    background: Moments,
    everybody: Ints,
    calendar: Calendar,
) -> list[Recent]:
    last = max(1, min(len(calendar) // _RECENT_PART, int(_RECENT_DAYS / _DAYS[calendar.unit])))
    waves = [_waves(own[:-last], everybody[:-last]) for own in counts]
    common = sum(excess for excess, _ in waves) / max(1.0, sum(squares for _, squares in waves))
    dispersions = [max(0.0, common, excess / squares if squares else 0.0) for excess, squares in waves]
    of, past_of = _people(background, calendar, last)
    found = []
    for moments, own, same, dispersion in zip(causes, counts, shared, dispersions, strict=True):
        people, past_people = _people(moments, calendar, last)
        ratio, p_value = _contrast(own, same, everybody, last, dispersion)
        found.append(
            Recent(
                people=people,
                of=of,
                past_people=past_people,
                past_of=past_of,
                first=calendar.labels[-last],
                ratio=ratio,
                p_value=p_value,
                p_adjusted=1.0,
                emerging=False,
            )
        )
    return found


def _people(moments: Moments, calendar: Calendar, last: int) -> tuple[int, int]:
    """Distinct people of the ``last`` periods, and of those before."""
    first, turn, end = (int(calendar.starts[place]) for place in (0, -last - 1, -1))
    return moments.during(turn, end).people(), moments.during(first, turn).people()


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
    p_values = adjusted([recent.p_value for recent in recents])
    return [
        replace(
            recent,
            p_adjusted=p_adjusted,
            emerging=p_adjusted < significance / 2  # divided counts are an approximation, rough in the tail
            and recent.people >= gate
            and (recent.ratio is None or recent.ratio >= _FAR_ABOVE),
        )
        for recent, p_adjusted in zip(recents, p_values, strict=True)
    ]
