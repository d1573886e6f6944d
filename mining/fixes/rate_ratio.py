"""How many times as often a cause is spoken of after a day as before it, with an interval that waves do not break."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mining.evidence import CONFIDENCE_LEVEL
from mining.fixes.repetition import phase_rates, repetition
from mining.fixes.results import Ratio
from mining.rate_model import SUSPECT, dispersion_of, quantiles_of
from mining.same_people import SamePeople

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

_MISSED = 1.5
"""A wave as long as a period that begins on any of its days leaves 2/3 of its variance between the periods."""


@dataclass(frozen=True, slots=True)
class Dispersion:
    """How much more the periods vary than chance.

    Attributes:
        alpha: Variance is m + alpha m^2; 0 for Poisson.
        freedom: Degrees of freedom that alpha was estimated from; 0 for none.
        repeated: What people who say the same again add to the variance of a contrast, over that by chance.
        people: Distinct people that ``repeated`` was estimated from.
    """

    alpha: float = 0.0
    freedom: int = 0
    repeated: float = 0.0
    people: int = 0

    @property
    def quantile(self) -> float:
        """Of a 95 % interval: normal for Poisson, Student's where alpha or ``repeated`` had to be estimated."""
        freedoms = ([self.freedom] if self.alpha else []) + ([self.people - 1] if self.repeated else [])
        return float(quantiles_of(freedoms).ppf((1 + CONFIDENCE_LEVEL) / 2))

    def times(self, means: Floats) -> float:
        """Variance of the sum of periods with these means, over its variance by chance, >= 1."""
        total = float(means.sum())
        return 1.0 + self.repeated + (self.alpha * float((means**2).sum()) / total if total else 0.0)

    def of_contrast(self, past: Floats, now: Floats) -> float:
        """Variance of the logarithm of the ratio of two sums over its variance by chance, >= 1."""
        sums = float(past.sum()), float(now.sum())
        if not sum(sums):
            return 1.0
        return (self.times(past) * sums[1] + self.times(now) * sums[0]) / sum(sums)


def rate_ratio(counts: Ints, exposure: Ints, after: Mask, same: SamePeople | None = None) -> Ratio:
    """The rate in the periods ``after`` over the rate in the others.

    Of all who spoke, the share that spoke afterwards is binomial when the rates are Poisson (Przyborowski & Wilenski
    1940); its Wilson interval, Jeffreys' at its ends, is carried over to the ratio. Where Pearson's chi-square hints at
    waves (p < 0.3, as in ``mining.rate_model``), the counts are negative binomial: they are divided by how much more
    their ratio varies than chance, and the interval takes Student's quantile. So they are by what people add who say
    the same again (``mining.fixes.repetition``).

    Args:
        counts: (t,) people who spoke in each period.
        exposure: (t,) people who wrote in each period; both phases need some.
        after: (t,) whether a period lies after the day.
        same: Who spoke and wrote in several of the periods; without it all are taken as different people.
    """
    dispersion = phase_dispersion(counts, exposure, after, same)
    past, now = int(counts[~after].sum()), int(counts[after].sum())
    times = contrast_inflation(counts, exposure, after, dispersion)
    low, high = _share_interval(now / times, past / times, dispersion.quantile)
    odds = float(exposure[~after].sum() / exposure[after].sum())
    return Ratio(
        value=now / past * odds if past else None,
        low=low / (1 - low) * odds,
        high=high / (1 - high) * odds if high < 1 else None,
        model="negative_binomial" if dispersion.alpha else "poisson",
        dispersion=dispersion.alpha,
    )


def phase_dispersion(counts: Ints, exposure: Ints, after: Mask, same: SamePeople | None = None) -> Dispersion:
    """How the periods vary around the rates of their two phases, and what ``same`` adds to that."""
    waves = _waves(counts, exposure, after)
    if same is None:
        return waves
    return replace(waves, repeated=repetition(same, after), people=same.people)


def contrast_inflation(counts: Ints, exposure: Ints, after: Mask, dispersion: Dispersion) -> float:
    """How much more the ratio of two phases varies than chance, >= 1."""
    means = exposure * phase_rates(counts, exposure, after)
    return dispersion.of_contrast(means[~after], means[after])


def _waves(counts: Ints, exposure: Ints, after: Mask) -> Dispersion:
    from scipy.stats import chi2

    means = exposure * phase_rates(counts, exposure, after)
    some = means > 0
    freedom = int(some.sum()) - len(set(after[some].tolist()))
    if freedom < 1:
        return Dispersion()
    excess = float(((counts[some] - means[some]) ** 2 / means[some]).sum())
    if chi2.sf(excess, freedom) >= SUSPECT:
        return Dispersion()
    return Dispersion(_MISSED * dispersion_of(counts[some], means[some], freedom), freedom)


def _share_interval(now: float, past: float, quantile: float) -> tuple[float, float]:
    """Interval of now / (now + past), which need not be whole numbers."""
    from scipy.stats import norm
    from statsmodels.stats.proportion import proportion_confint

    total = now + past
    if not total:
        return 0.0, 1.0
    edge = now == 0 or past == 0
    method = "jeffreys" if edge else "wilson"
    low, high = proportion_confint(now, total, alpha=2 * float(norm.sf(quantile)), method=method)
    return 0.0 if now == 0 else float(low), 1.0 if past == 0 else float(high)
