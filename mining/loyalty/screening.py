"""The model of leaving: causes enter one by one while any goes with leaving beyond what those before it explain."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from mining.evidence import adjusted
from mining.loyalty.firth import FirthFit, Patterns
from mining.loyalty.terms import EVENTS_PER_TERM

Floats = NDArray[np.float64]

SIGNIFICANT: Final = 0.05
_WORTH_A_TEST: Final = 0.2
_CLEAR: Final = 1.0


@dataclass(frozen=True, slots=True)
class Model:
    """A fitted model of leaving.

    Attributes:
        patterns: Of the background and, after it, all stances.
        background: How many columns the background has.
        chosen: Columns of the stances in the model, in the order in which they entered.
    """

    patterns: Patterns
    background: int
    chosen: Sequence[int]
    fit: FirthFit

    @classmethod
    def of(cls, patterns: Patterns, background: int) -> Self:
        """Let stances in by forward selection, the most certain first.

        A stance enters where its p-value, adjusted for all stances (Benjamini-Hochberg), is below 5 %, and as long as
        ten people left for each term.
        """
        fewer = min(patterns.events.sum(), (patterns.trials - patterns.events).sum())
        room = int(fewer) // EVENTS_PER_TERM - background
        held = list(range(background))
        while len(held) - background < room:
            entering = _next(patterns, background, held)
            if entering is None:
                break
            held.append(entering)
        return cls(patterns, background, held[background:], FirthFit(patterns.taken(held)))

    def chances(self, design: Floats) -> Floats:
        """(m,) chances to leave in a trial, for rows of background and stances."""
        return self.fit.probabilities(design[:, [*range(self.background), *self.chosen]])

    def beside_the_others(self, column: int) -> FirthFit | None:
        """A model with the stance in ``column`` last, after the background and the other stances in this one.

        None where the stance cannot be told from those.
        """
        return _beside(self.patterns, [*range(self.background), *self.chosen], column)


def _beside(patterns: Patterns, held: Sequence[int], column: int) -> FirthFit | None:
    found = patterns.taken([*(place for place in held if place != column), column])
    return FirthFit(found) if found.tells_apart else None


def _next(patterns: Patterns, background: int, held: Sequence[int]) -> int | None:
    """The column that enters next beside those ``held``; None where none passes among all that are in or out."""
    inside = held[background:]
    free = [place for place in range(background, patterns.design.shape[1]) if place not in held]
    if not free:
        return None
    p_values = [*_sieved(patterns, held, free), *(_p_value(patterns, held, place) for place in inside)]
    sure = adjusted(p_values)
    best = min(range(len(free)), key=lambda number: p_values[number])
    return free[best] if sure[best] < SIGNIFICANT else None


def _sieved(patterns: Patterns, held: Sequence[int], free: Sequence[int]) -> list[float]:
    """P-values of the likelihood ratio test where the score test is anywhere near; 1 elsewhere."""
    hints = FirthFit(patterns.taken(held)).score_p_values(patterns, held, free)
    return [
        _p_value(patterns, held, place) if hint < _WORTH_A_TEST else _CLEAR
        for hint, place in zip(hints, free, strict=True)
    ]


def _p_value(patterns: Patterns, held: Sequence[int], column: int) -> float:
    fit = _beside(patterns, held, column)
    return _CLEAR if fit is None else fit.p_value(len(fit.beta) - 1)
