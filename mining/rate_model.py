"""A log-linear model of a rate over time, with an interval that holds where counts vary more than chance."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mining.evidence import CONFIDENCE_LEVEL
from mining.same_people import SamePeople

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

SUSPECT = 0.3
_ROUNDS = 4
_MOST_DISPERSED = 50.0
_STEEPEST = 30.0


@dataclass(frozen=True, kw_only=True)
class RateFit:
    """log(rate) = intercept + slope * month.

    Attributes:
        model: "poisson" or "negative_binomial".
        dispersion: The alpha of the negative binomial, variance = m + alpha m^2; 0 for Poisson.
        slope, error: Slope per month and its standard error.
        quantile: Of the interval: normal for Poisson; Student's with t - 2 degrees of freedom for the negative
            binomial, and with at most one less than the people who spoke where the error holds what the same ones add.
        rates: (t,) fitted rates.
        rate_errors: (t,) standard errors of their logarithms.
    """

    model: str
    dispersion: float
    slope: float
    error: float
    quantile: float
    p_value: float
    rates: Floats
    rate_errors: Floats

    @property
    def change(self) -> float:
        """Factor per month."""
        return float(np.exp(self.slope))

    @property
    def low(self) -> float:
        """Lower end of the 95 % interval of ``change``."""
        return float(np.exp(self.slope - self.quantile * self.error))

    @property
    def high(self) -> float:
        """Upper end of the 95 % interval of ``change``."""
        return float(np.exp(self.slope + self.quantile * self.error))

    def bands(self) -> list[tuple[float, float, float]]:
        """For each period the fitted rate and its 95 % interval."""
        reach = np.exp(self.quantile * self.rate_errors)
        return list(
            zip(
                self.rates.tolist(),
                (self.rates / reach).tolist(),
                (self.rates * reach).tolist(),
                strict=True,
            )
        )


def fit_rate(counts: Ints, exposure: Ints, months: Floats, same: SamePeople | None = None) -> RateFit | None:
    """Fit the people per period by Poisson regression with exposure as offset.

    Where Pearson's chi-square hints at more variation than chance (p below 0.3: missing overdispersion costs coverage,
    suspecting it in vain costs a little width), the model is negative binomial, its alpha by the method of moments
    (Breslow 1984), and the quantile is Student's, since alpha was estimated from as few periods. Neither sees that the
    same people spoke in several periods; the errors grow by what ``same`` tells of that.

    Args:
        counts: (t,) people who spoke of the cause, at least one of them.
        exposure: (t,) people who wrote, all > 0.
        months: (t,) time of the periods in months.
        same: Who spoke and wrote in several of the t periods; without it all are taken as different people.

    Returns:
        None when everybody spoke in the first period, or in the last, or nearly so: no slope is steep enough then;
        and where the numbers fail, as periods years away from all others can make them.
    """
    if counts.sum() in (counts[0], counts[-1]):
        return None
    from statsmodels.tools.sm_exceptions import ModelWarning

    design, freedom = np.column_stack([np.ones_like(months), months]), len(counts) - 2
    try:
        with _failures_raised(), counts_on_the_curve():
            fitted, alpha = _fitted(counts, design, np.log(exposure), freedom)
            errors, repeated = _errors(fitted, design, exposure, alpha, same)
    except (ValueError, np.linalg.LinAlgError, ModelWarning):
        return None
    slope, error = float(fitted.params[1]), float(errors[0])
    spread = quantiles_of(([freedom] if alpha else []) + ([same.people - 1] if same and repeated else []))
    quantile = float(spread.ppf((1 + CONFIDENCE_LEVEL) / 2))
    if not (np.isfinite(errors).all() and abs(slope) + quantile * error < _STEEPEST):
        return None
    return RateFit(
        model="negative_binomial" if alpha else "poisson",
        dispersion=alpha,
        slope=slope,
        error=error,
        quantile=quantile,
        p_value=float(2 * spread.sf(abs(slope) / error)),
        rates=np.exp(design @ fitted.params),
        rate_errors=errors[1:],
    )


def _errors(
    fitted: Any, design: Floats, exposure: Ints, alpha: float, same: SamePeople | None
) -> tuple[Floats, bool]:
    """(1 + t,) errors of the slope and of the logarithms of the rates; whether the same people add to the first."""
    directions, covariance = np.vstack([[0.0, 1.0], design]), fitted.cov_params()
    variances = np.einsum("ij,jk,ik->i", directions, covariance, directions)
    if same is None:
        return np.sqrt(variances), False
    influence = directions @ covariance @ design.T / (1 + alpha * fitted.mu)
    excess = same.excess(influence, fitted.mu / exposure)
    return np.sqrt(variances + excess), bool(excess[0] > 0)


def quantiles_of(freedoms: list[int]) -> Any:
    """Student's distribution with the fewest of the degrees of freedom; the normal one without any."""
    from scipy.stats import norm, t

    return t(max(1, min(freedoms))) if freedoms else norm


@contextmanager
def counts_on_the_curve() -> Iterator[None]:
    """Counts that lie on the curve are no fault of a model of rates: statsmodels' warning is meant for yes and no."""
    from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PerfectSeparationWarning)
        yield


@contextmanager
def _failures_raised() -> Iterator[None]:
    """A model that statsmodels warns of is none; it refuses rates that overflow by itself."""
    from statsmodels.tools.sm_exceptions import ModelWarning

    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("error", ModelWarning)
        yield


def _fitted(counts: Ints, design: Floats, offset: Floats, freedom: int) -> tuple[Any, float]:
    """The fitted model and its alpha.

    A negative binomial is found by turns: alpha, for which Pearson's chi-square is its degrees of freedom, then the
    coefficients.
    """
    import statsmodels.api as sm
    from scipy.stats import chi2

    alpha = 0.0
    fitted = sm.GLM(counts, design, family=sm.families.Poisson(), offset=offset).fit()
    if chi2.sf(fitted.pearson_chi2, freedom) >= SUSPECT:
        return fitted, alpha
    for _ in range(_ROUNDS):
        better = dispersion_of(counts, fitted.mu, freedom)
        if better == 0:
            break
        alpha, family = better, sm.families.NegativeBinomial(alpha=better)
        fitted = sm.GLM(counts, design, family=family, offset=offset).fit(start_params=fitted.params)
    return fitted, alpha


def dispersion_of(counts: Ints, means: Floats, freedom: int) -> float:
    """The alpha of variance m + alpha m^2 for which Pearson's chi-square is ``freedom`` (Breslow 1984); 0 for Poisson.

    Args:
        counts: (t,) people per period.
        means: (t,) what the model expects, all > 0.
        freedom: Degrees of freedom of the residuals.
    """
    from scipy.optimize import brentq

    def excess(alpha: float) -> float:
        return float(((counts - means) ** 2 / (means * (1 + alpha * means))).sum() - freedom)

    if excess(0.0) <= 0:
        return 0.0
    if excess(_MOST_DISPERSED) > 0:
        return _MOST_DISPERSED
    return float(brentq(excess, 0.0, _MOST_DISPERSED))
