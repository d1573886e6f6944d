"""The interval of a mean outcome of some people less that of the others."""

import numpy as np
import pytest

from mining.evidence import newcombe, share_of
from mining.outcome_difference import difference_interval
from mining.rating_drop import rating_drop

RNG = np.random.default_rng(4)


def interval(own: np.ndarray, others: np.ndarray, *, yes_no: bool) -> tuple[float, float]:
    levels = np.concatenate([own, others]).astype(float)
    having = np.arange(len(levels)) < len(own)
    resampled = [own.mean() - others.mean()]
    for drawn in RNG.integers(0, len(levels), (400, len(levels))):
        told = having[drawn]
        if told.any():
            resampled.append(levels[drawn][told].mean() - levels[drawn][~told].mean())
    return difference_interval(levels, having, np.array(resampled), yes_no=yes_no, seed=0)


def test_of_yes_and_no_it_is_newcombes() -> None:
    own, others = np.repeat([0, 1], [12, 0]), np.repeat([0, 1], [350, 40])
    assert interval(own, others, yes_no=True) == pytest.approx(newcombe(share_of(0, 12), share_of(40, 390)))


def test_a_dozen_without_a_single_yes_are_no_news_where_one_in_ten_says_yes() -> None:
    low, high = interval(np.zeros(12), np.repeat([0, 1], [350, 40]), yes_no=True)
    assert low < 0 < high


def test_who_says_yes_and_no_is_half_a_person() -> None:
    low, high = interval(np.array([0.5, 0, 0, 1, 1, 1]), np.repeat([0, 1], [80, 20]), yes_no=True)
    assert low < 3.5 / 6 - 0.2 < high


def test_of_ratings_it_is_the_penalty_turned_round() -> None:
    own, others = np.array([1, 1, 2, 1, 3, 1]), np.repeat(np.arange(1, 6), [10, 5, 8, 20, 30])
    counted = [np.bincount(group, minlength=6)[1:] for group in (others, own)]
    drop, low, high = rating_drop(np.arange(1.0, 6.0), *counted, seed=0)
    found = interval(own, others, yes_no=False)
    assert found == pytest.approx((-high, -low))
    assert found[0] < -drop < found[1]


@pytest.mark.parametrize("people", [6, 12])
def test_of_other_numbers_few_people_have_a_wide_one(people: int) -> None:
    """Plain percentiles of six people held the truth in 87 % of worlds."""
    held = []
    for _ in range(150):
        low, high = interval(RNG.normal(size=people), RNG.normal(size=150), yes_no=False)
        held.append(low <= 0 <= high)
    assert np.mean(held) >= 0.9
