"""Fits the wide part (``models.wide``) on the rows that the deep part learned from, and weighs the two on dev."""

import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.labels import DEGREES, SENTIMENTS
from models.calibration import fit_temperature, probabilities
from models.predictions import Floats
from models.wide import Wide, ngrams
from training.examples import MISSING, Examples

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

CLASSES = {"sentiment": SENTIMENTS, "degree": DEGREES}
ROWS_PER_SET = 2_000
FACTORS = np.linspace(0.0, 1.2, 13)
INVERSE_PENALTY = 8.0


def fit_wide(train: pd.DataFrame, dev: Examples, found: "csr_matrix", deep: Mapping[str, Floats]) -> Wide:
    """A linear model per head on character n-grams, scaled by what it adds to the deep scores on dev.

    Args:
        train: Training rows (see ``training.examples.read_labelled``).
        dev: Rows that decide the weight of the wide part.
        found: Their n-grams.
        deep: Head name to (len(dev), classes) scores of the deep part for the dev rows.

    Returns:
        Weights and biases, already multiplied by the chosen factor; a head without labels, or that the wide part
        does not help, is left out.
    """
    weights, bias = {}, {}
    for head, classes in CLASSES.items():
        rows = _rows(train, head)
        labels = getattr(dev, head)
        known = labels != MISSING
        if set(rows[head]) != set(classes) or not known.any():
            continue
        matrix, offset = _linear(rows, head, classes)
        scores = np.asarray(found @ matrix + offset, np.float32)
        factor = best_factor(deep[head][known], scores[known], labels[known])
        if factor > 0:
            weights[head], bias[head] = matrix * factor, offset * factor
    return Wide(weights=weights, bias=bias)


def best_factor(deep: Floats, wide: Floats, labels: NDArray[np.int64]) -> np.float32:
    """Factor of the (n, classes) wide scores with the least negative log-likelihood, each sum at its own temperature.

    A logarithmic opinion pool (Heskes 1998, Selecting weighting factors in logarithmic opinion pools).
    """
    losses = []
    for factor in FACTORS:
        logits = (deep + np.float32(factor) * wide).astype(np.float32)
        chances = probabilities(logits, fit_temperature(logits, labels))
        losses.append(-np.log(np.maximum(chances[np.arange(len(labels)), labels], 1e-9)).mean())
    return np.float32(FACTORS[int(np.argmin(losses))])


def _rows(train: pd.DataFrame, head: str) -> pd.DataFrame:
    """Labelled rows that the deep part sees, too, and no set so large that it crowds the others out."""
    rows = train[train[head].notna() & (train.weight > 0)].sort_values("text", kind="stable")
    rows = rows.drop_duplicates(["text", head]).sample(frac=1, random_state=0)
    return rows.groupby(["lang", "source"], sort=False).head(ROWS_PER_SET)


def _linear(rows: pd.DataFrame, head: str, classes: tuple[str, ...]) -> tuple[Floats, Floats]:
    """One logistic regression a class against the rest: (FEATURES, classes) weights and (classes,) biases."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    seen = ngrams(list(rows.text))
    columns, offsets = [], []
    for name in classes:
        model = LogisticRegression(
            C=INVERSE_PENALTY,
            solver="liblinear",
            dual=True,
            class_weight="balanced",
            max_iter=60,
            random_state=0,
        )
        with warnings.catch_warnings():  # the last digits do not matter: dev weighs the result
            warnings.simplefilter("ignore", ConvergenceWarning)
            model.fit(seen, (rows[head] == name).to_numpy())
        columns.append(model.coef_[0])
        offsets.append(model.intercept_[0])
    return np.stack(columns, axis=1).astype(np.float32), np.asarray(offsets, np.float32)
