"""The threshold that is chosen on dev rows keeps its promise on other rows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from data.labels import DEGREES
from models.calls import calls
from training.abstaining import RISK, abstain_below


def drawn(rows: int, seed: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Calibrated calls: each row's label is drawn from its own probabilities."""
    rng = np.random.default_rng(seed)
    chances = rng.dirichlet([0.4, 0.4, 0.4], rows)
    return chances, (rng.random((rows, 1)) > chances.cumsum(axis=1)).sum(axis=1).clip(0, 2)


def below(chances: NDArray[np.float64], labels: NDArray[np.int64]) -> float:
    return abstain_below(chances, calls("sentiment", chances), labels)


def test_the_threshold_is_the_least_that_keeps_the_bound() -> None:
    # 400 sure and right calls; below them 100 of which every second is wrong.
    sure = np.concatenate([np.full(400, 0.9), np.full(100, 0.6)])
    chances = np.column_stack([sure, 1 - sure, np.zeros(500)])
    labels = np.concatenate([np.zeros(400, np.int64), np.tile([0, 1], 50)])
    assert below(chances, labels) == 0.61


def test_stands_by_all_calls_of_a_model_that_is_always_right() -> None:
    chances = np.tile([[0.4, 0.3, 0.3]], (200, 1))
    assert below(chances, np.zeros(200, np.int64)) == 0.34


@pytest.mark.parametrize("rows", [0, 1, 199])
def test_too_few_rows_show_nothing(rows: int) -> None:
    chances = np.tile([[0.99, 0.005, 0.005]], (rows, 1))
    assert below(chances, np.zeros(rows, np.int64)) == 1.0


def test_a_model_that_guesses_abstains_always() -> None:
    rng = np.random.default_rng(0)
    chances = rng.dirichlet([0.4, 0.4, 0.4], 2_000)
    assert below(chances, rng.integers(0, 3, 2_000)) == 1.0


def test_the_risk_holds_on_rows_that_were_not_looked_at() -> None:
    others, truth = drawn(100_000, seed=99)
    sure, wrong = others.max(axis=1), others.argmax(axis=1) != truth
    thresholds = [below(*drawn(1_500, seed)) for seed in range(200)]
    risks = np.array([wrong[sure >= threshold].mean() for threshold in thresholds])
    assert (
        risks > RISK
    ).sum() <= 17  # 5 % of 200 are ten; more than 17 come by chance once in a hundred times
    assert risks.mean() > RISK / 2  # and it does not abstain for nothing


def test_calls_of_degree_are_judged_as_they_are_called() -> None:
    # Either degree may be meant, so none is called, and is right: sure enough, though the least probable.
    chances = np.tile([[0.46, 0.44, 0.1]], (300, 1))
    labels = np.full(300, DEGREES.index("none"))
    assert abstain_below(chances, calls("degree", chances), labels) == 0.34
    assert below(chances, labels) == 1.0


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 1_000))
def test_the_order_of_the_rows_does_not_matter(seed: int) -> None:
    chances, labels = drawn(900, seed)
    order = np.random.default_rng(seed + 1).permutation(900)
    assert below(chances, labels) == below(chances[order], labels[order])
