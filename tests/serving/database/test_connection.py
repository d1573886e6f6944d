"""One file, opened by many at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from sqlalchemy import text

from serving.database.connection import connect, database_url

WRITERS = 8


def test_a_new_file_can_be_opened_by_many_at_once(tmp_path: Path) -> None:
    """Without patience for the switch to WAL, one in two hundred was told that the file is locked."""
    start = Barrier(WRITERS)

    def write(folder: Path) -> None:
        start.wait()
        for _ in range(3):
            database = connect(database_url(None, folder))
            with database.writing() as session:
                session.execute(text("CREATE TABLE IF NOT EXISTS kept (number INTEGER)"))
                session.execute(text("INSERT INTO kept VALUES (1)"))
            database.close()

    with ThreadPoolExecutor(WRITERS) as pool:
        for number in range(25):
            folder = tmp_path / str(number)
            folder.mkdir()
            assert list(pool.map(write, [folder] * WRITERS)) == [None] * WRITERS
            database = connect(database_url(None, folder))
            with database.reading() as session:
                assert session.scalar(text("SELECT count(*) FROM kept")) == 3 * WRITERS
            database.close()
