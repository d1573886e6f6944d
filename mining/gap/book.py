"""The book of beliefs: entered once each, and closed for a subject as soon as its measured share is shown.

One SQLite file in the folder of the mining, so that it outlives every mining. It only grows: triggers refuse changes,
and the chain of seals shows those that go around them.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from data.customers import author_key
from data.errors import SealedError, StateError
from mining.gap.beliefs import Belief
from mining.kept_file import KeptFile, growing

BOOK_NAME: Final = "beliefs.db"
FORMAT: Final = 1
_TABLES: Final = """
CREATE TABLE IF NOT EXISTS belief (
  number INTEGER PRIMARY KEY, subject TEXT NOT NULL, share REAL NOT NULL, margin REAL NOT NULL, who TEXT NOT NULL,
  at TEXT NOT NULL, salt TEXT NOT NULL, seal TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS shown (subject TEXT PRIMARY KEY, at TEXT NOT NULL);
"""
_FILE: Final = KeptFile("a book of beliefs", FORMAT, _TABLES + growing("belief", "shown"))


@dataclass(frozen=True, slots=True)
class Sealed:
    """A belief in the book with its seal, and how often the same person had changed it before."""

    belief: Belief
    seal: str
    revised: int = 0


class Book:
    """The book, open for writing; made by ``open_book``."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    def enter(self, belief: Belief) -> Sealed:
        """Seal a belief; a later one of the same person about the same subject takes its place.

        Raises:
            SealedError: The measured share of the subject was shown already.
            StateError: A seal in the book does not fit.
        """
        shown = self.shown().get(belief.subject)
        if shown is not None:
            raise SealedError(
                f"the measured share of {belief.subject} was shown on {shown:%Y-%m-%d %H:%M} UTC: what is said now is "
                "no belief; those entered before stand"
            )
        before = [each.seal for each in _chain(self._connection, self._path)]
        seal = belief.seal(before[-1] if before else "")
        self._connection.execute(
            "INSERT INTO belief (subject, share, margin, who, at, salt, seal) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                belief.subject,
                belief.share,
                belief.margin,
                belief.by,
                belief.at.isoformat(),
                belief.salt,
                seal,
            ),
        )
        return next(each for each in self.beliefs() if each.seal == seal)

    def beliefs(self) -> list[Sealed]:
        """The last belief of each person about each subject, by subject and person."""
        return _last(_chain(self._connection, self._path))

    def shown(self) -> dict[str, datetime]:
        """Subject to when its measured share was first shown."""
        return _shown(self._connection)

    def show(self, subjects: Iterable[str], at: datetime) -> None:
        """Note that the measured shares of these are shown; from now on no belief about them is taken."""
        moment = at.astimezone(UTC).isoformat(timespec="seconds")
        rows = [(subject, moment) for subject in sorted(set(subjects))]
        self._connection.executemany("INSERT OR IGNORE INTO shown VALUES (?, ?)", rows)


@contextmanager
def open_book(folder: Path) -> Iterator[Book]:
    """Open the book for writing, made where there is none: all of the block is kept, or, where it raises, nothing.

    Raises:
        StateError: It cannot be read, another process is writing to it, or a seal does not fit.
    """
    path = folder / BOOK_NAME
    with _FILE.writing(path) as connection:
        yield Book(connection, path)


def read_book(folder: Path) -> tuple[list[Sealed], dict[str, datetime]]:
    """The beliefs that stand, and what was shown; nothing where there is no book.

    Raises:
        StateError: It cannot be read, or a seal does not fit.
    """
    path = folder / BOOK_NAME
    with _FILE.reading(path) as connection:
        if connection is None:
            return [], {}
        return _last(_chain(connection, path)), _shown(connection)


def _shown(connection: sqlite3.Connection) -> dict[str, datetime]:
    return {
        row["subject"]: datetime.fromisoformat(row["at"]) for row in connection.execute("SELECT * FROM shown")
    }


def _chain(connection: sqlite3.Connection, path: Path) -> list[Sealed]:
    """All beliefs in the order in which they were entered, their seals checked."""
    found: list[Sealed] = []
    for row in connection.execute("SELECT * FROM belief ORDER BY number"):
        belief = Belief(
            subject=row["subject"],
            share=row["share"],
            margin=row["margin"],
            by=row["who"],
            at=datetime.fromisoformat(row["at"]),
            salt=row["salt"],
        )
        if row["seal"] != belief.seal(found[-1].seal if found else ""):
            raise StateError(
                f"{path}: the seal of belief {row['number']} does not fit, so it or one before it was changed after "
                "it was entered: restore a copy"
            )
        found.append(Sealed(belief, row["seal"]))
    return found


def _last(chain: Iterable[Sealed]) -> list[Sealed]:
    last: dict[tuple[str, str], Sealed] = {}
    for each in chain:
        key = (each.belief.subject, author_key(each.belief.by))
        revised = last[key].revised + 1 if key in last else 0
        last[key] = Sealed(each.belief, each.seal, revised)
    return [last[key] for key in sorted(last)]
