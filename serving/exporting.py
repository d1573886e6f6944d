"""Everything that is kept of one author, for who asks what is known of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from data.errors import CountervoiceError, DatabaseError
from mining.journal import read_journal
from mining.recovery.complainers import person_key
from serving.database import feedback as kept_feedback
from serving.database.audit import Entry, entries_about
from serving.database.connection import Database
from serving.database.feedback import Kept
from serving.mined_words import rows_by
from serving.recovery.ledger import LEDGER_NAME, Entered, Ledger
from serving.state import journal_path

STATEMENT_COLUMNS: Final = (
    *("feedback_id", "start", "end", "text", "language", "source", "channel", "solicited", "rating"),
    *("created_at", "segments", "outcome", "cause_id", "side", "topics", "p_negative"),
)
"""Of the journal: what was said, and what the mining read in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """What is kept of an author.

    Attributes:
        messages: In the database, and when they came.
        statements: Of the mining in the state folder, by ``STATEMENT_COLUMNS``, also where it is of a file.
        recovery: Of the ledger.
        audit: What was done to the author and to the messages that are kept. Ids in a mining may be numbers of rows.
    """

    messages: Sequence[tuple[Kept, datetime]]
    statements: Sequence[dict[str, Any]]
    recovery: Sequence[Entered]
    audit: Sequence[Entry]


def export_of(database: Database, folder: Path, names: Collection[str], hidden: str) -> Export:
    """Gather what is kept of the author with ``names``: the one as mining compares it, and the pseudonym.

    ``hidden`` is the one of ``names`` under which the audit log has the author.

    Raises:
        DatabaseError: Not all of it can be read.
    """
    try:
        statements = _statements(journal_path(folder), names)
        recovery = Ledger(folder / LEDGER_NAME).entered([person_key(name, "") for name in names])
    except DatabaseError:
        raise
    except (CountervoiceError, OSError) as error:
        raise DatabaseError(f"what is kept in {folder} cannot be read: {error}") from error
    with database.reading() as session:
        messages = kept_feedback.by_author(session, names)
        audit = entries_about(session, hidden, {kept.feedback.id for kept, _ in messages})
    return Export(messages=messages, statements=statements, recovery=recovery, audit=audit)


def _statements(journal: Path, names: Collection[str]) -> list[dict[str, Any]]:
    """Rows of the journal by one of ``names``; those of erased messages have no author any more."""
    if not journal.exists():
        return []
    rows = rows_by(read_journal(journal).table, names).select(list(STATEMENT_COLUMNS))
    return [{**row, "segments": dict(row["segments"])} for row in rows.to_pylist()]
