"""The tables come from the migrations, are those of the code, and are the same on both databases."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from data.errors import DatabaseError, SettingsError
from serving.database.audit import record
from serving.database.connection import Database, connect, database_url
from serving.database.erased import known_still
from serving.database.migration import migrate, migrations, open_database
from serving.database.tables import Base


def test_the_migrations_make_the_tables_of_the_code(database: Database) -> None:
    with database.reading() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_migrating_twice_and_from_many_sides_is_once(url: str, tmp_path: Path) -> None:
    place = database_url(url, tmp_path)
    with ThreadPoolExecutor(4) as pool:
        opened = list(pool.map(lambda number: open_database(place), range(4)))
    with opened[0].reading() as session:
        assert session.execute(text("SELECT version_num FROM alembic_version")).all() == [("0003",)]
    for each in opened:
        each.close()


def test_ids_of_the_recovery_queue_leave_the_audit_log(url: str, tmp_path: Path) -> None:
    """In versions of before they were hashes of names, which a list of names gives away."""
    database = connect(database_url(url, tmp_path))
    before = [("recovery.contacted", "0a1b"), ("recovery.lost", "2c3d"), ("feedback.store", "f-1")]
    with database.writing() as session, migrations() as config:
        config.attributes["connection"] = session.connection()
        command.upgrade(config, "0001")
        for action, subject in before:
            record(session, "me", action, subject)
    migrate(database)
    with database.reading() as session:
        rows = session.execute(text("SELECT action, subject FROM audit ORDER BY id")).all()
    assert rows == [("recovery.contacted", ""), ("recovery.lost", ""), ("feedback.store", "f-1")]
    database.close()


def test_what_was_noted_for_the_register_before_is_taken_for_a_row(url: str, tmp_path: Path) -> None:
    database = connect(database_url(url, tmp_path))
    with database.writing() as session, migrations() as config:
        config.attributes["connection"] = session.connection()
        command.upgrade(config, "0002")
        session.execute(text("INSERT INTO known_still (feedback_id) VALUES ('f-1')"))
    migrate(database)
    assert known_still(database) == {"f-1": False}
    database.close()


def test_tables_of_a_newer_version_are_refused(database: Database) -> None:
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseError, match="newer version"):
        migrate(database)


def test_a_failed_transaction_leaves_nothing(database: Database) -> None:
    with suppress(ValueError), database.writing() as session:
        session.execute(text("INSERT INTO secret VALUES ('a', '1')"))
        raise ValueError
    with database.reading() as session:
        assert session.execute(text("SELECT count(*) FROM secret")).scalar() == 0


def test_sqlite_is_private_in_wal_mode_and_relative_paths_are_from_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    place = database_url("sqlite:///kept.db", tmp_path)
    opened = open_database(place)
    assert place.database == str(tmp_path / "kept.db")
    assert (tmp_path / "kept.db").stat().st_mode & 0o077 == 0
    with opened.reading() as session:
        assert session.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert session.execute(text("PRAGMA synchronous")).scalar() == 2
        assert session.execute(text("PRAGMA secure_delete")).scalar() == 1
    opened.close()


def test_without_a_url_the_file_lies_in_the_state_folder(tmp_path: Path) -> None:
    assert database_url(None, tmp_path).database == str(tmp_path / "feedback.db")


@pytest.mark.parametrize(
    "given", ["", "nonsense", "sqlite://", "sqlite:///:memory:", "mysql://a:b@c/d", "postgresql://h"]
)
def test_other_urls_are_refused_without_their_password(given: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="postgresql\\+psycopg://USER") as refused:
        database_url(given, tmp_path)
    assert "a:b@" not in str(refused.value)


def test_a_folder_that_does_not_exist_is_refused_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nowhere does not exist: create it first"):
        database_url(f"sqlite:///{tmp_path}/nowhere/x.db", tmp_path)
    open_database(database_url(None, tmp_path / "out")).close()
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_server_that_is_not_there_is_told_in_one_line() -> None:
    database = connect(database_url("postgresql://anna:secret@127.0.0.1:1/none", Path()))
    with pytest.raises(DatabaseError, match="cannot be used") as refused, database.reading() as session:
        session.execute(text("SELECT 1"))
    assert "secret" not in str(refused.value)
    assert "\n" not in str(refused.value)
