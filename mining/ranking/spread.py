"""How much of the months, or of a segment, a cause touches."""

from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_BELIEVED: Final = 10
"""People: in a cell the expected number of others weighs as much as that of so many who were counted."""

_SELDOM: Final = 0.05
"""How often an even cause may look concentrated, in one set of cells or in any of those that are compared."""


def spread_of(people: Ints, everybody: Ints, *, compared: int = 1) -> float:
    """The part of the cells over which an even cause would be as spread, in (0, 1].

    Counting the cells that were touched calls a burst with one stray complaint a month systemic. Here a cell counts by
    the rate in it: the inverse of Simpson's concentration (Hill 1973), against all others in each cell, 1 for a cause
    whose rate is the same everywhere and about 1/12 for one that lies in one of twelve even months.

    Args:
        people: (t,) people of the cause in each cell.
        everybody: (t,) everybody in each cell, those of the cause included.
        compared: How many spreads the smallest is taken of.
    """
    written = everybody > 0
    own = people[written].astype(float)
    if own.sum() < 2:
        return 1.0
    return 1 / (1 + _excess(own, _exposure(own, everybody[written].astype(float)), compared))


def _excess(own: Floats, exposure: Floats, compared: int) -> float:
    """How far the concentration is beyond that of an even cause, which is 1; >= 0.

    It is estimated without bias, from pairs of people. For n people of an even cause in k cells the estimate has mean 0
    and variance 2 (k - 1) / n (n - 1), as a degenerate U-statistic (Hoeffding 1948), so that it is often far from 0
    where people are few, and its least over several columns more often. What chance seldom exceeds is taken for nothing
    and what lies far beyond is kept, by the non-negative garrote (Breiman 1995, Gao 1998). So few people do not look
    concentrated: the mean spread of even causes of 6 people or more is above .9, also for the smallest of several.
    """
    total = own.sum()
    pairs = total * (total - 1)
    found = float((own * (own - 1) / exposure).sum() / pairs) - 1
    chance = NormalDist().inv_cdf(1 - _SELDOM / compared) * np.sqrt(2 * (len(own) - 1) / pairs)
    return found - float(chance**2) / found if found > chance else 0.0


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
