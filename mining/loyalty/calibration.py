"""Whether told chances of leaving are right for people whom the model has not seen."""

import zlib
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mining.evidence import CONFIDENCE_LEVEL
from mining.loyalty.firth import Patterns
from mining.loyalty.results import Calibration
from mining.loyalty.screening import Model
from mining.loyalty.trials import Trials

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_FOLDS: Final = 10
_SURE: Final = 1e-6


def calibration_of(patterns: Patterns, row: Ints, trials: Trials, background: int) -> Calibration | None:
    """Tenfold cross-validation by person: slope of the log odds (Cox 1958), and Brier skill against the overall rate.

    Each tenth is told by a model whose causes were chosen and fitted without it. Both figures are of single trials. The
    interval of the slope is Wald's, clustered by person, who may have many trials; that of the skill comes from the
    linearised ratio over people.

    Args:
        patterns, row: Background and stances of the trials, as ``patterns_of`` gives them.
        trials: What happened.
        background: How many columns the background has.

    Returns:
        None where a fold has nobody, or nobody left outside of it.
    """
    fold = np.array([zlib.crc32(writer.person.encode()) % _FOLDS for writer in trials.writers])[trials.writer]
    told, plain = np.zeros(len(row)), np.zeros(len(row))
    for number in range(_FOLDS):
        held = fold == number
        others = _without(patterns, row[held], trials.left[held])
        if not held.any() or not others.events.any():
            return None
        told[held] = Model.of(others, background).chances(patterns.design)[row[held]]
        plain[held] = others.events.sum() / others.trials.sum()
    slope, error = _slope(told, trials)
    skill, spread = _skill(told, plain, trials)
    reach = _quantile()
    return Calibration(
        slope=slope,
        slope_low=slope - reach * error,
        slope_high=slope + reach * error,
        skill=skill,
        skill_low=skill - reach * spread,
        skill_high=skill + reach * spread,
    )


def _without(patterns: Patterns, row: Ints, left: NDArray[np.bool_]) -> Patterns:
    """The patterns less the trials at ``row``; those that nobody else shows stay, without trials."""
    size = len(patterns.trials)
    return replace(
        patterns,
        trials=patterns.trials - np.bincount(row, minlength=size),
        events=patterns.events - np.bincount(row, weights=left, minlength=size),
    )


def _slope(told: Floats, trials: Trials) -> tuple[float, float]:
    import statsmodels.api as sm

    chance = np.clip(told, _SURE, 1 - _SURE)
    design = np.column_stack([np.ones(len(chance)), np.log(chance / (1 - chance))])
    fitted = sm.GLM(trials.left.astype(float), design, family=sm.families.Binomial()).fit(
        cov_type="cluster", cov_kwds={"groups": trials.writer}
    )
    return float(fitted.params[1]), float(fitted.bse[1])


def _skill(told: Floats, plain: Floats, trials: Trials) -> tuple[float, float]:
    """1 - Brier score / that of the overall rate, and its standard error over people (delta method)."""
    size, happened = len(trials.writers), trials.left.astype(float)
    ours = np.bincount(trials.writer, weights=(told - happened) ** 2, minlength=size)
    theirs = np.bincount(trials.writer, weights=(plain - happened) ** 2, minlength=size)
    ratio = ours.sum() / theirs.sum()
    deviation = (ours - ratio * theirs) / theirs.mean()
    return float(1 - ratio), float(deviation.std(ddof=1) / np.sqrt(size))


def _quantile() -> float:
    from scipy.stats import norm

    return float(norm.ppf((1 + CONFIDENCE_LEVEL) / 2))
