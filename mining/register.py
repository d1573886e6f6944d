"""The register: permanent ids of causes, what was last found under each, and the log of all that happened to them.

One SQLite file that outlives every mining. A mining, or an edit, is one transaction: it is written whole or not
at all, and two of them never mix. The log is append-only; triggers refuse anything else. Erasing alone
blanks a digest in it: that of what an erased statement said.
"""

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from data.errors import EditError, InUseError, StateError, UnknownIdError
from data.read_only import connect_read_only
from mining.kept_file import holds_something, make_kept

Floats = NDArray[np.float64]

REGISTER_NAME = "causes.db"
FORMAT = 1
PEOPLE, MINING = "people", "mining"
_BUSY_SECONDS = 30.0
_TABLES = """
CREATE TABLE register (format INTEGER NOT NULL, last_id INTEGER NOT NULL);
CREATE TABLE mining (number INTEGER PRIMARY KEY, at TEXT NOT NULL, model TEXT NOT NULL, causes INTEGER NOT NULL);
CREATE TABLE cause (
  id TEXT PRIMARY KEY, label TEXT NOT NULL, contexts TEXT NOT NULL, people INTEGER NOT NULL,
  statements INTEGER NOT NULL, first_at TEXT NOT NULL, last_at TEXT NOT NULL, found INTEGER NOT NULL,
  matched INTEGER NOT NULL, model TEXT NOT NULL, embedding BLOB NOT NULL, topics BLOB NOT NULL,
  members TEXT NOT NULL
);
CREATE TABLE feedback (key TEXT PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE statement (id TEXT PRIMARY KEY, text TEXT NOT NULL, cause TEXT) WITHOUT ROWID;
CREATE TABLE log (
  number INTEGER PRIMARY KEY, at TEXT NOT NULL, actor TEXT NOT NULL, kind TEXT NOT NULL, cause TEXT NOT NULL,
  details TEXT NOT NULL
);
CREATE TRIGGER log_keeps BEFORE DELETE ON log BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER log_stands BEFORE UPDATE ON log BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
INSERT INTO register VALUES (1, 0);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """One thing that happened to a cause.

    Attributes:
        at: ISO time, UTC.
        actor: PEOPLE for an edit, MINING for what a mining found.
        kind: rename, cost, merge, split, hide, unhide, move, side by people; born, merged, split, retired, returned,
            changed by minings.
        details: What else the kind needs: a name, another cause, phrases, counts, keys of messages.
    """

    number: int
    at: str
    actor: str
    kind: str
    cause: str
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredCause:
    """A cause as it was last found, before edits where they concern its statements.

    Attributes:
        label: As the last mining named it; a name given by people is in the log.
        contexts: Values of the context column that its statements have.
        people, statements: When it was last listed, after edits.
        found: Number of the last mining that found it, after edits; 0 for a split that waits for its first mining.
        matched: Number of the last mining whose clusters it was matched to; 0 for none.
        model: Version of the model of ``embedding``; "" while there is none.
        embedding: (d,) mean embedding of its distinct texts.
        topics: (t,) mean topic probabilities of its distinct texts.
        members: Keys of the feedback with a statement in it.
    """

    id: str
    label: str = ""
    contexts: tuple[str, ...] = ()
    people: int = 0
    statements: int = 0
    first_at: str = ""
    last_at: str = ""
    found: int = 0
    matched: int = 0
    model: str = ""
    embedding: Floats
    topics: Floats
    members: frozenset[str] = frozenset()

    @classmethod
    def waiting(cls, cause_id: str, contexts: Sequence[str]) -> Self:
        """A cause that an edit made and no mining has found yet."""
        return cls(id=cause_id, contexts=tuple(contexts), embedding=np.zeros(0), topics=np.zeros(0))


@dataclass(frozen=True, slots=True)
class MinedStatement:
    """A statement of the last mining: digest of its text, and the cause that it is in."""

    id: str
    text: str
    cause: str | None


class Register:
    """The register within one transaction; made by ``open_register`` and ``read_register``.

    Attributes:
        at: ISO time that whatever is written gets.
    """

    def __init__(self, connection: sqlite3.Connection, at: str) -> None:
        self._connection = connection
        self.at = at

    @cached_property
    def last_mining(self) -> int:
        """Number of the last mining, 0 before the first."""
        return int(self._one("SELECT COALESCE(MAX(number), 0) FROM mining"))

    def causes(self) -> dict[str, RegisteredCause]:
        """Cause id to cause, in the order of the ids."""
        found = self._causes("SELECT * FROM cause")
        return {cause.id: cause for cause in sorted(found, key=lambda cause: id_number(cause.id))}

    def cause(self, cause_id: str) -> RegisteredCause | None:
        """One cause; None where there is none with this id."""
        return next(self._causes("SELECT * FROM cause WHERE id = ?", cause_id), None)

    def _causes(self, query: str, *values: str) -> Iterator[RegisteredCause]:
        rows = self._connection.execute(query, values)
        names = [column[0] for column in rows.description]
        return (_cause(dict(zip(names, row, strict=True))) for row in rows)

    def log(self) -> tuple[LogEntry, ...]:
        """Everything that happened, oldest first."""
        rows = self._connection.execute(
            "SELECT number, at, actor, kind, cause, details FROM log ORDER BY number"
        )
        return tuple(
            LogEntry(number=number, at=at, actor=actor, kind=kind, cause=cause, details=json.loads(details))
            for number, at, actor, kind, cause, details in rows
        )

    def edits(self) -> tuple[LogEntry, ...]:
        """The edits by people, oldest first."""
        return tuple(entry for entry in self.log() if entry.actor == PEOPLE)

    @property
    def mined_at(self) -> str:
        """ISO time of the last mining, "" before the first."""
        last = "SELECT at FROM mining ORDER BY number DESC LIMIT 1"
        return str(self._one(f"SELECT COALESCE(({last}), '')"))

    def minings(self) -> list[tuple[int, str]]:
        """Number and ISO time of each mining."""
        return list(self._connection.execute("SELECT number, at FROM mining ORDER BY number"))

    def seen(self) -> dict[str, tuple[int, int]]:
        """Key of each feedback ever mined to the first and the last mining that had it."""
        rows = self._connection.execute("SELECT key, first, last FROM feedback")
        return {key: (first, last) for key, first, last in rows}

    def statement(self, name: str) -> MinedStatement:
        """The statement of the last mining with the id ``name``, or the only one of the feedback ``name``.

        Raises:
            UnknownIdError: There is none.
            EditError: The feedback has several.
        """
        query = "SELECT id, text, cause FROM statement WHERE id = ? OR id GLOB ? ORDER BY id"
        rows = self._connection.execute(query, (name, f"{_literal(name)}#[0-9]*"))
        found = [MinedStatement(*row) for row in rows]
        exact = [statement for statement in found if statement.id == name] or found
        if not exact:
            raise UnknownIdError(f"no statement {name!r} in the last mining: give an id such as f-0012#1")
        if len(exact) > 1:
            places = ", ".join(f"{each.id} (in {each.cause or 'no cause'})" for each in exact)
            raise EditError(f"{name} holds {len(exact)} statements: name one of {places}")
        return exact[0]

    def statements(self) -> list[MinedStatement]:
        """All statements of the last mining."""
        return [
            MinedStatement(*row) for row in self._connection.execute("SELECT id, text, cause FROM statement")
        ]

    def new_id(self) -> str:
        """The next id; no id is ever given twice."""
        self._connection.execute("UPDATE register SET last_id = last_id + 1")
        number = int(self._one("SELECT last_id FROM register"))
        return f"c-{number:04d}"

    def append(self, actor: str, kind: str, cause: str, details: Mapping[str, Any]) -> None:
        """Add to the log."""
        self._connection.execute(
            "INSERT INTO log (at, actor, kind, cause, details) VALUES (?, ?, ?, ?, ?)",
            (self.at, actor, kind, cause, json.dumps(dict(details), ensure_ascii=False)),
        )

    def put(self, cause: RegisteredCause) -> None:
        """Write a cause, new or known."""
        columns = _columns(cause)
        places = ", ".join("?" * len(columns))
        self._connection.execute(f"INSERT OR REPLACE INTO cause VALUES ({places})", columns)  # noqa: S608

    def put_mining(
        self, model: str, causes: int, keys: Iterable[str], statements: Iterable[MinedStatement]
    ) -> None:
        """Write that a mining took place, what feedback it had, and where each statement went."""
        number = self.last_mining + 1
        run = self._connection
        run.execute("INSERT INTO mining VALUES (?, ?, ?, ?)", (number, self.at, model, causes))
        run.executemany(
            "INSERT INTO feedback VALUES (?1, ?2, ?2) ON CONFLICT (key) DO UPDATE SET last = ?2",
            ((key, number) for key in keys),
        )
        run.execute("DELETE FROM statement")
        run.executemany(
            "INSERT INTO statement VALUES (?, ?, ?)",
            ((each.id, each.text, each.cause) for each in statements),
        )

    def forget(self, ids: Set[str], *, others: Set[str] = frozenset()) -> None:
        """Keep no digest of what the feedback ``ids`` said, unless others in the last mining say the same.

        Edits that named it stay in the log under their ids, and do nothing from the next mining on. Of ``ids``, those
        in ``others`` are of other messages in the last mining, as numbers of rows may be.
        """
        rows = [row for feedback_id in ids - others for row in self.statements_of(feedback_id)]
        self._connection.executemany("DELETE FROM statement WHERE id = ?", [(each,) for each, _ in rows])
        edits, keys, gone = self.edits(), frozenset(ids), {text for _, text in rows}
        if not any(_blanked(edits, keys, gone, frozenset())):  # mostly, and spares a look at every statement
            return
        changed = [
            (json.dumps(left, ensure_ascii=False), edit.number)
            for edit, left in _blanked(edits, keys, gone, self._said())
        ]
        trigger = self._one("SELECT sql FROM sqlite_master WHERE name = 'log_stands'")
        self._connection.execute("DROP TRIGGER log_stands")
        self._connection.executemany("UPDATE log SET details = ? WHERE number = ?", changed)
        self._connection.execute(trigger)

    def statements_of(self, feedback_id: str) -> list[tuple[str, str]]:
        """Id and digest of each statement of a message in the last mining, looked for by the key of the table."""
        query = "SELECT id, text FROM statement WHERE id >= ? AND id < ?"
        rows = self._connection.execute(query, (f"{feedback_id}#", f"{feedback_id}$"))
        return [(each, text) for each, text in rows if _message_of(each) == feedback_id]

    def _said(self) -> set[str]:
        """Digests of all that the last mining still has."""
        return {text for (text,) in self._connection.execute("SELECT DISTINCT text FROM statement")}

    def _one(self, query: str) -> Any:
        return self._connection.execute(query).fetchone()[0]


def id_number(cause_id: str) -> int:
    """The number in a cause id: 7 of "c-0007"."""
    return int(cause_id.removeprefix("c-"))


def _message_of(statement: str) -> str:
    """Id of the message of a statement: f-0012 of "f-0012#1"."""
    return statement.rpartition("#")[0]


def _blanked(
    edits: Iterable[LogEntry], ids: Set[str], gone: Set[str], said: Set[str]
) -> Iterator[tuple[LogEntry, dict[str, Any]]]:
    """Edits with a digest of what nobody says any more, and their details without it.

    An edit that names an erased statement may be older than the last mining, which then has no digest to go by: of such
    a one, no digest stays but those of what others say.
    """
    for edit in edits:
        details = dict(edit.details)
        named = [details["statement"]] if "statement" in details else details.get("statements", [])
        texts = [details["text"]] if "text" in details else details.get("texts", [])
        is_named = not ids.isdisjoint(map(_message_of, named))
        left = [text for text in texts if text in said or not (is_named or text in gone)]
        if left != texts:
            yield edit, {**details, **({"text": ""} if "text" in details else {"texts": left})}


def _literal(name: str) -> str:
    """A GLOB pattern that matches ``name`` alone."""
    return re.sub(r"([*?\[])", r"[\1]", name)


@contextmanager
def open_register(
    path: Path, *, at: datetime | None = None, create: bool = False, wait_s: float | None = None
) -> Iterator[Register]:
    """Open the register for writing: all of the block is kept, or, where it raises, nothing.

    Where the first block raises, an empty file is left, which counts as none: another process may be waiting for it.

    What is deleted is overwritten. Others read it as it was until the block ends. ``wait_s`` is the patience with
    another process that writes, 30 s by default.

    Raises:
        InUseError: Another process is writing to it.
        StateError: There is none (without ``create``), or it cannot be read.
    """
    if not (create or holds_something(path)):
        raise _missing(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    make_kept(path)
    moment = (at or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds")
    patience = _BUSY_SECONDS if wait_s is None else wait_s
    with _errors_told(path), closing(sqlite3.connect(path, timeout=patience)) as connection:
        connection.isolation_level = None
        connection.execute("PRAGMA secure_delete = ON")
        # A block lasts as long as a mining. What it writes stays in memory until then: written into the file before
        # its end, it would shut out all who read, and lie there by half if the process were killed.
        connection.execute("PRAGMA cache_spill = OFF")
        connection.execute("BEGIN IMMEDIATE")
        try:
            if not _is_made(connection, path):
                _make(connection)
            yield Register(connection, moment)
            connection.execute("COMMIT")
        except BaseException:
            connection.rollback()
            raise


@contextmanager
def read_register(path: Path, *, wait_s: float | None = None) -> Iterator[Register]:
    """Open the register for reading; ``wait_s`` is the patience with a process that is writing, 30 s by default.

    Raises:
        InUseError: Another process is writing to it.
        StateError: There is none, or it cannot be read.
    """
    if not holds_something(path):
        raise _missing(path)
    patience = _BUSY_SECONDS if wait_s is None else wait_s
    with _errors_told(path), closing(connect_read_only(path, patience)) as connection:
        connection.execute("BEGIN")
        if not _is_made(connection, path):  # whoever made it was killed
            raise _missing(path)
        yield Register(connection, "")


def check_register(path: Path) -> None:
    """See that a mining can use the register at ``path``: there is none yet, it is empty, or it is whole.

    Raises:
        StateError: It cannot be read.
    """
    if not path.exists() or path.stat().st_size == 0:
        return
    with _errors_told(path), closing(connect_read_only(path, _BUSY_SECONDS)) as connection:
        _is_made(connection, path)
        fault = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if fault != "ok":
            raise sqlite3.DatabaseError(fault.replace("\n", " "))


def _missing(path: Path) -> StateError:
    return StateError(f"no register of causes at {path}: run `countervoice mine FILE --out DIR` first")


@contextmanager
def _errors_told(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        if "locked" not in str(error):
            raise StateError(f"{path} cannot be used ({error}): check the folder and its rights") from error
        raise InUseError(f"{path} is in use by another mining or edit: try again when it is done") from error
    except sqlite3.DatabaseError as error:
        raise StateError(
            f"{path} is not a register of causes ({error}): name another with --register, or restore a copy"
        ) from error


def _is_made(connection: sqlite3.Connection, path: Path) -> bool:
    """Whether the file has its tables, and not none; a file of another format is refused."""
    known = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not known:
        return False
    found = connection.execute("SELECT format FROM register").fetchone()[0] if "register" in known else None
    if found != FORMAT:
        raise StateError(
            f"{path} holds format {found}, this version reads format {FORMAT}: name another file with --register"
        )
    return True


def _make(connection: sqlite3.Connection) -> None:
    for statement in _statements(_TABLES):
        connection.execute(statement)


def _statements(script: str) -> Iterator[str]:
    """The statements of a script one by one: ``executescript`` would commit the transaction around them."""
    statement = ""
    for line in script.splitlines():
        statement += f"{line}\n"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _cause(row: Mapping[str, Any]) -> RegisteredCause:
    read: dict[str, Any] = dict(row)
    read["contexts"] = tuple(json.loads(row["contexts"]))
    read["members"] = frozenset(json.loads(row["members"]))
    for name in ("embedding", "topics"):
        read[name] = np.frombuffer(row[name], dtype="<f4").astype(np.float64)
    return RegisteredCause(**read)


def _columns(cause: RegisteredCause) -> tuple[object, ...]:
    return (
        cause.id,
        cause.label,
        json.dumps(cause.contexts, ensure_ascii=False),
        cause.people,
        cause.statements,
        cause.first_at,
        cause.last_at,
        cause.found,
        cause.matched,
        cause.model,
        cause.embedding.astype("<f4").tobytes(),
        cause.topics.astype("<f4").tobytes(),
        json.dumps(sorted(cause.members), ensure_ascii=False),
    )
