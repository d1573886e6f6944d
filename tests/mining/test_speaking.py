"""Who speaks: raking, weighted shares, and the asked beside the unasked."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

import numpy as np
import pytest

from data.errors import InputError
from data.margins import Margins
from data.records import Feedback
from mining.corpus import Corpus, build_corpus
from mining.pipeline import mine
from mining.report_json import report_dict
from mining.results import Mining
from mining.settings import MiningSettings
from mining.speaking.asked import Question, asking_of, compare
from mining.speaking.raking import LEAST, MOST, effective_people, rake
from mining.speaking.results import Speakers
from mining.speaking.shares import weighted_share
from mining.speaking.weights import weigh
from mining.speaking.words import asked_who
from models.predictions import ModelInfo, Predictions
from tests.mining.worlds import Plan, World, build

MODEL = ModelInfo(name="default", version="0" * 12, languages=("en",))
MARGINS = Margins({"plan": {"family": 0.2, "solo": 0.8}}, "margins.csv")


def corpus(*feedback: Feedback) -> Corpus:
    nothing = Predictions(*(np.zeros((0, width), np.float32) for width in (3, 18, 3, 8)))
    return build_corpus(feedback, (), nothing, MiningSettings())


def writers(plans: dict[str, int]) -> list[Feedback]:
    each = [plan for plan, people in plans.items() for _ in range(people)]
    return [
        Feedback(id=f"{i:04d}", text=f"text {i}", author=f"a{i}", segments={"plan": plan} if plan else {})
        for i, plan in enumerate(each)
    ]


def test_one_margin_is_post_stratification() -> None:
    raked = rake([np.array([0] * 80 + [1] * 20)], [np.array([0.5, 0.5])])
    assert raked.weights[[0, 99]] == pytest.approx([0.625, 2.5])
    assert not raked.clipped.any()
    assert effective_people(raked.weights) == pytest.approx(64)


def test_two_margins_are_both_met() -> None:
    rng = np.random.default_rng(1)
    codes = [rng.choice(3, size=500, p=[0.2, 0.5, 0.3]), rng.choice(2, size=500, p=[0.7, 0.3])]
    targets = [np.array([0.4, 0.3, 0.3]), np.array([0.5, 0.5])]
    weights = rake(codes, targets).weights
    for code, target in zip(codes, targets, strict=True):
        assert np.bincount(code, weights=weights) / 500 == pytest.approx(target, abs=1e-6)


def test_weights_are_cut_and_the_margin_is_missed() -> None:
    raked = rake([np.array([0] * 98 + [1] * 2)], [np.array([0.5, 0.5])])
    assert raked.clipped.any()
    assert raked.weights[[0, 98]] == pytest.approx([90 / 98, MOST])
    assert np.flatnonzero(raked.clipped).tolist() == [98, 99]
    few = rake([np.array([0] * 50 + [1] * 50)], [np.array([0.98, 0.02])])
    assert few.weights[[0, 99]] == pytest.approx([2 - LEAST, LEAST])


def test_nobody_is_raked_to_nothing() -> None:
    assert len(rake([], []).weights) == 0
    assert effective_people(np.zeros(0)) == 0


def test_kish_counts_equal_weights_as_people() -> None:
    assert effective_people(np.full(40, 0.3)) == pytest.approx(40)


def test_a_person_has_the_plan_of_most_messages() -> None:
    twice = [Feedback(id=f"x{i}", text=f"more {i}", author="a0", segments={"plan": "solo"}) for i in (1, 2)]
    people = weigh(corpus(*writers({"family": 50, "solo": 50}), *twice), MARGINS)
    assert [(each.value, each.wrote.k) for each in people.margins] == [("family", 49), ("solo", 51)]
    assert [each.reached for each in people.margins] == pytest.approx([0.2, 0.8])


def test_whose_plan_is_not_known_keep_their_part() -> None:
    people = weigh(corpus(*writers({"family": 40, "solo": 40, "": 20})), MARGINS)
    assert [each.wrote.n for each in people.margins] == [80, 80]
    assert sorted(set(np.round(people.raked.weights, 6))) == pytest.approx([0.4, 1.0, 1.6])


def test_a_value_without_a_person_is_refused() -> None:
    """Messages have it, but no person most of theirs."""
    one = Feedback(id="x1", text="more", author="a0", segments={"plan": "solo"})
    with pytest.raises(InputError, match="plan 'solo' is 80 % of the customers and nobody"):
        weigh(
            corpus(*writers({"family": 50}), one, replace(one, id="x2", segments={"plan": "family"})), MARGINS
        )


def test_equal_weights_give_the_share_as_counted() -> None:
    on = np.arange(200) < 60
    share = weighted_share(on, np.ones(200), gate=30)
    assert share.value == pytest.approx(0.3)
    assert (share.low, share.high) == pytest.approx((share.raw.low, share.raw.high), abs=1e-6)
    assert share.p_value is None


def test_weights_that_have_nothing_to_do_with_the_answer_move_it_by_chance() -> None:
    rng = np.random.default_rng(2)
    weights = np.where(rng.random(200) < 0.5, 0.5, 2.0)
    chances = [weighted_share(rng.random(200) < 0.4, weights, gate=30).p_value or 0 for _ in range(1000)]
    assert 0.03 <= np.mean(np.array(chances) < 0.05) <= 0.07


def test_below_thirty_effective_people_there_is_no_share() -> None:
    share = weighted_share(np.arange(40) < 20, np.array([1.0] * 30 + [4.0] * 10), gate=30)
    assert share.n_eff < 30
    assert (share.value, share.low, share.high) == (None, None, None)
    assert (share.raw.k, share.raw.n) == (20, 40)


@pytest.mark.parametrize(("people", "closed"), [(0, (0.0, None)), (100, (None, 1.0))])
def test_nobody_and_everybody(people: int, closed: tuple[float | None, float | None]) -> None:
    weights = np.where(np.arange(100) < 50, 0.5, 1.5)
    share = weighted_share(np.arange(100) < people, weights, gate=30)
    found = (share.low, share.high)
    assert all(end is None or end == found[i] for i, end in enumerate(closed))
    assert 0.02 < (share.high or 0) - (share.low or 0) < 0.1


def asked_feedback(asked: int, unasked: int, both: int, untold: int = 0) -> list[Feedback]:
    kinds = [(True,)] * asked + [(False,)] * unasked + [(True, False)] * both + [(None,)] * untold
    return [
        Feedback(id=f"{i:04d}-{j}", text=f"text {i} {j}", author=f"a{i:04d}", solicited=flag)
        for i, flags in enumerate(kinds)
        for j, flag in enumerate(flags)
    ]


def question(on: np.ndarray, people: int) -> Question:
    return Question(cause_id=None, kind=None, side="complaint", on=on, everyone=np.arange(people))


def test_who_did_both_is_in_neither_group() -> None:
    asking = asking_of(corpus(*asked_feedback(100, 200, 5, 3)))
    on = np.r_[np.arange(60), np.arange(100, 160), np.arange(300, 305)]
    asked = compare(asking, [question(on, 308)], gate=30, significance=0.05)
    assert asked is not None
    assert (asked.solicited, asked.unsolicited, asked.both, asked.untold) == (100, 200, 5, 3)
    (row,) = asked.rows
    assert (row.solicited.k, row.solicited.n, row.unsolicited.k, row.unsolicited.n) == (60, 100, 60, 200)
    assert row.low is not None
    assert row.high is not None
    assert row.low < 0.3 < row.high
    assert row.differs


def test_a_difference_needs_thirty_people_in_each_group() -> None:
    asking = asking_of(corpus(*asked_feedback(29, 200, 0)))
    asked = compare(asking, [question(np.arange(20), 229)], gate=30, significance=0.05)
    assert asked is not None
    assert (asked.rows[0].low, asked.rows[0].p_adjusted, asked.rows[0].differs) == (None, None, False)
    assert asked.rows[0].solicited.k == 20


@pytest.mark.parametrize("kinds", [(50, 0, 4), (0, 50, 0), (0, 0, 0, 50)])
def test_without_both_groups_there_is_nothing_to_compare(kinds: tuple[int, ...]) -> None:
    asking = asking_of(corpus(*asked_feedback(*kinds)))
    assert compare(asking, [], gate=30, significance=0.05) is None


@cache
def world() -> World:
    """Portions: the family asks for more, the solo for less; families write four times as often as there are."""
    plans = [
        Plan(subject=0, side="too_little", people=80, segments={"plan": "family"}),
        Plan(subject=0, side="too_much", people=20, segments={"plan": "solo"}),
        Plan(subject=1, side="complaint", people=60, segments={"plan": "solo"}),
        Plan(subject=2, side="praise", people=60, segments={"plan": "family"}),
    ]
    planted = build(plans, seed=3)
    asked = tuple(
        replace(message, solicited=i % 3 == 0, created_at=datetime(2026, 1, 1 + i % 28, tzinfo=UTC))
        for i, message in enumerate(planted.feedback)
    )
    return World(
        asked, *(getattr(planted, name) for name in ("statements", "predictions", "subjects", "sides"))
    )


def mined(of: World, margins: Margins | None) -> Mining:
    return mine(of.feedback, of.statements, of.predictions, margins=margins)[0]


@cache
def speakers() -> Speakers:
    found = mined(world(), MARGINS).speakers
    assert found is not None
    return found


def test_a_majority_of_writers_is_a_minority_of_customers() -> None:
    weighting = speakers().weighting
    assert weighting is not None
    (opposition,) = [each for each in weighting.oppositions if each.kind == "degree"]
    few, much = (side.share for side in opposition.sides)
    assert few.raw.k > 70 > 3 * much.raw.k
    assert few.value is not None
    # Families weigh 0.2 / 140 each, solos 0.8 / 80.
    families, solos = few.raw.k * 0.2 / 140, much.raw.k * 0.8 / 80
    assert few.value == pytest.approx(families / (families + solos))
    assert weighting.moved(few)
    assert weighting.turned(opposition)
    assert much.value == pytest.approx(1 - few.value)


def test_without_margins_nothing_is_weighted_and_the_rest_stays() -> None:
    plain, weighted = mined(world(), None), mined(world(), MARGINS)
    assert plain.speakers is not None
    assert plain.speakers.weighting is None
    assert replace(plain, speakers=None) == replace(weighted, speakers=None)


def test_the_report_is_the_same_for_any_order_of_rows() -> None:
    again = mined(world().shuffled(5)[0], MARGINS)
    assert report_dict(again, MODEL) == report_dict(mined(world(), MARGINS), MODEL)


def test_a_row_of_everybody_says_who_is_counted() -> None:
    """Not all who complain: those who complain in more statements than they praise in."""
    asking = asking_of(corpus(*asked_feedback(40, 40, 0)))
    asked = compare(asking, [question(np.arange(20), 80)], gate=30, significance=0.05)
    assert asked is not None
    assert asked_who(asked.rows[0]) == "complain more than praise"
    assert asked_who(replace(asked.rows[0], cause_id="c-0001")) == "complain"
