"""Logistic regression on sparse n-grams, cheap enough for all rows of a training."""

from typing import Any, Final

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
