"""A log that was left beside another file than its own is noticed before anybody is answered from both."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import URL

from data.errors import DatabaseError
from data.records import Feedback
from serving.database.connection import Database, connect, database_url
from serving.database.feedback import Kept, count, store
from serving.database.migration import open_database
from serving.database.soundness import check_whole


def keep(database: Database, name: str, number: int) -> None:
    store(
        database,
        [Kept(Feedback(id=f"{name}-{each}", text=f"Too few {each}"), {}) for each in range(number)],
        "me",
    )


@pytest.fixture
def killed(tmp_path: Path) -> URL:
    """What a killed service leaves: the file, its log, and a copy of some time before."""
    living, left = tmp_path / "living", tmp_path / "left"
    left.mkdir()
    database = open_database(database_url(None, living))
    keep(database, "a", 300)
    with (
        closing(sqlite3.connect(living / "feedback.db")) as source,
        closing(sqlite3.connect(left / "copy.db")) as target,
    ):
        source.backup(target)
    keep(database, "b", 900)
    database.empty_log()
    keep(database, "c", 200)
    for name in ("feedback.db", "feedback.db-wal"):
        shutil.copy(living / name, left / name)
    database.close()
    return database_url(None, left)


def test_a_copy_put_in_the_place_of_a_file_whose_log_was_left_is_refused(killed: URL) -> None:
    place = Path(str(killed.database))
    shutil.copy(place.with_name("copy.db"), place)
    with pytest.raises(DatabaseError, match=r"feedback\.db is damaged \(.*restore a copy") as told:
        check_whole(killed)
    assert "\n" not in str(told.value)


def test_what_is_no_database_any_more_is_refused(killed: URL) -> None:
    Path(str(killed.database)).write_bytes(os.urandom(8192))
    Path(f"{killed.database}-wal").write_bytes(os.urandom(8192))
    with pytest.raises(DatabaseError, match=r"is damaged \("):
        check_whole(killed)


def test_a_service_that_was_killed_starts_again(killed: URL) -> None:
    check_whole(killed)
    database = connect(killed)
    assert count(database) == 1_400
    database.close()


def test_without_a_log_nothing_is_read(tmp_path: Path) -> None:
    (tmp_path / "feedback.db").write_bytes(b"no database")
    check_whole(database_url(None, tmp_path))
    check_whole(database_url(None, tmp_path / "nothing"))
    assert not (tmp_path / "nothing").exists()
