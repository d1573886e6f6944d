"""From which probability a model stands by its calls: the least one whose calls are seldom wrong on dev rows."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from training.dev_rows import LEAST_ROWS

RISK: Final = 0.1
_LEVEL: Final = 0.05
_GRID: Final = np.round(np.arange(0.34, 1.0, 0.01), 2)[::-1]


def abstain_below(
    chances: NDArray[np.floating], called: NDArray[np.int64], labels: NDArray[np.int64]
) -> float:
    """The least threshold on a grid of hundredths from .34 from which at most ``RISK`` of the calls are wrong.

    Selection with guaranteed risk (Geifman & El-Yaniv 2017, arXiv:1705.08500): not the share of wrong calls has to
    stay below, but its upper bound at 95 % (Clopper & Pearson 1934). Thresholds are tested one after the other, from
    the highest that leaves 200 calls down to the first that fails, which needs no correction for their number
    (Angelopoulos et al. 2021, arXiv:2110.01052). The rows count as independent; translations of one sentence are not
    quite.

    Args:
        chances: (n, classes) calibrated probabilities of dev rows.
        called: (n,) what the model calls them (``models.calls``).
        labels: (n,) their true classes.

    Returns:
        The threshold; 1 where the first one fails already, as with a poor model, or where there are fewer rows.
    """
    from scipy.stats import beta

    sure, wrong = chances.max(axis=1, initial=0.0), called != labels
    least = 1.0
    for threshold in _GRID:
        answered = sure >= threshold
        calls, errors = int(answered.sum()), int(wrong[answered].sum())
        if calls < LEAST_ROWS:
            continue
        if errors == calls or beta.ppf(1 - _LEVEL, errors + 1, calls - errors) > RISK:
            break
        least = float(threshold)
    return least
