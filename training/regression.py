"""Logistic regression on sparse n-grams, cheap enough for all rows of a training."""

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

EPOCHS: Final = 8
FEWEST_STEPS: Final = 500_000


def logistic_regression(rows: int, *, inverse_penalty: float, balanced: bool) -> Any:
    """An unfitted classifier; several classes are each set against the rest, in threads.

    Averaged stochastic gradient descent (Polyak & Juditsky 1992) needs a few passes over many rows. Few rows are passed
    over more often.

    Args:
        rows: How many it will be fitted on.
        inverse_penalty: C of scikit-learn: the weight of the losses beside the squared norm.
        balanced: Weigh rare classes up.
    """
    from sklearn.linear_model import SGDClassifier

    return SGDClassifier(
        loss="log_loss",
        alpha=1 / (inverse_penalty * rows),
        average=True,
        max_iter=max(EPOCHS, FEWEST_STEPS // rows),
        tol=None,
        class_weight="balanced" if balanced else None,
        n_jobs=-1,
        random_state=0,
    )


def each_by_itself(
    seen: "csr_matrix", truth: NDArray[np.bool_], *, inverse_penalty: float, balanced: bool
) -> dict[int, Any]:
    """Classifiers of whether each column of the (n, classes) ``truth`` holds, fitted side by side.

    Returns:
        Column to its classifier; a column that no row has, or every row, is left out.
    """
    from joblib import Parallel, delayed

    asked = np.flatnonzero(truth.any(axis=0) & ~truth.all(axis=0)).tolist()
    models = [
        logistic_regression(seen.shape[0], inverse_penalty=inverse_penalty, balanced=balanced) for _ in asked
    ]
    # Threads copy no matrix, and scikit-learn lets them run side by side.
    fitted = Parallel(n_jobs=-1, require="sharedmem")(
        delayed(model.fit)(seen, truth[:, column]) for model, column in zip(models, asked, strict=True)
    )
    return dict(zip(asked, fitted, strict=True))
