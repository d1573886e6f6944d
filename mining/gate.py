"""Whether two sides are an opposition, or one side and the errors of whoever read it."""

import numpy as np
from numpy.typing import NDArray

from mining.corrected_shares import Calls, told_from_zero
from mining.evidence import beyond_error


def opposes(
    calls: Calls,
    draws: NDArray[np.float64] | None,
    *,
    side_people: int,
    guard: float,
    significance: float,
    seed: int = 0,
) -> bool:
    """Whether both sides hold enough people, and more than misreading everybody else would put there.

    Each side is tested at ``significance``, and both must pass, so an opposition that is none passes as seldom (an
    intersection-union test, Berger 1982).

    Args:
        calls: People of the cause by what they are called.
        draws: (3, 3, d) what the confusion matrix of the contrast may be; None where it was not counted.
        side_people: Fewest people on each side.
        guard: Without ``draws``: how often a person of one side is called the other.
        significance: Level of the tests, in [0, 1].
        seed: Of the tests.
    """
    smaller = min(calls.a, calls.b) + calls.both
    if smaller < side_people:
        return False
    if draws is None:
        return beyond_error(smaller, calls.a + calls.b + calls.both, guard, significance)
    return all(told_from_zero(calls, side, draws, significance=significance, seed=seed) for side in (0, 1))
