"""Keys open until they are revoked, and cannot be read from the database."""

import pytest
from sqlalchemy import select

from data.errors import SettingsError
from serving.database.audit import COMMAND_LINE, entries
from serving.database.connection import Database
from serving.database.keys import create_key, find_key, list_keys, revoke_key
from serving.database.tables import KeyRow


def test_a_key_opens_until_it_is_revoked(database: Database) -> None:
    key, secret = create_key(database, "shop", ["write", "read"], COMMAND_LINE)
    assert find_key(database, secret) == key
    assert key.scopes == {"read", "write"}
    assert find_key(database, secret + "x") is None
    revoked = revoke_key(database, key.id, COMMAND_LINE)
    assert find_key(database, secret) is None
    assert revoke_key(database, key.id, COMMAND_LINE) == revoked
    assert list_keys(database) == [revoked]
    found = [(entry.who, entry.action, entry.subject) for entry in entries(database, 10)]
    assert found == [(COMMAND_LINE, "key.revoke", key.id), (COMMAND_LINE, "key.create", key.id)]


def test_what_is_kept_does_not_open(database: Database) -> None:
    _, secret = create_key(database, "shop", ["admin"], COMMAND_LINE)
    with database.reading() as session:
        row = session.scalars(select(KeyRow)).one()
        kept = {str(getattr(row, column.key)) for column in KeyRow.__table__.columns}
    assert not any(secret in value for value in kept)
    assert find_key(database, row.digest) is None


def test_secrets_are_long_and_never_the_same(database: Database) -> None:
    made = {create_key(database, "k", ["read"], COMMAND_LINE)[1] for _ in range(5)}
    assert len(made) == 5
    assert all(secret.startswith("cv_") and len(secret) == 46 for secret in made)


@pytest.mark.parametrize(
    ("name", "scopes"),
    [("", ["read"]), ("a" * 101, ["read"]), ("a\nb", ["read"]), ("a", []), ("a", ["root"])],
)
def test_a_key_needs_a_name_and_known_scopes(database: Database, name: str, scopes: list[str]) -> None:
    with pytest.raises(SettingsError, match="a key needs"):
        create_key(database, name, scopes, COMMAND_LINE)


def test_an_unknown_key_cannot_be_revoked(database: Database) -> None:
    with pytest.raises(SettingsError, match="keys list"):
        revoke_key(database, "none", COMMAND_LINE)
