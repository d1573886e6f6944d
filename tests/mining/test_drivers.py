"""The variance of an outcome, divided among causes that go together."""

from itertools import permutations

import numpy as np
import pytest
from numpy.typing import NDArray

from mining.bootstrap import bootstrap_interval
from mining.importance import MOST_EXACT, importance

Floats = NDArray[np.float64]


def r2(data: Floats, chosen: list[int]) -> float:
    if not chosen:
        return 0.0
    design = np.column_stack([np.ones(len(data)), data[:, chosen]])
    fitted = design @ np.linalg.lstsq(design, data[:, -1], rcond=None)[0]
    return float(1 - ((data[:, -1] - fitted) ** 2).sum() / ((data[:, -1] - data[:, -1].mean()) ** 2).sum())


def covariances(data: Floats) -> Floats:
    return np.cov(data, rowvar=False, bias=True)[None]


def correlated(rng: np.random.Generator, people: int, effects: Floats, together: float) -> Floats:
    """Causes that are present or not, with a common leaning of weight ``together``, and a rating of them."""
    leaning = rng.normal(size=(people, 1))
    latent = np.sqrt(together) * leaning + np.sqrt(1 - together) * rng.normal(size=(people, len(effects)))
    present = (latent > 0.7).astype(float)
    return np.column_stack([present, 4 + present @ effects + rng.normal(size=people)])


def test_it_is_the_mean_over_all_orders() -> None:
    data = correlated(np.random.default_rng(0), 300, np.array([-1.0, -0.5, 0.3, 0.0]), 0.4)
    slow = np.zeros(4)
    for order in permutations(range(4)):
        for place, added in enumerate(order):
            slow[added] += r2(data, list(order[: place + 1])) - r2(data, list(order[:place]))
    assert importance(covariances(data), seed=0)[0] == pytest.approx(slow / 24, abs=1e-6)


def test_shares_sum_to_r2_exact_or_sampled() -> None:
    rng = np.random.default_rng(1)
    for size in (MOST_EXACT, MOST_EXACT + 1, 25):
        data = correlated(rng, 500, rng.normal(size=size), 0.3)
        carried = importance(covariances(data), seed=0)[0]
        assert carried.sum() == pytest.approx(r2(data, list(range(size))), abs=1e-6)
        assert (carried >= 0).all()


def test_sampled_orders_are_near_all_orders() -> None:
    data = correlated(np.random.default_rng(2), 500, np.linspace(-1, 0, MOST_EXACT), 0.4)
    exact = importance(covariances(data), seed=0)[0]
    nothing = np.zeros((500, 1))
    sampled = importance(covariances(np.hstack([nothing, data])), seed=0)[0]
    assert sampled[0] == 0
    assert sampled[1:] == pytest.approx(exact, abs=0.01)


def test_twins_divide_and_an_outcome_without_variance_gives_nothing() -> None:
    data = correlated(np.random.default_rng(3), 200, np.array([-1.0, 0.2]), 0.0)
    twins = importance(covariances(data[:, [0, 0, 1, 2]]), seed=0)[0]
    assert twins[0] == pytest.approx(twins[1])
    assert twins.sum() == pytest.approx(r2(data, [0, 1]), abs=1e-6)
    data[:, -1] = 3
    assert importance(covariances(data), seed=0)[0].tolist() == [0, 0]


def test_an_interval_holds_its_estimate_where_all_resamples_lie_above_it() -> None:
    rng = np.random.default_rng(7)
    half = correlated(rng, 40, np.array([-1.0, -0.8]), 0.3)
    idle = np.repeat([0.0, 1.0], 40)  # those with it are the same people again: it goes with nothing
    data = np.column_stack([np.vstack([half, half])[:, :2], idle, np.tile(half[:, -1], 2)])
    people = np.vstack([np.arange(80), rng.integers(0, 80, (400, 80))])
    carried = importance(np.concatenate([covariances(data[drawn]) for drawn in people]), seed=0)
    shares = (carried / carried.sum(axis=1, keepdims=True))[:, 2]
    assert shares[0] < np.quantile(shares[1:], 0.025)
    low, high = bootstrap_interval(shares)
    assert low == shares[0]
    assert high == np.quantile(shares[1:], 0.975)
