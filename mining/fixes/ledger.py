"""The ledger of fixes: what was done about which cause, by whom, on which day, and what later minings said of it.

One SQLite file beside the register of causes, so that it outlives every mining. It only grows: a date that could be
changed afterwards would be no registration, so triggers refuse it. A mistake is withdrawn, which is an entry, too.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from data.errors import EditError, StandingError
from data.labels import SIDES
from mining.fixes.entries import Entries, Fix, Look, Withdrawal
from mining.fixes.results import Outcome
from mining.kept_file import KeptFile, growing

LEDGER_NAME = "fixes.db"
FORMAT = 2
LONGEST_TEXT = 500
_FIX = """(
  number INTEGER PRIMARY KEY, cause TEXT NOT NULL, owner TEXT NOT NULL, action TEXT NOT NULL, day TEXT NOT NULL,
  side TEXT, registered_at TEXT NOT NULL, looked_until TEXT
)"""
_TABLES = f"""
CREATE TABLE IF NOT EXISTS fix {_FIX};
CREATE TABLE IF NOT EXISTS look (
  number INTEGER PRIMARY KEY, fix INTEGER NOT NULL REFERENCES fix, at TEXT NOT NULL, verdict TEXT NOT NULL,
  ratio REAL, low REAL, high REAL
);
CREATE TABLE IF NOT EXISTS withdrawal (
  fix INTEGER PRIMARY KEY REFERENCES fix, at TEXT NOT NULL, who TEXT NOT NULL, reason TEXT NOT NULL, seen TEXT
);
"""
# In format 1 a cause has one fix of a day at most: one that is withdrawn would keep the right one out.
_FROM_1 = f"""
CREATE TABLE renewed {_FIX};
INSERT INTO renewed SELECT * FROM fix;
DROP TABLE fix;
ALTER TABLE renewed RENAME TO fix;
"""  # noqa: S608 - our own words
_FILE = KeptFile(
    "a ledger of fixes", FORMAT, _TABLES + growing("fix", "look", "withdrawal"), older={1: _FROM_1}
)


class Ledger:
    """The fixes in one file, open for writing; made by ``open_ledger``."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def register(self, fix: Fix) -> Fix:
        """Write ``fix`` down, and return it with its number.

        Raises:
            EditError: A word is missing or too long, or the side is none.
            StandingError: A fix of this cause and day stands.
        """
        _check_line("owner", fix.owner, "say who")
        _check_line("action", fix.action, "say what is done")
        if fix.side is not None and fix.side not in SIDES:
            raise EditError(f"no side {fix.side!r}: give one of {', '.join(SIDES)}")
        for other in _entries(self._connection).fixes:
            if (other.cause, other.day) == (fix.cause, fix.day):
                said = f"{fix.cause} has a fix of {fix.day} already, and a registration stands"
                raise StandingError(
                    f"{said}: give another --date, or withdraw that one with `countervoice fix withdraw "
                    f"{other.number} --reason WHY`",
                    f"{said}: give another date, or withdraw that one with POST /v1/fixes/{other.number}/withdrawal",
                )
        values = (fix.cause, fix.owner.strip(), fix.action.strip(), fix.day.isoformat(), fix.side)
        looked = None if fix.looked_until is None else fix.looked_until.isoformat()
        number = self._connection.execute(
            "INSERT INTO fix (cause, owner, action, day, side, registered_at, looked_until) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (*values, _moment(fix.registered_at), looked),
        ).lastrowid
        return _fix(self._connection.execute("SELECT * FROM fix WHERE number = ?", (number,)).fetchone())

    def withdraw(self, withdrawal: Withdrawal) -> Fix:
        """Write down that a fix is withdrawn; that fix.

        Raises:
            EditError: There is no such fix, it was withdrawn before, or a word is missing or too long.
        """
        _check_line("reason", withdrawal.reason, "say why")
        _check_line("name", withdrawal.by, "say who")
        fix = _entries(self._connection).standing(withdrawal.fix)
        self._connection.execute(
            "INSERT INTO withdrawal (fix, at, who, reason, seen) VALUES (?, ?, ?, ?, ?)",
            (
                fix.number,
                _moment(withdrawal.at),
                withdrawal.by,
                withdrawal.reason,
                withdrawal.seen,
            ),
        )
        return fix

    def note(self, outcomes: Mapping[int, Outcome], at: datetime) -> list[int]:
        """Keep the verdict of each fix where it is news; the numbers of those fixes."""
        last = {look.fix: look.verdict for look in _entries(self._connection).looks}
        news = [number for number, outcome in outcomes.items() if outcome.verdict != last.get(number)]
        for number in news:
            ratio = outcomes[number].ratio
            figures = (None, None, None) if ratio is None else (ratio.value, ratio.low, ratio.high)
            self._connection.execute(
                "INSERT INTO look (fix, at, verdict, ratio, low, high) VALUES (?, ?, ?, ?, ?, ?)",
                (number, _moment(at), outcomes[number].verdict, *figures),
            )
        return news


@contextmanager
def open_ledger(path: Path) -> Iterator[Ledger]:
    """Open the ledger for writing, made where there is none: all of the block is kept, or, where it raises, nothing.

    Raises:
        StateError: It cannot be read, or another process is writing to it.
    """
    with _FILE.writing(path) as connection:
        yield Ledger(connection)


def read_ledger(path: Path) -> Entries:
    """All of the ledger in ``path``; nothing where there is none.

    Raises:
        StateError: It cannot be read.
    """
    with _FILE.reading(path) as connection:
        return Entries() if connection is None else _entries(connection)


def _entries(connection: sqlite3.Connection) -> Entries:
    fixes = [_fix(row) for row in connection.execute("SELECT * FROM fix ORDER BY day, number")]
    withdrawals = {each.fix: each for each in _withdrawals(connection)}
    return Entries(
        [fix for fix in fixes if fix.number not in withdrawals],
        [(fix, withdrawals[fix.number]) for fix in fixes if fix.number in withdrawals],
        [
            Look(fix=fix, at=datetime.fromisoformat(at), verdict=verdict, ratio=ratio, low=low, high=high)
            for fix, at, verdict, ratio, low, high in connection.execute(
                "SELECT fix, at, verdict, ratio, low, high FROM look ORDER BY number"
            )
        ],
    )


def _withdrawals(connection: sqlite3.Connection) -> list[Withdrawal]:
    known = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'withdrawal'").fetchone()
    if known is None:  # format 1, which is read as it is
        return []
    return [
        Withdrawal(fix=fix, at=datetime.fromisoformat(at), by=who, reason=reason, seen=seen)
        for fix, at, who, reason, seen in connection.execute(
            "SELECT fix, at, who, reason, seen FROM withdrawal"
        )
    ]


def _check_line(name: str, text: str, hint: str) -> None:
    if not text.strip() or len(text) > LONGEST_TEXT or not text.isprintable():
        raise EditError(f"the {name} is one line of 1 to {LONGEST_TEXT} characters: {hint}")


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


def _fix(row: sqlite3.Row) -> Fix:
    looked = row["looked_until"]
    return Fix(
        number=row["number"],
        cause=row["cause"],
        owner=row["owner"],
        action=row["action"],
        day=date.fromisoformat(row["day"]),
        side=row["side"],
        registered_at=datetime.fromisoformat(row["registered_at"]),
        looked_until=None if looked is None else date.fromisoformat(looked),
    )
