"""The sample's planted truth against what the shipped checkpoint and the mining room find. Slow: the real model."""

import json
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from data.labels import SIDES
from data.reading import read_feedback
from data.records import Feedback
from data.splitting import split_statements
from mining.pipeline import mine
from mining.report_json import report_dict
from mining.results import Mining, Opposition
from models.checkpoint import load_predictor

SAMPLE = Path(__file__).resolve().parent.parent / "data" / "sample"
TRUTH: dict[str, Any] = json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))
pytestmark = pytest.mark.slow


def mined(feedback: Sequence[Feedback]) -> Mining:
    predictor = load_predictor()
    statements = [statement for message in feedback for statement in split_statements(message)]
    mining, _ = mine(feedback, statements, predictor.predict([statement.text for statement in statements]))
    return mining


@pytest.fixture(scope="module")
def feedback() -> tuple[Feedback, ...]:
    return read_feedback(SAMPLE / "feedback.csv").feedback


@pytest.fixture(scope="module")
def mining(feedback: tuple[Feedback, ...]) -> Mining:
    return mined(feedback)


def f1(found: Sequence[str], planted: Sequence[str]) -> float:
    return 2 * len(set(found) & set(planted)) / (len(found) + len(planted))


def scores(opposition: Opposition, cause: str) -> Mapping[str, float]:
    """F1 of each side that the found and the planted opposition share."""
    planted = TRUTH["causes"][cause]["sides"]
    return {
        side.label: f1(side.members, planted[side.label])
        for side in opposition.sides
        if side.label in planted
    }


def best_match(mining: Mining, planted: Mapping[str, Any]) -> tuple[Opposition | None, Mapping[str, float]]:
    found = [(o, scores(o, planted["cause"])) for o in mining.oppositions]
    whole = [(o, s) for o, s in found if set(s) == set(planted["sides"])]
    return max(whole, key=lambda pair: min(pair[1].values()), default=(None, {}))


@pytest.mark.parametrize("planted", TRUTH["oppositions"], ids=lambda planted: planted["cause"])
def test_every_planted_opposition_is_found(mining: Mining, planted: Mapping[str, Any]) -> None:
    opposition, sides = best_match(mining, planted)
    assert opposition is not None
    assert min(sides.values()) >= FLOOR[planted["cause"]], sides


def test_the_book_comes_first(mining: Mining) -> None:
    assert set(scores(mining.oppositions[0], "examples")) == {"too_little", "too_much"}
    assert min(scores(mining.oppositions[0], "examples").values()) > 0.5


def test_at_most_two_oppositions_were_not_planted(mining: Mining) -> None:
    matched = {id(best_match(mining, planted)[0]) for planted in TRUTH["oppositions"]}
    assert len([o for o in mining.oppositions if id(o) not in matched]) <= 2


def test_no_anecdote_became_a_cause(mining: Mining) -> None:
    """An anecdote may be swept into a large cause, but no cause is made of anecdotes."""
    anecdotes = set(TRUTH["anecdotes"])
    for cause in mining.causes:
        assert len(anecdotes & set(cause.members)) < 0.5 * len(cause.members), cause.label


def test_the_order_of_the_rows_changes_nothing(mining: Mining, feedback: tuple[Feedback, ...]) -> None:
    shuffled = list(feedback)
    random.Random(5).shuffle(shuffled)
    info = load_predictor().info
    assert report_dict(mined(shuffled), info) == report_dict(mining, info)


def test_sides_carry_known_labels(mining: Mining) -> None:
    assert {side.label for opposition in mining.oppositions for side in opposition.sides} <= set(SIDES)


FLOOR = dict.fromkeys((planted["cause"] for planted in TRUTH["oppositions"]), 0.8)
