"""The same fall against causes that nobody touched: everything that moved all causes moved these, too."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mining.evidence import CONFIDENCE_LEVEL
from mining.fixes.rate_ratio import Dispersion, contrast_inflation, phase_dispersion
from mining.fixes.repetition import repetition_of_odds
from mining.fixes.results import Ratio
from mining.rate_model import counts_on_the_curve
from mining.same_people import SamePeople

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

_FEWEST_BEFORE = 4


def controlled_ratio(
    counts: Ints, controls: Ints, exposure: Ints, after: Mask, same: SamePeople | None = None
) -> Ratio:
    """Odds of the cause against its controls, after over before.

    The interval is the smoothed logit one (Agresti 1999), which knows zeros; counts of both are divided first by how
    much more than chance they vary, and by what people add who say the same again (``mining.fixes.repetition``).

    Args:
        counts: (t,) people who spoke of the cause.
        controls: (t,) people who spoke of an untouched cause.
        exposure: (t,) people who wrote.
        after: (t,) whether a period lies after the day.
        same: Who spoke of the cause, of those who spoke of it or of an untouched one, in several of the periods;
            without it all are taken as different people.
    """
    from scipy.stats import norm
    from statsmodels.stats.proportion import confint_proportions_2indep

    spoken = (counts, controls)
    dispersions = [phase_dispersion(each, exposure, after) for each in spoken]
    if same is not None:
        repeated = repetition_of_odds(same, controls, after)
        dispersions = [replace(each, repeated=repeated, people=same.people) for each in dispersions]
    own, others = (
        _effective(each, exposure, after, dispersion)
        for each, dispersion in zip(spoken, dispersions, strict=True)
    )
    quantile = max(dispersion.quantile for dispersion in dispersions)
    low, high = confint_proportions_2indep(
        own[1],
        own[1] + others[1],
        own[0],
        own[0] + others[0],
        method="logit-smoothed",
        compare="odds-ratio",
        alpha=2 * float(norm.sf(quantile)),
    )
    past, now = counts[~after].sum(), counts[after].sum()
    value = float(now / controls[after].sum() / (past / controls[~after].sum())) if past else None
    return Ratio(value=value, low=float(low), high=float(high), model="binomial")


def level_change(counts: Ints, others: Ints, months: Floats, after: Mask) -> Ratio | None:
    """The step on the day beyond a trend through all periods: an interrupted time series (Wagner et al. 2002).

    Logistic regression of the people of the cause against ``others`` (controls, or all others who wrote), on time and
    on being after the day, its errors widened by Pearson's chi-square (quasi-binomial) with Student's quantile.

    Args:
        counts: (t,) people who spoke of the cause.
        others: (t,) people it is held against.
        months: (t,) time of the periods.
        after: (t,) whether a period lies after the day.

    Returns:
        None with fewer than four periods before or none after, of those in which anybody spoke; where nobody spoke of
        the cause before; and where some period has people of the cause and nobody else.
    """
    used = counts + others > 0
    counts, others, months, after = counts[used], others[used], months[used], after[used]
    few = not after.any() or (~after).sum() < _FEWEST_BEFORE
    if few or not counts[~after].sum() or not others.all():
        return None
    import statsmodels.api as sm
    from scipy.stats import t

    design = np.column_stack([np.ones_like(months), months - months.mean(), after])
    spoken = counts + 0.5 * after / after.sum() * (
        counts[after].sum() == 0
    )  # half a person where nobody spoke
    with counts_on_the_curve():
        fitted = sm.GLM(np.column_stack([spoken, others]), design, family=sm.families.Binomial()).fit()
    freedom = len(counts) - design.shape[1]
    scale = max(1.0, float(fitted.pearson_chi2) / freedom)
    reach = float(t.ppf((1 + CONFIDENCE_LEVEL) / 2, freedom)) * float(fitted.bse[2]) * scale**0.5
    step = float(fitted.params[2])
    low, value, high = (float(np.exp(end)) for end in (step - reach, step, step + reach))
    return Ratio(value=value, low=low, high=high, model="binomial", dispersion=scale - 1)


def _effective(counts: Ints, exposure: Ints, after: Mask, dispersion: Dispersion) -> tuple[float, float]:
    """People before and after, less what waves and the same people add to their number."""
    times = contrast_inflation(counts, exposure, after, dispersion)
    return float(counts[~after].sum()) / times, float(counts[after].sum()) / times
