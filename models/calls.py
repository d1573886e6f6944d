"""Which label a model calls: the one whose expected error is least."""

import numpy as np
from numpy.typing import NDArray

from data.labels import DEGREES

_LITTLE, _MUCH, _NONE = map(DEGREES.index, ("too_little", "too_much", "none"))


def calls(head: str, probabilities: NDArray[np.floating]) -> NDArray[np.int64]:
    """The class that is called for each row of (n, classes) calibrated ``probabilities``, as (n,) positions.

    Sentiment: the most probable class, which errs least often. Degree has an order, too little < none < too much, and
    the opposite degree is two steps off: a side loses a voice and the other one gains it. The call of the least
    expected distance is the median of the distribution (Frank & Hall 2001 on ordered classes; Berger 1985 on
    absolute error): a degree is called where it is more likely than not, and none otherwise, also where
    either degree may be meant (docs/decisions/0063-a-degree-is-called-where-it-is-more-likely-than-not.md).

    Args:
        head: "sentiment" or "degree", whose classes the columns are, in the order of ``data.labels``.
        probabilities: Rows that sum to 1.
    """
    if head != "degree":
        return np.asarray(probabilities.argmax(axis=1), np.int64)
    little, much = probabilities[:, _LITTLE] > 0.5, probabilities[:, _MUCH] > 0.5
    return np.where(little, _LITTLE, np.where(much, _MUCH, _NONE))
