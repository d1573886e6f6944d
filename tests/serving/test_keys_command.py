"""``countervoice keys`` from the outside."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from data.errors import StateError
from serving.cli import cli
from serving.database.connection import database_url
from serving.database.keys import find_key
from serving.database.migration import open_database


def run(*words: str, folder: Path) -> Result:
    return CliRunner().invoke(cli, ["keys", *words, "--state", str(folder)])


def test_a_key_is_made_listed_and_revoked(tmp_path: Path) -> None:
    made = run("create", "the shop", "--scope", "read", "--scope", "write", folder=tmp_path)
    assert made.exit_code == 0
    secret = made.stdout.strip()
    database = open_database(database_url(None, tmp_path))
    key = find_key(database, secret)
    assert key is not None
    assert key.scopes == {"read", "write"}
    listed = run("list", folder=tmp_path).stdout
    assert key.id in listed
    assert "the shop" in listed
    assert secret not in listed
    assert run("revoke", key.id, folder=tmp_path).exit_code == 0
    assert find_key(database, secret) is None
    database.close()


def test_the_secret_alone_is_on_stdout(tmp_path: Path) -> None:
    made = run("create", "a", folder=tmp_path)
    assert made.stdout.startswith("cv_")
    assert "shown this once" in made.stderr


@pytest.mark.parametrize("words", [("list",), ("revoke", "3f9c01ab")])
def test_a_mistyped_folder_is_told_and_not_made(tmp_path: Path, words: tuple[str, ...]) -> None:
    refused = run(*words, folder=tmp_path / "typo")
    assert isinstance(refused.exception, StateError)
    assert f"no database at {tmp_path / 'typo' / 'feedback.db'}: name the --state" in str(refused.exception)
    assert not (tmp_path / "typo").exists()


def test_a_first_key_says_where_its_database_is(tmp_path: Path) -> None:
    assert f"new database in {tmp_path / 'feedback.db'}\n" in run("create", "a", folder=tmp_path).stderr
    assert "new database" not in run("create", "b", folder=tmp_path).stderr


def test_the_folder_of_the_service_can_be_named_in_the_environment(tmp_path: Path) -> None:
    made = CliRunner().invoke(cli, ["keys", "create", "a"], env={"COUNTERVOICE_STATE": str(tmp_path)})
    assert made.exit_code == 0
    assert (tmp_path / "feedback.db").is_file()


def test_a_database_can_be_named_in_the_environment(tmp_path: Path) -> None:
    place = f"sqlite:///{tmp_path / 'elsewhere.db'}"
    CliRunner().invoke(
        cli, ["keys", "create", "a"], env={"COUNTERVOICE_DATABASE": place}, catch_exceptions=False
    )
    assert (tmp_path / "elsewhere.db").is_file()


def test_an_unknown_scope_is_wrong_usage(tmp_path: Path) -> None:
    assert run("create", "a", "--scope", "root", folder=tmp_path).exit_code == 2
