"""A share of weighted people with its interval."""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mining.evidence import CONFIDENCE_LEVEL, share_of
from mining.speaking.raking import effective_people
from mining.speaking.results import WeightedShare

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

_FEWEST: Final = 6  # people on a side, and not on it
_EQUAL: Final = 1e-9  # weights that differ by rounding alone


def weighted_share(on: Bools, weights: Floats, *, gate: int) -> WeightedShare:
    """The share of the people who are ``on`` a side, as counted and weighted.

    The interval is Wilson's, of ``_telling_people`` instead of the people. Kish's number is told, and decides on the
    gate, but it is right for the interval only where weights have nothing to do with the answer; where the few who were
    heard too little are those who complain, it covers 84 to 90 % instead of 95 (docs/who-speaks.md).

    Args:
        on: (n,) whether a person is on the side.
        weights: (n,) of the people, above 0.
        gate: Fewest effective people of a share.
    """
    raw, n_eff = share_of(int(on.sum()), len(on)), effective_people(weights)
    if n_eff < gate:
        return WeightedShare(raw=raw, value=None, low=None, high=None, n_eff=n_eff, p_value=None)
    value = float(weights[on].sum() / weights.sum())
    low, high = _wilson(value, _telling_people(on, weights, value))
    return WeightedShare(
        raw=raw,
        value=value,
        low=0.0 if raw.k == 0 else low,
        high=1.0 if raw.k == raw.n else high,
        n_eff=n_eff,
        p_value=_chance_of_move(on, weights, value),
    )


def _chance_of_move(on: Bools, weights: Floats, share: float) -> float | None:
    """P-value of "the weighted share differs from the counted one by chance alone" (DuMouchel & Duncan 1983).

    The difference is a sum over people of (w / W - 1 / n) y, and normal where enough are on the side and not on it.
    """
    people = len(on)
    if min(int(on.sum()), people - int(on.sum())) < _FEWEST:
        return None
    pull = weights / weights.sum() - 1 / people
    spread = float((pull**2 * (on - on.mean()) ** 2).sum()) ** 0.5
    if spread * people < _EQUAL:
        return None
    return math.erfc(abs(share - float(on.mean())) / spread / 2**0.5)


def _telling_people(on: Bools, weights: Floats, share: float) -> float:
    """How many people of equal weight would tell this share as precisely; at most as many as there are.

    The variance of a weighted share p by linearisation is the sum of w^2 (y - p)^2 over the square of W, the sum of w.
    With r1 and r0, the sum of w^2 over that of w of those on the side and of those who are not, p (1 - p) over that
    variance is

        W / ((1 - p) r1 + p r0)

    Of few people on a side r1 is told badly, and too small where those who weigh most happen to be missing. So each
    side has one person more who weighs as much as anybody.
    """
    top = float(weights.max())
    ratios = [
        (float((own**2).sum()) + top**2) / (float(own.sum()) + top) for own in (weights[on], weights[~on])
    ]
    telling = float(weights.sum()) / ((1 - share) * ratios[0] + share * ratios[1])
    return min(telling, float(len(weights)))


def _wilson(share: float, people: float) -> tuple[float, float]:
    """The interval of Wilson (1927) for a share of any number of people, whole or not."""
    from statsmodels.stats.proportion import proportion_confint

    low, high = proportion_confint(share * people, people, alpha=1 - CONFIDENCE_LEVEL, method="wilson")
    return max(0.0, float(low)), min(1.0, float(high))
