"""The journal: what a mining leaves for those who act on it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from data.errors import StateError
from mining.journal import Journal, forget_in_journal, read_journal, write_journal
from mining.pipeline import mine
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
def test_of_the_erased_only_the_segment_stays_by_which_verdicts_count(
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
