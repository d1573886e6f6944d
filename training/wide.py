"""Fits the wide part (``models.wide``) on the rows that the deep part learned from, and weighs the two on dev."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.labels import DEGREES, SENTIMENTS, TOPICS
from models.calibration import (
    class_loss,
    fit_temperature,
    fit_topic_temperature,
    probabilities,
    sigmoid,
    topic_loss,
)
from models.ngrams import FEATURES, ngrams
from models.predictions import Floats
from models.wide import Wide, folded
from training.dev_rows import can_calibrate
from training.examples import MISSING, Examples
from training.regression import each_by_itself
from training.scorecard import topic_matrix

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Labels = NDArray[np.int64] | NDArray[np.float32]

CLASSES = {"sentiment": SENTIMENTS, "degree": DEGREES, "topics": TOPICS}
FEATURES_OF = {
    "sentiment": FEATURES,
    "degree": FEATURES,
    "topics": FEATURES // 8,
}  # eighteen columns would be large
FACTORS = np.linspace(0.0, 1.2, 13)
INVERSE_PENALTY = 8.0


def fit_wide(
    train: pd.DataFrame,
    dev: Examples,
    found: "csr_matrix",
    deep: Mapping[str, Floats],
    *,
    start: Wide | None = None,
) -> Wide:
    """A linear model per head on character n-grams, scaled by what it adds to the deep scores on dev.

    Args:
        train: Training rows (see ``training.examples.read_labelled``).
        dev: Rows that decide the weight of the wide part.
        found: Their n-grams.
        deep: Head name to (len(dev), classes) scores of the deep part for the dev rows.
        start: Wide part of the checkpoint that the deep part was trained from; None where that was none of ours.

    Returns:
        Weights and biases, already multiplied by the chosen factor. A head is that of ``start``, or none where that has
        none, where the training rows lack a class of it or the dev rows are too few to weigh another one. A head
        without labels, or that the wide part does not help, is left out.
    """
    weights, bias = {}, {}
    for head, classes in CLASSES.items():
        rows = _rows(train, head)
        truth = _truth(rows, head, classes)
        labels = getattr(dev, head)
        known = labels[:, 0] >= 0 if head == "topics" else labels != MISSING
        fits = known.any() and (truth.any() if head == "topics" else truth.any(axis=0).all())
        if start is not None and not (fits and can_calibrate(dev.frame, head)):
            if head in start.weights:
                weights[head], bias[head] = start.weights[head], start.bias[head]
            continue
        if not fits:
            continue
        size = FEATURES_OF[head]
        matrix, offset = _linear(folded(ngrams(list(rows.text)), size), truth, balanced=head != "topics")
        scores = np.asarray(folded(found, size) @ matrix + offset, np.float32)
        factor = best_factor(deep[head][known], scores[known], labels[known])
        if factor > 0:
            weights[head], bias[head] = matrix * factor, offset * factor
    return Wide(weights=weights, bias=bias)


def with_kept(wide: Wide, start: Wide, heads: Collection[str]) -> Wide:
    """``wide``, but for ``heads``, which are as ``start`` has them, or none."""
    parts = [(wide, set(wide.weights).difference(heads)), (start, set(start.weights).intersection(heads))]
    return Wide(
        weights={head: part.weights[head] for part, own in parts for head in sorted(own)},
        bias={head: part.bias[head] for part, own in parts for head in sorted(own)},
    )


def best_factor(deep: Floats, wide: Floats, labels: Labels) -> np.float32:
    """Factor of the (n, classes) wide scores with the least negative log-likelihood, each sum at its own temperature.

    A logarithmic opinion pool (Heskes 1998, Selecting weighting factors in logarithmic opinion pools).

    Args:
        deep, wide: (n, classes) scores.
        labels: (n,) classes, or (n, classes) of 0 and 1 where several can be true.
    """
    loss = _loss if labels.ndim == 1 else _topic_loss
    losses = [loss((deep + np.float32(factor) * wide).astype(np.float32), labels) for factor in FACTORS]
    return np.float32(FACTORS[int(np.argmin(losses))])


def _loss(logits: Floats, labels: Labels) -> float:
    classes = labels.astype(np.int64)
    return class_loss(probabilities(logits, fit_temperature(logits, classes)), classes)


def _topic_loss(logits: Floats, labels: Labels) -> float:
    truth = labels > 0
    return topic_loss(sigmoid(logits / np.float32(fit_topic_temperature(logits, truth))), truth)


def _rows(train: pd.DataFrame, head: str) -> pd.DataFrame:
    """Labelled rows that the deep part sees, too, each text and label once and in an order of no meaning."""
    rows = train[train[head].notna() & (train.weight > 0)].sort_values("text", kind="stable")
    said = rows[head].map(str)  # topics are lists
    return rows[~pd.concat([rows.text, said], axis=1).duplicated()].sample(frac=1, random_state=0)


def _truth(rows: pd.DataFrame, head: str, classes: tuple[str, ...]) -> NDArray[np.bool_]:
    """(n, classes) what is true of each row."""
    if head == "topics":
        return topic_matrix(rows.topics).astype(bool)
    return np.stack([(rows[head] == name).to_numpy() for name in classes], axis=1)


def _linear(seen: "csr_matrix", truth: NDArray[np.bool_], *, balanced: bool) -> tuple[Floats, Floats]:
    """One logistic regression a class against the rest: (features, classes) weights and (classes,) biases.

    A class that no row has, or every row, is scored 0.
    """
    matrix = np.zeros((seen.shape[1], truth.shape[1]), np.float32)
    offset = np.zeros(truth.shape[1], np.float32)
    for number, model in each_by_itself(
        seen, truth, inverse_penalty=INVERSE_PENALTY, balanced=balanced
    ).items():
        matrix[:, number], offset[number] = model.coef_[0], model.intercept_[0]
    return matrix, offset
