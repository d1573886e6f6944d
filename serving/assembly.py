"""Finished parts as what was asked for: one file in any format, or the folder itself."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from data.errors import WriteError
from data.writing import reason_of, table_writer, whole_file
from serving.parts import PART, Parts
from serving.scored_table import Origin, with_origin

_GROUP_ROWS: Final = 16_384  # least rows of a row group


def assemble_file(parts: Parts, count: int, out: Path, origin: Origin) -> None:
    """Write the first ``count`` parts into one file, in order, and put it in place as one.

    Raises:
        WriteError: There is no room or no right to write it.
    """
    fresh = parts.folder / f"_scored{out.suffix.lower()}"
    if fresh.suffix == ".parquet":
        _write_parquet(fresh, parts.tables(count), origin)
    else:
        with table_writer(fresh) as append:
            for table in parts.tables(count):
                append(table.to_pydict())
    move(fresh, out)


def assemble_folder(parts: Parts, out: Path) -> None:
    """Make the folder of parts the output. Between the two renames there is no output, never a mixed one.

    Raises:
        WriteError: There is no right to put it there; the output of before is where it was.
    """
    aside = _fresh_folder(out)
    retired = aside / out.name
    try:
        if out.exists():
            move(out, retired)
        move(parts.folder, out)
    except WriteError:
        if retired.exists():
            move(retired, out)
        aside.rmdir()
        raise
    for path in [path for path in out.iterdir() if not PART.fullmatch(path.name)]:
        path.unlink()
    shutil.rmtree(aside, ignore_errors=True)


def _fresh_folder(out: Path) -> Path:
    """For the output of before: any name beside ``out`` that is not new may be somebody else's."""
    try:
        return Path(mkdtemp(prefix=f"{out.name}.old-", dir=out.parent))
    except OSError as error:
        raise WriteError(f"cannot write {out}: {reason_of(error)}") from None


def move(source: Path, target: Path) -> None:
    """Rename, with an error that people can read."""
    try:
        source.replace(target)
    except OSError as error:
        raise WriteError(f"cannot write {target}: {reason_of(error)}") from None


def _write_parquet(path: Path, tables: Iterator[pa.Table], origin: Origin) -> None:
    first = with_origin(next(tables), origin)
    with (
        whole_file(path, "wb") as file,
        pq.ParquetWriter(file, first.schema, compression="zstd") as writer,
    ):
        for table in _grouped(first, tables):
            writer.write_table(table.replace_schema_metadata(first.schema.metadata))


def _grouped(first: pa.Table, rest: Iterator[pa.Table]) -> Iterator[pa.Table]:
    """The tables, small ones put together: small row groups make a file slow to read."""
    waiting = [first]
    for table in rest:
        if sum(len(one) for one in waiting) >= _GROUP_ROWS:
            yield pa.concat_tables(waiting)
            waiting = []
        waiting.append(table.replace_schema_metadata(first.schema.metadata))
    yield pa.concat_tables(waiting)
