"""The whole mining room on planted worlds, whose subjects, sides and segments are known."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data.labels import TOPICS
from data.records import Feedback, Statement
from data.taxonomy import taxonomy
from mining.edited_index import EditedIndex
from mining.pipeline import mine
from mining.results import Mining, Opposition
from mining.settings import MiningSettings
from models.predictions import Predictions
from tests.mining.worlds import Plan, World, build

# The planted subjects lie farther apart than those of the shipped model, for which the default is set.
SETTINGS = MiningSettings(granularity=0.3)
EXAMPLES, BATTERY, COURIER, PORTIONS, ALERTS, CHARGE = range(6)
PLANS = (
    Plan(subject=EXAMPLES, side="too_little", people=70),
    Plan(subject=EXAMPLES, side="too_much", people=64),
    Plan(subject=BATTERY, side="too_little", people=50),
    Plan(subject=COURIER, side="complaint", people=45),
    Plan(subject=COURIER, side="praise", people=48),
    Plan(subject=PORTIONS, side="too_little", people=35, segments={"plan": "family"}),
    Plan(subject=PORTIONS, side="too_much", people=34, segments={"plan": "solo"}),
    Plan(subject=ALERTS, side="too_much", people=25, each=4),
    Plan(subject=ALERTS, side="too_little", people=150),
    Plan(subject=CHARGE, side="complaint", people=40, start=120, days=10),
)


@cache
def world() -> World:
    return build(PLANS, noise=60, wrong=0.04, dimension=96)


@cache
def mined() -> tuple[Mining, EditedIndex]:
    planted = world()
    return mine(planted.feedback, planted.statements, planted.predictions, SETTINGS)


def cause_of(subject: int) -> str:
    """The cause that most statements of a subject are in."""
    found = Counter(
        cause
        for cause, about in zip(mined()[0].assignment, world().subjects, strict=True)
        if about == subject
    )
    cause, count = found.most_common(1)[0]
    assert cause is not None
    assert count > 0.8 * sum(found.values())
    return cause


def opposition_of(subject: int) -> Opposition:
    return {o.cause_id: o for o in mined()[0].oppositions}[cause_of(subject)]


def test_each_subject_is_one_cause_and_no_two_share_one() -> None:
    assert len({cause_of(subject) for subject in range(6)}) == 6


def test_members_of_both_sides_are_found() -> None:
    opposition = opposition_of(EXAMPLES)
    for side in opposition.sides:
        planted = {
            statement.feedback_id
            for statement, about, true in zip(
                world().statements, world().subjects, world().sides, strict=True
            )
            if about == EXAMPLES and true == side.label
        }
        both = len(planted & set(side.members))
        assert 2 * both / (len(planted) + len(side.members)) > 0.85


@pytest.mark.parametrize(
    ("subject", "kind", "verdict"),
    [
        (EXAMPLES, "degree", "split"),
        (COURIER, "sentiment", "split"),
        (PORTIONS, "degree", "split_by_segment"),
        (ALERTS, "degree", "leans_A"),
    ],
)
def test_planted_oppositions_and_their_verdicts(subject: int, kind: str, verdict: str | None) -> None:
    opposition = opposition_of(subject)
    assert (opposition.kind, opposition.verdict) == (kind, verdict)
    assert opposition.grade == "established"


def test_nothing_else_is_an_opposition() -> None:
    expected = {cause_of(subject) for subject in (EXAMPLES, COURIER, PORTIONS, ALERTS)}
    assert {o.cause_id for o in mined()[0].oppositions} == expected


def test_the_most_balanced_large_opposition_comes_first() -> None:
    assert mined()[0].oppositions[0].cause_id == cause_of(EXAMPLES)


def test_the_segment_is_named_with_its_side() -> None:
    segment = opposition_of(PORTIONS).segment
    assert segment.column == "plan"
    assert (segment.value, segment.towards) in {("family", "too_little"), ("solo", "too_much")}
    assert segment.effect > 0.7


def test_shouting_counts_people() -> None:
    _, much = opposition_of(ALERTS).sides
    assert much.label == "too_much"
    assert len(much.members) > 80
    assert much.people < 45


def test_burst_and_trickle() -> None:
    timing = {cause.id: cause.timing for cause in mined()[0].causes}
    assert timing[cause_of(CHARGE)].kind == "burst"
    assert timing[cause_of(BATTERY)].kind == "systemic"


def test_records_agree_with_each_other() -> None:
    mining, _ = mined()
    messages = {message.id: message for message in world().feedback}
    by_cause = Counter(mining.assignment)
    assert by_cause[None] == sum(mining.unassigned.values())
    for number, cause in enumerate(mining.causes, start=1):
        assert cause.id == f"c-{number:04d}"
        assert cause.statements == by_cause[cause.id]
        assert cause.people >= MiningSettings().cause_people
        assert cause.members == tuple(sorted(cause.members))
        assert cause.topics[0] in TOPICS
    assert [c.people for c in mining.causes] == sorted((c.people for c in mining.causes), reverse=True)
    for opposition in mining.oppositions:
        together = {side.share.n for side in opposition.sides}
        assert len(together) == 1
        assert sum(side.people for side in opposition.sides) >= together.pop()
        for side in opposition.sides:
            assert side.people == side.share.k
            assert {example.feedback_id for example in side.examples} <= set(side.members)
            for example in side.examples:
                assert messages[example.feedback_id].text[example.start : example.end] == example.text


def test_any_order_of_rows_gives_the_same_picture() -> None:
    shuffled, order = world().shuffled(3)
    again, _ = mine(shuffled.feedback, shuffled.statements, shuffled.predictions, SETTINGS)
    first, _ = mined()
    assert again.assignment == tuple(first.assignment[i] for i in order)
    assert again.people == tuple(first.people[i] for i in order)
    assert replace(again, assignment=(), people=()) == replace(first, assignment=(), people=())


def test_the_index_is_the_rule_that_mining_used(tmp_path: Path) -> None:
    mining, index = mined()
    index.save(tmp_path)
    predictions = world().predictions
    answers = EditedIndex.load(tmp_path).assign(predictions.embeddings, predictions.topics)
    assert tuple(index.ids[i] if i >= 0 else None for i in answers) == mining.assignment
    assert tuple(cause.id for cause in mining.causes) == index.ids


def test_causes_of_different_products_stay_apart() -> None:
    plans = [
        Plan(subject=0, side="too_little", people=60, segments={"product": "book"}),
        Plan(subject=0, side="too_much", people=60, segments={"product": "door bell"}),
    ]
    planted = build(plans)
    apart, _ = mine(planted.feedback, planted.statements, planted.predictions)
    assert apart.oppositions == ()
    together, _ = mine(
        planted.feedback, planted.statements, planted.predictions, MiningSettings(context=None)
    )
    assert [o.kind for o in together.oppositions] == ["degree"]


def test_a_cause_is_held_against_those_who_wrote_about_its_product() -> None:
    """The door bell is launched in September: its causes are neither new nor rising, and the book's do not fall."""
    plans = [
        Plan(subject=0, side="complaint", people=90, segments={"product": "book"}),
        Plan(subject=1, side="praise", people=210, segments={"product": "book"}),
        Plan(subject=2, side="complaint", people=90, start=244, days=116, segments={"product": "door bell"}),
        Plan(subject=3, side="praise", people=210, start=244, days=116, segments={"product": "door bell"}),
    ]
    planted = build(plans)
    mining, _ = mine(planted.feedback, planted.statements, planted.predictions)
    assert len(mining.causes) == 4
    for cause in mining.causes:
        trend, recent = cause.timing.trend, cause.timing.recent
        assert trend is not None
        assert recent is not None
        assert trend.label in ("steady", "unclear")
        assert not recent.emerging
        assert 280 < recent.of + recent.past_of <= 300  # but for the days before the first whole week
        assert len(cause.timing.periods) == 12
        assert trend.unit == ("month" if len(trend.points) == 12 else "week")


def mine_texts(texts: list[str], **kwargs: Any) -> Mining:
    feedback = [Feedback(id=f"f-{i}", text=text, language="en") for i, text in enumerate(texts)]
    statements = [
        Statement(id=f"f-{i}#1", feedback_id=f"f-{i}", start=0, end=len(text), text=text, language="en")
        for i, text in enumerate(texts)
    ]
    rows = {text: np.random.default_rng(len(text)).normal(size=8) for text in texts}
    predictions = Predictions(
        sentiment=np.full((len(texts), 3), 1 / 3, dtype=np.float32),
        topics=np.full((len(texts), len(TOPICS)), 0.1, dtype=np.float32),
        degree=np.full((len(texts), 3), 1 / 3, dtype=np.float32),
        embeddings=np.array([rows[text] for text in texts], dtype=np.float32).reshape(-1, 8),
    )
    return mine(feedback, statements, predictions, **kwargs)[0]


def test_nothing_to_mine() -> None:
    mining = mine_texts([], rejected=3)
    assert (mining.causes, mining.oppositions, mining.assignment) == ((), (), ())
    assert (mining.data.rows, mining.data.rejected, mining.data.people) == (3, 3, 0)


def test_ten_thousand_identical_rows_are_one_voice_and_no_cause() -> None:
    mining = mine_texts(["Delivery was slow again this week"] * 10_000)
    assert mining.causes == ()
    assert mining.data.people == 1
    assert sum(mining.unassigned.values()) == 10_000


def test_emoji_and_a_single_message_are_left_out_with_a_reason() -> None:
    mining = mine_texts(["👍👍", "The manual is missing"])
    assert mining.assignment == (None, None)
    assert mining.unassigned["no letters"] == 1
    assert sum(mining.unassigned.values()) == 2


def test_a_cause_in_which_no_two_people_share_a_word_is_called_by_its_topic() -> None:
    planted = build([Plan(subject=0, side="complaint", people=40)], languages=("en",))
    own = {
        message.id: f"lid{chr(97 + i // 20)}{chr(97 + i % 20)}" for i, message in enumerate(planted.feedback)
    }
    mining = mine(
        [replace(message, text=own[message.id]) for message in planted.feedback],
        [replace(each, text=own[each.feedback_id], start=0, end=5) for each in planted.statements],
        planted.predictions,
    )[0]
    (cause,) = mining.causes
    name = taxonomy()[cause.topics[0]].names["en"]
    assert (cause.label, cause.labels) == (name, {"en": name})


@pytest.mark.parametrize("stray", [datetime(1962, 3, 1, tzinfo=UTC), datetime(2062, 3, 1, tzinfo=UTC)])
def test_no_stray_date_heads_the_page(stray: datetime) -> None:
    planted = build([Plan(subject=0, side="complaint", people=40)])
    wrong = (replace(planted.feedback[0], created_at=stray), *planted.feedback[1:])
    days = [message.created_at.date().isoformat() for message in wrong[1:] if message.created_at]
    data = mine(wrong, planted.statements, planted.predictions)[0].data
    assert (data.first, data.last, data.untimed) == (min(days), max(days), 1)


def test_progress_is_told_by_stage() -> None:
    stages: list[str] = []
    mine_texts(["one", "two"], on_progress=stages.append)
    assert stages[0] == "counting people"
    assert len(stages) == len(set(stages)) >= 5


def test_what_does_not_belong_together_is_refused() -> None:
    planted = world()
    with pytest.raises(ValueError, match="give one for each"):
        mine(planted.feedback, planted.statements[1:], planted.predictions)
    with pytest.raises(ValueError, match="give all feedback"):
        mine(planted.feedback[1:], planted.statements, planted.predictions)
