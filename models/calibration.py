"""From raw scores to probabilities that can be counted on: temperature scaling (Guo et al. 2017, arXiv:1706.04599)."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from models.predictions import Floats


def probabilities(logits: Floats, temperature: float = 1.0) -> Floats:
    """Softmax of (n, classes) ``logits`` over ``temperature``; rows sum to 1."""
    scaled = logits / temperature
    exp = np.exp(scaled - scaled.max(axis=1, keepdims=True, initial=-np.inf))
    chances: Floats = (exp / exp.sum(axis=1, keepdims=True)).astype(np.float32)
    return chances


def sigmoid(logits: Floats) -> Floats:
    """Independent probabilities of ``logits``, without overflow."""
    chances: Floats = (0.5 * (1 + np.tanh(0.5 * logits))).astype(np.float32)
    return chances


def fit_temperature(logits: Floats, labels: NDArray[np.int64]) -> float:
    """Temperature in [0.25, 8] that minimises the negative log-likelihood of (n,) ``labels``; 1 without any."""

    def loss(temperature: float) -> float:
        return class_loss(probabilities(logits, temperature), labels)

    return _coolest(loss) if len(labels) else 1.0


def fit_topic_temperature(logits: Floats, truth: NDArray[np.bool_]) -> float:
    """The same for (n, topics) independent scores and the topics that are true."""

    def loss(temperature: float) -> float:
        return topic_loss(sigmoid(logits / np.float32(temperature)), truth)

    return _coolest(loss) if len(truth) else 1.0


def class_loss(chances: Floats, labels: NDArray[np.int64]) -> float:
    """Mean negative log-likelihood of (n,) ``labels`` under (n, classes) ``chances``."""
    return float(-np.log(np.maximum(chances[np.arange(len(labels)), labels], 1e-9)).mean())


def topic_loss(chances: Floats, truth: NDArray[np.bool_]) -> float:
    """The same for independent ``chances`` and the topics that are true."""
    return float(-np.log(np.maximum(np.where(truth, chances, 1 - chances), 1e-9)).mean())


def _coolest(loss: Callable[[float], float]) -> float:
    """The temperature of the least loss, sought on a logarithmic scale."""
    from scipy.optimize import minimize_scalar

    best = minimize_scalar(
        lambda log: loss(float(np.exp(log))), bounds=(np.log(0.25), np.log(8.0)), method="bounded"
    )
    return float(np.exp(best.x))


def expected_calibration_error(scores: Floats, labels: NDArray[np.int64], bins: int = 15) -> float:
    """Mean gap between confidence and accuracy over equal-width bins, in [0, 1].

    Args:
        scores: (n, classes) probabilities.
        labels: (n,) true classes.
    """
    confidence = scores.max(axis=1)
    right = scores.argmax(axis=1) == labels
    bucket = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [
        abs(confidence[bucket == b].mean() - right[bucket == b].mean()) * np.mean(bucket == b)
        for b in range(bins)
        if np.any(bucket == b)
    ]
    return float(sum(gaps))
