"""SQLite files for reading, also where the process that wrote one last was killed while it did."""

import sqlite3
from pathlib import Path


def connect_read_only(path: Path, wait_s: float) -> sqlite3.Connection:
    """Open the SQLite file at ``path`` for reading, with ``wait_s`` seconds of patience with those who write to it.

    What a process that was killed had written by half is undone by whoever reads first. ``mode=ro`` forbids even
    that, and everybody would be refused until somebody writes. Where the file may not be written, ``mode=rw`` opens it
    for reading.

    Raises:
        sqlite3.OperationalError: There is no such file, or it cannot be opened.
    """
    uri = f"{path.absolute().as_uri()}?mode=rw"
    connection = sqlite3.connect(uri, uri=True, timeout=wait_s)
    connection.execute("PRAGMA query_only = ON")
    return connection
