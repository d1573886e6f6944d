"""The ledger of fixes: it only grows, a mistake is withdrawn in the open, and older files are read."""

import sqlite3
from collections.abc import Callable
from contextlib import closing, nullcontext
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import EditError, StateError
from mining.fixes.entries import Entries, Look, Withdrawal
from mining.fixes.ledger import LONGEST_TEXT, open_ledger, read_ledger
from mining.fixes.results import VERDICTS, Outcome, Verdict
from mining.fixes.review import Reviewed, verdict_seen
from tests.killed_writer import leave_half_written
from tests.mining.fix_worlds import fix

MOMENT = datetime(2026, 6, 1, tzinfo=UTC)
FORMAT_1 = """
CREATE TABLE fix (
  number INTEGER PRIMARY KEY, cause TEXT NOT NULL, owner TEXT NOT NULL, action TEXT NOT NULL, day TEXT NOT NULL,
  side TEXT, registered_at TEXT NOT NULL, looked_until TEXT, UNIQUE (cause, day)
);
CREATE TABLE look (
  number INTEGER PRIMARY KEY, fix INTEGER NOT NULL REFERENCES fix, at TEXT NOT NULL, verdict TEXT NOT NULL,
  ratio REAL, low REAL, high REAL
);
CREATE TRIGGER fix_keeps BEFORE DELETE ON fix BEGIN SELECT RAISE(ABORT, 'this file only grows'); END;
CREATE TRIGGER fix_stands BEFORE UPDATE ON fix BEGIN SELECT RAISE(ABORT, 'this file only grows'); END;
CREATE TRIGGER look_keeps BEFORE DELETE ON look BEGIN SELECT RAISE(ABORT, 'this file only grows'); END;
CREATE TRIGGER look_stands BEFORE UPDATE ON look BEGIN SELECT RAISE(ABORT, 'this file only grows'); END;
INSERT INTO fix VALUES
  (4, 'c-0001', 'Ana', 'New lids', '2026-05-04', NULL, '2026-05-01T00:00:00+00:00', '2026-04-30'),
  (7, 'c-0002', 'Bo', 'Hai lớp nắp', '2026-01-01', 'too_much', '2026-05-01T00:00:00+00:00', NULL);
INSERT INTO look VALUES (1, 4, '2026-06-01T00:00:00+00:00', 'came_back', 0.4, 0.2, NULL);
PRAGMA user_version = 1;
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "fixes.db"


@pytest.fixture
def old(path: Path) -> Path:
    """A ledger as the first version wrote it."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(FORMAT_1)
    return path


def withdrawal(number: int, **changes: Any) -> Withdrawal:
    words = {"at": MOMENT, "by": "Ilze", "reason": "nepareizs cēlonis", "seen": None}
    return Withdrawal(fix=number, **{**words, **changes})


def format_of(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def test_late_is_what_was_mined_beyond_the_day() -> None:
    assert not fix().late
    assert not fix(looked_until=date(2026, 5, 4)).late
    assert fix(looked_until=date(2026, 5, 5)).late
    assert not fix(looked_until=None).late


def test_the_ledger_keeps_and_never_changes(path: Path) -> None:
    assert read_ledger(path) == Entries()
    with open_ledger(path) as ledger:
        first = ledger.register(fix())
        second = ledger.register(fix(cause="c-0002", day=date(2026, 1, 1), looked_until=None))
        third = ledger.register(fix(cause="c-0003"))
        ledger.withdraw(withdrawal(third.number))
    assert read_ledger(path).fixes == [second, first]
    for change in (
        "DELETE FROM fix",
        "UPDATE fix SET day = '2026-06-01'",
        "DELETE FROM withdrawal",
        "UPDATE withdrawal SET seen = NULL",
    ):
        with pytest.raises(StateError, match="only grows"), open_ledger(path) as ledger:
            ledger._connection.execute(change)
    with pytest.raises(EditError, match="has a fix of 2026-05-04 already"), open_ledger(path) as ledger:
        ledger.register(fix(owner="Bo"))
    assert read_ledger(path).fixes == [second, first]


def test_a_failed_block_leaves_nothing(path: Path) -> None:
    def write_and_fail() -> None:
        with open_ledger(path) as ledger:
            ledger.register(fix())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and_fail()
    assert read_ledger(path) == Entries([], [], [])


def test_what_a_process_that_was_killed_wrote_by_half_is_undone_by_who_reads(path: Path) -> None:
    with open_ledger(path) as ledger:
        kept = ledger.register(fix())
    leave_half_written(path)
    assert read_ledger(path) == Entries([kept], [], [])


@pytest.mark.parametrize(
    "changes", [{"owner": " "}, {"action": ""}, {"owner": "a\nb"}, {"action": "x" * 501}, {"side": "loud"}]
)
def test_words_that_say_nothing_are_refused(path: Path, changes: dict[str, str]) -> None:
    with open_ledger(path) as ledger, pytest.raises(EditError):
        ledger.register(fix(**changes))


def test_only_news_is_noted(path: Path) -> None:
    told: Callable[[Any], Outcome] = lambda verdict: Outcome(verdict=verdict, grade="emerging", reason="")  # noqa: E731
    with open_ledger(path) as ledger:
        number = ledger.register(fix()).number
        news = [
            ledger.note({number: told(verdict)}, MOMENT)
            for verdict in ("too_early", "too_early", "fixed", "came_back")
        ]
    assert news == [[number], [], [number], [number]]
    assert [look.verdict for look in read_ledger(path).looks] == ["too_early", "fixed", "came_back"]


def test_a_file_that_is_no_ledger_is_named(path: Path) -> None:
    path.write_text("no database, but long enough to be read as one " * 50)
    with pytest.raises(StateError, match=r"fixes\.db is not a ledger"):
        read_ledger(path)


def test_a_withdrawn_fix_stays_and_frees_its_day(path: Path) -> None:
    with open_ledger(path) as ledger:
        wrong = ledger.register(fix(action="New lid"))
        assert ledger.withdraw(withdrawal(wrong.number, seen="not_yet")) == wrong
        right = ledger.register(fix())
    assert read_ledger(path) == Entries([right], [(wrong, withdrawal(wrong.number, seen="not_yet"))], [])
    assert right.number > wrong.number


def test_nothing_is_withdrawn_twice_or_without_a_reason(path: Path) -> None:
    with open_ledger(path) as ledger:
        number = ledger.register(fix()).number
    for wrong, words in (
        (withdrawal(number + 1), f"there is no fix {number + 1}: `countervoice fix list`"),
        (withdrawal(number, reason=" "), "the reason is one line of 1 to 500 characters"),
        (withdrawal(number, by=""), "the name is one line"),
        (withdrawal(number, reason="a\x1b[2J"), "the reason is one line"),
    ):
        with pytest.raises(EditError, match=words), open_ledger(path) as ledger:
            ledger.withdraw(wrong)
    assert read_ledger(path).withdrawn == []
    with open_ledger(path) as ledger:
        ledger.withdraw(withdrawal(number))
    with (
        pytest.raises(EditError, match=f"fix {number} was withdrawn on 2026-06-01 by Ilze already"),
        open_ledger(path) as ledger,
    ):
        ledger.withdraw(withdrawal(number, reason="another"))
    assert [each.reason for _, each in read_ledger(path).withdrawn] == ["nepareizs cēlonis"]


LINES = st.text(st.characters(exclude_categories=("Cs",)), max_size=LONGEST_TEXT + 1)


@given(reason=LINES, by=LINES)
@settings(max_examples=50)
def test_any_line_is_kept_as_it_is_or_refused(
    reason: str, by: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("ledger") / "fixes.db"
    fits = all(line.strip() and len(line) <= LONGEST_TEXT and line.isprintable() for line in (reason, by))
    with open_ledger(path) as ledger:
        made = withdrawal(ledger.register(fix()).number, reason=reason, by=by)
        with nullcontext() if fits else pytest.raises(EditError):
            ledger.withdraw(made)
    assert [each for _, each in read_ledger(path).withdrawn] == ([made] if fits else [])


def test_an_older_ledger_is_read_as_it_is(old: Path) -> None:
    before = old.read_bytes()
    entries = read_ledger(old)
    assert [(each.number, each.cause, each.side) for each in entries.fixes] == [
        (7, "c-0002", "too_much"),
        (4, "c-0001", None),
    ]
    assert entries.fixes[0].action == "Hai lớp nắp"
    assert entries.looks == [Look(fix=4, at=MOMENT, verdict="came_back", ratio=0.4, low=0.2, high=None)]
    assert entries.withdrawn == []
    assert old.read_bytes() == before


def test_an_older_ledger_is_renewed_by_the_first_entry_and_keeps_all(old: Path) -> None:
    before = read_ledger(old)
    with open_ledger(old) as ledger:
        ledger.withdraw(withdrawal(4))
        again = ledger.register(fix(owner="Bo"))
    after = read_ledger(old)
    assert (format_of(old), again.number) == (2, 8)
    assert after.fixes == [before.fixes[0], again]
    assert after.withdrawn == [(before.fixes[1], withdrawal(4))]
    assert after.looks == before.looks
    for change in ("DELETE FROM fix", "UPDATE fix SET owner = 'Bo'", "DELETE FROM look"):
        with pytest.raises(StateError, match="only grows"), open_ledger(old) as ledger:
            ledger._connection.execute(change)


def test_a_ledger_that_another_process_renewed_meanwhile_stays_as_it_is(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was of format 1 when this process looked, and of format 2 when it had the file for itself."""
    from mining.fixes import ledger as module

    with open_ledger(old) as ledger:
        ledger.withdraw(withdrawal(4))
    renewed = read_ledger(old)
    monkeypatch.setattr(type(module._FILE), "_format", lambda *_: 1)
    with open_ledger(old):
        pass
    monkeypatch.undo()
    assert read_ledger(old) == renewed


def test_a_ledger_of_a_newer_version_is_left_alone(path: Path) -> None:
    with open_ledger(path):
        pass
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 3")
    for use in (read_ledger, lambda path: open_ledger(path).__enter__()):
        with pytest.raises(StateError, match="holds format 3, this version reads format 2: use a newer"):
            use(path)


def reviewed(verdict: Verdict, **changes: Any) -> Reviewed:
    return Reviewed(fix(number=1, **changes), "c-0001", Outcome(verdict=verdict, grade="emerging", reason=""))


def look(verdict: Verdict, number: int = 1) -> Look:
    return Look(fix=number, at=MOMENT, verdict=verdict, ratio=None, low=None, high=None)


def test_a_verdict_can_be_seen_once_later_messages_were_mined() -> None:
    day = date(2026, 5, 4).toordinal()
    assert verdict_seen(reviewed("too_early"), [], day) is None
    assert verdict_seen(reviewed("too_early"), [look("too_early"), look("anecdote")], day) is None
    for verdict in VERDICTS:
        assert verdict_seen(reviewed(verdict), [], day + 1) == verdict


def test_a_shorter_file_does_not_undo_what_was_seen() -> None:
    day = date(2026, 5, 4).toordinal()
    looks = [look("fixed"), look("came_back"), look("too_early"), look("fixed", number=2)]
    assert verdict_seen(reviewed("too_early"), looks, day - 30) == "came_back"
    late = reviewed("too_early", looked_until=date(2026, 5, 4) + timedelta(days=1))
    assert verdict_seen(late, [], day - 30) == "too_early"
