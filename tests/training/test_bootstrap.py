"""Intervals by bootstrap over groups."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from training.bootstrap import MIN_GROUPS, Floats, interval, paired_interval
from training.scorecard import macro_f1_of


def share(sums: Floats) -> Floats:
    return np.asarray(sums[:, 0] / sums[:, 1])


def rows(right: int, total: int) -> np.ndarray:
    return np.stack([np.arange(total) < right, np.ones(total)], axis=1).astype(np.int64)


def test_a_share_of_single_rows_has_about_the_interval_of_the_binomial() -> None:
    low, high = interval(rows(300, 500), np.arange(500), share)
    expected = proportion_confint(300, 500, method="wilson")
    assert (low, high) == pytest.approx(expected, abs=0.01)


def test_rows_that_stand_and_fall_together_tell_less() -> None:
    counts = np.repeat(rows(60, 100), 5, axis=0)
    alone = interval(counts, np.arange(500), share)
    together = interval(counts, np.repeat(np.arange(100), 5), share)
    assert together[1] - together[0] > 1.8 * (alone[1] - alone[0])


def test_few_groups_have_no_interval() -> None:
    counts = rows(30, 60)
    assert np.isnan(interval(counts, np.arange(60) % (MIN_GROUPS - 1), share)).all()
    assert not np.isnan(interval(counts, np.arange(60) % MIN_GROUPS, share)).any()


def test_coverage_over_worlds_of_groups() -> None:
    rng = np.random.default_rng(3)
    covered = 0
    for world in range(300):
        groups = np.repeat(np.arange(120), 3)
        right = np.repeat(rng.random(120) < 0.7, 3)
        low, high = interval(np.stack([right, np.ones(360)], axis=1).astype(np.int64), groups, share, world)
        covered += low <= 0.7 <= high
    assert 0.91 <= covered / 300 <= 0.98


CELLS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 5)), min_size=1, max_size=40)


@given(CELLS)
@settings(max_examples=50, deadline=None)
def test_equal_models_differ_by_nothing(rows: list[tuple[int, int, int]]) -> None:
    truth, said, groups = np.asarray(rows).T
    cells = np.eye(9, dtype=np.int64)[truth * 3 + said]
    assert paired_interval(cells, cells, groups, macro_f1_of) == (0, 0)


@given(CELLS, CELLS)
@settings(max_examples=50, deadline=None)
def test_changing_sides_changes_the_sign(
    rows: list[tuple[int, int, int]], others: list[tuple[int, int, int]]
) -> None:
    truth, said, groups = np.asarray((rows * len(others))[: len(others)]).T
    cells, otherwise = (np.eye(9, dtype=np.int64)[truth * 3 + by] for by in (said, np.asarray(others).T[1]))
    low, high = paired_interval(cells, otherwise, groups, macro_f1_of)
    assert paired_interval(otherwise, cells, groups, macro_f1_of) == pytest.approx((-high, -low))


def test_a_difference_of_shares_has_about_the_interval_of_paired_means() -> None:
    rng = np.random.default_rng(1)
    hard = rng.random(800)
    first, second = hard < 0.6, hard < 0.63
    low, high = paired_interval(counted(first), counted(second), np.arange(800), share)
    differences = second.astype(float) - first
    half = 1.96 * differences.std(ddof=1) / 800**0.5
    assert (low, high) == pytest.approx((differences.mean() - half, differences.mean() + half), abs=0.004)
    alone = interval(counted(first), np.arange(800), share)
    assert high - low < (alone[1] - alone[0]) / 2


def test_coverage_of_a_difference_over_worlds_of_groups() -> None:
    rng = np.random.default_rng(5)
    groups, covered = np.repeat(np.arange(80), 3), 0
    for world in range(150):
        hard = rng.random(80)
        first = np.repeat(hard < 0.6, 3)
        second = np.repeat(np.where(rng.random(80) < 0.2, rng.random(80) < 0.6, hard < 0.65), 3)
        low, high = paired_interval(counted(first), counted(second), groups, share, world)
        covered += low <= 0.04 <= high
    assert 0.91 <= covered / 150 <= 0.99


def counted(right: np.ndarray) -> np.ndarray:
    return np.stack([right, np.ones(len(right))], axis=1).astype(np.int64)
