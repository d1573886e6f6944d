"""Take the words of erased feedback out of a mining: in memory, and in the files of the state folder."""

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from data.errors import CountervoiceError, DatabaseError, InUseError
from mining.journal import forget_in_journal
from mining.kept_file import holds_something
from mining.register import REGISTER_NAME, open_register
from mining.results import Cause, Example, Opposition, Side
from mining.settings import MiningSettings
from serving.database.connection import Database
from serving.database.erased import known_still, note_forgotten
from serving.recovery.forgetting import NOWHERE, Elsewhere, forget_feedback
from serving.state import STATE_NAME, STORE_NAME, journal_path
from serving.store import StoredMining, read_store
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


def forget_in_folder(
    folder: Path, ids: AbstractSet[str], *, kept: Collection[str] = (), elsewhere: Elsewhere = NOWHERE
) -> None:
    """Take the feedback ``ids`` out of each file in ``folder``, also where its mining is not served.

    Those of them that were ``kept`` in the database, now or before, are not the rows of a file that have these
    numbers. People who have other feedback ``elsewhere`` stay in the ledger.

    Raises:
        DatabaseError: They lie there still. Asked for again, what failed is tried again.
    """
    remove_unfinished(folder)
    store, mining = folder / STATE_NAME / STORE_NAME, _mining_in(folder)
    mined = mining.here(ids, kept) if mining else ids
    with still_there(folder):
        try:
            if store.exists():
                forget_in_file(store, mined)
        finally:  # one file that fails does not shield the others
            # The ledger first: it learns from the journal whose the words are, also when this is tried again.
            forget_feedback(folder, ids, mined, elsewhere)
            _forget_in_journal(folder, mined, mining)


def others_in(folder: Path, ids: AbstractSet[str], kept: Collection[str]) -> AbstractSet[str]:
    """Those of ``ids`` that are of other messages in the mining in ``folder``; ``kept`` as in ``forget_in_folder``."""
    mining = _mining_in(folder) if kept else None
    return ids - mining.here(ids, kept) if mining else frozenset()


def forget_in_register(folder: Path, ids: AbstractSet[str], *, kept: Collection[str] = ()) -> bool:
    """Take the digests of the feedback ``ids`` out of the register of causes; False, at once, while somebody has it.

    Those who ask hold the database: whoever waited here would have all others wait, too. ``kept`` is that of
    ``forget_in_folder``.

    Raises:
        DatabaseError: It cannot be read or written.
    """
    path = folder / REGISTER_NAME
    with still_there(folder):
        if not holds_something(path):
            return True
        try:
            with open_register(path, wait_s=0) as register:
                register.forget(ids, others=others_in(folder, ids, kept))
        except InUseError:
            return False
    return True


def forget_what_is_known_still(folder: Path, database: Database) -> None:
    """Take out of the register what was erased while a mining held it.

    Raises:
        DatabaseError: It cannot be read or written, or the database cannot be used.
    """
    noted = known_still(database)
    ids, kept = set(noted), {each for each, was_kept in noted.items() if was_kept}
    if ids and forget_in_register(folder, ids, kept=kept):
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


def _forget_in_journal(folder: Path, ids: Collection[str], mining: StoredMining | None) -> None:
    """Of a mining that cannot be read nothing is counted, and no column is needed to count by."""
    journal = journal_path(folder)
    if journal.exists():  # there is none in the state of an earlier version
        context = MiningSettings.from_dict(mining.mining.settings).context if mining else None
        forget_in_journal(journal, ids, context)


def _mining_in(folder: Path) -> StoredMining | None:
    """None where there is none, or none that can be read: its ids are taken for those of the messages then."""
    try:
        return read_store(folder / STATE_NAME / STORE_NAME)
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
