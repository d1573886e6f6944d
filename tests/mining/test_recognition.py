"""Mining again with a register: ids stay, edits stay, and what changed is told."""

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest

from data.errors import EditError
from mining.assignment import CauseIndex
from mining.edited_index import EditedIndex
from mining.edits import hide, merge, move, plain, rename, split, unhide
from mining.named_texts import NamedTexts
from mining.pipeline import mine
from mining.recognition import Identity
from mining.register import MINING, PEOPLE, MinedStatement, RegisteredCause, open_register, read_register
from mining.results import Mining
from mining.settings import MiningSettings
from models.predictions import Predictions
from tests.mining.worlds import SUBJECT_WORDS, Plan, World, build

SETTINGS = MiningSettings(granularity=0.5)
PLANS = tuple(
    Plan(subject=subject, side=side, people=30) for subject in range(5) for side in ("too_little", "too_much")
)


@cache
def world() -> World:
    return build(PLANS, noise=20, dimension=96)


def part(of: World, rows: Sequence[int] | np.ndarray) -> World:
    """Some statements; each is a message of its own in these worlds."""
    kept = list(rows)
    return World(
        tuple(of.feedback[i] for i in kept),
        tuple(of.statements[i] for i in kept),
        of.predictions.taken(kept),
        of.subjects[kept],
        tuple(of.sides[i] for i in kept),
    )


def mined(
    register: Path, of: World, *, model: str = "one", by_text: bool = False
) -> tuple[Mining, EditedIndex]:
    with open_register(register, create=True) as opened:
        return mine(
            of.feedback,
            of.statements,
            of.predictions,
            SETTINGS,
            register=opened,
            identity=Identity(model, by_text),
        )


def edit(register: Path, change: Callable[..., object], *arguments: str, **more: object) -> object:
    with open_register(register) as opened:
        return change(opened, *arguments, **more)


def by_subject(mining: Mining, of: World) -> dict[int, str | None]:
    """Subject to the cause that most of its statements are in."""
    found: dict[int, Counter[str | None]] = {}
    for cause, subject in zip(mining.assignment, of.subjects.tolist(), strict=True):
        found.setdefault(subject, Counter())[cause] += 1
    return {subject: counts.most_common(1)[0][0] for subject, counts in sorted(found.items()) if subject >= 0}


def told(register: Path, kind: str) -> list[str]:
    with read_register(register) as opened:
        return [entry.cause for entry in opened.log() if entry.actor == MINING and entry.kind == kind]


@pytest.fixture
def register(tmp_path: Path) -> Path:
    return tmp_path / "causes.db"


def test_the_first_mining_numbers_causes_by_size(register: Path) -> None:
    first, _ = mined(register, world())
    plain, _ = mine(world().feedback, world().statements, world().predictions, SETTINGS)
    assert first == plain
    assert told(register, "born") == sorted(cause.id for cause in plain.causes)


def test_mining_again_in_any_order_changes_nothing(register: Path) -> None:
    first, _ = mined(register, world())
    shuffled, order = world().shuffled(5)
    again, _ = mined(register, shuffled)
    assert again.assignment == tuple(first.assignment[i] for i in order)
    assert replace(again, assignment=(), people=()) == replace(first, assignment=(), people=())
    with read_register(register) as opened:
        assert {entry.kind for entry in opened.log()} == {"born"}


@pytest.mark.parametrize("model", ["one", "two"])
def test_new_rows_leave_ids_whatever_the_sizes_become(register: Path, model: str) -> None:
    old = [i for i, subject in enumerate(world().subjects) if subject != 4 or i % 3 == 0]
    before = part(world(), old)
    first, _ = mined(register, before)
    second, _ = mined(register, world(), model=model)
    assert by_subject(second, world()) == by_subject(first, before)


def test_rows_of_a_new_month_are_known_by_what_they_are_about(register: Path) -> None:
    odd, even = (
        part(world(), range(1, len(world().statements), 2)),
        part(world(), range(0, len(world().statements), 2)),
    )
    first, _ = mined(register, odd)
    second, _ = mined(register, even)
    assert by_subject(second, even) == by_subject(first, odd)


def test_another_model_and_no_common_feedback_leaves_nothing_to_go_by(register: Path) -> None:
    odd, even = (
        part(world(), range(1, len(world().statements), 2)),
        part(world(), range(0, len(world().statements), 2)),
    )
    first, _ = mined(register, odd)
    second, _ = mined(register, even, model="two")
    ids = {cause.id for cause in first.causes}
    assert not ids & {cause.id for cause in second.causes}
    assert set(told(register, "retired")) == ids


def test_numbers_of_rows_are_no_identity(register: Path) -> None:
    first, _ = mined(register, world(), by_text=True)
    order = np.random.default_rng(1).permutation(len(world().feedback))
    names = {world().feedback[i].id: f"f-{row:05d}" for row, i in enumerate(order)}
    renumbered = World(
        tuple(replace(message, id=names[message.id]) for message in world().feedback),
        tuple(
            replace(s, id=f"{names[s.feedback_id]}#1", feedback_id=names[s.feedback_id])
            for s in world().statements
        ),
        world().predictions,
        world().subjects,
        world().sides,
    )
    second, _ = mined(register, renumbered, model="two", by_text=True)
    assert by_subject(second, renumbered) == by_subject(first, world())


def test_a_cause_that_goes_and_comes_back_has_its_old_id(register: Path) -> None:
    first, _ = mined(register, world())
    gone = by_subject(first, world())[2]
    without, _ = mined(register, part(world(), np.flatnonzero(world().subjects != 2)))
    assert gone not in {cause.id for cause in without.causes}
    assert told(register, "retired") == [gone]
    again, _ = mined(register, world())
    assert by_subject(again, world())[2] == gone
    assert told(register, "returned") == [gone]


def test_a_new_subject_is_born_under_a_new_id(register: Path) -> None:
    before = part(world(), np.flatnonzero(world().subjects != 0))
    first, _ = mined(register, before)
    second, _ = mined(register, world())
    ids = {cause.id for cause in first.causes}
    new = by_subject(second, world())[0]
    assert new not in ids
    assert new in told(register, "born")


def test_clusters_that_meet_and_part_are_told(register: Path) -> None:
    apart = by_subject(mined(register, world())[0], world())
    together = world()
    said = together.predictions
    joined = said.embeddings.copy()
    shift = joined[together.subjects == 0].mean(axis=0) - joined[together.subjects == 1].mean(axis=0)
    joined[together.subjects == 1] += shift
    joined /= np.linalg.norm(joined, axis=1, keepdims=True)
    topics = said.topics.copy()
    topics[together.subjects == 1] = topics[together.subjects == 0]
    mined(register, replace(together, predictions=Predictions(said.sentiment, topics, said.degree, joined)))
    (lost,) = told(register, "merged")
    assert lost in (apart[0], apart[1])
    back = by_subject(mined(register, world())[0], world())
    assert back == apart
    assert told(register, "returned") == [lost]


def test_a_merge_stays_merged_and_the_index_agrees(register: Path, tmp_path: Path) -> None:
    first, _ = mined(register, world())
    a, b = by_subject(first, world())[0], by_subject(first, world())[1]
    edit(register, merge, a, b)
    for of in (world(), part(world(), range(0, len(world().statements) - 40))):
        mining, index = mined(register, of)
        assert by_subject(mining, of)[0] == by_subject(mining, of)[1] == b
        assert a not in {cause.id for cause in mining.causes}
        index.save(tmp_path / "index")
        texts = [statement.text for statement in of.statements]
        answers = EditedIndex.load(tmp_path / "index").assign(
            of.predictions.embeddings, of.predictions.topics, texts=texts
        )
        assert tuple(index.ids[i] if i >= 0 else None for i in answers) == mining.assignment
    assert told(register, "retired") == told(register, "merged") == []


def test_a_hidden_cause_stays_hidden_until_it_is_shown(register: Path) -> None:
    first, _ = mined(register, world())
    cause = first.causes[1]
    edit(register, hide, cause.id)
    for _ in range(2):
        mining, _ = mined(register, world())
        assert cause.id not in {each.id for each in mining.causes}
        assert mining.unassigned["in a hidden cause"] == cause.statements
        assert sum(mining.unassigned.values()) == mining.assignment.count(None)
    assert told(register, "retired") == []
    edit(register, unhide, cause.id)
    assert mined(register, world())[0] == first


def test_a_name_stays(register: Path) -> None:
    first, _ = mined(register, world())
    edit(register, rename, first.causes[0].id, "  What people \n ask first ")
    mining, _ = mined(register, world())
    assert mining.causes[0].label == "What people ask first"
    assert mining.causes[0].labels == first.causes[0].labels
    named = [o.label for o in mining.oppositions if o.cause_id == mining.causes[0].id]
    assert named == ["What people ask first"]


def test_a_name_that_slides_onto_another_subject_is_told(register: Path) -> None:
    causes = by_subject(mined(register, world())[0], world())
    stays, slides = str(causes[0]), str(causes[1])
    edit(register, rename, stays, "Examples")
    mined(register, world())
    assert told(register, "changed") == []
    about_another = [world().feedback[i].id for i in np.flatnonzero(world().subjects == 2)][:20]
    with open_register(register) as opened:  # as if it had been about something else when it was named
        opened.append(PEOPLE, "rename", slides, {"name": "Batteries", "members": about_another})
    for _ in range(2):
        mined(register, world())
        assert told(register, "changed") == [slides]
    with read_register(register) as opened:
        (entry,) = (entry for entry in opened.log() if entry.kind == "changed")
    assert entry.details == {"kept": 0, "of": 20, "since": "named"}


def test_a_moved_statement_stays_moved_while_it_exists(register: Path) -> None:
    first, _ = mined(register, world())
    row = first.assignment.index(by_subject(first, world())[0])
    target = by_subject(first, world())[3]
    edit(register, move, world().statements[row].feedback_id, target)
    assert mined(register, world())[0].assignment[row] == target
    rest = [i for i in range(len(world().statements)) if i != row]
    mined(register, part(world(), rest))
    assert mined(register, world(), model="two")[0].assignment[row] == target


def test_a_move_can_be_taken_back_before_the_next_mining(register: Path) -> None:
    first, _ = mined(register, world())
    home, away = by_subject(first, world())[0], by_subject(first, world())[3]
    row = first.assignment.index(home)
    name = world().statements[row].feedback_id
    assert edit(register, move, name, away) == home
    with pytest.raises(EditError, match=f"is in {away} already, or will be at the next mining"):
        edit(register, move, name, away)
    assert edit(register, move, name, home) == away
    with pytest.raises(EditError, match=f"is in {home} already"):
        edit(register, move, name, home)
    assert mined(register, world())[0].assignment == first.assignment


def test_a_mining_settles_the_moves_before_it(register: Path) -> None:
    with open_register(register, at=datetime(2026, 1, 1, tzinfo=UTC), create=True) as opened:
        for cause in ("c-0001", "c-0002"):
            opened.put(RegisteredCause.waiting(cause, ()))
        opened.put_mining("one", 2, [], [MinedStatement("f-1#1", "digest", "c-0001")])
        opened.append(PEOPLE, "move", "c-0002", {"statement": "f-1#1", "text": "digest", "from": "c-0001"})
    with open_register(register, at=datetime(2026, 1, 2, tzinfo=UTC)) as opened:  # a later split took it back
        opened.put_mining("one", 2, [], [MinedStatement("f-1#1", "digest", "c-0001")])
    assert edit(register, move, "f-1", "c-0002") == "c-0001"


def test_copies_of_a_moved_text_move_with_it(register: Path) -> None:
    text = world().statements[0].text
    twins = [replace(world().feedback[0], id=f"twin-{n}", author=f"twin {n}") for n in range(2)]
    copies = World(
        (*world().feedback, *twins),
        (
            *world().statements,
            *(replace(world().statements[0], id=f"{t.id}#1", feedback_id=t.id) for t in twins),
        ),
        Predictions(*(np.concatenate([rows, rows[:1], rows[:1]]) for rows in vars_of(world().predictions))),
        np.concatenate([world().subjects, world().subjects[:1].repeat(2)]),
        (*world().sides, *world().sides[:1] * 2),
    )
    first, _ = mined(register, copies)
    target = next(cause.id for cause in first.causes if cause.id != first.assignment[0])
    edit(register, move, "twin-1", target)
    again, _ = mined(register, copies)
    same = [i for i, statement in enumerate(copies.statements) if statement.text == text]
    assert {again.assignment[i] for i in same} == {target}
    assert len(same) >= 3


def vars_of(said: Predictions) -> tuple[np.ndarray, ...]:
    return said.sentiment, said.topics, said.degree, said.embeddings


@pytest.fixture
def two_in_one(register: Path) -> tuple[World, str]:
    """Two subjects that a mining cannot tell apart well enough, and the cause that holds them."""
    near = world()
    said = near.predictions
    pulled = said.embeddings.copy()
    centres = [pulled[near.subjects == subject].mean(axis=0) for subject in (0, 1)]
    pulled[near.subjects == 1] += 0.5 * (centres[0] - centres[1])
    pulled /= np.linalg.norm(pulled, axis=1, keepdims=True)
    topics = said.topics.copy()
    topics[near.subjects == 1] = topics[near.subjects == 0]
    near = replace(near, predictions=Predictions(said.sentiment, topics, said.degree, pulled))
    first, _ = mined(register, near)
    found = by_subject(first, near)
    assert found[0] == found[1] is not None
    return near, found[0]


def test_a_split_takes_other_languages_along_and_survives(
    register: Path, two_in_one: tuple[World, str], tmp_path: Path
) -> None:
    near, parent = two_in_one
    words = SUBJECT_WORDS["en"][1], SUBJECT_WORDS["vi"][1]
    new = edit(register, split, parent, phrases=[words[0].upper(), words[1]], statements=[], name="Batteries")
    for of in (near, part(near, range(0, len(near.statements) - 30)), near):
        mining, index = mined(register, of)
        assert by_subject(mining, of)[1] == new
        assert by_subject(mining, of)[0] == parent
        assert {cause.id: cause.label for cause in mining.causes}[str(new)] == "Batteries"
        right = [c == new for c, s in zip(mining.assignment, of.subjects, strict=True) if s == 1]
        assert np.mean(right) > 0.8
        index.save(tmp_path / "index")
        loaded = EditedIndex.load(tmp_path / "index")
        texts = [statement.text for statement in of.statements]
        answers = loaded.assign(of.predictions.embeddings, of.predictions.topics, texts=texts)
        assert tuple(index.ids[i] if i >= 0 else None for i in answers) == mining.assignment


def test_a_split_that_a_later_mining_finds_by_itself_keeps_its_id(
    register: Path, two_in_one: tuple[World, str]
) -> None:
    near, parent = two_in_one
    new = edit(
        register, split, parent, phrases=[SUBJECT_WORDS["en"][1], SUBJECT_WORDS["zh"][1]], statements=[]
    )
    mined(register, near)
    mining, _ = mined(register, world(), model="two")
    assert by_subject(mining, world())[1] == new
    assert by_subject(mining, world())[0] == parent


def test_moves_and_splits_read_each_text_once(
    register: Path, two_in_one: tuple[World, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    near, parent = two_in_one
    assigned = Mock(wraps=CauseIndex.assign_vectors)
    monkeypatch.setattr(CauseIndex, "assign_vectors", lambda *given: assigned(*given))
    mined(register, near)
    unedited = assigned.call_count
    for row in np.flatnonzero(near.subjects == 3)[:20]:
        edit(register, move, near.statements[row].id, parent)
    for word in (SUBJECT_WORDS["en"][1], "coffee"):
        edit(register, split, parent, phrases=[word], statements=[])
    _, index = mined(register, near)
    assert len(index.steps) == 22
    assert assigned.call_count == 2 * unedited
    texts = [statement.text for statement in near.statements]
    hashed, folded = Mock(wraps=hashlib.sha256), Mock(wraps=plain)
    monkeypatch.setattr("mining.edits.hashlib.sha256", hashed)
    monkeypatch.setattr(f"{NamedTexts.__module__}.plain", folded)
    index.assign(near.predictions.embeddings, near.predictions.topics, texts=texts)
    assert hashed.call_count == len(texts)
    assert 0 < folded.call_count <= len(texts)


def test_edits_are_played_in_their_order(register: Path, two_in_one: tuple[World, str]) -> None:
    near, parent = two_in_one
    first, _ = mined(register, near)
    other = by_subject(first, near)[3]
    new = str(edit(register, split, parent, phrases=[SUBJECT_WORDS["en"][1]], statements=[]))
    edit(register, merge, new, other)
    edit(register, merge, other, parent)
    mining, _ = mined(register, near)
    assert {by_subject(mining, near)[subject] for subject in (0, 1, 3)} == {parent}


def test_an_edit_that_names_nothing_left_does_no_harm(register: Path) -> None:
    first, _ = mined(register, world())
    a, b = first.causes[0].id, first.causes[1].id
    edit(register, split, a, phrases=["no such words anywhere"], statements=[])
    edit(register, merge, a, b)
    for subject in (0, 1, 2):
        rest = part(world(), np.flatnonzero(world().subjects != subject))
        mining, _ = mined(register, rest)
        assert a not in {cause.id for cause in mining.causes}


def test_what_edits_take_below_the_gate_is_not_listed(register: Path) -> None:
    first, _ = mined(register, world())
    row = first.assignment.index(first.causes[0].id)
    new = edit(register, split, first.causes[0].id, phrases=[], statements=[world().statements[row].id])
    mining, _ = mined(register, world())
    listed = {cause.id: cause.people for cause in mining.causes}
    assert listed.get(str(new), 6) >= 6
