"""Authors by pseudonym: one from another can be told, and an author found again by name, but not read."""

import hashlib
import hmac
import re
import secrets
from typing import Final

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from data.customers import author_key
from serving.database.connection import Database
from serving.database.tables import SecretRow

PREFIX: Final = "person-"
_NAME: Final = "authors"
_DIGITS: Final = 24
_PSEUDONYM: Final = re.compile(f"{PREFIX}[0-9a-f]{{{_DIGITS}}}")


def author_secret(database: Database) -> bytes:
    """The secret of this database's pseudonyms, made when it is first asked for.

    Raises:
        DatabaseError: The database cannot be used.
    """
    try:
        with database.writing() as session:
            return secret_in(session)
    except IntegrityError:  # another process was first
        return author_secret(database)


def secret_in(session: Session) -> bytes:
    """The same within a transaction, which fails with an IntegrityError where another process makes it meanwhile."""
    row = session.get(SecretRow, _NAME)
    if row is None:
        row = SecretRow(name=_NAME, value=secrets.token_bytes(32))
        session.add(row)
    return row.value


def pseudonym(author: str, secret: bytes) -> str:
    """The pseudonym of ``author``: HMAC-SHA256 of the name as mining compares it (``author_key``)."""
    name = author_key(author).encode("utf-8", "surrogatepass")
    return PREFIX + hmac.new(secret, name, hashlib.sha256).hexdigest()[:_DIGITS]


def is_pseudonym(name: str) -> bool:
    """Whether ``name`` has the form of a pseudonym, and tells nobody's."""
    return _PSEUDONYM.fullmatch(name) is not None
