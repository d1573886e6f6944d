"""Systemic against spectacular: many small failures outweigh one loud event, which stays the loudest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from mining.edits import set_cost
from mining.periods import Calendar, Moments
from mining.pipeline import mine
from mining.ranking.ranks import rank_causes
from mining.ranking.results import Rank
from mining.ranking.spread import spread_of
from mining.ranking.words import rank_dict, shown_ranks, why
from mining.register import open_register
from mining.report_html import page
from mining.results import Mining
from mining.settings import MiningSettings
from tests.mining.report_schema import SCHEMA
from tests.mining.report_world import MODEL
from tests.mining.worlds import Plan, World, build

CHRONIC, EVENT, LOCAL = range(3)


@pytest.fixture(scope="module")
def world() -> World:
    """A standing fault, a fortnight's event of as many people, and a fault in one region."""
    others = [
        Plan(subject=3, side="praise", people=60, segments={"region": name}) for name in ("n", "s", "w")
    ]
    return build(
        [
            *(
                Plan(subject=CHRONIC, side="complaint", people=20, segments={"region": name})
                for name in "nsw"
            ),
            *(
                Plan(
                    subject=EVENT, side="complaint", people=20, start=100, days=14, segments={"region": name}
                )
                for name in "nsw"
            ),
            Plan(subject=LOCAL, side="too_much", people=60, segments={"region": "s"}),
            *others,
        ]
    )


@pytest.fixture(scope="module")
def mining(world: World) -> Mining:
    return mine(world.feedback, world.statements, world.predictions)[0]


def rank_of(mining: Mining, world: World, subject: int) -> Rank:
    """The rank of the cause in which most of a subject is."""
    return next(rank for rank in mining.ranks if rank.cause_id == cause_of(mining, world, subject))


def cause_of(mining: Mining, world: World, subject: int) -> str | None:
    own = [mining.assignment[i] for i in np.flatnonzero(world.subjects == subject)]
    return max(set(own) - {None}, key=own.count)


def test_a_standing_fault_outweighs_an_event_and_the_event_is_louder(mining: Mining, world: World) -> None:
    chronic, event = rank_of(mining, world, CHRONIC), rank_of(mining, world, EVENT)
    assert chronic.rank < event.rank
    assert event.noise_rank < chronic.noise_rank
    assert chronic.time_spread > 0.8
    assert event.time_spread < 0.2
    assert event.peak_month == "2026-04"
    assert event.peak >= 50


def test_a_fault_of_one_region_is_narrow(mining: Mining, world: World) -> None:
    local = rank_of(mining, world, LOCAL)
    assert local.narrowest == "region"
    assert local.segment_spread < 0.6
    assert local.weight == pytest.approx(local.spread * local.rate * local.cost)


def test_praise_has_no_rank(mining: Mining, world: World) -> None:
    ranked = {rank.cause_id for rank in mining.ranks}
    assert cause_of(mining, world, CHRONIC) in ranked
    assert cause_of(mining, world, 3) not in ranked


def test_the_order_of_the_rows_changes_nothing(mining: Mining, world: World) -> None:
    shuffled, _ = world.shuffled(5)
    assert mine(shuffled.feedback, shuffled.statements, shuffled.predictions)[0].ranks == mining.ranks


@pytest.mark.parametrize(("people", "ranked"), [(5, False), (6, True)])
def test_a_rank_takes_people_not_their_months(people: int, ranked: bool) -> None:
    world = build(
        [
            Plan(subject=0, side="complaint", people=people, each=12),
            Plan(subject=0, side="praise", people=30),
            Plan(subject=1, side="praise", people=30),
        ]
    )
    mining = mine(world.feedback, world.statements, world.predictions)[0]
    assert [rank.people for rank in mining.ranks] == [people] * ranked
    assert all(people < rank.rate * rank.months <= 12 * people for rank in mining.ranks)


def test_a_file_of_one_month_has_no_ranks() -> None:
    world = build([Plan(subject=0, side="complaint", people=40, days=20)])
    assert mine(world.feedback, world.statements, world.predictions)[0].ranks == ()


def test_a_cost_turns_the_rank_at_the_next_mining(world: World, tmp_path: Path) -> None:
    def mined() -> Mining:
        with open_register(tmp_path / "causes.db", create=True) as register:
            return mine(world.feedback, world.statements, world.predictions, register=register)[0]

    event = rank_of(mined(), world, EVENT)
    with open_register(tmp_path / "causes.db") as register:
        set_cost(register, event.cause_id, 1000.0)
    after = rank_of(mined(), world, EVENT)
    assert (after.rank, after.cost) == (1, 1000.0)
    assert after.weight == pytest.approx(1000 * event.weight)


def test_the_reports_show_both_ranks(mining: Mining, world: World) -> None:
    shown = page(mining, MODEL)
    assert "Systemic against spectacular" in shown
    event = rank_of(mining, world, EVENT)
    assert why(event) in shown
    ranks = SCHEMA["properties"]["ranks"]
    Draft202012Validator(ranks).validate([rank_dict(rank) for rank in mining.ranks])


def rank(number: int, noise_rank: int, **changed: object) -> Rank:
    values: dict[str, object] = {
        "cause_id": f"c-{number:04d}",
        "people": 74,
        "months": 12,
        "rate": 6.2,
        "time_spread": 0.31,
        "segment_spread": 0.4,
        "narrowest": "plan",
        "cost": 1.0,
        "weight": 1.9,
        "rank": number,
        "peak": 44,
        "peak_month": "2026-03",
        "anger": 0.8,
        "mentions": 1.0,
        "noise": 36.0,
        "noise_rank": noise_rank,
    }
    return Rank(**{**values, **changed})  # type: ignore[arg-type]


def test_why_says_what_makes_the_ranks_differ() -> None:
    assert why(rank(22, 1)) == (
        "loud: 44 of 74 in Mar 2026; as spread as over 3.7 of 12 months, and over 40 % of plan"
    )
    quiet = why(rank(1, 5, time_spread=1.0, segment_spread=1.0, peak=19))
    assert quiet == "quiet and standing: as spread as over 12.0 of 12 months; never more than 19 a month"
    assert "each saying it 2.5 times" in why(rank(2, 2, mentions=2.47))


def test_the_heaviest_and_the_loudest_are_shown() -> None:
    ranks = [rank(number, 31 - number) for number in range(1, 31)]
    assert [each.rank for each in shown_ranks(ranks)] == [*range(1, 16), 28, 29, 30]


def test_one_month_of_twelve_is_a_twelfth() -> None:
    others, event = np.full(12, 100), np.eye(12, dtype=np.int64)[3] * 60
    assert spread_of(np.full(12, 10), others + 10) == 1.0
    assert spread_of(event, others + event) == pytest.approx(1 / 12, abs=0.005)
    assert spread_of(10 * event, 10 * others + 10 * event) == pytest.approx(1 / 12, abs=0.001)
    assert spread_of(np.array([1, 0]), np.array([5, 5])) == 1.0


@pytest.mark.parametrize(
    ("people", "everybody"),
    [
        ([50, 50, 3], [500, 500, 3]),
        ([50, 50, 2], [500, 500, 3]),
        ([*[20] * 11, 3], [*[200] * 11, 3]),  # the month in which the file begins is cut off
        ([5, 60, 100, 2, 1, 40], [5, 60, 100, 2, 1, 40]),  # all of its product, in a season
        ([5, 60, 100, 2, 1, 40], [5, 60, 101, 2, 1, 40]),
    ],
)
def test_a_cell_of_three_people_takes_little_of_a_spread(people: list[int], everybody: list[int]) -> None:
    assert spread_of(np.array(people), np.array(everybody)) > 0.8


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
@pytest.mark.parametrize(
    "cells", [[500, 500, *[3] * 20], [60, 60, *[3] * 38], [200] * 11 + [3], [500, 500, *[1] * 35]]
)
def test_an_even_rate_is_spread_whatever_tiny_cells_there_are(rate: float, cells: list[int]) -> None:
    rng = np.random.default_rng(1)
    everybody = np.array(cells)
    spreads = [spread_of(rng.binomial(everybody, rate), everybody) for _ in range(400)]
    assert np.median(spreads) > 0.95
    assert np.quantile(spreads, 0.1) > 0.6


@pytest.mark.parametrize("tiny", [0, 20])
def test_an_event_is_narrow_whatever_tiny_cells_there_are(tiny: int) -> None:
    event = np.array([60, *[0] * (11 + tiny)])
    assert spread_of(event, event + np.array([100] * 12 + [3] * tiny)) < 0.1


def test_few_people_do_not_look_concentrated() -> None:
    rng = np.random.default_rng(1)
    concentrations = [1 / _of_even(rng) for _ in range(3000)]
    assert np.mean(np.array(concentrations) > 2) < 0.2


def _of_even(rng: np.random.Generator) -> float:
    people = rng.multinomial(8, np.full(12, 1 / 12))
    return spread_of(people, people + 50)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=12))
def test_a_spread_is_a_part(cells: list[tuple[int, int]]) -> None:
    people = np.array([own for own, _ in cells])
    everybody = people + np.array([others for _, others in cells])
    if everybody.sum():
        assert 0 < spread_of(people, everybody) <= 1


@pytest.mark.parametrize("people", [6, 8, 10, 15, 20, 30])
@pytest.mark.parametrize("cells", [(12,), (24,), (60,), (3,), (30,), (3, 20, 30)])
def test_even_causes_of_few_people_are_told_as_even(people: int, cells: tuple[int, ...]) -> None:
    """Alone, as the months are, and as the smallest of several, as segments are."""
    rng = np.random.default_rng(people)
    spreads = [min(_even_spread(rng, people, each, len(cells)) for each in cells) for _ in range(800)]
    assert np.mean(spreads) > 0.9


def _even_spread(rng: np.random.Generator, people: int, cells: int, compared: int) -> float:
    own = rng.multinomial(people, np.full(cells, 1 / cells))
    return spread_of(own, own + 600 // cells, compared=compared)


@pytest.mark.parametrize("people", [6, 10, 20, 60])
@pytest.mark.parametrize("cells", [3, 12, 30])
def test_what_lies_in_one_cell_is_told_as_narrow_from_few_people_on(people: int, cells: int) -> None:
    own = np.eye(cells, dtype=np.int64)[1] * people
    assert spread_of(own, own + 600 // cells, compared=3) == pytest.approx(1 / cells, abs=0.1 / cells + 0.05)


@dataclass(frozen=True)
class Written:
    """One message of a person of their own: its month of 2025, what it is about, and the cause that it complains of."""

    month: int
    cause: str | None = None
    product: str = ""
    branch: str = ""
    says: bool = True


def ranks_of(written: Sequence[Written]) -> dict[str, Rank]:
    """The ranks by cause of messages without a model: each that says something is one statement."""
    said = [each for each in written if each.says]
    corpus = SimpleNamespace(
        days=np.array([date(2025, each.month, 5).toordinal() for each in written]),
        feedback=[
            SimpleNamespace(segments={"product": each.product, "branch": each.branch}) for each in written
        ],
        people=np.arange(len(written)),
        message=np.flatnonzero([each.says for each in written]),
        contexts=tuple(each.product for each in said),
        predictions=SimpleNamespace(sentiment=np.full((len(said), 3), 1 / 3)),
        count_people=len,
    )
    stance = SimpleNamespace(complains=np.array([each.cause is not None for each in said]))
    picture = SimpleNamespace(corpus=corpus, stance=stance, settings=MiningSettings())
    causes = sorted({each.cause for each in said if each.cause})
    members = [np.flatnonzero([each.cause == cause for each in said]) for cause in causes]
    found = rank_causes(picture, [SimpleNamespace(id=cause) for cause in causes], members, {})  # type: ignore[arg-type]
    return {rank.cause_id: rank for rank in found}


def lids(branches: Mapping[int, str]) -> Rank:
    """Of 600 people, even over the year, every fifth complains of the lid; the branch is known of some of them."""
    written = [
        Written(1 + number % 12, None if number % 5 else "lid", branch=branches.get(number, ""))
        for number in range(600)
    ]
    return ranks_of(written)["lid"]


def test_a_segment_that_is_known_of_few_of_a_cause_takes_nothing_of_its_weight() -> None:
    others = {number: f"b{number % 19}" for number in range(600) if number % 5 and number % 12 == 1}
    assert lids({}).weight == lids({**others, 0: "b19", 5: "b19"}).weight == pytest.approx(10)
    few = dict.fromkeys(range(0, 590, 10), "b19")
    assert len(few) == 59
    assert lids({**others, **few}).narrowest is None
    half = lids({**others, **few, 595: "b19"})
    assert (half.narrowest, half.weight < 3) == ("branch", True)


def test_the_months_of_a_cause_are_those_since_the_first_message_about_its_product() -> None:
    """Eight of fifty complain each month: of the old product all year, of the new one since October."""
    lid_of = {"old": range(1, 13), "new": range(10, 13)}
    written = [
        Written(month, f"{product} lid" if number < 8 else None, product)
        for product, months in lid_of.items()
        for month in months
        for number in range(50)
    ]
    ranks = ranks_of(written)
    assert {name: (rank.months, rank.rate) for name, rank in ranks.items()} == {
        "old lid": (12, 8.0),
        "new lid": (3, 8.0),
    }
    assert "as spread as over 3.0 of 3 months" in why(ranks["new lid"])
    assert "as spread as over 12.0 of 12 months" in why(ranks["old lid"])


def test_a_message_without_a_statement_is_about_its_product() -> None:
    """Stars without a word from July on, and words about the jar since October."""
    stars = [Written(month, product="jar", says=False) for month in (7, 8, 9)]
    words = [
        Written(month, "lid" if number < 8 else None, "jar") for month in (10, 11, 12) for number in range(50)
    ]
    pans = [Written(month, product="pan") for month in range(1, 13)]
    ranks = ranks_of([*pans, *stars, *words])
    assert (ranks["lid"].months, ranks["lid"].rate) == (6, 4.0)


def test_a_product_that_nobody_writes_of_any_more_weighs_less() -> None:
    """Sixty complain in March of what is written of in March alone, and sixty all year of what is still sold."""
    gone = [Written(3, "gone" if number < 60 else None, "fair") for number in range(100)]
    stays = [Written(1 + number % 12, "stays" if number % 10 == 0 else None, "shop") for number in range(600)]
    stays = [*stays, *(Written(1 + number % 12, None, "shop") for number in range(12))]
    ranks = ranks_of([*gone, *stays])
    assert "as spread as over 1.0 of 10 months" in why(ranks["gone"])
    assert (ranks["gone"].months, ranks["gone"].rate) == (10, 6.0)
    assert ranks["gone"].weight < ranks["stays"].weight / 4


def test_a_product_of_one_month_is_told_so() -> None:
    assert "as spread as over 1.0 of 1 month;" in why(
        rank(1, 1, months=1, time_spread=1.0, segment_spread=1.0)
    )


def test_everybody_is_counted_once_for_all_causes_of_a_product(monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[int] = []
    count = Calendar.people

    def listening(self: Calendar, moments: Moments) -> np.ndarray:
        counted.append(len(moments.day))
        return count(self, moments)

    monkeypatch.setattr(Calendar, "people", listening)
    written = [
        Written(1 + number % 12, f"{product} {number % 9}" if number % 2 else None, product)
        for product in ("jar", "pan")
        for number in range(720)
    ]
    assert len(ranks_of(written)) == 18
    assert sum(size == 720 for size in counted) == 2
    assert len(counted) == 2 + 18
