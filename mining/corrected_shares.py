"""Shares of two sides corrected for a classifier that errs, with intervals that know how little it was tested."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mining.evidence import CONFIDENCE_LEVEL
from mining.results import CorrectedShare

Floats = NDArray[np.float64]

_JEFFREYS = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """People of one cause by what they are called: on side A only, on side B only, on both, on neither."""

    a: int
    b: int
    both: int
    neither: int

    def of(self, side: int) -> tuple[int, int, int]:
        """On this side, on the other one only, on neither."""
        own, other = (self.a, self.b) if side == 0 else (self.b, self.a)
        return own + self.both, other, self.neither


def corrected_shares(
    calls: Calls, mean: Floats, draws: Floats, *, seed: int = 0
) -> tuple[CorrectedShare, CorrectedShare] | None:
    """Share of each side among the people who truly take one, with its 95 % interval.

    Adjusted classify and count (Gart & Buck 1966; Rogan & Gladen 1978; for several classes Forman 2008): if M[i, j] is
    how often what is meant as i is called j, the calls are q = M' p, and p is found by inversion, cut off at 0. Where
    the misreading was itself estimated, its uncertainty belongs in the interval (Lang & Reiczigel 2014): the interval
    holds the middle 95 % of p over draws of M and of q (Dirichlet with Jeffreys' prior), so it carries both the finite
    number of people and the finite number of dev rows. People who are called both are taken to be on both.

    Args:
        calls: People by what they are called.
        mean: (3, 3) expected M; rows and columns are side A, side B, neither.
        draws: (d, 3, 3) what M may be.
        seed: Of the draws of q.

    Returns:
        The two shares, which add up to more than 1 where people are on both; None where nobody is left on either side.
    """
    counts = np.array([calls.a, calls.b, calls.neither, calls.both], dtype=np.float64)
    point = _shares(counts[None], mean[None])[0]
    if np.isnan(point).any():
        return None
    prior = np.array([_JEFFREYS, _JEFFREYS, _JEFFREYS, 0.0])
    said = np.random.default_rng(seed).standard_gamma(counts + prior, (len(draws), 4))
    drawn = _shares(said, draws)
    tail = (1 - CONFIDENCE_LEVEL) / 2
    # A draw that leaves nobody on either side says nothing of their share: it stretches the interval both ways.
    low = np.quantile(np.nan_to_num(drawn, nan=0.0), tail, axis=0)
    high = np.quantile(np.nan_to_num(drawn, nan=1.0), 1 - tail, axis=0)
    first, second = (
        CorrectedShare(
            value=float(point[i]), low=float(min(low[i], point[i])), high=float(max(high[i], point[i]))
        )
        for i in (0, 1)
    )
    return first, second


def told_from_zero(calls: Calls, side: int, draws: Floats, *, significance: float, seed: int = 0) -> bool:
    """Whether more people are called on ``side`` (0 is A, 1 is B) than misreading all the others would give.

    A share at or below what the false calls make by themselves (1 - specificity) cannot be told from zero. Here the
    others are those of the opposite side and those who take none, each misread at its own rate, and the corrected
    share must lie above 0 in all but ``significance`` of the draws of ``corrected_shares``.
    """
    counts = np.array(calls.of(side), dtype=np.float64)
    order = [0, 1, 2] if side == 0 else [1, 0, 2]
    said = np.random.default_rng(seed).standard_gamma(counts + _JEFFREYS, (len(draws), 3))
    meant = _meant(said, draws[:, order][:, :, order])
    return float(np.mean(meant[:, 0] <= 0)) < significance


def _shares(said: Floats, matrices: Floats) -> Floats:
    """(d, 2) shares of A and B from (d, 4) amounts called A, B, neither and both; NaN where nobody is on either."""
    sides = np.clip(_meant(said[:, :3], matrices)[:, :2], 0.0, None)
    both = said[:, 3]
    everyone = sides.sum(axis=1) + both
    with np.errstate(invalid="ignore"):
        shares: Floats = (sides + both[:, None]) / np.where(everyone > 0, everyone, np.nan)[:, None]
    return shares


def _meant(said: Floats, matrices: Floats) -> Floats:
    """(d, 3) amounts meant, from (d, 3) amounts called and (d, 3, 3) matrices; below 0 where errors alone give more."""
    meant: Floats = np.linalg.solve(matrices.transpose(0, 2, 1), said[:, :, None])[:, :, 0]
    return meant
