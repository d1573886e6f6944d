"""Who changed what, and when: one row for each change, in the transaction that makes it; never any text."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from serving.database.connection import Database
from serving.database.pages import pages
from serving.database.tables import AuditRow

COMMAND_LINE: Final = "command line"  # who, of what is done on the machine itself
_OF_PEOPLE: Final = ("author", "recovery")  # nouns of actions whose subject is a pseudonym
_OF_MESSAGES: Final = ("erasure", "feedback")  # and those whose subject is the id of a message


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One change.

    Attributes:
        who: ``key <id> (<name>)``, an address where no key was asked for, or ``COMMAND_LINE``.
        action: Noun and verb, such as ``feedback.store``.
        subject: Id of what was changed.
        rows: How many rows of that kind it changed.
    """

    id: int
    at: datetime
    who: str
    action: str
    subject: str
    rows: int


def record(session: Session, who: str, action: str, subject: str, rows: int = 1) -> AuditRow:
    """Add a row to the audit log; it stands or falls with the transaction of ``session``."""
    row = AuditRow(at=datetime.now(UTC), who=who[:120], action=action, subject=subject, rows=rows)
    session.add(row)
    return row


@contextmanager
def recording(database: Database, who: str, action: str, subject: str = "") -> Iterator[AuditRow]:
    """A row of the audit log around a change of another file; a block that learns the subject sets it in the row.

    The row is written before the block and kept after it: a database that is away refuses before anything has changed,
    and a change that is refused leaves no row.

    Raises:
        DatabaseError: The database cannot be used.
    """
    with database.writing() as session:
        row = record(session, who, action, subject)
        session.flush()
        yield row


def entries(database: Database, limit: int, before: int | None = None) -> Sequence[Entry]:
    """The last ``limit`` changes, newest first; ``before`` is the id of the last one already seen."""
    query = select(AuditRow).order_by(AuditRow.id.desc()).limit(limit)
    if before is not None:
        query = query.where(AuditRow.id < before)
    with database.reading() as session:
        return [_entry(row) for row in session.scalars(query)]


def entries_about(session: Session, person: str, messages: Collection[str]) -> Sequence[Entry]:
    """What was done to the ``person``, a pseudonym, and to the ``messages``, ids, oldest first.

    The id of a message may be the name of a person, or what something else is known by.
    """
    wanted = [_about(_OF_PEOPLE, [person]), *(_about(_OF_MESSAGES, ids) for ids in pages(messages))]
    found = [_entry(row) for each in wanted for row in session.scalars(select(AuditRow).where(each))]
    return sorted(found, key=lambda entry: entry.id)


def _about(nouns: Collection[str], subjects: Collection[str]) -> ColumnElement[bool]:
    of_them = or_(*(AuditRow.action.like(f"{noun}.%") for noun in nouns))
    return and_(of_them, AuditRow.subject.in_(subjects))


def _entry(row: AuditRow) -> Entry:
    return Entry(id=row.id, at=row.at, who=row.who, action=row.action, subject=row.subject, rows=row.rows)
