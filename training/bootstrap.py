"""Intervals of scores by bootstrap over groups: translations of one sentence are right or wrong together.

Efron & Tibshirani 1993, An introduction to the bootstrap, percentile intervals; clusters drawn whole (Davison & Hinkley
1997, section 3.8).
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

DRAWS = 400
LEVEL = 0.95
_GROUPS_AT_ONCE = 2_000


def interval(
    counts: NDArray[np.int64], groups: NDArray[np.int64], score: Callable[[Floats], Floats], seed: int = 0
) -> tuple[float, float]:
    """95 % interval of ``score`` of summed counts.

    Args:
        counts: (n, k) what each row adds to the counts that the score is made of.
        groups: (n,) group of each row; rows of one group are drawn together.
        score: From (b, k) sums to (b,) scores.
        seed: The same seed gives the same interval.

    Returns:
        Lower and upper bound.
    """
    names, places = np.unique(groups, return_inverse=True)
    sums = np.zeros((len(names), counts.shape[1]))
    np.add.at(sums, places, counts)
    # The Poisson bootstrap draws each group on its own, so that memory stays flat (Hanley & MacGibbon 2006).
    rng = np.random.default_rng(seed)
    drawn = np.zeros((DRAWS, counts.shape[1]))
    for first in range(0, len(sums), _GROUPS_AT_ONCE):
        part = sums[first : first + _GROUPS_AT_ONCE]
        drawn += rng.poisson(1.0, (DRAWS, len(part))) @ part
    low, high = np.nanquantile(score(drawn), [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)
