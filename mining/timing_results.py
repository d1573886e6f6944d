"""How a cause spreads over time, as frozen records: its kind, its bursts, its trend, and what is new."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendPoint:
    """One period of a trend: ``people`` of the ``of`` who wrote about the product, and the fitted rate with its band.

    Attributes:
        expected, low, high: Rates per person who wrote, >= 0; None where no trend was fitted.
    """

    period: str
    people: int
    of: int
    expected: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """Whether a cause grows, as a share of those who write.

    Attributes:
        label: "rising", "falling", "steady", "unclear", or "anecdote" below the gate.
        change: Factor per month; None below the gate or where all spoke in the first or the last period.
        low, high: 95 % interval of ``change``.
        unit: "month" or "week", the length of the periods.
        model: "poisson" or "negative_binomial"; None where no trend was fitted.
        dispersion: Squared coefficient of variation of the rate between periods beyond chance, >= 0.
        p_adjusted: Of "no change", after Benjamini-Hochberg over the causes of the report.
        points: All periods in which anybody wrote.
    """

    label: str
    unit: str
    points: tuple[TrendPoint, ...]
    change: float | None = None
    low: float | None = None
    high: float | None = None
    model: str | None = None
    dispersion: float | None = None
    p_value: float | None = None
    p_adjusted: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recent:
    """The last quarter of the periods (three months at most) against the ones before.

    Attributes:
        people, of: Those who spoke of the cause, and all who wrote about its product, in the recent periods: each
            person once.
        past_people, past_of: The same of the periods before.
        first: Label of the first recent period.
        ratio: Rate of the recent periods over that of the past, in both of which a person counts once in every period;
            None where nobody spoke of it before.
        p_adjusted: Of "no higher than before", after Benjamini-Hochberg over the causes of the report.
        emerging: Shown to be higher, at least twice as high, and by as many people as the gate asks for.
    """

    people: int
    of: int
    past_people: int
    past_of: int
    first: str
    ratio: float | None
    p_value: float
    p_adjusted: float
    emerging: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """How a cause spreads over time.

    Attributes:
        kind: "systemic", "burst" or "unclear".
        fano: Index of dispersion of people per period (variance / mean), None without dates.
        periods: Period label ("2026-03") to people, all periods of the file in order; who speaks in two periods
            counts in both.
        burst_period: First and last day of the fullest burst.
        bursts: Each burst, at most two, in the order of time.
        trend: None where the file has too few periods or dates.
        recent: None under the same condition.
    """

    kind: str
    fano: float | None
    periods: Mapping[str, int]
    burst_period: str | None = None
    bursts: tuple[str, ...] = ()
    trend: Trend | None = None
    recent: Recent | None = None
