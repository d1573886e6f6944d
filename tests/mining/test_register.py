"""The register on disk: whole or not at all, one writer, a log that only grows."""

import signal
import sqlite3
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data.errors import EditError, StateError
from mining import register as module
from mining.edits import move, split
from mining.readings import read_as, readings_of
from mining.register import (
    MINING,
    PEOPLE,
    MinedStatement,
    RegisteredCause,
    check_register,
    open_register,
    read_register,
)
from tests.killed_writer import leave_half_written

MANY = 40_000
MINES = f"""
import sys, time
from pathlib import Path
from mining.register import MinedStatement, open_register
said = [MinedStatement(f"f-{{i}}#1", f"{{i:032x}}", None) for i in range({MANY})]
with open_register(Path(sys.argv[1]), create=True) as register:
    register.put_mining("abc", 0, (each.id[:-2] for each in said), said)
    print("written", flush=True)
    time.sleep(600)
"""
CAUSE = RegisteredCause(
    id="c-0001",
    label="ví dụ",
    contexts=("The Counting House",),
    people=7,
    statements=9,
    first_at="2026-01-01T00:00:00+00:00",
    last_at="2026-02-01T00:00:00+00:00",
    found=2,
    matched=2,
    model="abc",
    embedding=np.array([0.5, -0.25]),
    topics=np.array([1.0]),
    members=frozenset({"f-1"}),
)


def test_what_is_written_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "causes.db"
    with open_register(path, at=datetime(2026, 3, 1, tzinfo=UTC), create=True) as register:
        assert [register.new_id(), register.new_id()] == ["c-0001", "c-0002"]
        register.put(CAUSE)
        register.append(MINING, "born", "c-0001", {"people": 7})
        register.append(PEOPLE, "rename", "c-0001", {"name": "例子"})
        register.put_mining("abc", 1, ["f-1"], [MinedStatement("f-1#1", "d", "c-0001")])
    with read_register(path) as register:
        (read,) = register.causes().values()
        for name in ("id", "label", "contexts", "members", "found", "model", "first_at"):
            assert getattr(read, name) == getattr(CAUSE, name)
        assert read.embedding.tolist() == [0.5, -0.25]
        assert [entry.kind for entry in register.log()] == ["born", "rename"]
        assert [entry.details for entry in register.edits()] == [{"name": "例子"}]
        assert register.log()[0].at == "2026-03-01T00:00:00+00:00"
        assert register.last_mining == 1
        assert register.seen() == {"f-1": (1, 1)}


def interrupted(path: Path) -> None:
    with open_register(path, create=True) as register:
        register.put(RegisteredCause.waiting(register.new_id(), ()))
        raise KeyboardInterrupt


def test_a_block_that_fails_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "causes.db"
    with pytest.raises(KeyboardInterrupt):
        interrupted(path)
    for opened in (open_register, read_register):
        with pytest.raises(StateError, match="no register of causes"), opened(path):
            pass
    with open_register(path, create=True) as register:
        register.put(CAUSE)
    before = path.read_bytes()
    with pytest.raises(KeyboardInterrupt):
        interrupted(path)
    assert path.read_bytes() == before


def test_only_a_register_that_is_whole_passes_the_check(tmp_path: Path) -> None:
    path = tmp_path / "causes.db"
    check_register(path)
    assert not path.exists()
    path.touch()
    check_register(path)
    with open_register(path, create=True) as register:
        for number in range(200):
            register.append(PEOPLE, "rename", "c-0001", {"name": f"{number} " * 50})
    check_register(path)
    path.write_bytes(path.read_bytes()[:-8192])
    with pytest.raises(StateError, match=r"causes\.db is not a register of causes"):
        check_register(path)


def test_ids_are_not_given_again_after_a_cause_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "causes.db"
    given = []
    for _ in range(3):
        with open_register(path, create=True) as register:
            given.append(register.new_id())
    assert given == ["c-0001", "c-0002", "c-0003"]


@pytest.mark.parametrize("change", ["DELETE FROM log", "UPDATE log SET cause = 'c-0002'"])
def test_the_log_only_grows(tmp_path: Path, change: str) -> None:
    path = tmp_path / "causes.db"
    with open_register(path, create=True) as register:
        register.append(PEOPLE, "hide", "c-0001", {})
    connection = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute(change)
    connection.close()


def test_what_is_erased_leaves_no_digest_and_its_edits_do_nothing(tmp_path: Path) -> None:
    path = tmp_path / "causes.db"
    said = {"a#1": "1111dddd", "a#2": "2222dddd", "a#1#1": "3333dddd", "b#1": "2222dddd", "c#1": "4444dddd"}
    with open_register(path, create=True) as register:
        register.put(CAUSE)
        register.put_mining("abc", 1, said, [MinedStatement(each, text, None) for each, text in said.items()])
        move(register, "a#1", "c-0001")
        read_as(register, "a#2", "praise")  # b says the same
        read_as(register, "a#1#1", "praise")
        split(register, "c-0001", phrases=["bell"], statements=["a#1", "c#1"])
        register.append(PEOPLE, "move", "c-0001", {"statement": "a#7", "text": "5555dddd", "from": None})
    with open_register(path) as register:
        register.forget({"a", "nothing"})
    with read_register(path) as register:
        assert [each.id for each in register.statements()] == ["a#1#1", "b#1", "c#1"]
        details = [edit.details for edit in register.edits()]
        assert [each.get("text") for each in details] == ["", "2222dddd", "3333dddd", None, ""]
        assert (details[3]["texts"], details[3]["statements"]) == (["4444dddd"], ["a#1", "c#1"])
        assert readings_of(register.edits()) == {"2222dddd": "praise", "3333dddd": "praise"}
    assert all(gone not in path.read_bytes() for gone in (b"1111dddd", b"5555dddd"))
    test_the_log_only_grows(tmp_path / "deep", "UPDATE log SET cause = 'c-0002'")


def test_two_writers_do_not_mix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BUSY_SECONDS", 0.0)
    path = tmp_path / "causes.db"
    with open_register(path, create=True):
        pass
    with open_register(path), pytest.raises(StateError, match="in use"), open_register(path):
        pass


def test_a_first_mining_that_fails_takes_nothing_from_one_that_waits(tmp_path: Path) -> None:
    path = tmp_path / "causes.db"

    def second() -> None:
        with open_register(path, create=True) as register:
            register.put(CAUSE)

    def first() -> None:
        with open_register(path, create=True):
            begun.append(waiting.submit(second))
            wait(begun, 0.5)
            raise KeyboardInterrupt

    begun: list[Future[None]] = []
    with ThreadPoolExecutor(1) as waiting:
        with pytest.raises(KeyboardInterrupt):
            first()
        begun[0].result(20)
    with read_register(path) as register:
        assert set(register.causes()) == {"c-0001"}


def test_a_statement_is_known_by_its_id_or_by_its_only_message(tmp_path: Path) -> None:
    with open_register(tmp_path / "causes.db", create=True) as register:
        ids = ["f-1#1", "f-1#2", "f-2#1", "f-22#1", "f*#1"]
        register.put_mining("abc", 0, [], [MinedStatement(each, "d", None) for each in ids])
        assert register.statement("f-2").id == "f-2#1"
        assert register.statement("f-1#2").id == "f-1#2"
        assert register.statement("f*").id == "f*#1"
        with pytest.raises(EditError, match=r"f-1 holds 2 statements.*f-1#1 \(in no cause\)"):
            register.statement("f-1")
        with pytest.raises(EditError, match="no statement 'f-3'"):
            register.statement("f-3")


@pytest.mark.parametrize("content", [b"not a database at all, but long enough to be read as one", None])
def test_what_is_no_register_is_one_clear_line(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "causes.db"
    if content is not None:
        path.write_bytes(content)
        message = "not a register"
    else:
        connection = sqlite3.connect(path)
        connection.execute("CREATE TABLE register (format INTEGER)")
        connection.execute("INSERT INTO register VALUES (99)")
        connection.commit()
        connection.close()
        message = "format 99"
    for opened in (open_register, read_register):
        with pytest.raises(StateError, match=message), opened(path):
            pass


def test_a_missing_register_says_how_to_get_one(tmp_path: Path) -> None:
    for opened in (open_register, read_register):
        with pytest.raises(StateError, match="countervoice mine"), opened(tmp_path / "causes.db"):
            pass
    assert list(tmp_path.iterdir()) == []


def test_a_large_mining_shuts_out_no_reader_and_leaves_nothing_where_it_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_BUSY_SECONDS", 0.0)
    path = tmp_path / "causes.db"
    with open_register(path, create=True) as register:
        register.put(CAUSE)
    mines = subprocess.Popen([sys.executable, "-c", MINES, str(path)], stdout=subprocess.PIPE, text=True)
    try:
        assert mines.stdout
        assert mines.stdout.readline() == "written\n"
        with read_register(path) as register:
            assert set(register.causes()) == {"c-0001"}
        with pytest.raises(StateError, match="in use"), open_register(path):
            pass
    finally:
        mines.send_signal(signal.SIGKILL)
        mines.communicate()
    check_register(path)
    with read_register(path) as register:
        assert set(register.causes()) == {"c-0001"}
        assert register.last_mining == 0


@pytest.mark.parametrize("first", [read_register, open_register])
def test_what_was_written_by_half_is_undone_by_whoever_comes_first(tmp_path: Path, first: Any) -> None:
    path = tmp_path / "causes.db"
    with open_register(path, create=True) as register:
        register.put(CAUSE)
    leave_half_written(path, "UPDATE cause SET label = 'half'")
    with first(path) as register:
        assert register.causes()["c-0001"].label == CAUSE.label
    leave_half_written(path, "DELETE FROM cause")
    check_register(path)
    with read_register(path) as register:
        assert set(register.causes()) == {"c-0001"}


def test_a_register_whose_making_was_cut_short_is_none(tmp_path: Path) -> None:
    path = tmp_path / "causes.db"
    leave_half_written(path)
    check_register(path)
    leave_half_written(path)
    with pytest.raises(StateError, match="no register of causes"), read_register(path):
        pass
    with open_register(path, create=True) as register:
        register.put(CAUSE)


def test_who_reads_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "causes.db"
    with open_register(path, create=True):
        pass
    with pytest.raises(StateError, match="readonly"), read_register(path) as register:
        register.put(CAUSE)
