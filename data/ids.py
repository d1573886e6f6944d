"""The ids that a file has shown so far, kept on disk: millions of them need no more memory than a few."""

import sqlite3
from pathlib import Path
from types import TracebackType
from typing import Final

from data.errors import WriteError

_CACHE: Final = -16_000  # kibibytes of pages in memory, in SQLite's way of saying so


class SeenIds:
    """Remembers the first row of each id, in a database of its own that goes when the block ends."""

    def __init__(self, path: Path | None = None) -> None:
        """Keep the ids in the new file ``path``; without one, in memory."""
        self._path = path

    def __enter__(self) -> "SeenIds":
        try:
            if self._path is not None:
                self._path.unlink(missing_ok=True)  # that of a killed run
            self._ids = sqlite3.connect(self._path or ":memory:")
        except (sqlite3.Error, OSError) as error:
            raise self._failed(error) from None
        try:
            # Nothing here is ever read again, so nothing has to be safe: one transaction that never ends.
            for setting in ("journal_mode = OFF", "synchronous = OFF", f"cache_size = {_CACHE}"):
                self._ids.execute(f"PRAGMA {setting}")
            self._ids.execute("CREATE TABLE seen (id TEXT PRIMARY KEY, row INTEGER) WITHOUT ROWID")
        except sqlite3.Error as error:
            self._ids.close()
            raise self._failed(error) from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ids.close()
        if self._path is not None:
            self._path.unlink(missing_ok=True)

    def first_row(self, identity: str, row: int) -> int | None:
        """The earlier row with this id; None if ``row`` is the first one, which is then remembered.

        Raises:
            WriteError: The disk is full.
        """
        try:
            if self._ids.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (identity, row)).rowcount:
                return None
            found = self._ids.execute("SELECT row FROM seen WHERE id = ?", (identity,)).fetchone()
        except sqlite3.Error as error:
            raise self._failed(error) from None
        return int(found[0])

    def _failed(self, error: Exception) -> WriteError:
        return WriteError(f"cannot keep the ids of the rows in {self._path}: {error}")
