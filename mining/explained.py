"""How much of an outcome all predictors of a linear regression explain together: adjusted R2, interval and test."""

from dataclasses import dataclass
from typing import Final

_DETERMINED: Final = 1 - 1e-6
"""From here on the interval is narrower than any rounding, and the distribution of F out of the range of floats."""


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


def explained(r2: float, predictors: int, people: int) -> Explained:
    """What ``predictors`` explain that reach ``r2`` on the ``people`` that they were fitted to.

    On those rows R2 is too high, by about predictors / people, and resamples of them are too high once more: so the
    part is adjusted (Ezekiel 1930), and its interval is that of the noncentrality of F (Steiger & Fouladi 1992).

    Args:
        r2: In [0, 1].
        predictors: At least one.
        people: More than ``predictors + 1``.
    """
    from scipy.stats import f

    freedom = people - predictors - 1
    statistic = r2 / predictors / max(1e-12, (1 - r2) / freedom)
    part = max(0.0, 1 - (1 - r2) * (people - 1) / freedom)
    low, high = (
        (part, part)
        if r2 > _DETERMINED
        else (_part_at(chance, statistic, predictors, people) for chance in (0.975, 0.025))
    )
    return Explained(part, low, high, p_value=float(f.sf(statistic, predictors, freedom)))


def _part_at(chance: float, statistic: float, predictors: int, people: int) -> float:
    """The part in all people at which F is at most ``statistic`` with this chance; 0 where it is rarer even there.

    The noncentral F is taken as a central one of other freedom and scale (Patnaik 1949), which moves the part by at
    most .02 of 100 people and .006 of 300; SciPy's own is not a number for some thousands.
    """
    from scipy.optimize import brentq
    from scipy.stats import f

    freedom = people - predictors - 1

    def excess(part: float) -> float:
        shifted = predictors + people * part / (1 - part)
        scaled = shifted**2 / (2 * shifted - predictors)
        return float(f.cdf(statistic * predictors / shifted, scaled, freedom)) - chance

    return float(brentq(excess, 0.0, _DETERMINED)) if excess(0.0) > 0 else 0.0
