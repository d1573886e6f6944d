"""What a cause costs in a year, and what its fix saves: ranges, from counts with intervals and figures with sources.

A stretch that is too short to stand for a year is told for itself.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.customers import Customer
from mining.evidence import CONFIDENCE_LEVEL, newcombe, share_of
from mining.fixes.cost_inputs import CostInputs, Figure
from mining.fixes.results import Outcome, Phase

Ints = NDArray[np.int64]

YEAR: Final = 365
SHORTEST_FOR_A_YEAR: Final = 91
"""Days: from thirteen weeks on a stretch is told as a year. Ten days times 36 would be a year of nothing but chance."""


@dataclass(frozen=True, slots=True)
class Range:
    """From low to high; wider than a 95 % interval where ranges were multiplied."""

    low: float
    high: float

    @property
    def middle(self) -> float:
        """Half of the sum of both ends."""
        return (self.low + self.high) / 2

    def times(self, figure: Figure) -> "Range":
        """Each end by that end of ``figure``; a negative low end by the high one, so that the range holds both."""
        return Range(
            self.low * (figure.low if self.low >= 0 else figure.high),
            self.high * (figure.high if self.high >= 0 else figure.low),
        )

    def plus(self, other: "Range") -> "Range":
        """The sum."""
        return Range(self.low + other.low, self.high + other.high)

    def scaled(self, factor: float) -> "Range":
        """Both ends times ``factor``, >= 0."""
        return Range(self.low * factor, self.high * factor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Losses:
    """Customers who complained of a cause beside those who wrote of its product and did not.

    Attributes:
        complained, left: Customers who did, and those of them who left.
        others, others_left: The same of the others.
        excess: Customers lost beyond the rate of the others, never more than there are in the list; what goes with a
            cause need not be its doing.
        value: What one of them brings in a year.
    """

    complained: int
    left: int
    others: int
    others_left: int
    excess: Range
    value: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a cause costs in ``days``: a year, unless ``phase`` is too short to stand for one.

    Attributes:
        complaints: At the rate of ``phase``. They are no people: who complains in three periods of four weeks
            counts three times, and the same people cannot be added up over the months of a year.
        cases: Cost of cases; where people complain again, from one case a person of ``phase`` to one each time.
        losses: None without a list of customers, or with too few of them.
        lost: Cost of lost customers.
        saving: What the fix saves; None unless the cause is fixed.
    """

    phase: Phase
    complaints: Range
    cases: Range
    losses: Losses | None
    lost: Range | None
    saving: Range | None

    @property
    def days(self) -> int:
        """The days that every figure is told for."""
        return days_told(self.phase.days)

    @property
    def total(self) -> Range:
        """Cases and lost customers."""
        return self.cases if self.lost is None else self.cases.plus(self.lost)


def days_told(days: int) -> int:
    """Days that a stretch of ``days`` is told for: those of a year, or its own where it is too short for one."""
    return YEAR if days >= SHORTEST_FOR_A_YEAR else days


def cost_of(
    cause: str,
    phase: Phase,
    times: Ints,
    inputs: CostInputs,
    losses: Losses | None,
    outcome: Outcome | None,
) -> Cost:
    """The cost of a cause: complaints x cases for each x cost of one, and lost customers.

    Nobody knows whether who complains again met the cause again: the low end takes all that a person said for one case.

    Args:
        cause: Its id.
        phase: The stretch before the fix, or the last year where there is none.
        times: (people,) how often each who complained in ``phase`` did, as for ``yearly``.
        inputs: The figures.
        losses: Of customers in the same days, if they are known.
        outcome: Of its last fix.
    """
    part = days_told(phase.days) / YEAR
    complaints = yearly(times, phase.days).scaled(part)
    met = Range(yearly(np.ones_like(times), phase.days).scaled(part).low, complaints.high)
    cases = met.times(inputs.figure("cases_per_complaint", cause)).times(inputs.figure("case", cause))
    lost = None if losses is None else losses.excess.times(losses.value)
    ratio = None if outcome is None or outcome.verdict != "fixed" else outcome.ratio
    saving = None
    if ratio is not None and ratio.high is not None:
        avoided = Range(met.low * (1 - ratio.high), met.high * (1 - ratio.low))
        saving = avoided.times(inputs.figure("cases_per_complaint", cause)).times(
            inputs.figure("case", cause)
        )
    return Cost(phase=phase, complaints=complaints, cases=cases, losses=losses, lost=lost, saving=saving)


def yearly(times: Ints, days: int) -> Range:
    """Complaints a year at the rate of a stretch, with the 95 % gamma interval of a weighted sum of Poisson counts.

    People come by chance, their complaints do not: who complained in k periods is one person of weight k (Fay & Feuer
    1997). Where everybody complained once this is the exact interval of a Poisson count (Garwood 1936).

    Args:
        times: (people,) in how many periods of four weeks of the stretch each complained, all >= 1.
        days: Of the stretch, >= 1.
    """
    tail = (1 - CONFIDENCE_LEVEL) / 2
    total, variance, most = int(times.sum()), int((times**2).sum()), int(times.max(initial=1))
    low = _gamma_quantile(tail, total, variance) if total else 0.0
    high = _gamma_quantile(1 - tail, total + most, variance + most**2)
    return Range(low * YEAR / days, high * YEAR / days)


def losses_of(
    complained: Collection[str],
    wrote: Collection[str],
    customers: Mapping[str, Customer],
    assumed: Figure,
    *,
    gate: int,
) -> Losses | None:
    """Customers lost beyond those that would have left anyway, by the difference of proportions (Newcombe 1998).

    Args:
        complained: ``author_key`` of those who complained of the cause.
        wrote: The same of those who wrote of its product.
        customers: By ``author_key``, as ``customers_during`` has them.
        assumed: Value of a customer a year where the list gives none.
        gate: Fewest customers on each side.

    Returns:
        None below the gate: the word for it is anecdote. The excess is that of all the days of the feedback.
    """
    own = [customers[author] for author in sorted(set(complained) & customers.keys())]
    others = [customers[author] for author in sorted((set(wrote) & customers.keys()) - set(complained))]
    if min(len(own), len(others)) < gate:
        return None
    left, others_left = _left(own), _left(others)
    low, high = newcombe(share_of(left, len(own)), share_of(others_left, len(others)))
    values = [each.yearly_value for each in own if each.yearly_value is not None]
    mean = sum(values) / len(values) if values else 0.0
    value = Figure(mean, mean, f"mean of {len(values)} customers in the list") if values else assumed
    return Losses(
        complained=len(own),
        left=left,
        others=len(others),
        others_left=others_left,
        excess=Range(max(0.0, low) * len(own), max(0.0, high) * len(own)),
        value=value,
    )


def customers_during(customers: Mapping[str, Customer], first: date, last: date) -> dict[str, Customer]:
    """Customers as of the days of the feedback: who left before the first is none, who left after the last stays."""
    return {
        author: each if each.left_on is None or each.left_on <= last else replace(each, left_on=None)
        for author, each in customers.items()
        if each.left_on is None or each.left_on >= first
    }


def _gamma_quantile(chance: float, mean: float, variance: float) -> float:
    """Of the gamma distribution with this mean and variance, both > 0."""
    from scipy.stats import gamma

    return float(gamma.ppf(chance, mean**2 / variance, scale=variance / mean))


def _left(customers: Collection[Customer]) -> int:
    return sum(each.left_on is not None for each in customers)
