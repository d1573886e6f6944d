"""Whether told chances of leaving are right for people whom the model has not seen."""

import zlib
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mining.evidence import CONFIDENCE_LEVEL
from mining.loyalty.firth import FirthFit, patterns_of
from mining.loyalty.results import Calibration
from mining.loyalty.trials import Trials

Floats = NDArray[np.float64]

_FOLDS: Final = 10
_SURE: Final = 1e-6


def calibration_of(design: Floats, trials: Trials) -> Calibration | None:
    """Tenfold cross-validation by person: slope of the log odds (Cox 1958), and Brier skill against the overall rate.

    Both are of single trials. The interval of the slope is Wald's, clustered by person where a person has many trials;
    that of the skill comes from the linearised ratio over people.

    Args:
        design: (n, q) of the trials, with a first column of ones.
        trials: What happened.

    Returns:
        None where a fold is without leavers.
    """
    fold = np.array([zlib.crc32(writer.person.encode()) % _FOLDS for writer in trials.writers])[trials.writer]
    told, plain = np.zeros(len(trials.left)), np.zeros(len(trials.left))
    for number in range(_FOLDS):
        held = fold == number
        rest = ~held
        if not held.any():
            continue
        if not trials.left[rest].any():
            return None
        kept = design[rest].any(axis=0)  # a term that nobody in the rest has says nothing of the others
        fit = FirthFit(patterns_of(design[rest][:, kept], trials.left[rest]))
        told[held] = fit.probabilities(design[held][:, kept])
        plain[held] = trials.left[rest].mean()
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
