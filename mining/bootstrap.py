"""Intervals from resamples of people."""

import numpy as np
from numpy.typing import NDArray

from mining.evidence import CONFIDENCE_LEVEL

_TAIL = (1 - CONFIDENCE_LEVEL) / 2


def bootstrap_interval(values: NDArray[np.number], *, tail: float = _TAIL) -> tuple[float, float]:
    """Bootstrap interval by percentiles of (b + 1,) ``values``, the first of them the estimate, which it always holds.

    What cannot be negative grows when people are resampled: a share near 0 can lie below nearly all of its resamples.
    ``tail`` is the part of the resamples beyond each end, in (0, 0.5).
    """
    estimate = float(values[0])
    low, high = np.quantile(values[1:], (tail, 1 - tail))
    return min(float(low), estimate), max(float(high), estimate)


def tail_of_means(people: int) -> float:
    """The part of the resamples beyond each end of a 95 % interval of a mean of so many ``people``, at least two.

    Percentile intervals of few people are too narrow: the percentiles are moved out as far as Student's t is wider than
    the normal (Hesterberg 2015, "expanded percentile"). Of a difference of two means it is that of the smaller group.
    """
    from scipy.stats import norm, t

    return float(norm.cdf((people / (people - 1)) ** 0.5 * t.ppf(_TAIL, people - 1)))
