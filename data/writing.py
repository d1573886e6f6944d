"""Tables to CSV, JSON lines or Parquet, whole or not at all, and safe to open in a spreadsheet."""

import csv
import json
import math
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import IO, Any, Final

from data.errors import InputError, WriteError
from data.private_file import make_private
from data.records import Rejection

FORMATS: Final = (".csv", ".tsv", ".jsonl", ".parquet")

Append = Callable[[Mapping[str, Sequence[Any]]], None]

# A spreadsheet takes a cell that starts with one of these for a formula; texts come from strangers.
# The full-width ones are formulas where such letters are typed; a line feed may stand before either.
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NEGATIVE: Final = re.compile(r"-[0-9]+(\.[0-9]+)?")  # a number, which runs nothing: ids may be such
# A spreadsheet whose list separator is not the file's begins a cell behind it within a text. ";-)" is no formula.
_SEPARATOR: Final = r'([;,\t\r\n|]"*)'
_SIGN: Final = r"(?=[=+\-@＝＋－＠](?!\)))"
_INNER_START: Final = re.compile(_SEPARATOR + _SIGN)
_INNER_DEFUSED: Final = re.compile(f"{_SEPARATOR}'{_SIGN}")


def write_table(path: Path | str, columns: Mapping[str, Sequence[Any]], *, private: bool = False) -> None:
    """Write columns of equal length in the format of the suffix of ``path``, as ``table_writer`` does.

    Raises:
        InputError: The suffix is unknown, or the columns differ in length.
        WriteError: The file cannot be written.
    """
    with table_writer(path, private=private) as append:
        append(columns)


@contextmanager
def table_writer(path: Path | str, *, private: bool = False) -> Iterator[Append]:
    """A function that appends columns of equal length to a table, in the format of the suffix of ``path``.

    CSV and TSV hold lists as "a|b", nothing as an empty cell, and get a ' in texts before what a spreadsheet would
    run as a formula. In Parquet the first columns decide on the types. The file appears when it is
    complete: a killed run leaves the old one, or none. A ``private`` one can be read by its owner only.

    Raises:
        InputError: The suffix is unknown, or the columns differ in length.
        WriteError: The file cannot be written.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        raise InputError(f"cannot write {path.name}: the suffix must be one of {', '.join(FORMATS)}")
    mode = "wb" if suffix == ".parquet" else "w"
    with whole_file(path, mode, private=private) as file, _WRITERS[suffix](file) as write:

        def append(columns: Mapping[str, Sequence[Any]]) -> None:
            lengths = {name: len(values) for name, values in columns.items()}
            if len(set(lengths.values())) > 1:
                raise InputError(f"columns of different lengths for {path.name}: {lengths}")
            write(columns)

        yield append


def rejection_columns(rejections: Sequence[Rejection], source: Path) -> dict[str, Sequence[Any]]:
    """The columns of a table of rejected rows, all of the input ``source``."""
    return {
        "file": [written_name(source.name)] * len(rejections),
        "row": [rejection.row for rejection in rejections],
        "id": [rejection.id for rejection in rejections],
        "field": [rejection.field for rejection in rejections],
        "reason": [rejection.reason for rejection in rejections],
        "path": [written_path(source)] * len(rejections),
    }


def written_name(file: str) -> str:
    """The name of a file as UTF-8 can hold it, which a name on a disk need not be."""
    return file.encode(errors="replace").decode()


def written_path(file: Path) -> str:
    """Where a file lies, the same from whatever folder it is named: its name alone can be that of several."""
    return written_name(str(file.resolve()))


@contextmanager
def whole_file(path: Path, mode: str, *, private: bool = False) -> Iterator[IO[Any]]:
    """A file beside ``path`` that takes its place when the block ends well, and is removed when it does not.

    Text is UTF-8 with line feeds on every system. A ``private`` file can be read by its owner only, any other by
    those whom the umask lets.
    """
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    text = {} if "b" in mode else {"encoding": "utf-8", "newline": "\n"}
    try:
        # A killed run with the same process id may have left one, with its rights.
        unfinished.unlink(missing_ok=True)
        if private:
            make_private(unfinished)
        with unfinished.open(mode, **text) as file:  # type: ignore[call-overload]
            yield file
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError as error:
        raise WriteError(f"cannot write {path}: {reason_of(error)}") from None
    finally:
        unfinished.unlink(missing_ok=True)


def reason_of(error: OSError) -> str:
    """Why a file cannot be written; pyarrow tells the number of the error but wraps its words."""
    return os.strerror(error.errno) if error.errno else str(error)


def defused(text: str) -> str:
    """``text`` with a ' before what a spreadsheet would take for a formula; a negative number is none.

    That is the beginning of the text, and what follows a separator in it: ; , tab, line break or |.
    """
    is_formula = text.startswith(_FORMULA_STARTS) and not _NEGATIVE.fullmatch(text)
    inner = _INNER_START.sub(r"\1'", text)
    return f"'{inner}" if is_formula else inner


def undefused(text: str, length: int) -> str:
    """What ``defused`` made ``text`` of, if that had ``length`` characters; else ``text``, whose ' are its writer's."""
    inner = _INNER_DEFUSED.sub(r"\1", text)
    written = (inner, inner.removeprefix("'"))
    return next((each for each in written if len(each) == length and defused(each) == text), text)


def row_writer(file: IO[str], delimiter: str = ",") -> Any:
    """A ``csv.writer`` of lines that end in a line feed, which quotes cells with either kind of line end.

    The standard library's quotes a lone carriage return only where lines end in one, and readers would see two rows.
    """
    return csv.writer(_LineFeeds(file), delimiter=delimiter, lineterminator="\r\n")


class _LineFeeds:
    """Takes whole rows that end in CR LF, and writes them with LF."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def write(self, row: str) -> int:
        return self._file.write(row.removesuffix("\r\n") + "\n")


@contextmanager
def _csv_writer(file: IO[str], delimiter: str = ",") -> Iterator[Append]:
    writer = row_writer(file, delimiter)
    started = False

    def append(columns: Mapping[str, Sequence[Any]]) -> None:
        nonlocal started
        if not started:
            writer.writerow([defused(name) for name in columns])
            started = True
        writer.writerows([csv_cell(value) for value in row] for row in _rows(columns))

    yield append


def csv_cell(value: object) -> object:
    """A value as a CSV holds it: lists as "a|b", nothing as an empty cell, formulas defused."""
    if isinstance(value, (list, tuple)):
        value = "|".join(map(str, value))
    if isinstance(value, str):
        return defused(value)
    return "" if value is None else _plain(value)


@contextmanager
def _jsonl_writer(file: IO[str]) -> Iterator[Append]:
    def append(columns: Mapping[str, Sequence[Any]]) -> None:
        for row in _rows(columns):
            cells = {name: _plain(value) for name, value in zip(columns, row, strict=True)}
            file.write(json.dumps(cells, ensure_ascii=False, allow_nan=False) + "\n")

    yield append


@contextmanager
def _parquet_writer(file: IO[bytes]) -> Iterator[Append]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    with ExitStack() as opened:
        writer: Any = None

        def append(columns: Mapping[str, Sequence[Any]]) -> None:
            nonlocal writer
            table = pa.table({name: _typed(pa.array(_values(column))) for name, column in columns.items()})
            if writer is None:
                writer = opened.enter_context(pq.ParquetWriter(file, table.schema, compression="zstd"))
            writer.write_table(table.cast(writer.schema))

        yield append


def _typed(array: Any) -> Any:
    """A column of nothing but nulls or empty lists has no type of its own: take text."""
    import pyarrow as pa

    if pa.types.is_null(array.type):
        return array.cast(pa.string())
    if pa.types.is_list(array.type) and pa.types.is_null(array.type.value_type):
        return array.cast(pa.list_(pa.string()))
    return array


def _rows(columns: Mapping[str, Sequence[Any]]) -> Iterator[tuple[Any, ...]]:
    return zip(*(_values(column) for column in columns.values()), strict=True)


def _values(column: Sequence[Any]) -> list[Any]:
    """Plain Python values, from a sequence or a numpy array."""
    return column.tolist() if hasattr(column, "tolist") else list(column)


def _plain(value: object) -> object:
    """A value that JSON and CSV know; not-a-number becomes nothing, as an infinity does."""
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return list(value) if isinstance(value, tuple) else value


_WRITERS: Final[Mapping[str, Callable[[Any], AbstractContextManager[Append]]]] = {
    ".csv": _csv_writer,
    ".tsv": partial(_csv_writer, delimiter="\t"),
    ".jsonl": _jsonl_writer,
    ".parquet": _parquet_writer,
}
