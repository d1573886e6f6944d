"""The drop in rating between two groups of people, with a bootstrap interval."""

import numpy as np
from numpy.typing import NDArray

from mining.evidence import CONFIDENCE_LEVEL

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

RESAMPLES = 2000


def rating_drop(values: Floats, middle: Ints, side: Ints, *, seed: int = 0) -> tuple[float, float, float]:
    """Mean of ``middle`` less mean of ``side``, and the 95 % interval of that difference.

    Both groups are resampled by person. People of equal rating are alike to a mean, so a resample is a multinomial
    draw of how many have each rating. Percentile intervals of few people are too narrow: the percentiles are moved
    out as far as Student's t is wider than the normal (Hesterberg 2015, "expanded percentile").

    Args:
        values: (v,) distinct ratings.
        middle: (v,) people with each rating in the one group, at least two in all.
        side: (v,) people with each rating in the other group, at least two in all.
        seed: Of the resamples.
    """
    from scipy.stats import norm, t

    rng = np.random.default_rng(seed)
    drops = _means(values, middle, rng) - _means(values, side, rng)
    n = min(int(middle.sum()), int(side.sum()))
    tail = norm.cdf((n / (n - 1)) ** 0.5 * t.ppf((1 - CONFIDENCE_LEVEL) / 2, n - 1))
    low, high = np.quantile(drops, [tail, 1 - tail])
    drop = float(values @ middle / middle.sum() - values @ side / side.sum())
    return drop, float(low), float(high)


def _means(values: Floats, people: Ints, rng: np.random.Generator) -> Floats:
    """(``RESAMPLES``,) means of as many people as there are, drawn with replacement."""
    total = int(people.sum())
    present = people > 0
    means: Floats = rng.multinomial(total, people[present] / total, size=RESAMPLES) @ values[present] / total
    return means
