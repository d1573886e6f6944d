"""Hundreds of planted worlds: are verdicts on fixes right as often as the documentation says?"""

from collections import Counter

import numpy as np
import pytest

from mining.fixes.results import Outcome
from tests.mining.fix_worlds import SETTINGS, World, gone_until, halving_every, step

pytestmark = pytest.mark.slow

WORLDS = 200


def verdicts(found: list[Outcome]) -> Counter[str]:
    return Counter(each.verdict for each in found)


def covered(found: list[Outcome], true: float, name: str) -> float:
    ratios = [getattr(each, name) for each in found if getattr(each, name) is not None]
    return float(np.mean([r.low <= true <= (np.inf if r.high is None else r.high) for r in ratios]))


@pytest.mark.parametrize("alpha", [0.0, 0.1, 0.3])
@pytest.mark.parametrize("to", [1.0, 0.5, 0.1])
def test_intervals_hold_the_truth(alpha: float, to: float) -> None:
    found = World(factor=step(to), alpha=alpha).outcomes(WORLDS, seed=11)
    assert covered(found, to, "ratio") >= 0.92
    assert covered(found, to, "controlled") >= 0.92


@pytest.mark.parametrize("alpha", [0.0, 0.1, 0.3])
@pytest.mark.parametrize(("rate", "writers"), [(0.03, 3.0), (0.1, 3.0), (0.1, 20.0)])
def test_without_effect_nothing_is_fixed_or_back(alpha: float, rate: float, writers: float) -> None:
    found = verdicts(World(rate=rate, writers=writers, alpha=alpha).outcomes(WORLDS, seed=12))
    assert found["fixed"] <= 0.05 * WORLDS
    assert found["came_back"] <= 0.05 * WORLDS


@pytest.mark.parametrize(
    "world",
    [
        World(factor=halving_every(180)),
        World(factor=halving_every(100)),
        World(everybody=step(0.4)),
        World(everybody=step(0.4), writers=20),
    ],
    ids=["a slow trend", "a steep trend", "all calmer", "all calmer, many"],
)
def test_what_falls_by_itself_is_not_fixed(world: World) -> None:
    assert verdicts(world.outcomes(WORLDS, seed=13))["fixed"] <= 0.05 * WORLDS


@pytest.mark.parametrize(("alpha", "least"), [(0.0, 0.95), (0.1, 0.9), (0.3, 0.85)])
def test_a_fix_that_holds_is_found(alpha: float, least: float) -> None:
    found = verdicts(World(factor=step(0.1), alpha=alpha).outcomes(WORLDS, seed=14))
    assert found["fixed"] >= least * WORLDS
    assert found["came_back"] <= 0.05 * WORLDS


@pytest.mark.parametrize(("alpha", "least"), [(0.0, 0.95), (0.1, 0.9), (0.3, 0.7)])
def test_a_cause_that_comes_back_is_found(alpha: float, least: float) -> None:
    """In strong waves a return of 80 days is often no more than a wave: seeing it more often costs false returns."""
    found = World(factor=gone_until(100), alpha=alpha).outcomes(WORLDS, seed=15)
    assert verdicts(found)["came_back"] >= least * WORLDS


def test_looking_every_month_of_a_year_seldom_errs() -> None:
    from mining.fixes.verdict import outcome_of

    ever: Counter[str] = Counter()
    world = World(alpha=0.1, days=180 + 360)
    for number in range(WORLDS // 2):
        voices = world.voices(np.random.default_rng([16, number]))
        windows = [world.window(30 * month) for month in range(1, 13)]
        ever.update({outcome_of(voices, window, SETTINGS, late=False).verdict for window in windows})
    assert ever["fixed"] <= 0.05 * WORLDS / 2
    assert ever["came_back"] <= 0.05 * WORLDS / 2
