"""Shares of two sides corrected for a classifier that errs, with intervals that know how little it was tested."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mining.calls import Heard
from mining.evidence import CONFIDENCE_LEVEL
from mining.results import CorrectedShare

Floats = NDArray[np.float64]

_JEFFREYS = 0.5
# With fewer draws than this at 0 or below, their number says little of how small the probability is.
_FEW = 10
_AGAIN = 20


def corrected_shares(
    heard: Sequence[Heard], *, seed: int = 0
) -> tuple[CorrectedShare, CorrectedShare] | None:
    """Share of each side among the people who truly take one, with its 95 % interval.

    Adjusted classify and count (Gart & Buck 1966; Rogan & Gladen 1978; for several classes Forman 2008): if M[i, j] is
    how often what is meant as i is called j, the calls are q = M' p, and p is found by inversion, language by language,
    and cut off at 0 in the sum: one matrix for all would hold only where the languages pull alike. Where
    the misreading was itself estimated, its uncertainty belongs in the interval (Lang & Reiczigel 2014): the interval
    holds the middle 95 % of p over draws of M and of q (Dirichlet with Jeffreys' prior), so it carries both the finite
    number of people and the finite number of dev rows. Who says both counts in part on each.

    Args:
        heard: Votes and misreading by language; at least one, with equal numbers of draws.
        seed: Of the draws of q.

    Returns:
        The two shares, which add up to 1; None where nobody is left on either side.
    """
    called = [np.array(each.votes.of(0), dtype=np.float64)[:, None] for each in heard]
    point = _shares(_sum_of_meant(called, [each.mean[:, :, None] for each in heard]))[:, 0]
    if np.isnan(point).any():
        return None
    drawn = _drawn_shares(heard, seed)
    tail = (1 - CONFIDENCE_LEVEL) / 2
    # A draw that leaves nobody on either side says nothing of their share: it stretches the interval both ways.
    low = np.quantile(np.nan_to_num(drawn, nan=0.0), tail, axis=1)
    high = np.quantile(np.nan_to_num(drawn, nan=1.0), 1 - tail, axis=1)
    first, second = (
        CorrectedShare(
            value=float(point[side]),
            low=float(min(low[side], point[side])),
            high=float(max(high[side], point[side])),
        )
        for side in (0, 1)
    )
    return first, second


def chance_of_outweighing(heard: Sequence[Heard], odds: float, *, seed: int = 0) -> float:
    """How probable it is that one side is truly at least ``odds`` times the other, in [0, 1]; small: both camps matter.

    The two one-sided tests of ``mining.evidence.equivalence_test`` with misreading taken out: the larger part of the
    draws of ``corrected_shares`` at or beyond a margin. A draw that leaves nobody on either side is beyond both.
    """
    share = _drawn_shares(heard, seed)[0]
    margin = odds / (1 + odds)
    below, above = np.nan_to_num(share, nan=0.0) <= 1 - margin, np.nan_to_num(share, nan=1.0) >= margin
    return float(max(below.mean(), above.mean()))


def told_from_zero(heard: Sequence[Heard], side: int, *, significance: float, seed: int = 0) -> bool:
    """Whether more is called on ``side`` (0 is A, 1 is B) than misreading all the others would give."""
    return chance_of_none(heard, side, seed=seed, asked=significance) < significance


def chance_of_none(heard: Sequence[Heard], side: int, *, seed: int = 0, asked: float = 0.0) -> float:
    """How probable it is that misreading all the others alone calls so many votes on ``side``, in [0, 1].

    A share at or below what the false calls make by themselves (1 - specificity) cannot be told from zero. Here the
    others are those of the opposite side and those who take none, each misread at its own rate, and the corrected
    share lies at 0 or below in this part of the draws of ``corrected_shares``. Side 2 is "neither".

    Never 0, which would pass any number of tests: one draw more is taken to lie at 0 (Davison & Hinkley 1997, 4.2).
    Where few draws do, the votes are drawn more often for the same matrices, unless ``asked``, the level that it is
    held against, is far above: whoever only wants to know whether it is below .05 need not pay for the tail.
    """
    # No prior on the side itself, as in the lower bound of Clopper & Pearson (1934): the test then keeps its level.
    prior = np.array([0.0, _JEFFREYS, _JEFFREYS]) / len(heard)
    counts = [np.array(each.votes.of(side), dtype=np.float64) + prior for each in heard]
    order = [side, *(other for other in (0, 1, 2) if other != side)]
    matrices = [each.draws[np.ix_(order, order)] for each in heard]
    none, drawn = _draws_of_none(counts, matrices, seed), matrices[0].shape[2]
    if none < _FEW and asked <= _FEW / drawn:
        matrices = [np.tile(each, _AGAIN) for each in matrices]
        none, drawn = none + _draws_of_none(counts, matrices, seed + 1), drawn + matrices[0].shape[2]
    return (1 + none) / float(1 + drawn)


def _drawn_shares(heard: Sequence[Heard], seed: int) -> Floats:
    """(2, d) what the shares of A and B may be."""
    matrices, prior = [each.draws for each in heard], _JEFFREYS / len(heard)
    counts = [np.array(each.votes.of(0), dtype=np.float64) + prior for each in heard]
    return _shares(_sum_of_meant(_gammas(counts, matrices, seed), matrices))


def _draws_of_none(counts: Sequence[Floats], matrices: Sequence[Floats], seed: int) -> int:
    """In how many of the draws nobody means the first side."""
    return int(np.sum(_sum_of_meant(_gammas(counts, matrices, seed), matrices)[0] <= 0))


def _gammas(shapes: Sequence[Floats], draws: Sequence[Floats], seed: int) -> list[Floats]:
    """(k, d) draws for each language; those of all together, in shares, have a Dirichlet distribution."""
    rng = np.random.default_rng(seed)
    return [
        rng.standard_gamma(shape[:, None], (len(shape), matrices.shape[2]))
        for shape, matrices in zip(shapes, draws, strict=True)
    ]


def _shares(meant: Floats) -> Floats:
    """(2, d) shares of A and B from (3, d) amounts meant; NaN where nobody is on either side."""
    sides = np.clip(meant[:2], 0.0, None)
    everyone = sides.sum(axis=0)
    with np.errstate(invalid="ignore"):
        shares: Floats = sides / np.where(everyone > 0, everyone, np.nan)
    return shares


def _sum_of_meant(said: Sequence[Floats], matrices: Sequence[Floats]) -> Floats:
    """(3, d) amounts meant in all languages; one in which errors alone give more than was called counts below 0."""
    return np.asarray(sum(_meant(*each) for each in zip(said, matrices, strict=True)))


def _meant(said: Floats, matrices: Floats) -> Floats:
    """(3, d) amounts meant, from (3, d) amounts called and (3, 3, d) matrices; below 0 where errors alone give more.

    Cramer's rule, which is many times as fast as a general solver on thousands of small systems.
    """
    a, b, c = matrices
    first, second, third = _cross(b, c), _cross(c, a), _cross(a, b)
    with np.errstate(divide="ignore", invalid="ignore"):
        meant: Floats = np.stack([(said * each).sum(axis=0) for each in (first, second, third)])
        return np.asarray(meant / (a * first).sum(axis=0))


def _cross(u: Floats, v: Floats) -> Floats:
    """(3, d) cross products of (3, d) vectors."""
    return np.stack([u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]])
