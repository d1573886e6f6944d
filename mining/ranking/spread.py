"""How much of the months, or of a segment, a cause touches."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_BELIEVED: Final = 10
"""People: in a cell the expected number of others weighs as much as that of so many who were counted."""


def spread_of(people: Ints, everybody: Ints) -> float:
    """The part of the cells over which an even cause would be as spread, in (0, 1].

    Counting the cells that were touched calls a burst with one stray complaint a month systemic. Here a cell counts by
    the rate in it: the inverse of Simpson's concentration (Hill 1973), against all others in each cell, 1 for a cause
    whose rate is the same everywhere and about 1/12 for one that lies in one of twelve even months. The concentration
    is estimated without bias, from pairs of people, so that few people do not look concentrated.

    Args:
        people: (t,) people of the cause in each cell.
        everybody: (t,) everybody in each cell, those of the cause included.
    """
    written = everybody > 0
    own = people[written].astype(float)
    total = own.sum()
    if total < 2:
        return 1.0
    exposure = _exposure(own, everybody[written].astype(float))
    concentration = (own * (own - 1) / exposure).sum() / (total * (total - 1))
    return float(1 / max(1.0, concentration))


def _exposure(own: Floats, everybody: Floats) -> Floats:
    """(t,) the part of the cause that an even one would have in each cell; they add up to 1.

    The others are the yardstick, as in ``mining.bursts``, since an event fills its month itself. But where three write
    and all three complain, no others are left, and the cell would weigh more than the rest together. So everybody is
    taken, times the others counted in the cell over those expected there, drawn towards 1 as a Poisson rate under a
    gamma prior (Clayton & Kaldor 1987): small cells go by everybody, large ones by the others.
    """
    others = np.maximum(0, everybody - own)
    expected = everybody * others.sum() / everybody.sum()
    found = everybody * (others + _BELIEVED) / (expected + _BELIEVED)
    parts: Floats = found / found.sum()
    return parts
