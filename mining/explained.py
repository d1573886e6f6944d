"""How much of an outcome all predictors of a linear regression explain together: adjusted R2, interval and test."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mining.evidence import CONFIDENCE_LEVEL

Floats = NDArray[np.float64]

_LEAST_LEFT: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Explained:
    """What the predictors explain, in parts of the variance of the outcome.

    Attributes:
        part: Adjusted R2, in [0, 1].
        low, high: 95 % interval of the part in all people, of whom these are a sample.
        p_value: Of the F test that they explain nothing.
    """

    part: float
    low: float
    high: float
    p_value: float


def explained(deviations: Floats, residuals: Floats, predictors: int) -> Explained:
    """What ``predictors`` explain of an outcome.

    On the rows that were fitted R2 is too high, by about predictors / people, and resamples of them are too high once
    more: so the part is adjusted (Ezekiel 1930). Who has a cause is as random as the outcome, which is no normal
    variable either: the interval is by the delta method, from the influence of each person on log(1 - R2), which is
    e^2 / mean e^2 - d^2 / mean d^2 (Hampel 1974). Where hardly anything is explained all influences are near 0, and
    what is left is the variance of a chi-square of the predictors, 2 predictors / people^2. Simulated over ratings,
    yes/no and normal outcomes, 100 to 1,000 people and 4 to 30 predictors it covers .91 to .98.

    Args:
        deviations: (n,) the outcome less its mean, not all 0; n is more than ``predictors + 1``.
        residuals: (n,) the outcome less what the regression says.
        predictors: At least one.
    """
    from scipy.stats import f, norm

    people, left, all_of_it = len(deviations), residuals**2, deviations**2
    freedom = people - predictors - 1
    unexplained = max(_LEAST_LEFT, float(left.mean() / all_of_it.mean()))
    statistic = (1 - unexplained) / predictors / (unexplained / freedom)
    influence = left / max(_LEAST_LEFT, left.mean()) - all_of_it / all_of_it.mean()
    reach = norm.ppf((1 + CONFIDENCE_LEVEL) / 2)
    spread = float(reach * np.sqrt(influence.var() / people + 2 * predictors / people**2))
    adjusted = unexplained * (people - 1) / freedom
    return Explained(
        part=_part(1 - adjusted),
        low=_part(1 - adjusted * np.exp(spread)),
        high=_part(1 - adjusted * np.exp(-spread)),
        p_value=float(f.sf(max(0.0, statistic), predictors, freedom)),
    )


def _part(value: float) -> float:
    return min(1.0, max(0.0, float(value)))
