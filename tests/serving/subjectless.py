"""A mining on disk, one of whose causes is of no one subject."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from serving.state import STATE_NAME, STORE_NAME


def without_subject(out: Path, cause_id: str) -> None:
    """Make ``other`` the first topic of a cause of the mining in ``out``."""
    with closing(sqlite3.connect(out / STATE_NAME / STORE_NAME)) as store:
        changed = store.execute(
            "UPDATE cause SET topics = ? WHERE id = ?", (json.dumps(["other", "staff"]), cause_id)
        )
        assert changed.rowcount == 1
        store.commit()
