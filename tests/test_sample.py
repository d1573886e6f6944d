"""The sample's planted truth against what the shipped checkpoint and the mining room find. Slow: the real model."""

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from benchmarks.stable_causes import mined_in_turn, same
from data.labels import SIDES
from data.reading import read_feedback
from data.records import Feedback
from mining.pipeline import mine
from mining.report_json import report_dict
from mining.results import Mining, Opposition
from mining.settings import MiningSettings
from models.checkpoint import load_predictor
from models.predictions import Predictions
from serving.analysis import Analysis, analyse
from serving.mining_run import guarded

SAMPLE = Path(__file__).resolve().parent.parent / "data" / "sample"
TRUTH: dict[str, Any] = json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))
pytestmark = pytest.mark.slow
# F1 of the worse side that the checkpoint of 0.1.0 reaches, less a margin. The target is 0.8 for each. Raise these
# with every better checkpoint (the tenth lowered three by .01 to .03, the seventeenth one by .02 and raised three:
# docs/training-log.md, sections 20 and 33). Of oppositions that were not planted at most two are wanted: it tells one,
# and under small noise as well.
FLOOR = {"examples": 0.57, "alerts": 0.51, "chime": 0.63, "portions": 0.69, "couriers": 0.68}
UNPLANTED = 2
# Verdicts other than the planted ones. The chime's cause takes in 38 people who get too few alerts, so that those who
# ask for more outnumber the others there.
OTHERWISE = {"chime": "leans_A"}


def mined(analysis: Analysis) -> Mining:
    info = load_predictor().info
    found, _ = mine(
        analysis.feedback,
        analysis.statements,
        analysis.predictions,
        guarded(MiningSettings(), info),
        confusion=info.confusion,
    )
    return found


@pytest.fixture(scope="module")
def feedback() -> tuple[Feedback, ...]:
    return read_feedback(SAMPLE / "feedback.csv").feedback


@pytest.fixture(scope="module")
def analysis(feedback: tuple[Feedback, ...]) -> Analysis:
    return analyse(feedback, load_predictor())


@pytest.fixture(scope="module")
def mining(analysis: Analysis) -> Mining:
    return mined(analysis)


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


@pytest.mark.parametrize("planted", TRUTH["oppositions"], ids=lambda planted: planted["cause"])
def test_the_readme_tells_who_was_found(
    mining: Mining, feedback: tuple[Feedback, ...], planted: Mapping[str, Any]
) -> None:
    """By people, as the report counts them: shown, planted, and right on each side."""
    authors = {message.id: message.author or message.id for message in feedback}
    opposition, _ = best_match(mining, planted)
    assert opposition is not None
    assert opposition.verdict == OTHERWISE.get(planted["cause"], planted["expected_verdict"])
    cells, worse = [], 1.0
    for side in opposition.sides:
        members = TRUTH["causes"][planted["cause"]]["sides"][side.label]
        shown, there = ({authors[member] for member in ids} for ids in (side.members, members))
        assert len(shown) == side.people
        cells.append(f"{len(shown)}, {len(there)}, {len(shown & there)}")
        worse = min(worse, f1(list(shown), list(there)))
    row = f"| {opposition.label} | {cells[0]} | {cells[1]} | {worse:.2f} |".replace(" 0.", " .")
    assert row in (SAMPLE.parents[1] / "README.md").read_text(encoding="utf-8")


def test_a_fifth_more_rows_leaves_causes_their_ids(
    feedback: tuple[Feedback, ...], analysis: Analysis
) -> None:
    """A cause still exists when one new cause and it hold more than half of each other, of what both minings had."""
    info = load_predictor().info
    settings = guarded(MiningSettings(), info)
    everything = [message.id for message in feedback]
    kept = []
    for seed in range(3):
        both = set(random.Random(seed).sample(everything, round(len(everything) / 1.2)))
        turns = [(sorted(both), info.version), (everything, info.version)]
        before, after = mined_in_turn(analysis, settings, turns)
        kept += [old == new for old, new in same(before, after, both)]
    assert len(kept) > 55
    assert sum(kept) >= 0.95 * len(kept)


def test_the_book_comes_first(mining: Mining) -> None:
    assert mining.oppositions[0] is best_match(mining, TRUTH["oppositions"][0])[0]
    assert TRUTH["oppositions"][0]["cause"] == "examples"


def test_the_planted_oppositions_lead_the_list(mining: Mining) -> None:
    """Few oppositions that were not planted: sides must speak of one thing (decision 43)."""
    matched = [best_match(mining, planted)[0] for planted in TRUTH["oppositions"]]
    assert len({(found.cause_id, found.kind) for found in matched if found is not None}) == 5
    assert all(opposition in matched for opposition in mining.oppositions[:3])
    assert sum(opposition not in matched for opposition in mining.oppositions) <= UNPLANTED


def test_no_side_of_an_opposition_cannot_be_told_from_zero(mining: Mining) -> None:
    sides = {(cause.id, side.label): side.near_zero for cause in mining.causes for side in cause.sides}
    told = [
        (opposition.cause_id, side.label) for opposition in mining.oppositions for side in opposition.sides
    ]
    assert told
    assert not any(sides[side] for side in told)


def test_the_plan_tells_the_portions_apart(mining: Mining) -> None:
    planted = next(planted for planted in TRUTH["oppositions"] if planted["cause"] == "portions")
    opposition, _ = best_match(mining, planted)
    assert opposition is not None
    assert opposition.verdict == "split_by_segment"
    assert opposition.segment is not None
    assert opposition.segment.column == planted["segment"]["column"]


def test_no_anecdote_became_a_cause(mining: Mining) -> None:
    """An anecdote may be swept into a large cause, but no cause is made of anecdotes."""
    anecdotes = set(TRUTH["anecdotes"])
    for cause in mining.causes:
        assert len(anecdotes & set(cause.members)) < 0.5 * len(cause.members), cause.label


def test_the_order_of_the_rows_changes_nothing(mining: Mining, feedback: tuple[Feedback, ...]) -> None:
    shuffled = list(feedback)
    random.Random(5).shuffle(shuffled)
    predictor = load_predictor()
    again = mined(analyse(shuffled, predictor))
    assert report_dict(again, predictor.info) == report_dict(mining, predictor.info)


@pytest.mark.parametrize("seed", [1, 2])
def test_rounding_changes_no_picture(mining: Mining, analysis: Analysis, seed: int) -> None:
    """Another processor's rounding moves embeddings by a millionth: the same kinds told, nearly the same causes.

    Oppositions of nearly the same weight may change places.
    """
    again = mined(replace(analysis, predictions=jittered(analysis.predictions, seed)))
    assert sorted(told.kind for told in again.oppositions) == sorted(told.kind for told in mining.oppositions)
    assert adjusted_rand_score(named(mining), named(again)) > 0.95


def jittered(predictions: Predictions, seed: int) -> Predictions:
    vectors = predictions.embeddings
    moved = vectors + np.random.default_rng(seed).normal(0.0, 1e-6, vectors.shape)
    moved /= np.linalg.norm(moved, axis=1, keepdims=True)
    return replace(predictions, embeddings=moved.astype(np.float32))


def named(mining: Mining) -> list[str]:
    return [cause or "" for cause in mining.assignment]


def test_sides_carry_known_labels(mining: Mining) -> None:
    assert {side.label for opposition in mining.oppositions for side in opposition.sides} <= set(SIDES)
