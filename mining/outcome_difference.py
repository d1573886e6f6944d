"""How far the mean outcome of some people lies from that of all others: the interval."""

import numpy as np
from numpy.typing import NDArray

from mining.bootstrap import bootstrap_interval, tail_of_means
from mining.evidence import newcombe_of
from mining.rating_drop import rating_drop

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

_MOST_LEVELS = 100


def difference_interval(
    levels: Floats, having: Bools, resampled: Floats, *, yes_no: bool, seed: int
) -> tuple[float, float]:
    """95 % interval of the mean outcome of the people ``having`` a cause, less that of the others.

    Of yes and no it is Newcombe's (1998): where one in ten says yes, twelve people without a single yes are no news,
    but all their resamples are alike. Of a scale of a few levels it is that of a penalty, which knows the same of
    ratings (``mining.rating_drop``); of other numbers, the expanded percentiles of the resamples.

    Args:
        levels: (n,) outcomes of people, from 0 to 1 where it is yes and no.
        having: (n,) who has the cause; at least two people have it, and at least two do not.
        resampled: (b + 1,) the difference, and that of resamples of people.
        yes_no: Whether the outcome is yes and no.
        seed: Of the resamples of ratings.
    """
    with_it, without = levels[having], levels[~having]
    if yes_no:
        return newcombe_of((float(with_it.sum()), len(with_it)), (float(without.sum()), len(without)))
    values, place = np.unique(levels, return_inverse=True)
    if len(values) > _MOST_LEVELS:
        return bootstrap_interval(resampled, tail=tail_of_means(min(len(with_it), len(without))))
    others, own = (np.bincount(place[where], minlength=len(values)) for where in (~having, having))
    _, low, high = rating_drop(values, others, own, seed=seed)
    return -high, -low
