"""How much of the months, or of a segment, a cause touches."""

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


def spread_of(people: Ints, everybody: Ints) -> float:
    """The part of the cells over which an even cause would be as spread, in (0, 1].

    Counting the cells that were touched calls a burst with one stray complaint a month systemic. Here a cell counts by
    the rate in it: the inverse of Simpson's concentration (Hill 1973), by the exposure of each cell, 1 for a cause whose
    rate is the same everywhere and 1/12 for one that lies in one of twelve even months. The concentration is estimated
    without bias, from pairs of people, so that few people do not look concentrated.

    Args:
        people: (t,) people of the cause in each cell.
        everybody: (t,) everybody in each cell.
    """
    written = everybody > 0
    own, exposure = people[written].astype(float), everybody[written] / everybody.sum()
    total = own.sum()
    if total < 2:
        return 1.0
    concentration = (own * (own - 1) / exposure).sum() / (total * (total - 1))
    return float(1 / max(1.0, concentration))
