"""What many tests of the service need: databases (SQLite, and a real PostgreSQL), a small disk, the command line."""

import secrets
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from serving import cli
from serving.database.connection import Database, database_url
from serving.database.migration import open_database
from tests.serving.postgres import postgres
from tests.serving.small_disk import mounted


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    with postgres() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database that is empty."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'kept.db'}"
        return
    made = new_postgres(request.getfixturevalue("postgres_server"))
    yield made
    drop_postgres(made)


@pytest.fixture
def database(url: str, tmp_path: Path) -> Iterator[Database]:
    """An open database with all tables."""
    opened = open_database(database_url(url, tmp_path))
    yield opened
    opened.close()


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Database]:
    """An open SQLite database where the service keeps its own."""
    opened = open_database(database_url(None, tmp_path))
    yield opened
    opened.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of three megabytes, to be filled."""
    with mounted(tmp_path / "disk") as disk:
        yield disk


@pytest.fixture
def command_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """The command line in this process: exit code, output, errors."""

    def call(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["countervoice", *map(str, arguments)])
        code = cli.run()
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return call


def new_postgres(server: str) -> str:
    name = f"test_{secrets.token_hex(4)}"
    _execute(server, f"CREATE DATABASE {name}")
    return f"{server}/{name}"


def drop_postgres(url: str) -> None:
    """Each is three hundred files: two hundred databases take minutes to remove once the disk has them."""
    server, _, name = url.rpartition("/")
    _execute(server, f"DROP DATABASE {name} WITH (FORCE)")


def _execute(server: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(f"{server.replace('+psycopg', '')}/postgres", autocommit=True) as connection:
        connection.execute(statement)
