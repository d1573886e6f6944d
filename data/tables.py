"""Files as numbered rows of cells: CSV, TSV, JSON lines and Parquet."""

import codecs
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from data.csv_rows import csv_rows, no_cell_limit, sniff_delimiter
from data.errors import EncodingError, InputError
from data.records import Rejection

FORMATS: Final = (".csv", ".tsv", ".jsonl", ".ndjson", ".parquet")

_MAX_NAME: Final = 500  # characters
_CHUNK: Final = 1 << 20
_PARQUET_BATCH: Final = 4096
# Text in UTF-16 that is mostly ASCII is valid UTF-8 with a NUL at every other place.
_UTF16_NULS: Final = 0.3


@dataclass(frozen=True, slots=True)
class Table:
    """A file as it stands.

    Attributes:
        names: Columns, unique, none empty.
        rows: Number of the row in the file, from 1, and its cells, aligned with ``names``.
        rejections: Rows whose cells could not be told; ``rows`` and ``rejections`` are all rows of the file.
    """

    names: tuple[str, ...]
    rows: list[tuple[int, list[object]]]
    rejections: list[Rejection]


def read_table(path: Path, on_row: Callable[[], None]) -> Table:
    """Read a file by its suffix; ``on_row`` is called once a row.

    Raises:
        InputError: The file is missing, empty, of another format, or holds a header without rows.
        EncodingError: A text file is not UTF-8.
    """
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        raise InputError(f"cannot read {path.name}: the suffix must be one of {', '.join(FORMATS)}")
    try:
        if path.stat().st_size == 0:
            raise InputError(f"{path.name} is empty: it needs a header and at least one row")
        if suffix == ".parquet":
            table = _read_parquet(path, on_row)
        else:
            _check_utf8(path)
            table = _read_text(path, suffix, on_row)
    except FileNotFoundError:
        raise InputError(f"no such file: {path}") from None
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror or error}") from None
    if not table.rows and not table.rejections:
        raise InputError(f"{path.name} has no rows: it needs at least one below the header")
    return table


def _read_text(path: Path, suffix: str, on_row: Callable[[], None]) -> Table:
    if suffix in {".jsonl", ".ndjson"}:
        with path.open(encoding="utf-8-sig", newline="\n") as lines:
            return _read_jsonl(path, lines, on_row)
    with path.open(encoding="utf-8-sig", newline="") as lines:
        delimiter = (
            "\t" if suffix == ".tsv" else sniff_delimiter(next((line for line in lines if line.strip()), ""))
        )
    with path.open(encoding="utf-8-sig", newline="") as lines, no_cell_limit():
        return _read_csv(path, csv_rows(lines, delimiter), on_row)


def _read_csv(path: Path, rows: Iterator[list[str] | str], on_row: Callable[[], None]) -> Table:
    header = next(rows, None)
    if header is None:
        raise InputError(f"{path.name} is blank: it needs a header and at least one row")
    if isinstance(header, str):
        raise InputError(f"the header of {path.name} cannot be read: {header}")
    longest = max(map(len, header))
    if longest > _MAX_NAME:
        raise InputError(
            f"a column name of {longest:,} characters in {path.name}: is its first line a header?"
        )
    table = Table(_unique(header), [], [])
    for number, row in enumerate(rows, start=1):
        on_row()
        problem = row if isinstance(row, str) else _fitted(row, len(header))
        if problem is None:
            table.rows.append((number, list(row)))
        else:
            table.rejections.append(Rejection(row=number, id=None, field="row", reason=problem))
    return table


def _fitted(cells: list[str], columns: int) -> str | None:
    """Drop empty cells beyond the header; say what is wrong if the number of cells still differs."""
    while len(cells) > columns and not cells[-1]:
        cells.pop()
    return None if len(cells) == columns else f"{len(cells)} cells where the header has {columns}"


def _unique(header: list[str]) -> tuple[str, ...]:
    names: list[str] = []
    for number, cell in enumerate(header, start=1):
        name = cell.replace("\x00", "").strip() or f"column_{number}"
        names.append(name if name not in names else f"{name}_{number}")
    return tuple(names)


def _read_jsonl(path: Path, lines: Iterable[str], on_row: Callable[[], None]) -> Table:
    objects: list[tuple[int, dict[str, object]]] = []
    rejections: list[Rejection] = []
    for number, line in enumerate((line for line in lines if line.strip()), start=1):
        on_row()
        found = _json_object(line)
        if isinstance(found, dict):
            objects.append((number, found))
        elif number == 1 and line.lstrip().startswith("["):
            raise InputError(f"{path.name} is one JSON array: write one object a line (jq -c '.[]')")
        else:
            rejections.append(Rejection(row=number, id=None, field="row", reason=found))
    names = tuple(dict.fromkeys(name for _, found in objects for name in found))
    if not names and rejections:
        raise InputError(f"no line of {path.name} is a JSON object; line 1: {rejections[0].reason}")
    return Table(
        names, [(number, [found.get(name) for name in names]) for number, found in objects], rejections
    )


def _json_object(line: str) -> dict[str, object] | str:
    try:
        found = json.loads(line)
    except RecursionError:
        return "JSON nested too deeply"
    except ValueError as error:
        return f"not JSON: {error}"
    if not isinstance(found, dict):
        return f"a JSON {type(found).__name__}, not an object"
    return found


def _read_parquet(path: Path, on_row: Callable[[], None]) -> Table:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            table = Table(_unique(list(file.schema_arrow.names)), [], [])
            for batch in file.iter_batches(batch_size=_PARQUET_BATCH):
                columns: list[list[Any]] = [column.to_pylist() for column in batch.columns]
                for cells in zip(*columns, strict=True):
                    on_row()
                    table.rows.append((len(table.rows) + 1, list(cells)))
    except (pa.ArrowException, UnicodeDecodeError, ValueError) as error:
        problem = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError(f"{path.name} is not a readable Parquet file: {problem}") from None
    return table


def _check_utf8(path: Path) -> None:
    decoder = codecs.getincrementaldecoder("utf-8")()
    offset = 0
    with path.open("rb") as file:
        while True:
            chunk = file.read(_CHUNK)
            _refuse_utf16(path, chunk, offset)
            waiting = len(decoder.getstate()[0])
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                place = offset - waiting + error.start
                raise EncodingError(
                    f"{path.name} is not UTF-8: byte 0x{error.object[error.start]:02X} at offset {place:,}; "
                    f"convert it (iconv -f WINDOWS-1252 -t UTF-8, or save as 'CSV UTF-8')"
                ) from None
            if not chunk:
                return
            offset += len(chunk)


def _refuse_utf16(path: Path, chunk: bytes, offset: int) -> None:
    marked = chunk.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if offset == 0 and (marked or chunk[:4096].count(0) > _UTF16_NULS * len(chunk[:4096])):
        raise EncodingError(f"{path.name} looks like UTF-16 or binary: convert it (iconv -f UTF-16 -t UTF-8)")
