"""The ledger of fixes: what was done about which cause, by whom, on which day, and what later minings said of it.

One SQLite file beside the register of causes, so that it outlives every mining. It only grows: a date that could be
changed afterwards would be no registration, so triggers refuse it.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from data.errors import EditError
from data.labels import SIDES
from mining.fixes.results import Outcome
from mining.kept_file import KeptFile, growing

LEDGER_NAME = "fixes.db"
FORMAT = 1
LONGEST_TEXT = 500
_TABLES = """
CREATE TABLE IF NOT EXISTS fix (
  number INTEGER PRIMARY KEY, cause TEXT NOT NULL, owner TEXT NOT NULL, action TEXT NOT NULL, day TEXT NOT NULL,
  side TEXT, registered_at TEXT NOT NULL, looked_until TEXT, UNIQUE (cause, day)
);
CREATE TABLE IF NOT EXISTS look (
  number INTEGER PRIMARY KEY, fix INTEGER NOT NULL REFERENCES fix, at TEXT NOT NULL, verdict TEXT NOT NULL,
  ratio REAL, low REAL, high REAL
);
"""
_FILE = KeptFile("a ledger of fixes", FORMAT, _TABLES + growing("fix", "look"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """One thing that was done about a cause.

    Attributes:
        cause: Permanent id.
        day: First day on which it is in force, UTC; may be to come.
        side: The side of the cause that it answers; None for every side but praise.
        registered_at: When it was written down, UTC.
        looked_until: Day of the last message that had been mined by then; None for none.
    """

    number: int = 0
    cause: str
    owner: str
    action: str
    day: date
    side: str | None = None
    registered_at: datetime
    looked_until: date | None = None

    @property
    def late(self) -> bool:
        """Whether messages from later than its day had been mined when it was registered."""
        return self.looked_until is not None and self.looked_until > self.day


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a mining said of a fix, kept where it differs from what the mining before said."""

    fix: int
    at: datetime
    verdict: str
    ratio: float | None
    low: float | None
    high: float | None


class Ledger:
    """The fixes in one file; made by ``open_ledger`` and ``read_ledger``."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def fixes(self) -> list[Fix]:
        """All, in the order of their days."""
        rows = self._connection.execute("SELECT * FROM fix ORDER BY day, number").fetchall()
        return [_fix(row) for row in rows]

    def register(self, fix: Fix) -> Fix:
        """Write ``fix`` down, and return it with its number.

        Raises:
            EditError: A word is missing or too long, the side is none, or this cause has a fix of this day already.
        """
        _check(fix)
        values = (fix.cause, fix.owner.strip(), fix.action.strip(), fix.day.isoformat(), fix.side)
        looked = None if fix.looked_until is None else fix.looked_until.isoformat()
        try:
            self._connection.execute(
                "INSERT INTO fix (cause, owner, action, day, side, registered_at, looked_until) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                (*values, fix.registered_at.astimezone(UTC).isoformat(timespec="seconds"), looked),
            )
        except sqlite3.IntegrityError as error:
            raise EditError(
                f"{fix.cause} has a fix of {fix.day} already, and a registration stands: give another --date"
            ) from error
        query = "SELECT * FROM fix WHERE cause = ? AND day = ?"
        return _fix(self._connection.execute(query, (fix.cause, fix.day.isoformat())).fetchone())

    def looks(self) -> list[Look]:
        """What minings said, oldest first."""
        rows = self._connection.execute("SELECT fix, at, verdict, ratio, low, high FROM look ORDER BY number")
        return [
            Look(fix=fix, at=datetime.fromisoformat(at), verdict=verdict, ratio=ratio, low=low, high=high)
            for fix, at, verdict, ratio, low, high in rows
        ]

    def note(self, outcomes: Mapping[int, Outcome], at: datetime) -> list[int]:
        """Keep the verdict of each fix where it is news; the numbers of those fixes."""
        last = {look.fix: look.verdict for look in self.looks()}
        news = [number for number, outcome in outcomes.items() if outcome.verdict != last.get(number)]
        moment = at.astimezone(UTC).isoformat(timespec="seconds")
        for number in news:
            ratio = outcomes[number].ratio
            figures = (None, None, None) if ratio is None else (ratio.value, ratio.low, ratio.high)
            self._connection.execute(
                "INSERT INTO look (fix, at, verdict, ratio, low, high) VALUES (?, ?, ?, ?, ?, ?)",
                (number, moment, outcomes[number].verdict, *figures),
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


@contextmanager
def read_ledger(path: Path) -> Iterator[Ledger | None]:
    """Open the ledger for reading; None where no fix was ever registered.

    Raises:
        StateError: It cannot be read.
    """
    with _FILE.reading(path) as connection:
        yield None if connection is None else Ledger(connection)


def fixes_in(path: Path) -> tuple[list[Fix], list[Look]]:
    """All fixes and looks of the ledger in ``path``; none where there is no ledger."""
    with read_ledger(path) as ledger:
        return ([], []) if ledger is None else (ledger.fixes(), ledger.looks())


def _check(fix: Fix) -> None:
    for name, text in (("owner", fix.owner), ("action", fix.action)):
        if not text.strip() or len(text) > LONGEST_TEXT or not text.isprintable():
            raise EditError(
                f"the {name} is one line of 1 to {LONGEST_TEXT} characters: say who, and what is done"
            )
    if fix.side is not None and fix.side not in SIDES:
        raise EditError(f"no side {fix.side!r}: give one of {', '.join(SIDES)}")


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
