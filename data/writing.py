"""Tables to CSV, JSON lines or Parquet, whole or not at all, and safe to open in a spreadsheet."""

import csv
import json
import math
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any, Final

from data.errors import InputError
from data.records import Rejection

FORMATS: Final = (".csv", ".tsv", ".jsonl", ".parquet")

# A spreadsheet takes a cell that starts with one of these for a formula; texts come from strangers.
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def write_table(path: Path | str, columns: Mapping[str, Sequence[Any]]) -> None:
    """Write columns of equal length in the format of the suffix of ``path``.

    CSV and TSV hold lists as "a|b", nothing as an empty cell, and get a leading ' in texts that a spreadsheet
    would run as a formula. The file appears when it is complete: a killed run leaves the old one, or none.

    Raises:
        InputError: The suffix is unknown, the columns differ in length, or the folder cannot be written to.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        raise InputError(f"cannot write {path.name}: the suffix must be one of {', '.join(FORMATS)}")
    lengths = {name: len(values) for name, values in columns.items()}
    if len(set(lengths.values())) > 1:
        raise InputError(f"columns of different lengths for {path.name}: {lengths}")
    if suffix == ".parquet":
        _write_parquet(path, columns)
    elif suffix == ".jsonl":
        _write_jsonl(path, columns)
    else:
        _write_csv(path, columns, "\t" if suffix == ".tsv" else ",")


def write_rejections(path: Path | str, rejections: Sequence[Rejection]) -> None:
    """Write the rows that could not be read, with their reasons, in the format of the suffix of ``path``."""
    write_table(
        path,
        {
            "row": [rejection.row for rejection in rejections],
            "id": [rejection.id for rejection in rejections],
            "field": [rejection.field for rejection in rejections],
            "reason": [rejection.reason for rejection in rejections],
        },
    )


@contextmanager
def whole_file(path: Path, mode: str) -> Iterator[IO[Any]]:
    """A file beside ``path`` that takes its place when the block ends well, and is removed when it does not.

    Text is UTF-8 with line feeds on every system.
    """
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    text = {} if "b" in mode else {"encoding": "utf-8", "newline": "\n"}
    try:
        with unfinished.open(mode, **text) as file:  # type: ignore[call-overload]
            yield file
        unfinished.replace(path)
    except OSError as error:
        raise InputError(f"cannot write {path}: {error.strerror or error}") from None
    finally:
        unfinished.unlink(missing_ok=True)


def defused(text: str) -> str:
    """``text`` with a leading ' where a spreadsheet would take it for a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _write_csv(path: Path, columns: Mapping[str, Sequence[Any]], delimiter: str) -> None:
    with whole_file(path, "w") as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator="\n")
        writer.writerow([defused(name) for name in columns])
        for row in _rows(columns):
            writer.writerow([_csv_cell(value) for value in row])


def _csv_cell(value: object) -> object:
    if isinstance(value, (list, tuple)):
        value = "|".join(map(str, value))
    if isinstance(value, str):
        return defused(value)
    return "" if value is None else _plain(value)


def _write_jsonl(path: Path, columns: Mapping[str, Sequence[Any]]) -> None:
    with whole_file(path, "w") as file:
        for row in _rows(columns):
            cells = {name: _plain(value) for name, value in zip(columns, row, strict=True)}
            file.write(json.dumps(cells, ensure_ascii=False, allow_nan=False) + "\n")


def _write_parquet(path: Path, columns: Mapping[str, Sequence[Any]]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    arrays = {name: _typed(pa.array(_values(column))) for name, column in columns.items()}
    with whole_file(path, "wb") as file:
        pq.write_table(pa.table(arrays), file, compression="zstd")


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
