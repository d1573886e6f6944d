"""A look at a database before it is used: whether it can hold every script, and whether it is whole."""

import sqlite3
from pathlib import Path
from typing import Final

from sqlalchemy import URL, text
from sqlalchemy.exc import DBAPIError

from data.errors import DatabaseError
from serving.database.connection import Database, connect

_WHOLE: Final = "ok"


def check_encoding(database: Database) -> None:
    """See that the database holds any text; SQLite does.

    Raises:
        DatabaseError: It is one of PostgreSQL in another encoding than UTF-8, or cannot be reached.
    """
    if database.engine.dialect.name != "postgresql":
        return
    with database.reading() as session:
        found = session.execute(text("SHOW server_encoding")).scalar_one()
    if found != "UTF8":
        where = database.engine.url.render_as_string()
        raise DatabaseError(
            f"the database {where} is in {found} and cannot hold every script: make it with ENCODING 'UTF8'"
        )


def check_whole(url: URL) -> None:
    """See that an SQLite file and the log beside it belong together, where a log was left.

    A service that was killed leaves one, and somebody may have put a copy in the place of the file since: SQLite
    writes the old log into it unasked. The look reads the whole file, 10 to 20 seconds a gigabyte, so it is taken only
    then; ``quick_check`` would be faster, but misses an index that is of another day than its table.

    Raises:
        DatabaseError: They do not, or the file is damaged in another way.
    """
    if url.get_backend_name() != "sqlite" or not _left_log(Path(str(url.database))):
        return
    database = connect(url)
    try:
        with database.reading() as session:
            found = str(session.execute(text("PRAGMA integrity_check(1)")).scalar_one())
    except DatabaseError as error:
        if not _tells_damage(error):
            raise
        raise _damaged(url, str(error)) from error
    finally:
        database.close()
    if found != _WHOLE:
        raise _damaged(url, " ".join(found.split()))


def _left_log(path: Path) -> bool:
    log = path.with_name(f"{path.name}-wal")
    return log.exists() and log.stat().st_size > 0


def _tells_damage(error: DatabaseError) -> bool:
    cause = error.__cause__
    code = getattr(cause.orig, "sqlite_errorcode", 0) if isinstance(cause, DBAPIError) else 0
    return code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _damaged(url: URL, reason: str) -> DatabaseError:
    return DatabaseError(
        f"{url.database} is damaged ({reason}): restore a copy of it as docs/deploy.md says under Backups"
    )
