"""How much a ratio of two phases owes to people who say the same again: their months are no new people."""

import numpy as np
from numpy.typing import NDArray

from mining.same_people import SamePeople

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


def repetition(same: SamePeople, after: Mask) -> float:
    """What a person's periods add to the variance of the logarithm of a ratio of rates, over that by chance, >= 0.

    The part of the variance clustered by person (Liang & Zeger 1986) that lies between a person's periods: who speaks
    again in the same phase adds to it, who speaks in both takes from it. A few who spoke in the scarcer phase cannot
    tell how often its people speak again: it is reckoned as if one more person spoke in it, as loyal as those of the
    other by a design effect of 1 + (periods - 1) x correlation (Kish 1965).

    Args:
        same: Who spoke, of those who wrote, in several of the t periods.
        after: (t,) whether a period lies after the day.
    """
    return _added(same, after, _by_chance(same.counts, after))


def repetition_of_odds(same: SamePeople, controls: Ints, after: Mask) -> float:
    """The same of the logarithm of a ratio of odds.

    Args:
        same: Who spoke of the cause, of those who spoke of it or of its controls.
        controls: (t,) people who spoke of the controls.
        after: (t,) whether a period lies after the day.
    """
    return _added(same, after, _by_chance(same.counts, after) + _by_chance(controls, after))


def phase_rates(counts: Ints, exposure: Ints, after: Mask) -> Floats:
    """(t,) rates of the phases that the periods lie in, 0 where nobody wrote."""
    rates = np.zeros(len(counts))
    for phase in (after, ~after):
        people = exposure[phase].sum()
        rates[phase] = counts[phase].sum() / people if people else 0.0
    return rates


def _by_chance(counts: Ints, after: Mask) -> Floats:
    """Variances of the logarithms of what was counted before and after; half a person where nobody was."""
    return np.array([1 / max(0.5, counts[phase].sum()) for phase in (~after, after)])


def _added(same: SamePeople, after: Mask, chance: Floats) -> float:
    """Variance between the periods of a person, over the variances by chance before and after."""
    rates = phase_rates(same.counts, same.exposure, after)
    weights = np.stack([~after, after]) * chance[:, None]
    within = same.excess(weights, rates) / chance
    later = [max(0, np.count_nonzero(same.exposure[phase]) - 1) for phase in (~after, after)]
    scarce, other = np.argsort(-chance)
    as_loyal = within[other] / max(1, later[other]) * later[scarce]
    missed = max(0.0, as_loyal - within[scarce]) * (1 + as_loyal) / (1 + as_loyal + 1 / chance[scarce])
    excess = same.excess(weights[1] - weights[0], rates) + missed * chance[scarce]
    return float(excess / chance.sum())
