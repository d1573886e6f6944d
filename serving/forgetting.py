"""Take the words of erased feedback out of a mining: in memory, and in the files of the state folder."""

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from data.errors import CountervoiceError, DatabaseError, InUseError
from mining.journal import JOURNAL_NAME, forget_in_journal
from mining.kept_file import holds_something
from mining.register import REGISTER_NAME, open_register
from mining.results import Cause, Example, Opposition, Side
from serving.database.connection import Database
from serving.database.erased import known_still, note_forgotten
from serving.recovery.forgetting import forget_feedback
from serving.state import STATE_NAME, STORE_NAME, settings_in
from serving.store import StoredMining
from serving.work_folder import remove_unfinished


def without_feedback(stored: StoredMining, ids: Collection[str]) -> StoredMining:
    """The mining without a word of the feedback ``ids``; what was counted stays counted."""
    mining = replace(
        stored.mining,
        causes=tuple(_cause(cause, ids) for cause in stored.mining.causes),
        oppositions=tuple(_opposition(opposition, ids) for opposition in stored.mining.oppositions),
    )
    return replace(
        stored,
        mining=mining,
        messages={key: text for key, text in stored.messages.items() if key not in ids},
        embeddings={span: vector for span, vector in stored.embeddings.items() if span[0] not in ids},
    )


def forget_in_folder(folder: Path, ids: Collection[str]) -> None:
    """Take the feedback ``ids`` out of each file in ``folder``, also where its mining is not served.

    Raises:
        DatabaseError: They lie there still. Asked for again, what failed is tried again.
    """
    remove_unfinished(folder)
    store = folder / STATE_NAME / STORE_NAME
    with still_there(folder):
        try:
            if store.exists():
                forget_in_file(store, ids)
        finally:  # one file that fails does not shield the others
            _forget_in_ledger_and_journal(folder, ids)


def forget_in_register(folder: Path, ids: Collection[str]) -> bool:
    """Take the digests of the feedback ``ids`` out of the register of causes; False, at once, while somebody has it.

    Those who ask hold the database: whoever waited here would have all others wait, too.

    Raises:
        DatabaseError: It cannot be read or written.
    """
    path = folder / REGISTER_NAME
    with still_there(folder):
        if not holds_something(path):
            return True
        try:
            with open_register(path, wait_s=0) as register:
                register.forget(ids)
        except InUseError:
            return False
    return True


def forget_what_is_known_still(folder: Path, database: Database) -> None:
    """Take out of the register what was erased while a mining held it.

    Raises:
        DatabaseError: It cannot be read or written, or the database cannot be used.
    """
    ids = known_still(database)
    if ids and forget_in_register(folder, ids):
        with database.writing() as session:
            note_forgotten(session, ids)


@contextmanager
def still_there(folder: Path) -> Iterator[None]:
    """Tell a failure to forget as one that the service may be asked for again.

    Raises:
        DatabaseError: A file in ``folder`` could not be read or written.
    """
    try:
        yield
    except (CountervoiceError, sqlite3.Error, OSError) as error:
        raise DatabaseError(f"what is to be erased lies in {folder} still: {error}") from error


def forget_in_file(path: Path, ids: Collection[str]) -> None:
    """Delete the feedback ``ids`` and every quote of it from the store at ``path``, and overwrite where it lay."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=30)
    try:
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("BEGIN IMMEDIATE")
        keys = [(key,) for key in ids]
        connection.executemany("DELETE FROM example WHERE feedback_id = ?", keys)
        connection.executemany("DELETE FROM feedback WHERE id = ?", keys)
        connection.execute("COMMIT")
    finally:
        connection.close()


def _forget_in_ledger_and_journal(folder: Path, ids: Collection[str]) -> None:
    """The ledger first: it learns from the journal whose the words are, also when this is tried again."""
    forget_feedback(folder, ids)
    journal = folder / STATE_NAME / JOURNAL_NAME
    if journal.exists():  # there is none in the state of an earlier version
        forget_in_journal(journal, ids, _context(folder))


def _context(folder: Path) -> str | None:
    """The column by which verdicts on the mining count; None too where it cannot be read, and nothing be counted."""
    try:
        return settings_in(folder).context
    except CountervoiceError:
        return None


def _examples(examples: Sequence[Example], ids: Collection[str]) -> tuple[Example, ...]:
    return tuple(example for example in examples if example.feedback_id not in ids)


def _side(side: Side, ids: Collection[str]) -> Side:
    return replace(side, examples=_examples(side.examples, ids))


def _cause(cause: Cause, ids: Collection[str]) -> Cause:
    sides = tuple(_side(side, ids) for side in cause.sides)
    return replace(cause, sides=sides, examples=_examples(cause.examples, ids))


def _opposition(opposition: Opposition, ids: Collection[str]) -> Opposition:
    first, second = opposition.sides
    return replace(opposition, sides=(_side(first, ids), _side(second, ids)))
