"""Penalties of sides on causes whose ratings are known."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from data.records import Feedback
from mining.causes import describe_causes, tallies_of
from mining.corpus import build_corpus
from mining.drivers import find_drivers
from mining.penalties import with_penalties
from mining.picture import Picture
from mining.pipeline import mine
from mining.rating_drop import rating_drop
from mining.results import Mining, Penalty
from mining.settings import MiningSettings
from mining.sides import find_sides
from tests.mining.worlds import Plan, build

SCALE = np.arange(1.0, 6.0)


def mined(ratings: Sequence[float | None]) -> tuple[list[Feedback], Mining]:
    """Three subjects: one of which 40 people find too little and 30 too much, and two that nobody minds."""
    world = build(
        [
            Plan(subject=0, side="too_little", people=40),
            Plan(subject=0, side="too_much", people=30),
            Plan(subject=1, side="praise", people=40),
            Plan(subject=2, side="complaint", people=40),
        ],
        languages=("en",),
    )
    sides = dict(zip([s.feedback_id for s in world.statements], world.sides, strict=True))
    of_side = dict(zip(("too_little", "too_much", "praise", "complaint"), ratings, strict=True))
    feedback = [replace(message, rating=of_side[sides[message.id]]) for message in world.feedback]
    return feedback, mine(feedback, world.statements, world.predictions, MiningSettings())[0]


def penalties(mining: Mining) -> dict[str, Penalty | None]:
    return {side.label: side.penalty for side in mining.causes[0].sides}


def test_a_side_is_held_against_those_who_do_not_complain_of_this_cause() -> None:
    feedback, mining = mined([2.0, 4.0, 5.0, 3.0])
    sides = {side.label: side for side in mining.causes[0].sides}
    bothered = {member for label, side in sides.items() if label != "praise" for member in side.members}
    middle = [message.rating for message in feedback if message.id not in bothered]
    little, much = sides["too_little"].penalty, sides["too_much"].penalty
    assert little is not None
    assert much is not None
    assert little.drop == pytest.approx(
        np.mean(middle) - 2.0
    )  # some of the middle complain, of another cause
    assert (little.people, little.middle) == (sides["too_little"].people, len(middle))
    assert (little.act, much.act) == (True, False)
    praised = [side.penalty for cause in mining.causes for side in cause.sides if side.label == "praise"]
    assert set(praised) == {None}


def test_the_sides_of_an_opposition_have_theirs() -> None:
    (opposition,) = mined([2.0, 4.0, 5.0, 3.0])[1].oppositions
    assert [side.penalty is not None and side.penalty.act for side in opposition.sides] == [True, False]


def test_without_ratings_there_is_no_penalty() -> None:
    assert set(penalties(mined([None] * 4)[1]).values()) == {None}


def test_a_side_that_few_rated_has_none() -> None:
    assert penalties(mined([None, 2.0, 5.0, 3.0])[1])["too_little"] is None


def test_a_cause_that_was_merged_across_products_is_taken_in_one_of_them() -> None:
    """Who complains of the lid of one jar and praises another one rates that one among those who are content."""
    world = build(
        [
            Plan(subject=0, side="complaint", people=60, segments={"product": "tall jar"}),
            Plan(subject=0, side="complaint", people=55, segments={"product": "wide jar"}),
            Plan(subject=1, side="praise", people=100, segments={"product": "tall jar"}),
        ],
        languages=("en",),
    )
    feedback = []
    for message, side in zip(world.feedback, world.sides, strict=True):
        author = message.author or ""
        if side == "praise":
            person = author.rsplit("-", 1)[1]
            author = f"author 0-complaint-wide jar-{person}" if int(person) < 55 else author
        feedback.append(replace(message, author=author, rating=5.0 if side == "praise" else 1.0))
    settings = MiningSettings()
    corpus = build_corpus(feedback, world.statements, world.predictions, settings)
    vectors = corpus.embeddings(corpus.distinct).astype(np.float64)
    picture = Picture(corpus, vectors, find_sides(corpus.predictions, settings), settings)
    lids = np.flatnonzero(world.subjects[corpus.order] == 0)
    causes = describe_causes(picture, ["c-0001"], [lids], [tallies_of(corpus, lids)])
    ((cause,), _) = with_penalties(picture, [lids], causes, [])
    penalty = {side.label: side.penalty for side in cause.sides}["complaint"]
    assert penalty is not None
    assert (penalty.drop, penalty.people, penalty.middle) == (4.0, 60, 100)
    drivers = find_drivers(picture, causes, [lids], outcome=None)
    assert drivers is not None
    (driver,) = drivers.drivers
    assert (driver.mean_without - driver.mean_with, driver.people) == (penalty.drop, penalty.people)


def test_a_drop_depends_on_counts_alone_and_its_interval_holds_it() -> None:
    middle, side = np.array([2, 3, 10, 20, 30]), np.array([10, 6, 4, 2, 1])
    drop, low, high = rating_drop(SCALE, middle, side)
    assert drop == pytest.approx(np.average(SCALE, weights=middle) - np.average(SCALE, weights=side))
    assert low < drop < high
    mirrored = rating_drop(SCALE, side, middle)
    assert mirrored[0] == pytest.approx(-drop)


@pytest.mark.slow
@pytest.mark.parametrize(("people", "least"), [(12, 0.92), (30, 0.93), (100, 0.93)])
def test_intervals_of_a_drop_cover_the_truth(people: int, least: float) -> None:
    rng = np.random.default_rng(4)
    content, upset = np.array([0.05, 0.05, 0.1, 0.3, 0.5]), np.array([0.4, 0.3, 0.15, 0.1, 0.05])
    truth = float(SCALE @ (content - upset))
    inside = []
    for _ in range(1000):
        _, low, high = rating_drop(SCALE, rng.multinomial(300, content), rng.multinomial(people, upset))
        inside.append(low <= truth <= high)
    assert least <= np.mean(inside) <= 0.99  # the imagined person makes those of few people wide


@pytest.mark.parametrize("people", [6, 12, 30])
def test_a_side_that_rates_as_all_do_seldom_rates_lower(people: int) -> None:
    """Where three in four rate 1, six who all do are no news, though their resamples are all alike.

    It is a tail of 2.5 %; without the imagined person six were told to rate lower in 18 %, twelve in 13 %.
    """
    rng = np.random.default_rng(5)
    usual = [0.75, 0.1, 0.05, 0.05, 0.05]
    told = []
    for _ in range(300):
        _, low, _ = rating_drop(SCALE, rng.multinomial(150, usual), rng.multinomial(people, usual))
        told.append(low > 0)
    assert np.mean(told) <= 0.07
