"""What the effect of rescue is worth, in worlds whose effect is planted."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

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
from serving.recovery.ledger import Ledger
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


def holds(holdout: Holdout, size: int) -> NDArray[np.bool_]:
    """Who of a0, a1 and so on is held out."""
    return np.array([holdout.holds(f"author:a{i}") for i in range(size)])


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
        held = holds(holdout, 1200)
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


@pytest.mark.slow
def test_who_complains_again_decides_nothing() -> None:
    """All were in the queue at the draw; contacts change no end, but the calm do not complain again after one."""
    size, rounds, covered, complaining = 600, 200, 0, 0
    people, before = people_named(size), START.date() - timedelta(days=20)
    for seed in range(rounds):
        rng = np.random.default_rng(seed)
        holdout = Holdout(share=0.5, salt=f"salt {seed}", since=START)
        held = holds(holdout, size)
        angry = rng.random(size) < 0.5
        again = rng.random(size) < np.where(angry | held, 0.8, 0.2)
        days = [[before, day] if more else [before] for more, day in zip(again, soon(rng, size), strict=True)]
        left = leaving(rng, np.where(angry, 0.3, 0.05))
        world, customers = complaining_on(people, days), customers_of(left)
        standings = standings_of({int(i): 1.0 for i in np.flatnonzero(~held)})
        groups = randomised_groups(world, customers, standings, holdout, until=TODAY, within=WITHIN)
        covered += covers(effect_of(groups, "randomised"), 0.0)
        stayed = left > WITHIN
        naive = Groups(tuple(stayed[again & ~held]), tuple(stayed[again & held]), 0, 0)
        complaining += covers(effect_of(naive, "randomised"), 0.0)
    assert covered / rounds >= 0.92
    assert complaining / rounds <= 0.7


def soon(rng: np.random.Generator, size: int) -> list[date]:
    return [START.date() + timedelta(days=int(day)) for day in rng.integers(5, 30, size)]


def complaining_on(people: Mapping[str, Complainer], days: Sequence[Sequence[date]]) -> dict[str, Complainer]:
    """The people named a0, a1 and so on, each with their days."""
    return {f"author:a{i}": replace(people[f"author:a{i}"], days=tuple(told)) for i, told in enumerate(days)}


@pytest.mark.slow
def test_naming_the_share_again_moves_nothing(tmp_path: Path) -> None:
    """Contacts do nothing, and the angry are contacted in the first month: without them the rest are calm."""
    ledger, size, rounds, covered, later = Ledger(tmp_path / "recovery.db"), 600, 200, 0, 0
    people, second = people_named(size), START + timedelta(days=31)
    ledger.draw(0.5, START)
    drawn = ledger.draw(0.5, second)
    for seed in range(rounds):
        rng = np.random.default_rng(seed)
        holdout = replace(drawn, salt=f"salt {seed}")
        held, angry = holds(holdout, size), rng.random(size) < 0.5
        left = leaving(rng, np.where(angry, 0.3, 0.05))
        standings = standings_of({int(i): 1.0 for i in np.flatnonzero(angry & ~held)})
        customers = customers_of(left)
        groups = randomised_groups(people, customers, standings, holdout, until=TODAY, within=WITHIN)
        covered += covers(effect_of(groups, "randomised"), 0.0)
        rest = {key: person for key, person in people.items() if key not in standings}
        moved = replace(holdout, since=second)
        groups = randomised_groups(rest, customers, standings, moved, until=TODAY, within=WITHIN)
        later += covers(effect_of(groups, "randomised"), 0.0)
    assert covered / rounds >= 0.92
    assert later / rounds <= 0.6


@pytest.mark.slow
def test_after_a_larger_share_only_new_people_tell_the_effect(tmp_path: Path) -> None:
    """Contacts keep those who may have one: of who was there before the second draw, the held out are the toughest."""
    ledger, size, rounds, covered, pooled = Ledger(tmp_path / "recovery.db"), 1200, 150, 0, 0
    people, second = people_named(size), 31
    draws = ledger.draw(0.2, START), ledger.draw(0.5, START + timedelta(days=second))
    for seed in range(rounds):
        rng = np.random.default_rng(seed)
        first, last = (replace(draw, salt=f"salt {seed}") for draw in draws)
        origin, angry = rng.integers(0, 2 * second, size), rng.random(size) < 0.5
        held = np.where(origin <= second, holds(first, size), holds(last, size))
        reached = ~held & (rng.random(size) < np.where(angry, 0.9, 0.1))
        alone = np.where(angry, 0.6, 0.1)
        left = origin + leaving(rng, np.where(reached, alone / 4, alone))
        world = complaining_on(people, [[START.date() + timedelta(days=day)] for day in origin.tolist()])
        standings = standings_of({int(i): float(origin[i]) for i in np.flatnonzero(reached)})
        truth = float(np.mean(np.where(angry, 0.9, 0.1) * (_stays(alone / 4) - _stays(alone))))
        for holdout in (last, replace(last, anew=False)):
            groups = randomised_groups(
                world, customers_of(left), standings, holdout, until=TODAY, within=WITHIN
            )
            held_truth = covers(effect_of(groups, "randomised"), truth)
            covered += held_truth and holdout.anew
            pooled += held_truth and not holdout.anew
    assert covered / rounds >= 0.92
    assert pooled / rounds <= 0.6


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
