"""Intervals of scores by bootstrap over groups: translations of one sentence are right or wrong together.

Efron & Tibshirani 1993, An introduction to the bootstrap, percentile intervals; clusters drawn whole (Davison & Hinkley
1997, section 3.8).
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

DRAWS = 400
PAIRED_DRAWS = 2_000  # these ends decide: they should hardly hang on the seed
LEVEL = 0.95
MIN_GROUPS = 10  # draws of fewer are nearly alike, and their interval has hardly any width
_GROUPS_AT_ONCE = 2_000


def interval(
    counts: NDArray[np.int64], groups: NDArray[np.int64], score: Callable[[Floats], Floats], seed: int = 0
) -> tuple[float, float]:
    """95 % interval of ``score`` of summed counts.

    Args:
        counts: (n, k) what each row adds to the counts that the score is made of.
        groups: (n,) group of each row; rows of one group are drawn together.
        score: From (b, k) sums to (b,) scores, NaN for draws to leave out.
        seed: The same seed gives the same interval.

    Returns:
        Lower and upper bound, both NaN for fewer than ``MIN_GROUPS`` groups.
    """
    if len(np.unique(groups)) < MIN_GROUPS:
        return np.nan, np.nan
    return _ends(score(_drawn(counts, groups, DRAWS, seed)))


def paired_interval(
    counts: NDArray[np.int64],
    others: NDArray[np.int64],
    groups: NDArray[np.int64],
    score: Callable[[Floats], Floats],
    seed: int = 0,
) -> tuple[float, float]:
    """95 % interval of ``score`` of the summed ``others`` less that of ``counts``: two models on the same rows.

    Each draw weighs a group alike for both, so that what is hard for both cancels out.

    Args:
        counts, others: (n, k) each, what each row adds to the counts of the first and of the second model.
        groups, score, seed: As in ``interval``.

    Returns:
        Lower and upper bound, both 0 where the two have the same counts.
    """
    first, second = np.hsplit(_drawn(np.hstack([counts, others]), groups, PAIRED_DRAWS, seed), 2)
    return _ends(score(second) - score(first))


def _drawn(counts: NDArray[np.int64], groups: NDArray[np.int64], draws: int, seed: int) -> Floats:
    """(draws, k) sums of counts, each over another draw of the groups."""
    names, places = np.unique(groups, return_inverse=True)
    sums = np.zeros((len(names), counts.shape[1]))
    np.add.at(sums, places, counts)
    # The Poisson bootstrap draws each group on its own, so that memory stays flat (Hanley & MacGibbon 2006).
    rng = np.random.default_rng(seed)
    drawn = np.zeros((draws, counts.shape[1]))
    for first in range(0, len(sums), _GROUPS_AT_ONCE):
        part = sums[first : first + _GROUPS_AT_ONCE]
        drawn += rng.poisson(1.0, (draws, len(part))) @ part
    return drawn


def _ends(values: Floats) -> tuple[float, float]:
    low, high = np.nanquantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)
