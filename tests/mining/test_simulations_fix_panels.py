"""Planted worlds in which the same people write again and again: do verdicts count people, or their months?"""

import numpy as np
import pytest

from mining.fixes.cost import YEAR, Range, yearly
from mining.fixes.stretches import Window, counted
from tests.mining.fix_worlds import FIRST, Panel, World, gone_until, step
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


def yearly_in(world: World, seed: int) -> list[Range]:
    """What is said of complaints a year at the end of each of ``WORLDS`` worlds."""
    found = []
    for number in range(WORLDS):
        voices = world.voices(np.random.default_rng([seed, number]))
        table = counted(voices, Window(FIRST, FIRST + world.days, FIRST + world.days))
        found.append(yearly(table.times, table.past.days))
    return found


@pytest.mark.parametrize("days", [168, 364])
@pytest.mark.parametrize("persistence", [0.0, 0.5, 0.8, 0.9, 1.0])
@pytest.mark.parametrize(("people", "rate"), [(100, 0.15), (300, 0.05)])
def test_complaints_a_year_hold_the_truth_among_the_same_people(
    days: int, persistence: float, people: int, rate: float
) -> None:
    found = yearly_in(Panel(persistence=persistence, people=people, rate=rate, days=days), seed=27)
    truth = people * rate * YEAR / 28
    assert np.mean([each.low <= truth <= each.high for each in found]) >= 0.92


@pytest.mark.parametrize("days", [168, 364])
@pytest.mark.parametrize("writers", [0.6, 3.0])
def test_complaints_a_year_hold_the_truth_where_everybody_writes_once(days: int, writers: float) -> None:
    found = yearly_in(World(writers=writers, days=days), seed=28)
    truth = writers * 0.1 * YEAR
    assert np.mean([each.low <= truth <= each.high for each in found]) >= 0.92
