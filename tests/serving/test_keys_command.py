"""``countervoice keys`` from the outside."""

from pathlib import Path

from click.testing import CliRunner, Result

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


def test_a_database_can_be_named_in_the_environment(tmp_path: Path) -> None:
    place = f"sqlite:///{tmp_path / 'elsewhere.db'}"
    CliRunner().invoke(
        cli, ["keys", "create", "a"], env={"COUNTERVOICE_DATABASE": place}, catch_exceptions=False
    )
    assert (tmp_path / "elsewhere.db").is_file()


def test_an_unknown_scope_is_wrong_usage(tmp_path: Path) -> None:
    assert run("create", "a", "--scope", "root", folder=tmp_path).exit_code == 2
