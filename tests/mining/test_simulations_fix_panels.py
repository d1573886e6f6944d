"""Planted worlds in which the same people write again and again: do verdicts count people, or their months?"""

import numpy as np
import pytest

from tests.mining.fix_worlds import Panel, gone_until, step
from tests.mining.test_simulations_fixes import covered, verdicts

pytestmark = pytest.mark.slow

WORLDS = 200


@pytest.mark.parametrize("persistence", [0.5, 0.8, 0.9])
@pytest.mark.parametrize("to", [1.0, 0.3, 0.1])
def test_intervals_hold_the_truth_among_the_same_people(persistence: float, to: float) -> None:
    found = Panel(persistence=persistence, factor=step(to)).outcomes(WORLDS, seed=21)
    assert covered(found, to, "ratio") >= 0.92
    assert covered(found, to, "controlled") >= 0.92
    assert covered(found, to, "level") >= 0.92


@pytest.mark.parametrize("persistence", [0.0, 1.0])
def test_people_who_never_or_always_say_the_same_are_held_by_intervals(persistence: float) -> None:
    found = Panel(persistence=persistence).outcomes(WORLDS, seed=22)
    assert covered(found, 1.0, "ratio") >= 0.95
    assert covered(found, 1.0, "controlled") >= 0.95


@pytest.mark.parametrize("persistence", [0.5, 0.8, 0.9])
def test_a_habit_is_no_fall_before_the_fix(persistence: float) -> None:
    found = Panel(persistence=persistence, days=448, fix=364).outcomes(WORLDS, seed=23)
    assert np.mean([each.falling for each in found]) <= 0.05


@pytest.mark.parametrize("persistence", [0.5, 0.8, 0.9])
def test_a_fix_that_holds_is_found_among_the_same_people(persistence: float) -> None:
    found = verdicts(Panel(persistence=persistence, factor=step(0.1)).outcomes(WORLDS, seed=24))
    assert found["fixed"] >= 0.85 * WORLDS


@pytest.mark.parametrize("persistence", [0.5, 0.8, 0.9])
def test_who_writes_every_week_calls_no_halved_cause_back(persistence: float) -> None:
    world = Panel(every=7, persistence=persistence, days=504, factor=step(0.5))
    assert verdicts(world.outcomes(WORLDS, seed=25))["came_back"] <= 0.05 * WORLDS


@pytest.mark.parametrize("persistence", [0.5, 0.8])
def test_a_return_is_found_among_who_writes_every_week(persistence: float) -> None:
    world = Panel(every=7, persistence=persistence, days=504, factor=gone_until(168))
    assert verdicts(world.outcomes(WORLDS // 2, seed=26))["came_back"] >= 0.8 * WORLDS / 2
