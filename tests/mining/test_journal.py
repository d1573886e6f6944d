"""The journal: what a mining leaves for those who act on it."""

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from data.errors import StateError
from mining.contexts import message_contexts
from mining.corpus import Corpus
from mining.fixes.voices import open_dated, voices_of
from mining.journal import Journal, forget_in_journal, read_journal, write_journal
from mining.pipeline import mine
from mining.watch.counting import daily_counts
from tests.mining.journal_rows import journal, said
from tests.mining.journals import MODEL, SETTINGS, mined_journal
from tests.mining.worlds import Plan, World, build


@pytest.fixture(scope="module")
def world() -> World:
    plans = [
        Plan(subject=0, side="too_little", people=30),
        Plan(subject=0, side="too_much", people=25, each=2),
        Plan(subject=1, side="praise", people=20),
    ]
    return build(plans, noise=10)


@pytest.fixture(scope="module")
def kept(world: World) -> Journal:
    return mined_journal(world)


def test_every_statement_is_there_once(world: World, kept: Journal) -> None:
    keys = list(zip(kept.column("feedback_id"), kept.column("start"), strict=True))
    assert keys == sorted({(s.feedback_id, s.start) for s in world.statements})
    assert len(kept) == len(world.statements)


def test_a_person_is_named_by_their_first_message(kept: Journal) -> None:
    rows = list(zip(kept.column("author"), kept.column("person"), kept.column("feedback_id"), strict=True))
    first: dict[str, str] = {}
    for author, _, feedback_id in rows:
        first.setdefault(author, feedback_id)
    assert all(person == first[author] for author, person, _ in rows)


def test_causes_and_sides_are_those_of_the_mining(world: World, kept: Journal) -> None:
    mining, _ = mine(world.feedback, world.statements, world.predictions, SETTINGS)
    rows = list(zip(kept.column("feedback_id"), kept.column("cause_id"), kept.column("side"), strict=True))
    for cause in mining.causes:
        assert {row[0] for row in rows if row[1] == cause.id} == set(cause.members)
        for side in cause.sides:
            assert {row[0] for row in rows if row[1:] == (cause.id, side.label)} == set(side.members)


NOTICE = "This message was read by an agent on the day it came"


def with_a_notice(world: World, below: int) -> World:
    """The same notice as a neutral statement beneath the first messages."""
    notices = tuple(
        replace(
            each,
            id=f"{each.feedback_id}#2",
            start=each.end + 1,
            end=each.end + 1 + len(NOTICE),
            text=NOTICE,
        )
        for each in world.statements[:below]
    )
    neutral = build([Plan(subject=9, side="", people=below)], seed=5).predictions
    heads = [name.name for name in fields(world.predictions)]
    both = (np.vstack([getattr(said, head) for said in (world.predictions, neutral)]) for head in heads)
    return replace(
        world, statements=(*world.statements, *notices), predictions=type(world.predictions)(*both)
    )


def test_what_a_statement_is_about_is_as_the_mining_took_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the lamp are 55 statements, but ten of them are a notice: too few for a product of its own."""
    plans = [
        Plan(subject=0, side="complaint", people=45, segments={"product": "Lamp"}),
        Plan(subject=1, side="complaint", people=60, segments={"product": "Bell"}),
        Plan(subject=2, side="complaint", people=30),
    ]
    world, seen = with_a_notice(build(plans), 10), list[Corpus]()
    monkeypatch.setattr(
        "mining.pipeline.find_drivers", lambda picture, *_, outcome: seen.append(picture.corpus)
    )
    kept = mined_journal(world)
    assert kept.column("text").count(NOTICE) == 10
    taken = message_contexts(seen[0], SETTINGS.context)
    mined = {message.id: about for message, about in zip(seen[0].feedback, taken, strict=True)}
    assert kept.column("context") == [mined[each] for each in kept.column("feedback_id")]
    assert set(kept.column("context")) == {"", "Bell"}
    assert open_dated(kept).context.tolist() == kept.column("context")
    causes = dict(zip(kept.column("text"), kept.column("cause_id"), strict=True))
    (lamp,) = {causes[each.text] for each in world.statements[:45]} - {None}
    counts = daily_counts(kept)
    wrote = voices_of(open_dated(kept), lamp, side=None, touched=[]).everybody
    assert counts.of[counts.causes.index(lamp)].sum() == wrote.people() == 75


def test_the_order_of_the_rows_changes_nothing(world: World, kept: Journal) -> None:
    shuffled, _ = world.shuffled(3)
    assert mined_journal(shuffled).table.equals(kept.table)


def test_it_is_read_as_it_was_written(kept: Journal, tmp_path: Path) -> None:
    write_journal(tmp_path / "journal.parquet", kept)
    assert read_journal(tmp_path / "journal.parquet").table.equals(kept.table)


def test_erased_words_are_gone_from_the_file_and_counts_stay(kept: Journal, tmp_path: Path) -> None:
    path = tmp_path / "journal.parquet"
    write_journal(path, kept)
    erased = kept.column("feedback_id")[0]
    forget_in_journal(path, [erased, "f-unknown"], "product")
    left = read_journal(path)
    assert left.column("cause_id") == kept.column("cause_id")
    for name in ("text", "author"):
        for row, value in enumerate(left.column(name)):
            gone = kept.column("feedback_id")[row] == erased
            assert value == (None if gone else kept.column(name)[row])
    assert kept.column("author")[0].encode() not in path.read_bytes()


@pytest.mark.parametrize(("context", "left"), [("product", [("product", "Lamp")]), ("shop", []), (None, [])])
def test_of_the_erased_only_the_segment_stays_that_says_what_it_is_about(
    tmp_path: Path, context: str | None, left: list[tuple[str, str]]
) -> None:
    path = tmp_path / "journal.parquet"
    segments = [("order", "A-17 Anna Ozola"), ("product", "Lamp")]
    rows = [{**said(f"f-{number}"), "segments": segments} for number in range(2)]
    write_journal(path, journal([*rows, said("f-2")]))
    forget_in_journal(path, ["f-0", "f-2"], context)
    assert read_journal(path).column("segments") == [left, segments, []]


def test_a_file_without_the_erased_is_left_alone(kept: Journal, tmp_path: Path) -> None:
    path = tmp_path / "journal.parquet"
    write_journal(path, kept)
    before = path.stat()
    forget_in_journal(path, ["f-unknown"], "product")
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_topics_are_those_past_the_threshold(world: World) -> None:
    topics = np.zeros_like(world.predictions.topics)
    topics[:, 2] = 0.6
    predictions = replace(world.predictions, topics=topics)
    models = [replace(MODEL, topic_threshold=threshold) for threshold in (0.5, 0.7)]
    found = [mined_journal(world, predictions, model) for model in models]
    assert set(map(tuple, found[0].column("topics"))) == {("usability",)}
    assert set(map(tuple, found[1].column("topics"))) == {()}


def test_statements_that_the_model_is_not_sure_of_are_kept_and_marked(world: World) -> None:
    degree = world.predictions.degree.copy()
    degree[::2] = [0.4, 0.3, 0.3]
    predictions = replace(world.predictions, degree=degree)
    model = replace(MODEL, abstain_below={"sentiment": 0.0, "degree": 0.5})
    found = mined_journal(world, predictions, model)
    assert len(found) == len(world.statements)
    assert sum(found.column("degree_abstain")) == len(degree[::2])
    assert not any(found.column("sentiment_abstain"))


def test_a_missing_or_foreign_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(StateError, match=r"no journal at .*: mine again"):
        read_journal(tmp_path / "journal.parquet")
    (tmp_path / "journal.parquet").write_text("not parquet")
    with pytest.raises(StateError, match=r"journal\.parquet cannot be read"):
        read_journal(tmp_path / "journal.parquet")
