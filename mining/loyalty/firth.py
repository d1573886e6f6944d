"""Logistic regression that does not break where nobody of a group left: Firth's, with profile intervals.

Ordinary maximum likelihood sends the odds of a group without a single event to zero and has no interval for them.
Firth (1993) takes the first-order bias out of the estimates by adding half the logarithm of the determinant of the
information to the log likelihood; the estimates are then finite, and intervals come from the profile of the penalised
likelihood (Heinze & Schemper 2002). No library that we depend on has it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mining.evidence import CONFIDENCE_LEVEL

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_ROUNDS = 60
_LARGEST_STEP = 4.0
_TOLERANCE = 1e-8
_FARTHEST = 30.0


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A log odds ratio with its 95 % profile interval and the p-value of its penalised likelihood ratio test."""

    value: float
    low: float
    high: float
    p_value: float

    @property
    def odds(self) -> tuple[float, float, float]:
        """The odds ratio and its 95 % interval."""
        return exp(self.value), exp(self.low), exp(self.high)


@dataclass(frozen=True, slots=True)
class Patterns:
    """Trials that look alike are one row.

    Attributes:
        design: (g, q) distinct rows of the design matrix.
        trials: (g,) how often each was tried.
        events: (g,) how often it happened.
    """

    design: Floats
    trials: Floats
    events: Floats

    @property
    def tells_apart(self) -> bool:
        """Whether each column says something that the others do not."""
        return bool(np.linalg.matrix_rank(self.design) == self.design.shape[1])

    def taken(self, columns: Sequence[int]) -> "Patterns":
        """The same trials with these columns only."""
        first, row = _grouped(self.design[:, columns])
        size = len(first)
        return Patterns(
            design=self.design[first][:, columns],
            trials=_summed(row, self.trials, size),
            events=_summed(row, self.events, size),
        )


def patterns_of(design: Floats, happened: NDArray[np.bool_]) -> tuple[Patterns, Ints]:
    """Group ``n`` trials with the (n, q) matrix ``design`` of 0 and 1, of which ``happened`` (n,) came to be.

    Returns:
        The patterns, and (n,) for each trial its row in them.
    """
    first, row = _grouped(design)
    patterns = Patterns(
        design=design[first].astype(np.float64),
        trials=_summed(row, np.ones(len(row)), len(first)),
        events=_summed(row, happened, len(first)),
    )
    return patterns, row


def _summed(row: Ints, weights: NDArray[Any], size: int) -> Floats:
    return np.bincount(row, weights=weights, minlength=size).astype(np.float64)


def _grouped(design: NDArray[Any]) -> tuple[Ints, Ints]:
    """First place of each distinct row of 0 and 1, and for each row the number of its kind."""
    bits = np.packbits(design.astype(bool), axis=1)
    keys = np.ascontiguousarray(bits).view(f"V{bits.shape[1]}").ravel()
    _, first, row = np.unique(keys, return_index=True, return_inverse=True)
    return first, row.reshape(-1)


@dataclass(frozen=True, slots=True)
class _Point:
    beta: Floats
    likelihood: float
    score: Floats
    information: Floats


class FirthFit:
    """A fitted model; ``beta`` (q,) are log odds ratios in the order of the design's columns."""

    def __init__(self, patterns: Patterns) -> None:
        self._data = patterns
        free = np.arange(patterns.design.shape[1])
        self._best = self._climb(np.zeros(len(free)), free)
        self.beta = self._best.beta

    def probabilities(self, design: Floats) -> Floats:
        """(m,) probabilities of the event for the rows of an (m, q) design."""
        return _expit(design @ self.beta)

    def p_value(self, place: int) -> float:
        """The penalised likelihood ratio test of "column ``place`` does not matter"."""
        from scipy.stats import chi2

        return float(chi2.sf(max(0.0, self._drop(place, 0.0)), 1))

    def coefficient(self, place: int) -> Coefficient:
        """The coefficient of column ``place`` with its profile interval and test."""
        from scipy.stats import chi2, norm

        estimate = float(self.beta[place])
        error = float(np.sqrt(np.linalg.inv(self._best.information)[place, place]))
        reach = float(norm.ppf((1 + CONFIDENCE_LEVEL) / 2)) * error
        limit = float(chi2.ppf(CONFIDENCE_LEVEL, 1))

        def beyond(value: float) -> float:
            return self._drop(place, value) - limit

        return Coefficient(
            value=estimate,
            low=_end(beyond, estimate, -reach),
            high=_end(beyond, estimate, reach),
            p_value=self.p_value(place),
        )

    def score_p_values(self, patterns: Patterns, held: Sequence[int], free: Sequence[int]) -> Floats:
        """P-values of Rao's score test for each of the columns ``free`` beside this model, of the columns ``held``.

        Cheap, and too generous where few events are expected: a sieve before the likelihood ratio test. 1 where a
        column tells nothing of its own.
        """
        from scipy.stats import chi2

        design, columns = patterns.design[:, held], patterns.design[:, free]
        chance = _expit(design @ self.beta)
        weight = patterns.trials * chance * (1 - chance)
        score = columns.T @ (patterns.events - patterns.trials * chance)
        shared = design.T @ (weight[:, None] * columns)
        own = weight @ columns
        own_part = own - (shared * np.linalg.solve(self._best.information, shared)).sum(axis=0)
        told = own_part > _TOLERANCE * (1 + own)
        statistic = np.where(told, score**2 / np.where(told, own_part, 1.0), 0.0)
        p_values: Floats = chi2.sf(statistic, 1)
        return p_values

    def _drop(self, place: int, value: float) -> float:
        """Twice the loss of penalised likelihood where the coefficient is held at ``value``."""
        free = np.delete(np.arange(len(self.beta)), place)
        start = self.beta.copy()
        start[place] = value
        return 2 * (self._best.likelihood - self._climb(start, free).likelihood)

    def _climb(self, start: Floats, free: Ints) -> _Point:
        """The top of the penalised likelihood over the coefficients ``free``, by Newton's steps, halved when needed."""
        point = self._at(start)
        for _ in range(_ROUNDS):
            score = point.score[free]
            if not len(free) or np.abs(score).max() < _TOLERANCE * (1 + self._data.trials.sum()) ** 0.5:
                break
            step: Any = np.linalg.solve(point.information[np.ix_(free, free)], score)
            step *= min(1.0, _LARGEST_STEP / max(1e-12, float(np.abs(step).max())))
            point, moved = self._stepped(point, free, step)
            if not moved:
                break
        return point

    def _stepped(self, point: _Point, free: Ints, step: Floats) -> tuple[_Point, bool]:
        for halving in range(12):
            beta = point.beta.copy()
            beta[free] += step / 2**halving
            there = self._at(beta)
            if there.likelihood > point.likelihood:
                return there, there.likelihood - point.likelihood > _TOLERANCE
        return point, False

    def _at(self, beta: Floats) -> _Point:
        design, trials, events = self._data.design, self._data.trials, self._data.events
        reach = design @ beta
        chance = _expit(reach)
        weight = np.maximum(trials * chance * (1 - chance), 1e-300)
        information = design.T @ (weight[:, None] * design)
        sign, size = np.linalg.slogdet(information)
        if sign <= 0 or not np.isfinite(size):
            return _Point(beta, -np.inf, np.zeros_like(beta), np.eye(len(beta)))
        # log p = -log(1 + e^-x), log(1 - p) = -log(1 + e^x): exact far out, too.
        likelihood = -(events @ np.logaddexp(0, -reach)) - (trials - events) @ np.logaddexp(0, reach)
        leverage = weight * np.einsum("ij,ji->i", design, np.linalg.solve(information, design.T))
        score = design.T @ (events - trials * chance + leverage * (0.5 - chance))
        return _Point(beta, float(likelihood + size / 2), score, information)


def _end(beyond: Callable[[float], float], estimate: float, reach: float) -> float:
    """Where ``beyond`` crosses zero on the side of ``reach``; infinite where the profile stays flat."""
    from scipy.optimize import brentq

    near, far = estimate, estimate + reach
    while beyond(far) < 0:
        near, far = far, far + reach
        if abs(far - estimate) > _FARTHEST:
            return float(np.sign(reach)) * np.inf
    return float(brentq(beyond, near, far, xtol=1e-4))


def _expit(values: Floats) -> Floats:
    chances: Floats = 1 / (1 + np.exp(-np.clip(values, -_FARTHEST, _FARTHEST)))
    return chances
