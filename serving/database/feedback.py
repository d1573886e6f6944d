"""Feedback that is kept: stored once by its id, read, and erased for good."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from data.records import Feedback
from serving.database.audit import record
from serving.database.connection import Database
from serving.database.erased import erased_among
from serving.database.pages import PAGE, pages
from serving.database.repeating import made_again
from serving.database.tables import MessageRow

_OWN: Final = frozenset({"received_at"})  # not a part of what was sent
_SENT: Final = (
    *("id", "text", "rating", "author", "source", "channel", "solicited", "created_at", "language"),
)  # and segments


class ConflictError(Exception):
    """An id is taken by other feedback, kept or sent beside it; nothing was stored. The message says which."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One feedback as it is kept, and how much of which personal data was taken out of it."""

    feedback: Feedback
    redacted: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What storing changed: feedback that is new, that was there already, word for word, or that was erased before."""

    stored: int
    unchanged: int
    suppressed: int = 0


_NONE: Final[Mapping[str, Kept]] = MappingProxyType({})


def differing(database: Database, messages: Sequence[Kept]) -> list[tuple[Kept, Kept]]:
    """What is kept under ids of ``messages`` with another content, each with the message that was sent.

    Whether they are one message that came under other rules takes long: it is asked before anything is stored.
    """
    sent = {message.feedback.id: message for message in messages}
    with database.reading() as session:
        there = _kept_under(session, sent)
    return [
        (_kept(row), sent[row.id])
        for row in there.values()
        if _content(row) != _content(_row(sent[row.id], row.received_at))
    ]


def store(
    database: Database, messages: Sequence[Kept], who: str, same: Mapping[str, Kept] = _NONE
) -> Outcome:
    """Store all of ``messages`` or none. The same feedback again changes nothing; what was erased is left out.

    What differs from what is kept under its id is the same where ``same`` has, by this id, what is kept still.

    Raises:
        ConflictError: An id is there, or twice among ``messages``, with another content.
        DatabaseError: The database cannot be used.
    """
    # Those who send some of the same meet in one order, and wait for each other rather than in a circle.
    in_order = sorted(messages, key=lambda message: message.feedback.id)
    return made_again(database, lambda session: _store(session, in_order, who, same))


def find(database: Database, feedback_id: str) -> tuple[Kept, datetime] | None:
    """One feedback and when it came, or None."""
    with database.reading() as session:
        row = session.get(MessageRow, feedback_id)
        return None if row is None else (_kept(row), row.received_at)


def count(database: Database) -> int:
    """How many are kept."""
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(MessageRow)) or 0


def any_kept(database: Database, ids: Iterable[str]) -> bool:
    """Whether one of these messages is kept; asked page by page, since a query has room for so many values only."""
    with database.reading() as session:
        queries = (select(MessageRow.id).where(MessageRow.id.in_(page)).limit(1) for page in pages(ids))
        return any(session.scalar(query) is not None for query in queries)


def everything(database: Database) -> Iterator[Feedback]:
    """All feedback by id, so that its order does not depend on who sent it first; a page at a time."""
    last = ""
    while True:
        query = select(MessageRow).where(MessageRow.id > last).order_by(MessageRow.id).limit(PAGE)
        with database.reading() as session:
            page = [_kept(row).feedback for row in session.scalars(query)]
        yield from page
        if len(page) < PAGE:
            return
        last = page[-1].id


def erase(session: Session, ids: Collection[str]) -> Mapping[str, str | None]:
    """Erase the feedback ``ids``; those that there were, by id, each with the pseudonym of its author."""
    return _erased(session, MessageRow.id.in_(ids))


def erase_author(session: Session, names: Collection[str]) -> Mapping[str, str | None]:
    """Erase everything by the author who is kept under one of ``names``; what there was, as ``erase`` tells it."""
    return _erased(session, MessageRow.author.in_(names))


def erase_before(session: Session, day: date) -> Mapping[str, str | None]:
    """Erase everything written before ``day`` in UTC, or that came before it where nobody knows when; the same."""
    written = func.coalesce(MessageRow.created_at, MessageRow.received_at)
    return _erased(session, written < datetime.combine(day, time.min, UTC))


def authors_among(session: Session, names: Iterable[str]) -> set[str]:
    """Those of ``names`` under which an author has feedback that is kept."""
    found = set[str]()
    for page in pages(names):
        found.update(session.scalars(select(MessageRow.author).where(MessageRow.author.in_(page)).distinct()))
    return found


def by_author(session: Session, names: Collection[str]) -> Sequence[tuple[Kept, datetime]]:
    """Everything by the author who is kept under one of ``names``, and when it came, by id."""
    query = select(MessageRow).where(MessageRow.author.in_(names)).order_by(MessageRow.id)
    return [(_kept(row), row.received_at) for row in session.scalars(query)]


def _erased(session: Session, which: ColumnElement[bool]) -> dict[str, str | None]:
    """Erase and tell in one step: between two, others may come that would be erased and not told."""
    query = delete(MessageRow).where(which).returning(MessageRow.id, MessageRow.author)
    rows = session.execute(query.execution_options(synchronize_session=False))
    return {row.id: row.author for row in sorted(rows, key=lambda row: str(row.id))}


def _store(session: Session, messages: Sequence[Kept], who: str, same: Mapping[str, Kept]) -> Outcome:
    now = datetime.now(UTC)
    kept = _kept_under(session, [message.feedback.id for message in messages])
    sent: dict[str, dict[str, Any]] = {}
    erased = erased_among(session, [message.feedback.id for message in messages])
    outcome: Counter[str] = Counter(suppressed=sum(each.feedback.id in erased for each in messages))
    for message in messages:
        if message.feedback.id in erased:
            continue
        row = _row(message, now)
        content = _content(row)
        there, first = kept.get(row.id), sent.setdefault(row.id, content)
        if first != content:
            raise ConflictError(_conflict(row.id, is_kept=False))
        if there is not None and _content(there) != content and same.get(row.id) != _kept(there):
            raise ConflictError(_conflict(row.id, is_kept=True))
        is_new = there is None and first is content
        if is_new:
            session.add(row)
            record(session, who, "feedback.store", row.id)
        outcome["stored" if is_new else "unchanged"] += 1
    return Outcome(stored=outcome["stored"], unchanged=outcome["unchanged"], suppressed=outcome["suppressed"])


def _kept_under(session: Session, ids: Collection[str]) -> dict[str, MessageRow]:
    """What is kept under ``ids``, by id."""
    return {row.id: row for row in session.scalars(select(MessageRow).where(MessageRow.id.in_(ids)))}


def _conflict(feedback_id: str, *, is_kept: bool) -> str:
    if is_kept:
        reason, remedy = (
            f"feedback {feedback_id!r} is there with another content",
            "erase it with ?again=true, or take another id",
        )
    else:
        reason, remedy = (
            f"the request has feedback {feedback_id!r} twice, with different contents",
            "send one",
        )
    return f"{reason}: nothing was stored; {remedy}"


def _content(row: MessageRow) -> dict[str, Any]:
    columns = MessageRow.__table__.columns
    return {column.key: getattr(row, column.key) for column in columns if column.key not in _OWN}


def _row(message: Kept, received_at: datetime) -> MessageRow:
    sent = {name: getattr(message.feedback, name) for name in _SENT}
    segments, redacted = dict(message.feedback.segments), dict(message.redacted)
    return MessageRow(**sent, segments=segments, redacted=redacted, received_at=received_at)


def _kept(row: MessageRow) -> Kept:
    sent = {name: getattr(row, name) for name in _SENT}
    return Kept(Feedback(**sent, segments=row.segments), row.redacted)
