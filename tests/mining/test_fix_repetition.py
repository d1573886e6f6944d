"""A person's months are no new people: what the same people add to a ratio of two phases."""

import numpy as np
import pytest

from mining.fixes.rate_ratio import phase_dispersion, rate_ratio
from mining.fixes.repetition import repetition
from mining.fixes.series import controlled_ratio
from mining.fixes.stretches import Counted, Voices, Window, counted
from mining.periods import Moments
from tests.mining.fix_worlds import FIRST, World, step

PERIODS = 12


def told(spells: list[tuple[int, int]], people: int = 200) -> Counted:
    """Of people who all write in twelve periods, six of them before the fix: each complains from one to the next."""
    person, period = (each.ravel() for each in np.meshgrid(np.arange(people), np.arange(PERIODS)))
    ends = np.array(spells + [(0, 0)] * (people - len(spells)))[person]
    own = (period >= ends[:, 0]) & (period < ends[:, 1])
    day = FIRST + 28 * period
    voices = Voices(
        own=Moments(person[own], day[own]),
        everybody=Moments(person, day),
        controls=Moments(person[~own], day[~own]),
    )
    return counted(voices, Window(FIRST, FIRST + 28 * 6, FIRST + 28 * PERIODS))


@pytest.mark.parametrize("world", [World(factor=step(0.1), alpha=0.3), World(factor=step(0.0)), World()])
def test_people_who_write_once_add_nothing(world: World) -> None:
    table = counted(world.voices(np.random.default_rng(3)), world.window())
    numbers = table.counts, table.exposure, table.after
    assert repetition(table.same, table.after) == 0
    assert rate_ratio(*numbers, table.same) == rate_ratio(*numbers)
    odds = table.counts, table.controls, table.exposure, table.after
    assert controlled_ratio(*odds, table.same_complaining) == controlled_ratio(*odds)


def test_who_says_it_in_every_month_of_a_phase_is_one_person() -> None:
    """Of 10 people of 200 in each of two phases of six months each variance is near six times that of 60 others."""
    table = told([(0, 6)] * 10 + [(6, 12)] * 10)
    assert repetition(table.same, table.after) == pytest.approx(5, abs=0.6)
    alone = rate_ratio(table.counts, table.exposure, table.after)
    held = rate_ratio(table.counts, table.exposure, table.after, table.same)
    assert held.value == alone.value == 1
    assert held.low < 0.6 * alone.low
    assert (held.high or 0) > 1.6 * (alone.high or 0)


def test_who_says_it_before_and_after_adds_nothing() -> None:
    table = told([(0, 12)] * 20)
    assert repetition(table.same, table.after) == 0


def test_where_nobody_speaks_any_more_those_before_tell_how_often_people_do() -> None:
    table = told([(0, 6)] * 10)
    assert repetition(table.same, table.after) == pytest.approx(5, abs=1)
    gone = rate_ratio(table.counts, table.exposure, table.after, table.same)
    assert gone.value == gone.low == 0
    assert (gone.high or 0) > 3 * (rate_ratio(table.counts, table.exposure, table.after).high or 0)


def test_few_people_have_the_quantile_of_few() -> None:
    table = told([(0, 6)] * 3 + [(6, 12)] * 3)
    dispersion = phase_dispersion(table.counts, table.exposure, table.after, table.same)
    assert dispersion.people == 6
    assert dispersion.quantile == pytest.approx(2.571, abs=1e-3)
