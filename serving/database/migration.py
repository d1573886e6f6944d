"""Bring a database to the tables of this version, with the migrations that ship beside this file."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import URL

from data import private_file
from data.errors import DatabaseError
from serving.database.connection import Database, connect, exclusive, without_hurry
from serving.database.soundness import check_encoding

if TYPE_CHECKING:
    from alembic.config import Config

_FOLDER: Final = Path(__file__).resolve().parent / "migrations"
_LOCK: Final = 7_310_418_122  # any number that our processes take for nothing else


def open_database(url: URL) -> Database:
    """Open the database at ``url``, made or migrated where that is needed; two processes may do so at once.

    Raises:
        DatabaseError: It cannot be reached, is not in UTF-8, or a newer version of Countervoice has migrated it.
    """
    if url.get_backend_name() == "sqlite":
        make_private(Path(str(url.database)))
    database = connect(url)
    try:
        check_encoding(database)
        migrate(database)
    except BaseException:
        database.close()
        raise
    return database


def migrate(database: Database) -> None:
    """Run the migrations that are missing, one process at a time.

    Raises:
        DatabaseError: It cannot be reached, or its tables are of a newer version.
    """
    from alembic import command
    from alembic.util import CommandError

    with database.writing() as session:
        without_hurry(session)  # another process may be at a long one
        exclusive(session, _LOCK)
        try:
            with migrations() as config:
                config.attributes["connection"] = session.connection()
                command.upgrade(config, "head")
        except CommandError as error:
            where = database.engine.url.render_as_string()
            raise DatabaseError(
                f"the tables in {where} are of a newer version ({error}): use that version, or another --database"
            ) from error


@contextmanager
def migrations() -> Iterator["Config"]:
    """Alembic's configuration, without a file and without output."""
    from alembic.config import Config

    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        config = Config(stdout=nowhere)
        config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
        yield config


def make_private(path: Path) -> None:
    """Make the file before SQLite does: customers' words are for the eyes of its owner only."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        private_file.make_private(path)
    except OSError as error:
        raise DatabaseError(
            f"cannot open {path}: {error.strerror}; check the folder and its rights, or name another file"
        ) from error
