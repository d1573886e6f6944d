"""Files as numbered rows of cells: CSV, TSV, JSON lines and Parquet."""

import codecs
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from data.code_pages import likely_code_pages
from data.composed import composed
from data.csv_rows import csv_rows, no_cell_limit, sniff_delimiter, told_delimiter, within_header
from data.errors import EncodingError, InputError
from data.fields import readable
from data.nested import Nested, NestedCells
from data.parquet import open_parquet
from data.records import Rejection

FORMATS: Final = (".csv", ".tsv", ".jsonl", ".ndjson", ".parquet")

_MAX_NAME: Final = 500  # characters
_CHUNK: Final = 1 << 20
_SAMPLE: Final = 1 << 14  # bytes that tell the code page
_PARQUET_BATCH: Final = 64  # rows; a few bytes can hold a megabyte for each of them
# Text in UTF-16 that is mostly ASCII is valid UTF-8 with a NUL at every other place.
_UTF16_NULS: Final = 0.3
_GZIP: Final = b"\x1f\x8b"
_ZIP: Final = b"PK\x03\x04"  # .xlsx files and their like, too
_BEYOND_YEARS: Final = "outside of the years 1 to 9999"


Row = tuple[int, list[object]]


@dataclass(frozen=True, slots=True)
class Table:
    """A file as it stands, read row by row and as often as asked: memory does not grow with its rows.

    Attributes:
        names: Columns, unique, none empty, in NFC.
        rows: Starts a reading. It gives the number of each row in the file, from 1, with its cells, aligned
            with ``names``; or the rejection of a row whose cells could not be told.
        repeated: New name of each column whose own name an earlier column has, to that name.
        nested: Each column that holds values in values and nothing else. Parquet and JSON lines tell.
    """

    names: tuple[str, ...]
    rows: Callable[[], Iterator[Row | Rejection]]
    repeated: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    nested: Mapping[str, Nested] = field(default_factory=lambda: MappingProxyType({}))


def open_table(path: Path) -> Table:
    """Open a file by its suffix. Text files are read once to see that they are UTF-8.

    Raises:
        InputError: The file is missing, empty, or of another format. A Parquet file that turns out to be
            broken raises it while it is read.
        EncodingError: A text file is not UTF-8.
    """
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        raise InputError(f"cannot read {path.name}: the suffix must be one of {', '.join(FORMATS)}")
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise InputError(f"{path} is a pipe or a device: save what it gives to a file first")
    try:
        if path.stat().st_size == 0:
            raise InputError(f"{path.name} is empty: it needs a header and at least one row")
        if suffix == ".parquet":
            return _open_parquet(path)
        _check_utf8(path)
        return _open_jsonl(path) if suffix in {".jsonl", ".ndjson"} else _open_csv(path, suffix)
    except FileNotFoundError:
        raise InputError(f"no such file: {path}") from None
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror or error}") from None


def no_rows(path: Path) -> InputError:
    """What to say of a file without a single row."""
    return InputError(f"{path.name} has no rows: it needs at least one below the header")


def _open_csv(path: Path, suffix: str) -> Table:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        delimiter = told_delimiter(lines) or ("\t" if suffix == ".tsv" else sniff_delimiter(lines))
    header = next(_csv_cells(path, delimiter), None)
    if header is None:
        raise InputError(f"{path.name} is blank: it needs a header and at least one row")
    if isinstance(header, str):
        raise InputError(f"the header of {path.name} cannot be read: {header}")
    longest = max(map(len, header))
    if longest > _MAX_NAME:
        raise InputError(
            f"a column name of {longest:,} characters in {path.name}: is its first line a header?"
        )
    return _with_unique_names(header, partial(_csv_rows, path, delimiter, len(header)))


def _csv_cells(path: Path, delimiter: str) -> Iterator[list[str] | str]:
    with path.open(encoding="utf-8-sig", newline="") as lines, no_cell_limit():
        told_delimiter(lines)  # its line is no row
        yield from csv_rows(lines, delimiter)


def _csv_rows(path: Path, delimiter: str, columns: int) -> Iterator[Row | Rejection]:
    for number, row in enumerate(_csv_cells(path, delimiter)):
        if number == 0:  # the header
            continue
        cells = row if isinstance(row, str) else within_header(row, columns)
        problem = cells if isinstance(cells, str) else _misfit(cells, columns)
        if problem is None:
            yield number, list(cells)
        else:
            yield Rejection(row=number, id=None, field="row", reason=problem)


def _misfit(cells: list[str], columns: int) -> str | None:
    """What is wrong if the number of cells is not the header's."""
    if len(cells) == columns:
        return None
    return f"{len(cells)} cell{'' if len(cells) == 1 else 's'} where the header has {columns}"


def _with_unique_names(header: Sequence[str], rows: Callable[[], Iterator[Row | Rejection]]) -> Table:
    written = [composed(readable(cell).strip()) for cell in header]
    own_names = set(written)
    names: dict[str, None] = {}
    repeated: dict[str, str] = {}
    for number, own in enumerate(written, start=1):
        name = own or f"column_{number}"
        while name in names or (name != own and name in own_names):
            name += f"_{number}"
        names[name] = None
        if own and name != own:
            repeated[name] = own
    return Table(tuple(names), rows, MappingProxyType(repeated))


def _open_jsonl(path: Path) -> Table:
    names: dict[str, None] = {}
    nested = NestedCells()
    problem = ""
    number = 0
    for number, found in _jsonl_objects(path):
        if isinstance(found, dict):
            names.update(dict.fromkeys(found))
            nested.add(found)
        elif number == 1:
            problem = found
    if number == 0:
        raise no_rows(path)
    if not names and problem:
        raise InputError(f"no line of {path.name} is a JSON object; line 1: {problem}")
    table = _with_unique_names(tuple(names), partial(_jsonl_rows, path, tuple(names)))
    by_own = nested.columns()
    told = {name: by_own[own] for name, own in zip(table.names, names, strict=True) if own in by_own}
    return replace(table, nested=MappingProxyType(told))


def _jsonl_rows(path: Path, names: tuple[str, ...]) -> Iterator[Row | Rejection]:
    for number, found in _jsonl_objects(path):
        if isinstance(found, dict):
            yield number, [found.get(name) for name in names]
        else:
            yield Rejection(row=number, id=None, field="row", reason=found)


def _jsonl_objects(path: Path) -> Iterator[tuple[int, dict[str, object] | str]]:
    with path.open(encoding="utf-8-sig", newline="\n") as lines:
        for number, line in enumerate((line for line in lines if line.strip()), start=1):
            found = _json_object(line)
            if number == 1 and isinstance(found, str) and line.lstrip().startswith("["):
                raise InputError(f"{path.name} is one JSON array: write one object a line (jq -c '.[]')")
            yield number, found


def _json_object(line: str) -> dict[str, object] | str:
    try:
        found = json.loads(line)
    except RecursionError:
        return "JSON nested too deeply"
    except ValueError as error:
        return f"not JSON: {error}"
    if not isinstance(found, dict):
        return f"a JSON {type(found).__name__}, not an object"
    return {composed(name): cell for name, cell in found.items()}  # lines may differ in spelling


def _open_parquet(path: Path) -> Table:
    with _as_input_error(path), open_parquet(path) as file:
        schema = file.schema_arrow
        _check_zones(path, schema)
        table = _with_unique_names(schema.names, partial(_parquet_rows, path))
        return replace(table, nested=_nested(table.names, schema))


def _parquet_rows(path: Path) -> Iterator[Row | Rejection]:
    number = 0
    with _as_input_error(path), open_parquet(path) as file:
        for batch in file.iter_batches(batch_size=_PARQUET_BATCH):
            columns: list[list[Any]] = [_cells(column) for column in batch.columns]
            for cells in zip(*columns, strict=True):
                number += 1
                yield number, list(cells)


def _nested(names: Sequence[str], schema: Any) -> Mapping[str, Nested]:
    import pyarrow as pa

    found = {
        name: Nested(
            what="a struct" if pa.types.is_struct(kind) else "a map" if pa.types.is_map(kind) else "a list"
        )
        for name, kind in zip(names, schema.types, strict=True)
        if pa.types.is_nested(kind)
    }
    return MappingProxyType(found)


def _check_zones(path: Path, schema: Any) -> None:
    import pyarrow as pa

    for column in schema:
        try:
            if pa.types.is_timestamp(column.type):
                pa.scalar(0, column.type).as_py()
        except (pa.ArrowException, ValueError):
            raise InputError(
                f"{path.name}, column {column.name!r}: the time zone {column.type.tz!r} is not known"
            ) from None


def _cells(column: Any) -> list[Any]:
    """The cells of a column; a date outside of Python's years 1 to 9999 as words that no reader takes for a date."""
    try:
        return list(column.to_pylist())
    except OverflowError:
        return [_cell(scalar) for scalar in column]


def _cell(scalar: Any) -> object:
    try:
        return scalar.as_py()
    except OverflowError:
        return _BEYOND_YEARS


@contextmanager
def _as_input_error(path: Path) -> Iterator[None]:
    import pyarrow as pa

    try:
        yield
    except (pa.ArrowException, UnicodeDecodeError, ValueError) as error:
        problem = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError(f"{path.name} is not a readable Parquet file: {problem}") from None


def _check_utf8(path: Path) -> None:
    decoder = codecs.getincrementaldecoder("utf-8")()
    offset = 0
    with path.open("rb") as file:
        while True:
            chunk = file.read(_CHUNK)
            if offset == 0:
                _refuse_packed(path, chunk)
            _refuse_utf16(path, chunk, offset)
            waiting = len(decoder.getstate()[0])
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                place = offset - waiting + error.start
                raise EncodingError(
                    f"{path.name} is not UTF-8: byte 0x{error.object[error.start]:02X} at offset {place:,}; "
                    f"{_as_utf8(path, place)}save as 'CSV UTF-8'"
                ) from None
            if not chunk:
                return
            offset += len(chunk)


def _as_utf8(path: Path, place: int) -> str:
    """How to convert a file whose bytes are not UTF-8 from ``place`` on; "" where no code page fits them."""
    with path.open("rb") as file:
        before = min(place, _SAMPLE)
        file.seek(place - before)
        line = file.read(before).rfind(b"\n") + 1 if before == _SAMPLE else 0
        file.seek(place - before + line)
        pages = likely_code_pages(file.read(_SAMPLE))
    if not pages:
        return ""
    return (
        f"it looks like {' or '.join(pages)}: convert it (iconv -f {pages[0]} -t UTF-8) and look at it, or "
    )


def _refuse_packed(path: Path, start: bytes) -> None:
    if start.startswith(_GZIP):
        raise EncodingError(f"{path.name} is compressed (gzip): unpack it first")
    if start.startswith(_ZIP):
        raise EncodingError(
            f"{path.name} is a zip archive or a workbook: unpack it, or save it as 'CSV UTF-8'"
        )


def _refuse_utf16(path: Path, chunk: bytes, offset: int) -> None:
    marked = chunk.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if offset == 0 and (marked or chunk[:4096].count(0) > _UTF16_NULS * len(chunk[:4096])):
        raise EncodingError(f"{path.name} looks like UTF-16 or binary: convert it (iconv -f UTF-16 -t UTF-8)")
