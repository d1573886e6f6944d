"""When a cause that had gone came back: a scan over all weeks in which it could have."""

import numpy as np
from numpy.typing import NDArray

from mining.fixes.rate_ratio import Dispersion
from mining.fixes.repetition import repetition
from mining.same_people import SamePeople

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_WORLDS = 999
_WEEKS_OF_A_WAVE = 4
_CALM = 1e-9  # keeps a world possible whose waves are all 0
_WILDEST = (
    10.0  # a squared coefficient of variation beyond it says no more than that people speak in one wave only
)


def find_return(
    counts: Ints, exposure: Ints, dispersion: Dispersion, same: SamePeople | None = None, *, seed: int
) -> tuple[int, float] | None:
    """The week from which the rate is higher than in all weeks before it, and how surprising that is.

    The largest likelihood ratio over all weeks, one-sided, against the same in worlds of one rate throughout: the weeks
    of those who spoke are drawn by exposure, in waves of four weeks where the cause comes in waves, as strong in each
    world as the periods before the fix leave open. What was found is divided by how much more its two rates vary than
    chance because the same people say the same again.

    Args:
        counts: (t,) people who spoke in each week since the fix.
        exposure: (t,) people who wrote in each.
        dispersion: Of the cause before the fix.
        same: Who spoke and wrote in several of the weeks; without it all are taken as different people.
        seed: Of the worlds.

    Returns:
        Number of the week and the p-value; None where no week has a higher rate from it on.
    """
    total, written = int(counts.sum()), int(exposure.sum())
    if len(counts) < 2 or not total or not written:
        return None
    parts = np.cumsum(exposure)[:-1] / written
    surprises = _surprise(np.cumsum(counts)[None, :-1], total, parts)[0]
    week, found = int(surprises.argmax()) + 1, float(surprises.max())
    if not found > 0:
        return None
    if same is not None:
        found /= 1 + repetition(same, np.arange(len(counts)) >= week)
    rng = np.random.default_rng(seed)
    worlds = rng.multinomial(total, _weights(exposure, dispersion, rng))
    largest = _surprise(np.cumsum(worlds, axis=1)[:, :-1], total, parts).max(axis=1)
    p_value = (1 + int((largest >= found - 1e-9).sum())) / (1 + _WORLDS)
    return week, p_value


def _surprise(early: Ints, total: int, parts: Floats) -> Floats:
    """(worlds, t - 1) twice the log-likelihood ratio of two rates against one, 0 where the later one is not higher."""
    from scipy.special import rel_entr

    share = early / total
    surprise = 2 * total * (rel_entr(share, parts) + rel_entr(1 - share, 1 - parts))
    return np.where((share < parts) & (parts < 1), surprise, 0.0)


def _weights(exposure: Ints, dispersion: Dispersion, rng: np.random.Generator) -> Floats:
    """(worlds, t) shares of the weeks, in waves where alpha > 0."""
    weights = np.tile(exposure.astype(np.float64), (_WORLDS, 1))
    if dispersion.alpha > 0:
        alpha = _strengths(dispersion, rng)
        waves = rng.gamma(1 / alpha, alpha, (_WORLDS, -(-len(exposure) // _WEEKS_OF_A_WAVE))) + _CALM
        weights *= np.repeat(waves, _WEEKS_OF_A_WAVE, axis=1)[:, : len(exposure)]
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def _strengths(dispersion: Dispersion, rng: np.random.Generator) -> Floats:
    """(worlds, 1) an alpha of each world: the estimate is off by as much as chi-square over its degrees of freedom.

    This is to a scan what Student's quantile is to an interval. With the estimate itself in every world, a cause that
    comes in strong waves was called back too often: the waves before the fix look calm by chance in some files.
    """
    freedom = dispersion.freedom
    drawn = dispersion.alpha * freedom / rng.chisquare(freedom, (_WORLDS, 1))
    return np.asarray(np.minimum(drawn, _WILDEST))
