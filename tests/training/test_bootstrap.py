"""Intervals by bootstrap over groups."""

import numpy as np
import pytest
from statsmodels.stats.proportion import proportion_confint

from training.bootstrap import Floats, interval


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


def test_coverage_over_worlds_of_groups() -> None:
    rng = np.random.default_rng(3)
    covered = 0
    for world in range(300):
        groups = np.repeat(np.arange(120), 3)
        right = np.repeat(rng.random(120) < 0.7, 3)
        low, high = interval(np.stack([right, np.ones(360)], axis=1).astype(np.int64), groups, share, world)
        covered += low <= 0.7 <= high
    assert 0.91 <= covered / 300 <= 0.98
