"""Waits for PostgreSQL end, its encoding is looked at first, and what it says tells no words."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import IntegrityError

from data.errors import DatabaseError
from serving.database.audit import COMMAND_LINE
from serving.database.connection import Database, connect, database_url, exclusive
from serving.database.keys import create_key, find_key
from serving.database.migration import _LOCK, open_database
from serving.database.tables import MessageRow
from tests.serving.conftest import new_postgres

IMPATIENT = "?options=-c%20lock_timeout%3D300ms"


def message(feedback_id: str) -> MessageRow:
    return MessageRow(
        id=feedback_id, text="Too few examples", segments={}, redacted={}, received_at=datetime.now(UTC)
    )


def test_an_error_of_the_database_tells_no_words(database: Database) -> None:
    """A traceback goes into the log, and with it what SQLAlchemy says of the statement."""

    def keep() -> None:
        with database.writing() as session:
            session.add(message("f-1"))

    keep()
    with pytest.raises(IntegrityError) as told:
        keep()
    assert "examples" not in str(told.value)


def test_connections_are_told_when_to_give_up(postgres_server: str) -> None:
    database = connect(make_url(new_postgres(postgres_server)))
    with database.reading() as session:
        said = {
            name: session.execute(text(f"SHOW {name}")).scalar_one()
            for name in ("lock_timeout", "idle_in_transaction_session_timeout", "client_encoding")
        }
        parameters = session.connection().connection.dbapi_connection.info.get_parameters()  # type: ignore[union-attr]
    database.close()
    assert said == {
        "lock_timeout": "10s",
        "idle_in_transaction_session_timeout": "5min",
        "client_encoding": "UTF8",
    }
    assert (parameters["tcp_user_timeout"], parameters["keepalives_idle"]) == ("30000", "10")


def test_what_the_url_says_goes_before(postgres_server: str) -> None:
    database = connect(make_url(new_postgres(postgres_server) + f"{IMPATIENT}&connect_timeout=9"))
    with database.reading() as session:
        assert session.execute(text("SHOW lock_timeout")).scalar_one() == "300ms"
        assert session.execute(text("SHOW idle_in_transaction_session_timeout")).scalar_one() == "5min"
        parameters = session.connection().connection.dbapi_connection.info.get_parameters()  # type: ignore[union-attr]
    database.close()
    assert parameters["connect_timeout"] == "9"


def test_a_lock_is_waited_for_and_then_told(postgres_server: str) -> None:
    url = new_postgres(postgres_server)
    database = open_database(make_url(url + IMPATIENT))
    with psycopg.connect(url.replace("+psycopg", "")) as other:
        other.execute("LOCK TABLE feedback IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(DatabaseError, match="lock timeout"), database.writing() as session:
            session.add(message("f-1"))
    database.close()


def test_a_migration_of_another_process_is_waited_for(postgres_server: str) -> None:
    place = make_url(new_postgres(postgres_server) + IMPATIENT)
    database = connect(place)
    with ThreadPoolExecutor(1) as pool:
        with database.writing() as session:
            exclusive(session, _LOCK)
            opening = pool.submit(open_database, place)
            session.execute(text("SELECT pg_sleep(1)"))
        opening.result(60).close()
    database.close()


@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII"])
def test_another_encoding_is_refused_before_anything_is_made(postgres_server: str, encoding: str) -> None:
    plain, name = postgres_server.replace("+psycopg", ""), f"in_{encoding.lower()}"
    with psycopg.connect(f"{plain}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0")
    with pytest.raises(DatabaseError, match=f"is in {encoding} .*: make it with ENCODING 'UTF8'$") as told:
        open_database(database_url(f"{postgres_server}/{name}", Path()))
    assert "\n" not in str(told.value)
    with psycopg.connect(f"{plain}/{name}") as connection:
        assert connection.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        ).fetchone() == (0,)


def test_a_key_is_found_while_writers_hold_every_connection(database: Database) -> None:
    key, secret = create_key(database, "shop", ["read"], COMMAND_LINE)
    held = [database.engine.connect() for _ in range(15)]
    try:
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(find_key, database, secret).result(5) == key
    finally:
        for connection in held:
            connection.close()
