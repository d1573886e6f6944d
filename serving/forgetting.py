"""Take the words of erased feedback out of a mining: in memory, and in the file that the service reads."""

import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from mining.results import Cause, Example, Opposition, Side
from serving.store import StoredMining


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
