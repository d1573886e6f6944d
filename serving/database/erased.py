"""What was erased: its ids, so that a source that sends it again does not bring it back.

They are kept as a keyed hash: who has the table, but not the secret of the database, cannot try ids.
"""

import hashlib
import hmac
from collections.abc import Collection, Iterable, Mapping
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from serving.database.authors import secret_in
from serving.database.connection import Database, exclusive
from serving.database.pages import pages
from serving.database.tables import ErasedRow, KnownStillRow

_LOCK: Final = 7_310_418_125  # of noting what was erased
_PURPOSE: Final = "erased message\0"  # no name of an author begins so: the two share a secret, and no hash


def keep_out(session: Session, ids: Collection[str]) -> None:
    """Store none of the feedback ``ids`` any more, until ``let_in``."""
    exclusive(session, _LOCK)  # of two who erase the same, the second sees what the first noted
    for page in pages(_hashed(session, ids)):
        known = set(session.scalars(select(ErasedRow.id_hash).where(ErasedRow.id_hash.in_(page))))
        session.add_all(ErasedRow(id_hash=each) for each in page if each not in known)


def let_in(session: Session, ids: Collection[str]) -> list[str]:
    """Let the feedback ``ids`` come again; those that were kept out, sorted."""
    found = sorted(erased_among(session, ids))
    for page in pages(_hashed(session, found)):
        session.execute(delete(ErasedRow).where(ErasedRow.id_hash.in_(page)))
    return found


def erased_among(session: Session, ids: Collection[str]) -> set[str]:
    """Those of ``ids`` that are kept out."""
    names = _hashed(session, ids)
    found: set[str] = set()
    for page in pages(names):
        rows = session.scalars(select(ErasedRow.id_hash).where(ErasedRow.id_hash.in_(page)))
        found.update(names[each] for each in rows)
    return found


def note_known_still(session: Session, ids: Iterable[str], kept: Collection[str] = ()) -> None:
    """Note that the register of causes, which somebody writes to now, is to forget the feedback ``ids``.

    Those that were ``kept`` are no rows of a file without ids, unless these are to be forgotten, too.
    """
    exclusive(session, _LOCK)
    for page in pages(dict.fromkeys(ids)):
        there = KnownStillRow.feedback_id
        known = set(session.scalars(select(there).where(there.in_(page))))
        session.add_all(
            KnownStillRow(feedback_id=each, kept=each in kept) for each in page if each not in known
        )
        rows = [each for each in page if each not in kept]
        session.execute(update(KnownStillRow).where(there.in_(rows)).values(kept=False))


def known_still(database: Database) -> Mapping[str, bool]:
    """Ids of what the register of causes is to forget, each with whether it was kept, and is no row of a file."""
    with database.reading() as session:
        rows = session.execute(select(KnownStillRow.feedback_id, KnownStillRow.kept))
        return {row.feedback_id: row.kept for row in rows}


def note_forgotten(session: Session, ids: Iterable[str]) -> None:
    """Note that the register has forgotten the feedback ``ids``."""
    for page in pages(ids):
        session.execute(delete(KnownStillRow).where(KnownStillRow.feedback_id.in_(page)))


def _hashed(session: Session, ids: Iterable[str]) -> dict[str, str]:
    """The hash of each of ``ids`` to the id."""
    secret = secret_in(session)
    return {_hash(each, secret): each for each in ids}


def _hash(feedback_id: str, secret: bytes) -> str:
    said = (_PURPOSE + feedback_id).encode("utf-8", "surrogatepass")
    return hmac.new(secret, said, hashlib.sha256).hexdigest()
