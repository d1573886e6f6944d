import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from models.calibration import expected_calibration_error, fit_temperature, probabilities, sigmoid

LOGITS = arrays(np.float32, (5, 3), elements=st.floats(-50, 50, width=32))


@given(LOGITS, st.floats(0.25, 8))
def test_rows_are_distributions_in_the_order_of_the_logits(logits: np.ndarray, temperature: float) -> None:
    scores = probabilities(logits, temperature)
    np.testing.assert_allclose(scores.sum(axis=1), 1, atol=1e-5)
    assert np.take_along_axis(scores, logits.argmax(axis=1)[:, None], 1).min() >= 1 / 3 - 1e-6


def test_a_known_temperature_is_found() -> None:
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(20_000, 3)).astype(np.float32) * 2
    labels = np.asarray(
        [rng.choice(3, p=row / row.sum()) for row in probabilities(logits, 1.7).astype(float)]
    )
    assert abs(fit_temperature(logits, labels) - 1.7) < 0.08


def test_calibration_error_of_a_boaster() -> None:
    scores = np.tile(np.asarray([[0.9, 0.05, 0.05]], np.float32), (10, 1))
    labels = np.asarray([0] * 5 + [1] * 5)
    assert abs(expected_calibration_error(scores, labels) - 0.4) < 1e-6


def test_sigmoid_does_not_overflow() -> None:
    np.testing.assert_allclose(sigmoid(np.asarray([-1e4, 0, 1e4], np.float32)), [0, 0.5, 1])
