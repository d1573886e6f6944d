"""API keys: made here, shown once, kept as a digest, found again by it."""

import hashlib
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal, get_args

from sqlalchemy import select

from data.errors import SettingsError
from serving.database.audit import record
from serving.database.connection import Database
from serving.database.tables import KeyRow

Scope = Literal["read", "write", "admin"]
SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)
PREFIX: Final = "cv_"  # lets people and secret scanners see what it is
_RANDOM_BYTES: Final = 32
_MAX_NAME: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """An API key without what opens.

    Attributes:
        id: Names the key in lists and in the audit log; opens nothing.
        scopes: What it may do; ``admin`` may do everything.
        revoked_at: Since when it opens nothing more.
    """

    id: str
    name: str
    scopes: frozenset[str]
    created_at: datetime
    revoked_at: datetime | None


def create_key(database: Database, name: str, scopes: Collection[str], who: str) -> tuple[Key, str]:
    """Make a key; its second part is the secret, which nobody can read again.

    Raises:
        SettingsError: The name is empty or too long, or there are no scopes or unknown ones.
    """
    if not 1 <= len(name.strip()) <= _MAX_NAME or not name.isprintable():
        raise SettingsError(f"a key needs a name of 1 to {_MAX_NAME} printable characters")
    if not scopes or not set(scopes) <= set(SCOPES):
        raise SettingsError(
            f"a key needs scopes out of {', '.join(SCOPES)}, got {', '.join(scopes) or 'none'}"
        )
    secret = PREFIX + secrets.token_urlsafe(_RANDOM_BYTES)
    row = KeyRow(
        id=secrets.token_hex(4),
        name=name.strip(),
        scopes=sorted(set(scopes)),
        digest=digest_of(secret),
        created_at=datetime.now(UTC),
    )
    with database.writing() as session:
        session.add(row)
        record(session, who, "key.create", row.id)
    return _key(row), secret


def find_key(database: Database, secret: str) -> Key | None:
    """The key that opens with ``secret``, unless it was revoked."""
    query = select(KeyRow).where(KeyRow.digest == digest_of(secret), KeyRow.revoked_at.is_(None))
    with database.reading(spare=True) as session:
        row = session.scalars(query).one_or_none()
        return None if row is None else _key(row)


def list_keys(database: Database) -> Sequence[Key]:
    """All keys, the oldest first, revoked ones too."""
    with database.reading() as session:
        return [_key(row) for row in session.scalars(select(KeyRow).order_by(KeyRow.created_at, KeyRow.id))]


def revoke_key(database: Database, key_id: str, who: str) -> Key:
    """Make a key open nothing more; one that was revoked before stays as it is.

    Raises:
        SettingsError: There is no such key.
    """
    with database.writing() as session:
        row = session.get(KeyRow, key_id)
        if row is None:
            raise SettingsError(f"no key {key_id!r}: `countervoice keys list` shows their ids")
        if row.revoked_at is None:
            row.revoked_at = datetime.now(UTC)
            record(session, who, "key.revoke", row.id)
        return _key(row)


def digest_of(secret: str) -> str:
    """SHA-256 in hex: 256 random bits cannot be guessed, so there is nothing for a slow hash to slow down."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _key(row: KeyRow) -> Key:
    return Key(
        id=row.id,
        name=row.name,
        scopes=frozenset(row.scopes),
        created_at=row.created_at,
        revoked_at=row.revoked_at,
    )
