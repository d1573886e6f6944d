"""SQLite files that people write beside a mining: they outlive it, are private, and are safe from two writers."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from data.errors import StateError
from data.private_file import make_private
from data.read_only import connect_read_only

_BUSY_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class KeptFile:
    """How such a file is made.

    Attributes:
        what: What it is, for errors: "a ledger of fixes".
        format: Number of its format, 1 or more.
        tables: SQL that makes its tables, each only where there is none.
        older: Earlier formats that are read, and for each the SQL that makes its tables those of this format before
            anything is written. It changes nothing in a file of this format: another process may have been first.
    """

    what: str
    format: int
    tables: str
    older: Mapping[int, str] = field(default_factory=dict)

    @contextmanager
    def writing(self, path: Path) -> Iterator[sqlite3.Connection]:
        """The file in ``path``, made where there is none: all of the block is kept, or, where it raises, nothing.

        Raises:
            StateError: It cannot be read, or another process is writing to it.
        """
        with self.opened(path) as connection, transaction(connection):
            yield connection

    @contextmanager
    def opened(self, path: Path) -> Iterator[sqlite3.Connection]:
        """The file in ``path``, made where there is none, for writing in one ``transaction`` after the other.

        Raises:
            StateError: It cannot be read, or another process is writing to it.
        """
        make_kept(path)
        with (
            self._told(path),
            closing(sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)) as connection,
        ):
            connection.row_factory = sqlite3.Row
            renewed = self.older.get(self._format(connection, path), "")
            made = (
                f"BEGIN IMMEDIATE;\n{renewed}\n{self.tables}\nPRAGMA user_version = {self.format};\nCOMMIT;"
            )
            connection.executescript(made)
            yield connection

    @contextmanager
    def reading(self, path: Path) -> Iterator[sqlite3.Connection | None]:
        """The file in ``path`` for reading, in its own format; None where there is none.

        Raises:
            StateError: It cannot be read.
        """
        if not holds_something(path):
            yield None
            return
        with self._told(path), closing(connect_read_only(path, _BUSY_SECONDS)) as connection:
            connection.row_factory = sqlite3.Row
            self._format(connection, path)
            yield connection

    @contextmanager
    def _told(self, path: Path) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            raise StateError(f"{path} cannot be used ({error}): try again, or check the folder") from error
        except sqlite3.DatabaseError as error:
            raise StateError(
                f"{path} is not {self.what} ({error}): move it away, or restore a copy"
            ) from error

    def _format(self, connection: sqlite3.Connection, path: Path) -> int:
        """The format of an open file, 0 of an empty one."""
        found = int(connection.execute("PRAGMA user_version").fetchone()[0])
        if found not in (0, self.format, *self.older):
            raise StateError(
                f"{path} holds format {found}, this version reads format {self.format}: use a newer version"
            )
        return found


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All of the block is kept, or, where it raises, nothing; no other process writes meanwhile."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        connection.rollback()
        raise


def make_kept(path: Path) -> None:
    """Make the file before SQLite does, for its owner only: customers' words and people's names go into it.

    Raises:
        StateError: It cannot be written to.
    """
    try:
        make_private(path)
    except OSError as error:
        raise StateError(
            f"{path} cannot be used ({error.strerror}): check the folder and its rights"
        ) from error


def holds_something(path: Path) -> bool:
    """Whether the file is there and not empty: a first write that found the disk full leaves one without a byte."""
    return path.is_file() and path.stat().st_size > 0


def growing(*tables: str) -> str:
    """SQL of triggers that let no row of ``tables`` be changed or deleted."""
    return "\n".join(
        f"CREATE TRIGGER IF NOT EXISTS {table}_{name} BEFORE {change} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, 'this file only grows'); END;"
        for table in tables
        for name, change in (("keeps", "DELETE"), ("stands", "UPDATE"))
    )
