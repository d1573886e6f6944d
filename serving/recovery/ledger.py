"""The ledger of rescue: who was contacted, with which gesture, at what cost, and how it ended."""

import secrets
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import takewhile
from pathlib import Path
from typing import Final, cast

from sqlalchemy import URL, delete, select, text
from sqlalchemy.orm import Session

from data.errors import RecoveryError, StateError
from mining.kept_file import holds_something
from mining.recovery.holdout import Holdout
from mining.recovery.standing import Outcome, Standing, state_of
from serving.database.connection import connect
from serving.database.migration import make_private
from serving.database.pages import pages
from serving.recovery.ledger_tables import EventRow, HoldoutRow, LedgerBase, MessageRow

LEDGER_NAME: Final = "recovery.db"
FORMAT: Final = 1
_CONTACTED: Final = "contacted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """One entry of a person: ``state`` is contacted, which alone has a gesture and a cost, recovered or lost."""

    at: datetime
    entered_at: datetime
    who: str
    state: str
    gesture: str | None
    cost: float


class Ledger:
    """The ledger in one SQLite file, made at the first entry; of two writers the second sees what the first wrote.

    One person may stand under several keys, as minings name them: ``known_as`` has the one that counts for each key.
    """

    def __init__(self, path: Path, known_as: Callable[[str], str] = str) -> None:
        self.path = path
        self._known_as = known_as

    def standings(self) -> Mapping[str, Standing]:
        """How everybody in the ledger stands, by the key that the person is known as.

        Raises:
            StateError: The file cannot be read, or is of another version.
        """
        with self._reading() as session:
            return {} if session is None else _standings(session, self._known_as)

    def people(self) -> set[str]:
        """Every key that something was entered under."""
        with self._reading() as session:
            return set() if session is None else set(session.scalars(select(EventRow.person)))

    def entered(self, people: Collection[str]) -> Sequence[Entered]:
        """All entries under the keys ``people``, a few, in their order."""
        with self._reading() as session:
            if session is None:
                return []
            rows = select(EventRow).where(EventRow.person.in_(sorted(people)))
            return [_entered(row) for row in session.scalars(rows.order_by(EventRow.at, EventRow.id))]

    def holdout(self) -> Holdout | None:
        """The draw that is in force, or None."""
        with self._reading() as session:
            return None if session is None else _holdout(session)

    def contact(
        self,
        person: str,
        feedback: Collection[str],
        gesture: str,
        cost: float,
        *,
        who: str,
        at: datetime,
        complained_at: datetime | None,
        again: bool = False,
    ) -> None:
        """Enter a contact of the person under the key ``person``, with the ids of all messages of that person.

        Raises:
            RecoveryError: The person was contacted already and is not closed (without ``again``), or is held out.
        """
        with self._writing() as session:
            holdout = _holdout(session)
            if holdout is not None and holdout.holds(person):
                raise RecoveryError(
                    "this person is held out, so that the effect of rescue can be measured: contact another one, or "
                    "end the holdout with share 0"
                )
            standing = self._standing(session, person)
            if not again and standing and state_of(standing, complained_at) == _CONTACTED:
                raise RecoveryError(
                    f"this person was contacted on {standing.contacted[-1]:%Y-%m-%d} ({standing.gestures[-1]}): close "
                    "the entry, or say that it is again"
                )
            _add(session, person, feedback, _CONTACTED, who, at, gesture, cost)

    def close(
        self,
        person: str,
        feedback: Collection[str],
        outcome: Outcome,
        *,
        who: str,
        at: datetime,
        complained_at: datetime | None,
    ) -> None:
        """Enter how it ended; the last outcome counts, and the same one twice is entered once.

        Raises:
            RecoveryError: The last contact is later than ``at``.
        """
        with self._writing() as session:
            standing = self._standing(session, person)
            if standing and standing.contacted and standing.contacted[-1] > at:
                raise RecoveryError(
                    f"the last contact was on {standing.contacted[-1]:%Y-%m-%d}, which is later than the end on "
                    f"{at:%Y-%m-%d}: give a later day"
                )
            if standing is None or state_of(standing, complained_at) != outcome:
                _add(session, person, feedback, outcome, who, at)

    def draw(self, share: float, at: datetime) -> Holdout:
        """Begin a holdout of ``share`` of all people, in [0, 1); with 0 the one in force ends.

        People who were held out stay so where the share stays or grows. The share in force goes on as it is: a later
        begin would be chosen after contacts, and those who left meanwhile would be missing.
        """
        with self._writing() as session:
            before = _holdout(session, ended=True)
            if before is not None and before.share == share:
                return before
            salt = before.salt if before else secrets.token_hex(16)
            session.add(HoldoutRow(share=share, salt=salt, since=at))
        anew = before is not None and (before.share > 0 or before.anew)
        return Holdout(share=share, salt=salt, since=at, anew=anew)

    def people_of(self, feedback: Collection[str]) -> set[str]:
        """Keys of the people in the ledger with one of these messages."""
        with self._reading() as session:
            if session is None:
                return set()
            wanted = frozenset(feedback)  # more of them than a query takes
            return {row.person for row in session.scalars(select(MessageRow)) if row.feedback_id in wanted}

    def forget(self, people: Collection[str], feedback: Collection[str] = ()) -> int:
        """Delete all that is kept of ``people``, and the ids ``feedback``; how many people were there."""
        if not self.path.exists():
            return 0
        with self._writing() as session:
            there = set(session.scalars(select(EventRow.person))).intersection(people)
            for keys in pages(people):
                session.execute(delete(EventRow).where(EventRow.person.in_(keys)))
                session.execute(delete(MessageRow).where(MessageRow.person.in_(keys)))
            for ids in pages(feedback):
                session.execute(delete(MessageRow).where(MessageRow.feedback_id.in_(ids)))
        return len(there)

    def forget_messages(self, feedback: Collection[str], people: Collection[str]) -> None:
        """Delete the ids ``feedback`` of ``people``; others may have written what went by the same ids."""
        if not feedback or not people:
            return
        wanted = frozenset(feedback)
        with self._writing() as session:
            for keys in pages(people):
                for row in session.scalars(select(MessageRow).where(MessageRow.person.in_(keys))):
                    if row.feedback_id in wanted:
                        session.delete(row)

    def _standing(self, session: Session, person: str) -> Standing | None:
        return _standings(session, self._known_as).get(self._known_as(person))

    @contextmanager
    def _reading(self) -> Iterator[Session | None]:
        """None where nothing was ever entered."""
        if not holds_something(self.path):
            yield None
            return
        database = connect(_url(self.path))
        try:
            with database.reading() as session:
                yield session if _has_tables(session, self.path) else None
        finally:
            database.close()

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        make_private(self.path)
        database = connect(_url(self.path))
        try:
            with database.writing() as session:
                if not _has_tables(session, self.path):
                    LedgerBase.metadata.create_all(session.connection())
                    session.execute(text(f"PRAGMA user_version = {FORMAT}"))
                yield session
        finally:
            database.close()


def _url(path: Path) -> URL:
    return URL.create("sqlite", database=str(path.absolute()))


def _has_tables(session: Session, path: Path) -> bool:
    found = int(session.execute(text("PRAGMA user_version")).scalar_one())
    if found not in (0, FORMAT):
        raise StateError(
            f"{path} holds format {found}, this version reads format {FORMAT}: use that version, or move the file away"
        )
    return found == FORMAT


def _entered(row: EventRow) -> Entered:
    return Entered(
        at=row.at,
        entered_at=row.entered_at,
        who=row.who,
        state=row.kind,
        gesture=row.gesture,
        cost=row.cost,
    )


def _standings(session: Session, known_as: Callable[[str], str]) -> dict[str, Standing]:
    """Everybody's standing, from the events in their order."""
    events: dict[str, list[EventRow]] = {}
    for row in session.scalars(select(EventRow).order_by(EventRow.at, EventRow.id)):
        events.setdefault(known_as(row.person), []).append(row)
    return {key: _standing(rows) for key, rows in events.items()}


def _standing(events: Sequence[EventRow]) -> Standing:
    contacts = [event for event in events if event.kind == _CONTACTED]
    closed = [event for event in events if event.kind != _CONTACTED]
    return Standing(
        contacted=tuple(event.at for event in contacts),
        gestures=tuple(event.gesture or "" for event in contacts),
        cost=sum(event.cost for event in contacts),
        outcome=cast(Outcome, closed[-1].kind) if closed else None,
        closed_at=closed[-1].at if closed else None,
    )


def _holdout(session: Session, *, ended: bool = False) -> Holdout | None:
    """The last draw; None where there is none, or, without ``ended``, where its share is 0.

    Ledgers of before have a row for each time that the same share was named again: the first of those in a row counts.
    """
    rows = session.scalars(select(HoldoutRow).order_by(HoldoutRow.id.desc())).all()
    if not rows or (rows[0].share == 0 and not ended):
        return None
    same = list(takewhile(lambda row: row.share == rows[0].share, rows))
    return Holdout(
        share=rows[0].share,
        salt=rows[0].salt,
        since=same[-1].since,
        anew=any(row.share > 0 for row in rows[len(same) :]),
    )


def _add(
    session: Session,
    person: str,
    feedback: Collection[str],
    kind: str,
    who: str,
    at: datetime,
    gesture: str | None = None,
    cost: float = 0.0,
) -> None:
    now = datetime.now(UTC)
    session.add(
        EventRow(person=person, at=at, entered_at=now, who=who[:120], kind=kind, gesture=gesture, cost=cost)
    )
    for feedback_id in feedback:
        session.merge(MessageRow(feedback_id=feedback_id, person=person))
