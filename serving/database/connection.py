"""A database by its URL: SQLite in a file, or PostgreSQL; the same promises on both."""

import logging
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from data.errors import DatabaseError, SettingsError
from serving.database.postgresql import postgresql_engine

DEFAULT_NAME: Final = "feedback.db"
_WAIT_S: Final = 30  # for another writer of an SQLite file
_READERS_S: Final = 2  # for those who read one, while nobody can write
_TRY_AGAIN_S: Final = 0.02
_BUSY: Final = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_ALLOWED: Final = "sqlite:///FILE or postgresql+psycopg://USER:PASSWORD@HOST/NAME"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Database:
    """An open database; ``reading`` and ``writing`` give sessions of one transaction each.

    Attributes:
        spare: The same through connections of its own, for those who must not wait until a writer gives one back.
    """

    engine: Engine
    spare: Engine

    @contextmanager
    def reading(self, *, spare: bool = False) -> Iterator[Session]:
        """A session that sees one state of the database and changes nothing.

        Raises:
            DatabaseError: The database cannot be reached, or refused.
        """
        with _told(self.engine), Session(self.spare if spare else self.engine) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session whose changes are kept together, or not at all.

        Raises:
            DatabaseError: The database cannot be reached, or refused; nothing was changed.
            IntegrityError: Another writer was first, as SQLAlchemy says it.
        """
        writer = self.engine.execution_options(begin="IMMEDIATE")
        with _told(self.engine), Session(writer, expire_on_commit=False) as session, session.begin():
            yield session

    def empty_log(self) -> None:
        """Empty SQLite's write-ahead log, where the words of deleted rows stand until then.

        A failure is logged: nothing is lost, and it can be tried again. PostgreSQL looks after its own files.
        """
        if self.engine.dialect.name != "sqlite":
            return
        try:
            _empty_log(str(self.engine.url.database))
        except sqlite3.Error as error:
            log.warning("what was erased may still stand in the log of the database: %s", error)

    def close(self) -> None:
        """Close its connections."""
        self.engine.dispose()
        self.spare.dispose()


def answer(database: Database) -> None:
    """Have the database answer, whatever its tables.

    Raises:
        DatabaseError: It does not.
    """
    with database.reading(spare=True) as session:
        session.execute(text("SELECT 1"))


def exclusive(session: Session, lock: int) -> None:
    """Let no other transaction past the same ``lock`` until this one ends; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": lock})


def without_hurry(session: Session) -> None:
    """Let this transaction wait for others as long as it takes; SQLite has one patience for all."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL lock_timeout = 0"))


def database_url(given: str | None, state: Path) -> URL:
    """The URL ``given``, or that of the SQLite file in the folder ``state``; file names made absolute.

    Raises:
        SettingsError: It is no URL of a database that we can use, or names a folder that does not exist.
    """
    if given is None:
        return URL.create("sqlite", database=str((state / DEFAULT_NAME).absolute()))
    try:
        url = make_url(given)
    except ArgumentError as error:
        raise SettingsError(f"--database is no URL: give {_ALLOWED}") from error
    if url.drivername in ("postgresql", "postgresql+psycopg") and url.database:
        return url.set(drivername="postgresql+psycopg")
    if url.drivername in ("sqlite", "sqlite+pysqlite") and url.database not in (None, "", ":memory:"):
        path = Path(str(url.database)).absolute()
        if not path.parent.is_dir():
            raise SettingsError(
                f"--database {path}: the folder {path.parent} does not exist: create it first"
            )
        return url.set(drivername="sqlite", database=str(path))
    raise SettingsError(f"--database {url.render_as_string()} cannot be used: give {_ALLOWED}")


def connect(url: URL) -> Database:
    """Open the database; nothing is sent to PostgreSQL before the first session."""
    engine = _sqlite if url.get_backend_name() == "sqlite" else postgresql_engine
    return Database(engine(url), engine(url))


def _sqlite(url: URL) -> Engine:
    """In WAL mode readers never wait; a commit is on the disk before it is answered; what is deleted is overwritten."""
    waits = {"timeout": _WAIT_S}
    engine = create_engine(url, connect_args=waits, hide_parameters=True)  # they are customers' words

    @event.listens_for(engine, "connect")
    def set_up(connection: sqlite3.Connection, record: Any) -> None:
        connection.isolation_level = None  # transactions begin below, and not where the driver guesses
        _use_wal(connection)
        for pragma in ("synchronous=FULL", "secure_delete=ON", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A transaction that reads before it writes would fail where another one wrote in between.
        connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get('begin', 'DEFERRED')}")

    return engine


def _empty_log(path: str) -> None:
    """Move the log into the file and cut it to nothing.

    On a connection of its own: it cannot be done within a transaction, and the patience of the others is too long.
    """
    with closing(sqlite3.connect(path, timeout=_READERS_S)) as connection:
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise sqlite3.OperationalError("somebody reads it")


def _use_wal(connection: sqlite3.Connection) -> None:
    """Switch to a write-ahead log, which the file then keeps.

    SQLite's own patience does not cover the switch: where others switch or close the file at the same moment, it says
    at once that the file is locked.
    """
    end = time.monotonic() + _WAIT_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in _BUSY or time.monotonic() > end:
                raise
            time.sleep(_TRY_AGAIN_S)
        else:
            return


@contextmanager
def _told(engine: Engine) -> Iterator[None]:
    try:
        yield
    except IntegrityError:
        raise
    except (DBAPIError, PoolTimeoutError) as error:
        reason = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
        where = engine.url.render_as_string()  # without the password
        raise DatabaseError(f"the database {where} cannot be used: {reason}") from error
