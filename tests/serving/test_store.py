"""The store gives back what it was given, or says in one line why it cannot."""

import os
import sqlite3
import struct
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from data.errors import StateError
from data.records import Feedback
from models.predictions import Floats, ModelInfo
from serving.rows import Span, span_of
from serving.store import examples_of, read_store, write_store
from tests.killed_writer import leave_half_written
from tests.mining import report_world
from tests.serving.small_world import example_embeddings, small_feedback, small_mining

MODEL = ModelInfo(name="default", version="4f1c09ab77de", languages=("vi", "th"), topic_threshold=0.4)


def write_small(path: Path) -> None:
    write_store(
        path,
        small_mining(),
        model=MODEL,
        created_at="2026-11-01T00:00:00+00:00",
        own_ids=True,
        feedback=small_feedback(),
        embeddings=example_embeddings(),
    )


def test_what_goes_in_comes_out(tmp_path: Path) -> None:
    path = tmp_path / ("dữ liệu #1 100%.db" if os.name == "nt" else "dữ liệu #1? 100%.db")
    write_small(path)
    stored = read_store(path)
    assert stored.mining == replace(small_mining(), assignment=(), people=())
    assert stored.model == MODEL
    assert stored.created_at == "2026-11-01T00:00:00+00:00"
    assert stored.messages == {message.id: message.text for message in small_feedback()}
    assert stored.embeddings.keys() == example_embeddings().keys()
    for span, vector in example_embeddings().items():
        np.testing.assert_array_equal(stored.embeddings[span], vector)


def test_hostile_texts_and_every_verdict_survive(tmp_path: Path) -> None:
    mining = report_world.world()
    examples = examples_of(mining)
    messages = {each.feedback_id: Feedback(id=each.feedback_id, text=each.text) for each in examples}
    embeddings: dict[Span, Floats] = {span_of(each): np.ones(3, dtype=np.float32) for each in examples}
    write_store(
        tmp_path / "s.db",
        mining,
        model=MODEL,
        created_at="now",
        own_ids=True,
        feedback=list(messages.values()),
        embeddings=embeddings,
    )
    assert read_store(tmp_path / "s.db").mining == replace(
        mining, assignment=(), people=(), drivers=None, listening=None, ranks=(), speakers=None
    )


def test_authors_are_not_stored(tmp_path: Path) -> None:
    write_small(tmp_path / "s.db")
    assert b"nobody's business" not in (tmp_path / "s.db").read_bytes()


def test_only_quoted_messages_are_stored(tmp_path: Path) -> None:
    write_store(
        tmp_path / "s.db",
        small_mining(),
        model=MODEL,
        created_at="now",
        own_ids=True,
        feedback=[*small_feedback(), Feedback(id="f-99", text="a secret that nobody quotes")],
        embeddings=example_embeddings(),
    )
    assert b"a secret that nobody quotes" not in (tmp_path / "s.db").read_bytes()


def test_of_a_quoted_message_the_text_alone_is_stored(tmp_path: Path) -> None:
    written, source = datetime(1987, 6, 5, tzinfo=UTC), "a shop of nobody's"
    write_store(
        tmp_path / "s.db",
        small_mining(),
        model=MODEL,
        created_at="now",
        own_ids=True,
        feedback=[
            replace(each, created_at=written, rating=4711.25, source=source) for each in small_feedback()
        ],
        embeddings=example_embeddings(),
    )
    kept = (tmp_path / "s.db").read_bytes()
    found = {"source": source.encode(), "day": b"1987-06-05", "rating": struct.pack(">d", 4711.25)}
    assert [name for name, stored in found.items() if stored in kept] == []


def test_a_missing_store_is_named(tmp_path: Path) -> None:
    with pytest.raises(StateError, match=r"no mining at .*nothing\.db.*run `countervoice mine"):
        read_store(tmp_path / "nothing.db")
    assert not (tmp_path / "nothing.db").exists()


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "s.db").write_text("not a database at all, " * 50)
    with pytest.raises(StateError, match="not a Countervoice store"):
        read_store(tmp_path / "s.db")


def test_another_database_is_refused(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "s.db") as connection:
        connection.execute("create table holiday (photo text)")
    connection.close()
    with pytest.raises(StateError, match="mine again"):
        read_store(tmp_path / "s.db")


def test_a_store_of_another_format_is_refused(tmp_path: Path) -> None:
    write_small(tmp_path / "s.db")
    with sqlite3.connect(tmp_path / "s.db") as connection:
        connection.execute("update mining set format = 99")
    connection.close()
    with pytest.raises(StateError, match=r"format 99.*mine again"):
        read_store(tmp_path / "s.db")


def test_a_store_of_the_format_before_is_told_by_its_format(tmp_path: Path) -> None:
    """Its tables lack a column, which is no reason to call it no store."""
    write_small(tmp_path / "s.db")
    with sqlite3.connect(tmp_path / "s.db") as connection:
        connection.execute("alter table mining drop column own_ids")
        connection.execute("update mining set format = 2")
    connection.close()
    with pytest.raises(StateError, match=r"holds format 2, this version reads format 3: mine again"):
        read_store(tmp_path / "s.db")


def test_reading_leaves_no_trace(tmp_path: Path) -> None:
    write_small(tmp_path / "s.db")
    before = (tmp_path / "s.db").read_bytes()
    read_store(tmp_path / "s.db")
    assert [path.name for path in tmp_path.iterdir()] == ["s.db"]
    assert (tmp_path / "s.db").read_bytes() == before


def test_an_erasure_that_was_killed_while_it_wrote_leaves_the_mining_as_it_was(tmp_path: Path) -> None:
    write_small(tmp_path / "s.db")
    leave_half_written(tmp_path / "s.db", "DELETE FROM example", "DELETE FROM feedback")
    assert read_store(tmp_path / "s.db").messages.keys() == {message.id for message in small_feedback()}
    assert [path.name for path in tmp_path.iterdir()] == ["s.db"]
