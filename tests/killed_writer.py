"""What a process that is killed while it writes to an SQLite file leaves."""

import subprocess
import sys
from pathlib import Path

_WRITES = """
import os, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA cache_size = 1")
connection.execute("BEGIN IMMEDIATE")
connection.execute("CREATE TABLE half (said TEXT)")
for change in sys.argv[2:]:
    connection.execute(change)
connection.executemany("INSERT INTO half VALUES (?)", (("x" * 900,) for _ in range(200)))
os._exit(9)
"""


def leave_half_written(path: Path, *changes: str) -> None:
    """Have a process write ``changes`` of SQL and much else into the file at ``path``, and end before it is done."""
    ended = subprocess.run([sys.executable, "-c", _WRITES, str(path), *changes], check=False, timeout=60)
    assert ended.returncode == 9
    assert path.with_name(f"{path.name}-journal").stat().st_size, "what is to be undone"
