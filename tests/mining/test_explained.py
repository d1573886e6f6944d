"""The part of an outcome that predictors explain, with its interval."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from mining.explained import Explained, explained

Floats = NDArray[np.float64]
Outcome = Callable[[np.random.Generator, Floats], Floats]


def fitted(causes: Floats, outcome: Floats) -> tuple[Floats, Floats]:
    """Deviations and residuals."""
    rows = np.column_stack([np.ones(len(causes)), causes])
    weights = np.linalg.lstsq(rows, outcome, rcond=None)[0]
    return outcome - outcome.mean(), outcome - rows @ weights


def told(causes: Floats, outcome: Floats) -> Explained:
    return explained(*fitted(causes, outcome), causes.shape[1])


def test_a_case_by_hand() -> None:
    """One cause that half of a hundred have, one star lower: R2 is .2 of a variance of 1.25."""
    cause = np.repeat([0.0, 1.0], 50)
    noise = np.tile([1.0, -1.0], 50)
    found = told(cause[:, None], 4 - cause + noise)
    assert found.part == pytest.approx(1 - 0.8 * 99 / 98)
    assert found.low < 0.1 < found.part < 0.3 < found.high
    assert found.p_value == pytest.approx(3.1e-6, rel=0.05)


@given(seed=st.integers(0, 10_000), people=st.integers(60, 400), predictors=st.integers(1, 5))
def test_the_interval_holds_the_part_and_stays_a_part(seed: int, people: int, predictors: int) -> None:
    rng = np.random.default_rng(seed)
    causes = (rng.random((people, predictors)) < 0.4).astype(float)
    found = told(causes, causes @ rng.normal(0, 2, predictors) + rng.normal(0, rng.random() * 3, people))
    assert 0 <= found.low <= found.part <= found.high <= 1
    assert 0 <= found.p_value <= 1


def test_an_outcome_that_the_causes_make_is_explained_whole() -> None:
    cause = np.repeat([0.0, 1.0], 50)
    found = told(cause[:, None], 3 * cause)
    assert found.low > 0.999
    assert found.p_value < 1e-12


def test_noise_explains_nothing() -> None:
    rng = np.random.default_rng(4)
    worlds = [told((rng.random((300, 10)) < 0.3).astype(float), rng.normal(0, 1, 300)) for _ in range(200)]
    assert np.mean([found.low == 0 for found in worlds]) >= 0.95
    assert 0.02 <= np.mean([found.p_value < 0.05 for found in worlds]) <= 0.09
    assert np.mean([found.part for found in worlds]) < 0.02


def ratings(rng: np.random.Generator, pull: Floats) -> Floats:
    return np.clip(np.round(4.6 - pull + rng.normal(0, 1, len(pull))), 1, 5)


def leaving(rng: np.random.Generator, pull: Floats) -> Floats:
    return (rng.random(len(pull)) < np.clip(0.05 + 0.2 * pull, 0, 1)).astype(float)


def spending(rng: np.random.Generator, pull: Floats) -> Floats:
    return pull + rng.normal(0, 1, len(pull))


@pytest.mark.slow
@pytest.mark.parametrize("outcome", [ratings, leaving, spending])
@pytest.mark.parametrize(
    ("people", "predictors", "working"), [(100, 4, 4), (300, 6, 6), (300, 30, 2), (1000, 30, 2)]
)
@pytest.mark.parametrize("effect", [0.5, 1.2])
def test_the_interval_covers_what_is_explained_in_everybody(
    outcome: Outcome, people: int, predictors: int, working: int, effect: float
) -> None:
    rng = np.random.default_rng(5)

    def world(size: int) -> tuple[Floats, Floats]:
        causes = (rng.random((size, predictors)) < 0.15).astype(float)
        return causes, outcome(rng, effect * causes[:, :working].sum(axis=1))

    deviations, residuals = fitted(*world(200_000))
    truth = 1 - residuals.var() / deviations.var()
    worlds = [told(*world(people)) for _ in range(400)]
    covered = np.mean([found.low <= truth <= found.high for found in worlds])
    assert 0.9 <= covered <= 0.995, covered
    assert np.mean([found.part for found in worlds]) == pytest.approx(truth, abs=0.03)
