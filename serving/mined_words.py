"""Of which feedback the mining in a folder has words: an erasure takes out what came from a file, too."""

from collections.abc import Collection
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from data.customers import author_key
from mining.journal import read_journal
from serving.forgetting import still_there
from serving.state import journal_path


def mined_by(folder: Path, names: Collection[str]) -> set[str]:
    """Ids of the feedback in the mining whose author has one of ``names``, as mining compares them.

    Raises:
        DatabaseError: The journal cannot be read, so that nobody knows.
    """
    return set(rows_by(_with_words(folder), names).column("feedback_id").to_pylist())


def mined_among(folder: Path, ids: Collection[str]) -> set[str]:
    """Those of the feedback ``ids`` that the mining has words of.

    Raises:
        DatabaseError: The journal cannot be read, so that nobody knows.
    """
    return set(_rows_with(_with_words(folder), "feedback_id", ids).column("feedback_id").to_pylist())


def rows_by(rows: pa.Table, names: Collection[str]) -> pa.Table:
    """Those ``rows`` of a journal whose author has one of ``names``, as mining compares them."""
    keys = {author_key(name) for name in names}
    authors = rows.column("author").drop_null().unique().to_pylist()
    return _rows_with(rows, "author", [name for name in authors if author_key(name) in keys])


def _with_words(folder: Path) -> pa.Table:
    """Ids and authors of the statements that nobody erased; none where there is no journal yet."""
    path = journal_path(folder)
    with still_there(folder):
        if not path.exists():
            return pa.table({name: pa.array([], pa.string()) for name in ("feedback_id", "author")})
        table = read_journal(path).table
    return table.filter(pc.is_valid(table.column("text"))).select(["feedback_id", "author"])


def _rows_with(rows: pa.Table, column: str, values: Collection[str]) -> pa.Table:
    return rows.filter(pc.is_in(rows.column(column), value_set=pa.array(sorted(values), pa.string())))
