"""The gates that int8 and bfloat16 must pass on the shipped checkpoint. Slow: the real model.

The statements are those of the sample. Decisions 15 and 52 tell what was measured.
"""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from data.reading import read_feedback
from models.checkpoint import load_predictor
from models.predictions import Floats, Predictions
from serving.analysis import all_statements, with_languages

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "sample" / "feedback.csv"
NEIGHBOURS = 10
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def texts() -> list[str]:
    feedback = with_languages(read_feedback(SAMPLE).feedback)
    return sorted({statement.text for statement in all_statements(feedback)})


@pytest.fixture(scope="module")
def by_torch(texts: list[str]) -> Predictions:
    return load_predictor(runtime="torch").predict(texts)


@pytest.fixture(scope="module")
def by_onnx(texts: list[str]) -> Predictions:
    return load_predictor(runtime="onnx").predict(texts)


@pytest.fixture(scope="module")
def by_openvino(texts: list[str]) -> Predictions:
    return load_predictor(runtime="openvino").predict(texts)


def same_labels(one: Floats, other: Floats) -> float:
    return float((one.argmax(axis=1) == other.argmax(axis=1)).mean())


def nearest(embeddings: Floats) -> NDArray[np.int64]:
    likeness = embeddings @ embeddings.T
    np.fill_diagonal(likeness, -1)
    return np.argpartition(-likeness, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]


def same_neighbours(one: Floats, other: Floats) -> float:
    pairs = zip(nearest(one), nearest(other), strict=True)
    return float(np.mean([len(set(was) & set(now)) / NEIGHBOURS for was, now in pairs]))


def largest_move(one: Predictions, other: Predictions) -> float:
    return max(
        float(np.abs(getattr(one, name) - getattr(other, name)).max())
        for name in ("sentiment", "topics", "degree")
    )


def test_labels_stay_in_int8(by_torch: Predictions, by_onnx: Predictions) -> None:
    assert same_labels(by_torch.degree, by_onnx.degree) >= 0.985
    assert same_labels(by_torch.sentiment, by_onnx.sentiment) >= 0.985


def test_nearest_neighbours_stay_in_int8(by_torch: Predictions, by_onnx: Predictions) -> None:
    assert same_neighbours(by_torch.embeddings, by_onnx.embeddings) >= 0.95


def test_probabilities_move_little_in_int8(by_torch: Predictions, by_onnx: Predictions) -> None:
    assert largest_move(by_torch, by_onnx) < 0.2


def test_bfloat16_is_nearer_than_int8(by_torch: Predictions, by_openvino: Predictions) -> None:
    assert same_labels(by_torch.degree, by_openvino.degree) >= 0.995
    assert same_labels(by_torch.sentiment, by_openvino.sentiment) >= 0.995
    assert same_neighbours(by_torch.embeddings, by_openvino.embeddings) >= 0.985
    assert largest_move(by_torch, by_openvino) < 0.05


def test_float32_is_torch_to_five_digits(texts: list[str], by_torch: Predictions) -> None:
    some = texts[::10]
    floats = load_predictor(runtime="onnx-fp32").predict(some)
    for name in Predictions.__slots__:
        np.testing.assert_allclose(
            getattr(floats, name), getattr(by_torch, name)[::10], atol=5e-5, err_msg=name
        )


def test_neighbours_in_the_batch_do_not_matter(texts: list[str], by_onnx: Predictions) -> None:
    predictor = load_predictor(runtime="onnx")
    for row in range(0, len(texts), 40):
        alone = predictor.predict([texts[row]])
        np.testing.assert_allclose(alone.embeddings[0], by_onnx.embeddings[row], atol=2e-6)
        np.testing.assert_allclose(alone.degree[0], by_onnx.degree[row], atol=2e-6)
