"""Of which feedback the mining in a folder has words: an erasure takes out what came from a file, too."""

from collections.abc import Collection
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from data.customers import author_key
from mining.journal import JOURNAL_NAME, read_journal
from serving.forgetting import still_there
from serving.state import STATE_NAME


def mined_by(folder: Path, names: Collection[str]) -> set[str]:
    """Ids of the feedback in the mining whose author has one of ``names``, as mining compares them.

    Raises:
        DatabaseError: The journal cannot be read, so that nobody knows.
    """
    keys = {author_key(name) for name in names}
    rows = _with_words(folder)
    authors = rows.column("author").drop_null().unique().to_pylist()
    return _ids(rows, "author", [name for name in authors if author_key(name) in keys])


def mined_among(folder: Path, ids: Collection[str]) -> set[str]:
    """Those of the feedback ``ids`` that the mining has words of.

    Raises:
        DatabaseError: The journal cannot be read, so that nobody knows.
    """
    return _ids(_with_words(folder), "feedback_id", ids)


def _with_words(folder: Path) -> pa.Table:
    """Ids and authors of the statements that nobody erased; none where there is no journal yet."""
    path = folder / STATE_NAME / JOURNAL_NAME
    with still_there(folder):
        if not path.exists():
            return pa.table({name: pa.array([], pa.string()) for name in ("feedback_id", "author")})
        table = read_journal(path).table
    return table.filter(pc.is_valid(table.column("text"))).select(["feedback_id", "author"])


def _ids(rows: pa.Table, column: str, values: Collection[str]) -> set[str]:
    wanted = pc.is_in(rows.column(column), value_set=pa.array(sorted(values), pa.string()))
    return set(rows.filter(wanted).column("feedback_id").to_pylist())
