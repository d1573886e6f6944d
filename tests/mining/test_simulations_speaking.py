"""Planted customers of whom some groups write more than others: do the weighted intervals cover?"""

from functools import cache

import numpy as np
import pytest

from mining.evidence import newcombe, share_of
from mining.speaking.raking import rake
from mining.speaking.shares import weighted_share

pytestmark = pytest.mark.slow

PLAN, REGION = np.array([0.6, 0.25, 0.15]), np.array([0.4, 0.3, 0.2, 0.1])
WORLDS = 300
# Share on the side by plan, and what a region adds; how readily each plan and each region writes.
SELECTIONS = {
    "some": ((0.3, 0.7, 0.5), (0, 0.05, -0.05, 0.1), (1, 3, 2), (1, 1.5, 2, 1)),
    "complainers write more": ((0.1, 0.5, 0.2), (0, 0, 0, 0), (1, 4, 2), (1, 1, 1, 3)),
    "complainers write less": ((0.1, 0.5, 0.2), (0, 0, 0, 0), (4, 1, 2), (1, 1, 1, 1)),
    "few complain": ((0.03, 0.10, 0.05), (0, 0.02, 0, 0), (1, 3, 2), (1, 2, 1, 1)),
    "few, who write least": ((0.02, 0.02, 0.30), (0, 0.02, 0, 0), (4, 3, 1), (2, 2, 1, 1)),
    "by chance": ((0.4, 0.4, 0.4), (0, 0, 0, 0), (1, 4, 2), (1, 2, 4, 1)),
}


@cache
def covered(name: str) -> tuple[float, float]:
    """How often the interval of a cause of a tenth of 1,500 people holds the truth, weighted and as counted."""
    by_plan, by_region, plan_writes, region_writes = (np.array(each) for each in SELECTIONS[name])
    customers, chance = PLAN[:, None] * REGION, by_plan[:, None] + by_region
    writing = customers * plan_writes[:, None] * region_writes
    truth = float((customers * chance).sum())
    rng = np.random.default_rng([7, *name.encode()])
    inside = np.zeros((WORLDS, 2))
    for world in range(WORLDS):
        cell = rng.choice(12, size=1500, p=(writing / writing.sum()).ravel())
        on, cause = rng.random(1500) < chance.ravel()[cell], rng.random(1500) < 0.1
        weights = rake([cell // 4, cell % 4], [PLAN, REGION]).weights
        share = weighted_share(on[cause], weights[cause], gate=30)
        assert share.low is not None
        assert share.high is not None
        inside[world] = share.low <= truth <= share.high, share.raw.low <= truth <= share.raw.high
    weighted, raw = inside.mean(axis=0)
    return float(weighted), float(raw)


@pytest.mark.parametrize("name", SELECTIONS)
def test_weighted_intervals_cover(name: str) -> None:
    assert 0.93 <= covered(name)[0] <= 0.99


def test_in_the_mean_they_cover_95_in_100() -> None:
    assert 0.93 <= np.mean([covered(name)[0] for name in SELECTIONS]) <= 0.97


def test_shares_as_counted_do_not() -> None:
    assert np.mean([covered(name)[1] for name in SELECTIONS if name != "by chance"]) < 0.7


def test_differences_of_the_asked_cover() -> None:
    rng = np.random.default_rng(4)
    inside = [
        low <= p - q <= high
        for p, q, n, m in [(0.5, 0.5, 40, 140), (0.6, 0.4, 60, 300), (0.1, 0.2, 30, 100)]
        for k, j in zip(rng.binomial(n, p, 300).tolist(), rng.binomial(m, q, 300).tolist(), strict=True)
        for low, high in [newcombe(share_of(k, n), share_of(j, m))]
    ]
    assert 0.93 <= np.mean(inside) <= 0.97
