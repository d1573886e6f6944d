"""How much of the months, or of a segment, a cause touches."""

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


def spread_of(people: Ints, everybody: Ints) -> float:
    """The part of the cells over which an even cause would be as spread, in (0, 1].

    Counting the cells that were touched calls a burst with one stray complaint a month systemic. Here a cell counts by
    the rate in it: the inverse of Simpson's concentration (Hill 1973), against all others in each cell, 1 for a cause
    whose rate is the same everywhere and 1/12 for one that lies in one of twelve even months. The others are the
    yardstick, as in ``mining.bursts``, since an event fills its month itself; one voice spread evenly is added to them.
    The concentration is estimated without bias, from pairs of people, so that few people do not look concentrated.

    Args:
        people: (t,) people of the cause in each cell.
        everybody: (t,) everybody in each cell, those of the cause included.
    """
    written = everybody > 0
    own = people[written].astype(float)
    others = np.maximum(0, everybody[written] - own) + 1 / max(1, written.sum())
    total, exposure = own.sum(), others / others.sum()
    if total < 2:
        return 1.0
    concentration = (own * (own - 1) / exposure).sum() / (total * (total - 1))
    return float(1 / max(1.0, concentration))
