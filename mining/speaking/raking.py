"""Weights for people, so that they make up known shares of the customers: raking, with bounds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEAST, MOST = 0.2, 5.0
"""Bounds of a weight, as parts of the mean weight."""

_CYCLES: Final = 500
_CLOSE: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Raked:
    """Weights of n people.

    Attributes:
        weights: (n,) with mean 1.
        clipped: (n,) whether a weight lies at one of the bounds.
    """

    weights: Floats
    clipped: NDArray[np.bool_]


def rake(codes: Sequence[Ints], targets: Sequence[Floats]) -> Raked:
    """Iterative proportional fitting (Deming & Stephan 1940) of people to margins, within bounds.

    Each cycle scales the weights to one margin after the other, and then cuts them to ``LEAST`` to ``MOST`` times their
    mean, so that the others take over what a cut left (the way of `anesrake`, DeBell & Krosnick 2009). Where bounds and
    margins do not go together, the bounds hold and the margins are missed.

    Args:
        codes: For each margin (n,) the value of each person, as a position in its target.
        targets: For each margin (v,) the share of each value, summing to 1, above 0 where anybody has the value.
    """
    people = len(codes[0]) if codes else 0
    weights = np.ones(people)
    for _ in range(_CYCLES if people else 0):
        before = weights
        for code, target in zip(codes, targets, strict=True):
            now = np.bincount(code, weights=weights, minlength=len(target))
            weights = weights * (people * target / np.where(now > 0, now, 1.0))[code]
        weights = _within_bounds(weights)
        if np.abs(weights - before).max() < _CLOSE:
            break
    at_bound = (weights <= LEAST) | (weights >= MOST)
    return Raked(weights, at_bound)


def _within_bounds(weights: Floats) -> Floats:
    """The weights cut to the bounds and with mean 1: a cut moves the mean, to which the bounds refer."""
    for _ in range(_CYCLES):
        weights = weights / weights.mean()
        cut = np.clip(weights, LEAST, MOST)
        if np.array_equal(cut, weights):
            break
        weights = cut
        if abs(float(weights.mean()) - 1) < _CLOSE:
            break
    return weights


def effective_people(weights: Floats) -> float:
    """Kish's (1965) effective number: how many people of equal weight would tell as much; 0 for nobody."""
    squares = float((weights**2).sum())
    return float(weights.sum()) ** 2 / squares if squares else 0.0
