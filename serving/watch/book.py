"""The book of alarms: which were raised and where each was sent, so that nobody gets one twice."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from mining.kept_file import KeptFile, transaction
from mining.watch.results import Alarm

BOOK_NAME = "alarms.db"
FORMAT = 1
_TABLES = """
CREATE TABLE IF NOT EXISTS alarm (
  id TEXT PRIMARY KEY, cause TEXT NOT NULL, label TEXT NOT NULL, day TEXT NOT NULL, record TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS sent (
  alarm TEXT NOT NULL, sink TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (alarm, sink)
);
"""
_FILE = KeptFile("a book of alarms", FORMAT, _TABLES)
_DATES = ("since", "day", "until")


@dataclass(frozen=True, slots=True)
class KeptAlarm:
    """An alarm in the book: its permanent id ("c-0010-20260312"), and the name of its cause when it was last seen."""

    id: str
    label: str
    alarm: Alarm


class Book:
    """The book, open for writing; made by ``open_book``."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def keep(
        self,
        alarms: Sequence[Alarm],
        labels: Mapping[str, str],
        sources: Mapping[str, frozenset[str]] = MappingProxyType({}),
    ) -> list[KeptAlarm]:
        """Enter the alarms, in their order; one that shares days with a known one of its cause is that one.

        Counts change a little from one mining to the next, and the days of an alarm with them. ``sources`` holds what
        was merged into a cause, and what it was split off: an alarm that was told of these is told of it, too.
        """
        with transaction(self._connection):
            known = _alarms(self._connection)
            return [
                _told_of(alarm, known, sources.get(alarm.cause_id, frozenset()))
                or self._kept(alarm, labels.get(alarm.cause_id, ""), known)
                for alarm in alarms
            ]

    @contextmanager
    def sending(self, alarm: KeptAlarm, sink: str) -> Iterator[bool]:
        """Whether the alarm is due at ``sink``; if the block ends well, it was sent and is not due again.

        Another process waits meanwhile, so that two never send one alarm. A process that is killed between the
        sending and the note of it sends it again: the id tells the receiver.
        """
        with transaction(self._connection):
            query = "SELECT 1 FROM sent WHERE alarm = ? AND sink = ?"
            due = self._connection.execute(query, (alarm.id, sink)).fetchone() is None
            yield due
            if due:
                moment = datetime.now(UTC).isoformat(timespec="seconds")
                self._connection.execute("INSERT INTO sent VALUES (?, ?, ?)", (alarm.id, sink, moment))

    def _kept(self, alarm: Alarm, label: str, known: list[KeptAlarm]) -> KeptAlarm:
        old = _same(alarm, known, {alarm.cause_id})
        name = old.id if old else f"{alarm.cause_id}-{alarm.day:%Y%m%d}"
        kept = KeptAlarm(name, label or (old.label if old else ""), alarm)
        if old:
            kept = replace(kept, alarm=replace(old.alarm, until=alarm.until, in_all=alarm.in_all))
        values = (kept.id, alarm.cause_id, kept.label, kept.alarm.day.isoformat(), _written(kept.alarm))
        self._connection.execute("INSERT OR REPLACE INTO alarm VALUES (?, ?, ?, ?, ?)", values)
        return kept


@contextmanager
def open_book(folder: Path) -> Iterator[Book]:
    """The book in the folder of a mining, made where there is none.

    Raises:
        StateError: It cannot be read or written, or another process holds it.
    """
    with _FILE.opened(folder / BOOK_NAME) as connection:
        yield Book(connection)


def read_book(folder: Path) -> list[KeptAlarm]:
    """The alarms in the book, newest first; none where there is no book.

    Raises:
        StateError: It cannot be read.
    """
    with _FILE.reading(folder / BOOK_NAME) as connection:
        return [] if connection is None else _alarms(connection)


def _told_of(alarm: Alarm, known: list[KeptAlarm], sources: Set[str]) -> KeptAlarm | None:
    """The alarm of another cause as which this one was told, as it was told; None where it has one of its own."""
    return None if _same(alarm, known, {alarm.cause_id}) else _same(alarm, known, sources)


def _same(alarm: Alarm, known: list[KeptAlarm], causes: Set[str]) -> KeptAlarm | None:
    """The newest known alarm of one of ``causes`` that shares days with ``alarm``."""
    same = (
        each
        for each in known
        if each.alarm.cause_id in causes and alarm.overlaps(each.alarm.since, each.alarm.day)
    )
    return next(same, None)


def _alarms(connection: sqlite3.Connection) -> list[KeptAlarm]:
    rows = connection.execute("SELECT id, label, record FROM alarm ORDER BY day DESC, id")
    return [KeptAlarm(name, label, _read(json.loads(record))) for name, label, record in rows]


def _written(alarm: Alarm) -> str:
    return json.dumps(asdict(alarm), default=date.isoformat)


def _read(record: Mapping[str, Any]) -> Alarm:
    days = {name: record[name] and date.fromisoformat(record[name]) for name in _DATES}
    return Alarm(**{**record, **days})
