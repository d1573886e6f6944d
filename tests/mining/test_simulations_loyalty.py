"""Odds of leaving in planted worlds: intervals that cover, no more false alarms than told, and chances that hold."""

import numpy as np
import pytest

from mining.evidence import adjusted
from mining.loyalty.calibration import calibration_of
from mining.loyalty.firth import patterns_of
from mining.loyalty.screening import SIGNIFICANT, Model
from tests.mining.loyal_world import planted_odds

pytestmark = pytest.mark.slow

BACKGROUND = 3
KINDS = 12
PLANTED = np.array([np.log(3), np.log(2), np.log(0.4), *[0.0] * (KINDS - 3)])


def told(log_odds: np.ndarray, seed: int, people: int = 1500) -> tuple[list[bool], list[bool]]:
    """For each stance whether its interval covers the truth, and whether it is told apart."""
    world = planted_odds(log_odds, people=people, seed=seed)
    patterns, _ = patterns_of(world.design, world.trials.left)
    model = Model.of(patterns, BACKGROUND)
    fits = [model.beside_the_others(BACKGROUND + place) for place in range(len(log_odds))]
    found = [fit.coefficient(len(fit.beta) - 1) for fit in fits if fit is not None]
    assert len(found) == len(log_odds)
    sure = adjusted([each.p_value for each in found])
    covers = [each.low <= truth <= each.high for each, truth in zip(found, log_odds, strict=True)]
    return covers, [p < SIGNIFICANT for p in sure]


def test_intervals_cover_and_planted_causes_are_found() -> None:
    worlds = 60
    runs = [told(PLANTED, seed) for seed in range(worlds)]
    covers = np.array([run[0] for run in runs])
    found = np.array([run[1] for run in runs])
    assert 0.93 <= covers.mean() <= 0.975
    assert covers.mean(axis=0).min() >= 0.85
    assert found[:, 0].mean() > 0.9
    wrong = found[:, 3:].sum() / max(1, found.sum())
    assert wrong < 0.08


def test_worlds_without_effect_raise_few_alarms() -> None:
    worlds = 100
    alarms = sum(any(told(np.zeros(KINDS), seed, people=800)[1]) for seed in range(worlds))
    assert alarms <= 12  # 5 % are told; more than 12 of 100 have a chance of 0.1 % then


def test_calibration_is_right_where_causes_matter_and_useless_where_they_do_not() -> None:
    slopes, usable = [], []
    for seed in range(10):
        for log_odds in (PLANTED, np.zeros(KINDS)):
            world = planted_odds(log_odds, people=3000, seed=seed)
            flat = world.design[:, [0, *range(BACKGROUND, BACKGROUND + KINDS)]]
            patterns, row = patterns_of(flat, world.trials.left)
            found = calibration_of(patterns, row, world.trials, 1)
            assert found is not None
            slopes.append(found.slope)
            usable.append(found.usable)
    assert 0.75 < np.mean(slopes[::2]) < 1.15
    assert np.mean(usable[::2]) > 0.7
    assert np.mean(usable[1::2]) <= 0.1
