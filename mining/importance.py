"""How much of a variance each of several correlated predictors carries: LMG, the Shapley value of R2.

The mean, over all orders in which predictors can enter a linear regression, of what each adds to R2 when its turn comes
(Lindeman, Merenda & Gold 1980; Groemping 2006, R package relaimpo). The shares are never negative, sum to R2, and two
predictors that stand for one thing divide it between them.
"""

from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MOST_EXACT = 10
_ORDERS = 100
_RIDGE = 1e-9


def importance(covariances: Floats, *, seed: int) -> Floats:
    """Share of the variance of the outcome that each predictor carries.

    Args:
        covariances: (b, p + 1, p + 1) covariance matrices of p predictors and, last, the outcome.
        seed: Of the sampled orders.

    Returns:
        (b, p) contributions in [0, 1] that sum to R2 in each row: exact over all orders for up to ten
        predictors, else over 100 sampled orders and their reverses. A predictor without variance carries nothing; an
        outcome without variance gives zeros.
    """
    predictors, outcome, total = covariances[:, :-1, :-1], covariances[:, :-1, -1], covariances[:, -1, -1]
    scale = np.sqrt(np.maximum(np.diagonal(predictors, axis1=1, axis2=2), _RIDGE**2))
    spread = np.sqrt(np.maximum(total, _RIDGE**2))
    correlations = predictors / (scale[:, :, None] * scale[:, None, :])
    number = np.arange(predictors.shape[1])
    correlations[:, number, number] = 1 + _RIDGE  # two columns may be the same in a resample
    with_outcome = outcome / (scale * spread[:, None])
    if len(number) <= MOST_EXACT:
        return _exact(correlations, with_outcome)
    return _sampled(correlations, with_outcome, np.random.default_rng(seed))


def _exact(correlations: Floats, with_outcome: Floats) -> Floats:
    """Every set of predictors is fitted once."""
    size = with_outcome.shape[1]
    explained: dict[tuple[int, ...], Floats] = {(): np.zeros(len(with_outcome))}
    for number in range(1, size + 1):
        for chosen in combinations(range(size), number):
            own = with_outcome[:, chosen]
            inside = correlations[:, chosen][:, :, chosen]
            weights = np.linalg.solve(inside, own[:, :, None])[:, :, 0]
            explained[chosen] = (weights * own).sum(axis=1)
    carried = np.zeros_like(with_outcome)
    for before, fitted in explained.items():
        for added in set(range(size)) - set(before):
            weight = 1 / (size * comb(size - 1, len(before)))
            carried[:, added] += weight * (explained[tuple(sorted((*before, added)))] - fitted)
    return np.maximum(carried, 0.0)


def _sampled(correlations: Floats, with_outcome: Floats, rng: np.random.Generator) -> Floats:
    """In one order, a Cholesky factor gives at once what each predictor adds: its squared semipartial correlation."""
    carried = np.zeros_like(with_outcome)
    for _ in range(_ORDERS):
        order = rng.permutation(with_outcome.shape[1])
        for entering in (order, order[::-1]):
            factor = np.linalg.cholesky(correlations[:, entering][:, :, entering])
            added = np.linalg.solve(factor, with_outcome[:, entering, None])[:, :, 0] ** 2
            carried[:, entering] += added
    return carried / (2 * _ORDERS)
