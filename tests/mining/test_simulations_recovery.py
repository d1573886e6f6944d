"""What the effect of rescue is worth, in worlds whose effect is planted."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from numpy.typing import NDArray

from data.customers import Customer
from mining.recovery.complainers import Complainer, complainers
from mining.recovery.effect import (
    Effect,
    Groups,
    closed_groups,
    effect_of,
    landmark_groups,
    randomised_groups,
)
from mining.recovery.holdout import Holdout
from mining.recovery.standing import Standing
from tests.mining.journal_rows import journal, said

START = datetime(2026, 1, 1, 12, tzinfo=UTC)
TODAY = date(2026, 12, 31)
WITHIN, LANDMARK = 60, 7


@pytest.mark.slow
@pytest.mark.parametrize("people", [30, 60, 300])
@pytest.mark.parametrize(("contacted", "others"), [(0.5, 0.5), (0.9, 0.8), (0.97, 0.97), (0.6, 0.2)])
def test_the_interval_covers_the_planted_difference(people: int, contacted: float, others: float) -> None:
    rng = np.random.default_rng(people)
    rounds = 600
    ends = [rng.random((rounds, people)) < share for share in (contacted, others)]
    covered = 0
    for helped, rest in zip(*ends, strict=True):
        effect = effect_of(Groups(tuple(helped), tuple(rest), people, 0), "closed")
        assert effect.low is not None
        assert effect.high is not None
        covered += effect.low <= contacted - others <= effect.high
    assert covered / rounds >= 0.93


def people_named(count: int) -> Mapping[str, Complainer]:
    day = START.date()
    return complainers(journal([said(f"f-{i:04}", f"a{i}", day=day) for i in range(count)])).people


def leaving(rng: np.random.Generator, monthly: NDArray[np.float64]) -> NDArray[np.float64]:
    """Days until each person leaves at a constant rate; ``monthly`` is the chance to leave within 30 days."""
    return rng.exponential(30 / -np.log(1 - monthly))


def customers_of(days: NDArray[np.float64]) -> dict[str, Customer]:
    return {
        f"a{i}": Customer(None, (START + timedelta(days=float(day))).date() if day < 360 else None)
        for i, day in enumerate(days)
    }


def standings_of(days: Mapping[int, float]) -> dict[str, Standing]:
    return {
        f"author:a{i}": Standing(contacted=(START + timedelta(days=float(day)),), gestures=("g",))
        for i, day in days.items()
    }


def covers(effect: Effect, truth: float) -> bool:
    return effect.low is not None and effect.high is not None and effect.low <= truth <= effect.high


@pytest.mark.slow
def test_who_leaves_early_is_not_taken_for_a_failure_of_not_being_contacted() -> None:
    """Contacts on random days do nothing here; without the landmark they would seem to hold people back."""
    people, covered, naive = people_named(300), 0, 0
    rounds = 200
    for seed in range(rounds):
        rng = np.random.default_rng(seed)
        left = leaving(rng, np.full(300, 0.4))
        wanted = rng.uniform(0, 2 * LANDMARK, 300)
        reached = {i: wanted[i] for i in range(300) if wanted[i] < left[i] and rng.random() < 0.7}
        standings, customers = standings_of(reached), customers_of(left)
        groups = landmark_groups(people, customers, standings, until=TODAY, within=WITHIN, landmark=LANDMARK)
        covered += covers(effect_of(groups, "landmark"), 0.0)
        stayed = left > WITHIN
        was = np.isin(np.arange(300), list(reached))
        naive += covers(
            effect_of(Groups(tuple(stayed[was]), tuple(stayed[~was]), len(reached), 0), "closed"), 0.0
        )
    assert covered / rounds >= 0.92
    assert naive / rounds <= 0.6


@pytest.mark.slow
def test_a_holdout_finds_the_effect_where_choice_hides_it() -> None:
    """Staff contact the angriest, who leave more often; contacting halves their chance to leave in a month."""
    people = people_named(1200)
    rounds, causal, association = 150, 0, 0
    for seed in range(rounds):
        rng = np.random.default_rng(seed)
        holdout = Holdout(share=0.3, salt=f"salt {seed}", since=START - timedelta(days=1))
        held = np.array([holdout.holds(f"author:a{i}") for i in range(1200)])
        angry = rng.random(1200) < 0.5
        reached = ~held & (rng.random(1200) < np.where(angry, 0.8, 0.1))
        alone = np.where(angry, 0.5, 0.1)
        left = leaving(rng, np.where(reached, alone / 2, alone))
        standings = standings_of({int(i): 0.1 for i in np.flatnonzero(reached)})
        customers = customers_of(left)
        truth = _stays(np.where(angry, 0.25, 0.05)) - _stays(alone)
        intended = float(np.mean(np.where(angry, 0.8, 0.1) * truth))
        groups = randomised_groups(people, customers, standings, holdout, until=TODAY, within=WITHIN)
        causal += covers(effect_of(groups, "randomised"), intended)
        chosen = landmark_groups(people, customers, standings, until=TODAY, within=WITHIN, landmark=LANDMARK)
        association += covers(effect_of(chosen, "landmark"), float(np.mean(truth[reached])))
    assert causal / rounds >= 0.92
    assert association / rounds <= 0.2


def _stays(monthly: NDArray[np.float64]) -> NDArray[np.float64]:
    return (1 - monthly) ** (WITHIN / 30)


@pytest.mark.slow
def test_ends_that_were_entered_by_people_are_covered_as_an_association() -> None:
    rng = np.random.default_rng(5)
    covered, rounds = 0, 400
    for _ in range(rounds):
        ends = [(True, rng.random() < 0.7) for _ in range(80)] + [
            (False, rng.random() < 0.5) for _ in range(50)
        ]
        standings = [
            Standing(
                contacted=(START,) if contacted else (),
                outcome="recovered" if good else "lost",
                closed_at=START,
            )
            for contacted, good in ends
        ]
        covered += covers(effect_of(closed_groups(standings), "closed"), 0.2)
    assert covered / rounds >= 0.92
