"""The part of an outcome that predictors explain, with its interval."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ncfdtr

from mining.explained import explained


def test_a_case_by_hand() -> None:
    """R2 of .40 of 5 predictors and 45 people."""
    found = explained(0.40, 5, 45)
    assert found.part == pytest.approx(1 - 0.6 * 44 / 39)
    assert found.low < found.part < found.high
    assert found.p_value == pytest.approx(0.0009, abs=0.0003)


@pytest.mark.parametrize("r2", [0.1, 0.3, 0.6])
def test_the_ends_are_those_of_the_noncentral_f(r2: float) -> None:
    found, freedom = explained(r2, 10, 300), 300 - 10 - 1
    statistic = r2 / 10 / ((1 - r2) / freedom)
    for part, chance in ((found.low, 0.975), (found.high, 0.025)):
        assert ncfdtr(10, freedom, 300 * part / (1 - part), statistic) == pytest.approx(chance, abs=0.008)


@given(
    r2=st.floats(min_value=0, max_value=1), predictors=st.integers(1, 30), people=st.integers(310, 100_000)
)
def test_the_interval_holds_the_part_and_stays_a_part(r2: float, predictors: int, people: int) -> None:
    found = explained(r2, predictors, people)
    assert 0 <= found.low <= found.high <= 1
    assert found.low - 0.02 <= found.part <= found.high + 0.02
    assert 0 <= found.p_value <= 1


def test_noise_explains_nothing() -> None:
    found = explained(10 / 299, 10, 300)
    assert (round(found.part, 3), found.low) == (0.0, 0.0)
    assert found.p_value > 0.3


@pytest.mark.slow
@pytest.mark.parametrize(("people", "predictors"), [(300, 10), (300, 30), (1000, 30)])
def test_the_interval_covers_what_is_explained_in_everybody(people: int, predictors: int) -> None:
    """Ratings of one to five, two of the causes with an effect."""
    rng = np.random.default_rng(5)

    def r2(size: int) -> float:
        causes = (rng.random((size, predictors)) < 0.15).astype(float)
        ratings = np.clip(np.round(3.5 - causes[:, :2] @ [0.8, 0.6] + rng.normal(0, 1.2, size)), 1, 5)
        causes, ratings = causes - causes.mean(axis=0), ratings - ratings.mean()
        weights = np.linalg.lstsq(causes, ratings, rcond=None)[0]
        return float((causes @ weights).var() / ratings.var())

    truth = r2(300_000)
    worlds = [explained(r2(people), predictors, people) for _ in range(400)]
    covered = np.mean([found.low <= truth <= found.high for found in worlds])
    assert 0.92 <= covered <= 0.985, covered
    assert np.mean([found.part for found in worlds]) == pytest.approx(truth, abs=0.01)
