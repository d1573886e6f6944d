"""How often chance takes the CUSUM of a cause to a height, when what is usual is known from counts alone."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mining.watch.run_length import lattice, run_lengths

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DAYS_PER_YEAR = 365.25
_UNITS = 12  # of the lattice, for one person more
_NODES = 7
_MOST_EXPOSURES = 40
_FEWEST_TIMES = 1e-12


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual for a cause.

    Attributes:
        share: Expected part of those who write, in (0, 1).
        factor: Ratio of odds that is looked for.
        heights: (m + 1,) heights of the CUSUM, rising from 0.
        log_rates: (m + 1,) logarithm of how often a year chance reaches each of them, falling.
    """

    share: float
    factor: float
    heights: Floats
    log_rates: Floats

    def step(self, people: int, of: int) -> float:
        """Log likelihood ratio of "raised by the factor" against "as usual", of one day."""
        return float(people * np.log(self.factor) - of * np.log1p(self.share * (self.factor - 1)))

    def rate(self, height: float) -> float:
        """How often a year chance alone reaches ``height``; e-fold less for each unit above the heights."""
        beyond = max(0.0, height - float(self.heights[-1]))
        return float(np.exp(np.interp(height, self.heights, self.log_rates) - beyond))


def usual_of(people: Ints, of: Ints, *, factor: float, rarest: float) -> Usual:
    """What is usual by the days of a baseline.

    The people of a day are binomial among all who wrote on it, whatever day of the week or year it is: where those of a
    cause and all others come as Poisson streams, that is what is left once the total is known, and a doubling of the
    one is a doubling of the odds (Steiner, Cook, Farewell & Treasure 2000 watch surgeons so). The share is estimated;
    where it is really higher, false alarms come much sooner (Jensen et al. 2006): so their rate is averaged over the
    Jeffreys posterior of the share, at seven Gauss-Hermite points.

    Args:
        people: (d,) people of the cause on each day of the baseline.
        of: (d,) everybody on those days; also what is to be expected of the days to come.
        factor: Ratio of odds that is looked for.
        rarest: Least rate a year that must be told exactly.
    """
    a, b = people.sum() + 0.5, (of - people).sum() + 0.5
    share = float(a / (a + b))
    unit = np.log(factor) / _UNITS
    # The mean run length of a likelihood ratio CUSUM to h is at least e^h (Lorden 1971).
    m = int(np.ceil((max(0.0, np.log(DAYS_PER_YEAR / rarest)) + 1) / unit))
    shares, weights = _posterior(float(a), float(b))
    lengths = run_lengths(_steps(shares, share, of, factor, unit, m))
    rates = DAYS_PER_YEAR * weights @ np.maximum(1 / lengths, _FEWEST_TIMES)
    known = np.log(np.append(DAYS_PER_YEAR, rates))  # 0 is reached every day
    return Usual(share, factor, unit * np.arange(m + 1), known)


def _posterior(a: float, b: float) -> tuple[Floats, Floats]:
    """Points of Beta(a, b) and their weights, by Gauss-Hermite points of the normal with the same quantiles."""
    from scipy.stats import beta, norm

    points, weights = np.polynomial.hermite_e.hermegauss(_NODES)
    return np.clip(beta.ppf(norm.cdf(points), a, b), 1e-12, 1 - 1e-12), weights / weights.sum()


def _steps(shares: Floats, share: float, of: Ints, factor: float, unit: float, m: int) -> Floats:
    """(s, 2 m + 1) probabilities of the steps of one day, for each true share, over the days as they were."""
    from scipy.special import bdtr

    sizes, days = _exposures(of)
    gain, cost = np.log(factor), np.log1p(share * (factor - 1))
    fewest = np.maximum(0, np.floor((sizes * cost - m * unit) / gain)).astype(np.int64)
    most = (
        int(np.ceil(2 * m * unit / gain)) + 2
    )  # more people than this above the fewest are beyond the lattice
    k = fewest[:, None] + np.arange(most + 1)
    at_most = bdtr(np.minimum(k, sizes[:, None]), sizes[:, None], shares[:, None, None])
    at_most[:, :, -1] = 1.0
    chances = np.diff(at_most, prepend=0.0, axis=2)
    chances *= (days / days.sum())[:, None]
    places = (k * gain - sizes[:, None] * cost) / unit
    return lattice(places.ravel(), chances.reshape(len(shares), -1), m)


def _exposures(of: Ints) -> tuple[Ints, Ints]:
    """Sizes of days and how many days have each; many sizes are drawn together into forty."""
    if len(np.unique(of)) <= _MOST_EXPOSURES:
        sizes, days = np.unique(of, return_counts=True)
        return sizes, days
    groups = np.array_split(np.sort(of), _MOST_EXPOSURES)
    return np.array([round(float(group.mean())) for group in groups]), np.array([len(g) for g in groups])
