"""Shares of two sides corrected for a classifier that errs, with intervals that know how little it was tested."""

import numpy as np
from numpy.typing import NDArray

from mining.calls import Votes
from mining.evidence import CONFIDENCE_LEVEL
from mining.results import CorrectedShare

Floats = NDArray[np.float64]

_JEFFREYS = 0.5
# With fewer draws than this at 0 or below, their number says little of how small the probability is.
_FEW = 10
_AGAIN = 20


def corrected_shares(
    votes: Votes, mean: Floats, draws: Floats, *, seed: int = 0
) -> tuple[CorrectedShare, CorrectedShare] | None:
    """Share of each side among the people who truly take one, with its 95 % interval.

    Adjusted classify and count (Gart & Buck 1966; Rogan & Gladen 1978; for several classes Forman 2008): if M[i, j] is
    how often what is meant as i is called j, the calls are q = M' p, and p is found by inversion, cut off at 0. Where
    the misreading was itself estimated, its uncertainty belongs in the interval (Lang & Reiczigel 2014): the interval
    holds the middle 95 % of p over draws of M and of q (Dirichlet with Jeffreys' prior), so it carries both the finite
    number of people and the finite number of dev rows. Who says both counts in part on each.

    Args:
        votes: Of the people, by what their statements are called.
        mean: (3, 3) expected M; rows and columns are side A, side B, neither.
        draws: (3, 3, d) what M may be.
        seed: Of the draws of q.

    Returns:
        The two shares, which add up to 1; None where nobody is left on either side.
    """
    counts = np.array(votes.of(0), dtype=np.float64)
    point = _shares(counts[:, None], mean[:, :, None])[:, 0]
    if np.isnan(point).any():
        return None
    drawn = _shares(_gamma(counts + _JEFFREYS, draws, seed), draws)
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


def told_from_zero(votes: Votes, side: int, draws: Floats, *, significance: float, seed: int = 0) -> bool:
    """Whether more is called on ``side`` (0 is A, 1 is B) than misreading all the others would give."""
    return chance_of_none(votes, side, draws, seed=seed, asked=significance) < significance


def chance_of_none(votes: Votes, side: int, draws: Floats, *, seed: int = 0, asked: float = 0.0) -> float:
    """How probable it is that misreading all the others alone calls so many votes on ``side``, in [0, 1].

    A share at or below what the false calls make by themselves (1 - specificity) cannot be told from zero. Here the
    others are those of the opposite side and those who take none, each misread at its own rate, and the corrected
    share lies at 0 or below in this part of the draws of ``corrected_shares``. Side 2 is "neither".

    Never 0, which would pass any number of tests: one draw more is taken to lie at 0 (Davison & Hinkley 1997, 4.2).
    Where few draws do, the votes are drawn more often for the same matrices, unless ``asked``, the level that it is
    held against, is far above: whoever only wants to know whether it is below .05 need not pay for the tail.
    """
    # No prior on the side itself, as in the lower bound of Clopper & Pearson (1934): the test then keeps its level.
    counts = np.array(votes.of(side), dtype=np.float64) + np.array([0.0, _JEFFREYS, _JEFFREYS])
    order = [side, *(other for other in (0, 1, 2) if other != side)]
    matrices = draws[np.ix_(order, order)]
    none, drawn = _draws_of_none(counts, matrices, seed), matrices.shape[2]
    if none < _FEW and asked <= _FEW / drawn:
        matrices = np.tile(matrices, _AGAIN)
        none, drawn = none + _draws_of_none(counts, matrices, seed + 1), drawn + matrices.shape[2]
    return (1 + none) / float(1 + drawn)


def _draws_of_none(counts: Floats, matrices: Floats, seed: int) -> int:
    """In how many of the draws nobody means the first side."""
    return int(np.sum(_meant(_gamma(counts, matrices, seed), matrices)[0] <= 0))


def _gamma(shapes: Floats, draws: Floats, seed: int) -> Floats:
    """(k, d) draws whose shares have a Dirichlet distribution."""
    return np.random.default_rng(seed).standard_gamma(shapes[:, None], (len(shapes), draws.shape[2]))


def _shares(said: Floats, matrices: Floats) -> Floats:
    """(2, d) shares of A and B from (3, d) amounts called A, B and neither; NaN where nobody is on either side."""
    sides = np.clip(_meant(said, matrices)[:2], 0.0, None)
    everyone = sides.sum(axis=0)
    with np.errstate(invalid="ignore"):
        shares: Floats = sides / np.where(everyone > 0, everyone, np.nan)
    return shares


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
