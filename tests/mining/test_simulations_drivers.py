"""Planted worlds of correlated causes: are the drivers ranked as they were planted?"""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from mining.importance import importance
from mining.pipeline import mine
from tests.mining.test_drivers import correlated, covariances
from tests.mining.test_pipeline import BATTERY, COURIER, SETTINGS, cause_of, world

Floats = NDArray[np.float64]
EFFECTS = np.array([-1.6, -1.0, -0.5, 0.0, 0.0, 0.0])


@pytest.mark.slow
@pytest.mark.parametrize("people", [400, 1500])
@pytest.mark.parametrize("together", [0.0, 0.3, 0.5])
def test_clear_drivers_are_ranked_right(people: int, together: float) -> None:
    rng = np.random.default_rng(11)
    worlds = 500
    data = np.concatenate([covariances(correlated(rng, people, EFFECTS, together)) for _ in range(worlds)])
    carried = importance(data, seed=0)
    truth = importance(covariances(correlated(rng, 400_000, EFFECTS, together)), seed=0)[0]
    assert list(np.argsort(-truth)[:3]) == [0, 1, 2]
    right = (np.argsort(-carried, axis=1)[:, :3] == [0, 1, 2]).all(axis=1)
    assert right.mean() >= 0.9, right.mean()


@pytest.mark.slow
def test_drivers_do_not_depend_on_the_order_of_rows_and_find_the_planted_one() -> None:
    planted, rng = world(), np.random.default_rng(12)
    battery = {
        s.feedback_id
        for s, about in zip(planted.statements, planted.subjects, strict=True)
        if about == BATTERY
    }
    left = [float(rng.random() < (0.8 if message.id in battery else 0.1)) for message in planted.feedback]
    told = replace(
        planted, feedback=tuple(replace(m, outcome=o) for m, o in zip(planted.feedback, left, strict=True))
    )
    shuffled, _ = told.shuffled(3)
    one, two = (
        mine(each.feedback, each.statements, each.predictions, SETTINGS, outcome="left")[0].drivers
        for each in (told, shuffled)
    )
    assert one == two
    assert one is not None
    assert (one.outcome, one.yes_no, one.refused) == ("left", True, None)
    first = one.drivers[0]
    assert first.cause_id == cause_of(BATTERY)
    assert first.difference > 0.4
    assert first.low <= first.share <= first.high
    assert first.difference_low < first.difference < first.difference_high
    assert (first.rank, first.rank_low, first.rank_high) == (1, 1, 1)
    assert sum(driver.share for driver in one.drivers) == pytest.approx(1)
    assert all(driver.people <= driver.of == one.people for driver in one.drivers)
    assert {driver.side for driver in one.drivers if driver.cause_id == cause_of(COURIER)} == {
        "complaint",
        "praise",
    }


def test_noise_and_a_handful_are_refused() -> None:
    planted, rng = world(), np.random.default_rng(13)
    noise = tuple(replace(message, outcome=float(rng.integers(1, 6))) for message in planted.feedback)
    few = tuple(replace(message, outcome=None if i > 20 else 1.0) for i, message in enumerate(noise))
    for feedback, words in ((noise, "than chance"), (few, "anecdote: ")):
        drivers = mine(feedback, planted.statements, planted.predictions, SETTINGS, outcome="spend")[
            0
        ].drivers
        assert drivers is not None
        assert words in (drivers.refused or "")
        assert drivers.drivers == ()
