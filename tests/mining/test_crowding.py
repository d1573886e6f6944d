"""A cause that holds a large part of those who complain is told, with its people, and only such a one."""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest
from rich.console import Console

from mining.corpus import build_corpus
from mining.crowding import crowd_of
from mining.crowding_words import crowd_words
from mining.evidence import share_of
from mining.picture import Picture
from mining.pipeline import mine
from mining.report_html import page
from mining.report_terminal import print_report
from mining.results import Crowd, Mining
from mining.settings import MiningSettings
from mining.sides import find_sides
from tests.mining.report_world import MODEL, world
from tests.mining.worlds import Plan, build

SETTINGS = MiningSettings()
CROWD = Crowd(cause_id="c-0001", share=share_of(170, 381))


def crowd(plans: Sequence[Plan], causes: int = 3, settings: MiningSettings = SETTINGS) -> Crowd | None:
    """The crowd of a world in which each of the first subjects is a cause of its own, and others are in none."""
    planted = build(plans, languages=("en",))
    corpus = build_corpus(planted.feedback, planted.statements, planted.predictions, settings)
    vectors = corpus.embeddings(corpus.distinct).astype(np.float32)
    picture = Picture(corpus, vectors, find_sides(corpus.predictions, settings), settings)
    subjects = planted.subjects[corpus.order]
    members = [np.flatnonzero(subjects == number) for number in range(causes)]
    return crowd_of(picture, world().causes[:causes], members)


def complaints(*people: int) -> list[Plan]:
    sides = ("complaint", "too_little", "too_much")
    return [Plan(subject=i, side=sides[i % 3], people=number) for i, number in enumerate(people)]


def test_the_fullest_cause_is_told_with_its_people() -> None:
    found = crowd(complaints(20, 70, 30))
    assert found is not None
    assert found.cause_id == world().causes[1].id
    assert (found.share.k, found.share.n) == (70, 120)
    assert found.share.low < 70 / 120 < found.share.high


def test_exactly_the_share_is_not_above_it() -> None:
    assert crowd(complaints(40, 30, 30)) is None
    assert crowd(complaints(41, 30, 29)) is not None
    assert crowd(complaints(40, 30, 30), settings=MiningSettings(crowded_share=0.39)) is not None


def test_people_count_once_and_those_in_no_cause_count() -> None:
    loud = [replace(plan, each=5 if plan.subject == 0 else 1) for plan in complaints(38, 32, 30)]
    assert crowd(loud) is None
    assert crowd(complaints(50, 30, 20)) is not None
    assert crowd(complaints(50, 30, 20, 30)) is None, "thirty people complain of what is in no cause"


def test_praise_makes_no_crowd() -> None:
    praise = Plan(subject=0, side="praise", people=200)
    assert crowd([*complaints(30, 30, 35), praise]) is None
    found = crowd([*complaints(60, 30, 10), praise])
    assert found is not None
    assert (found.share.k, found.share.n) == (60, 100)


def test_few_causes_and_few_people_say_nothing() -> None:
    assert crowd(complaints(60, 20), causes=2) is None
    assert crowd(complaints(30, 10, 9)) is None
    assert crowd(complaints(30, 10, 10)) is not None


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"granularity": 0.2}, "mine again with --granularity 0.5 (this was 0.2)"),
        ({}, "mine again with --granularity 0.5 (this was 0.2)"),
        ({"granularity": 0.9}, "mine again with --granularity 1 (this was 0.9)"),
        ({"granularity": 1.0}, "countervoice causes split c-0001 --containing PHRASE"),
    ],
)
def test_the_sentence_says_how_many_and_what_to_try(settings: Mapping[str, object], words: str) -> None:
    told = crowd_words(CROWD, settings)
    assert told.startswith("holds 170 of 381 people who complain, 45\u202f% (40–50\u202f%): ")
    assert words in told
    assert told.count(".") - len(re.findall(r"\d\.\d", told)) == 1, "one sentence"


def test_below_the_gate_of_the_mining_no_share_is_told() -> None:
    said = crowd_words(CROWD, {"share_people": 382})
    assert said.startswith("holds 170 of 381 people who complain: causes may be too broad")


def test_page_and_terminal_say_it_of_the_cause_by_its_name() -> None:
    fullest = replace(world().causes[2], label="<b>thanks</b>", topics=("other",))
    causes = (*world().causes[:2], fullest, *world().causes[3:])
    mining = replace(world(), causes=causes, crowd=replace(CROWD, cause_id=fullest.id))
    said = crowd_words(CROWD, mining.settings).split(":")[0]
    html = page(mining, MODEL)
    assert (
        f'<b><bdi>&lt;b&gt;thanks&lt;/b&gt;</bdi></b> <span class="vague">(no one subject)</span> {said}'
        in html
    )
    assert f"“<b>thanks</b> (no one subject)” {' '.join(said.split())}" in " ".join(printed(mining).split())
    for silent in (page(world(), MODEL), printed(world())):
        assert "people who complain, 45" not in silent
        assert "too broad" not in silent


def test_a_mining_of_many_complaints_of_one_thing_tells_of_it() -> None:
    planted = build([*complaints(120, 40, 40, 30), Plan(subject=4, side="praise", people=80)], dimension=96)
    mining, _ = mine(
        planted.feedback, planted.statements, planted.predictions, MiningSettings(granularity=0.3)
    )
    assert mining.crowd is not None
    fullest = max(
        mining.causes, key=lambda cause: sum(side.people for side in cause.sides if side.label != "praise")
    )
    assert mining.crowd.cause_id == fullest.id
    assert mining.crowd.share.n == pytest.approx(230, abs=2)
    assert mining.crowd.share.k == pytest.approx(120, abs=20)
    even = build(complaints(60, 60, 60, 60), dimension=96)
    found, _ = mine(even.feedback, even.statements, even.predictions, MiningSettings(granularity=0.3))
    assert len(found.causes) >= 3
    assert found.crowd is None


def printed(mining: Mining) -> str:
    stream = io.StringIO()
    print_report(Console(file=stream, width=130, force_terminal=False), mining)
    return stream.getvalue()
