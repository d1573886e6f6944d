"""rejected.csv of a folder: a scoring renews the reasons of its own input, a mining those of every earlier one."""

import csv
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path
from typing import Final

from data.csv_rows import no_cell_limit, sniff_delimiter
from data.errors import InputError, WriteError
from data.records import Rejection
from data.writing import (
    csv_cell,
    reason_of,
    rejection_columns,
    row_writer,
    whole_file,
    written_name,
    written_path,
)

_LOCK: Final = ".rejected.csv.lock"

_HEADER: Final = ["file", "row", "id", "field", "reason", "path", "by"]
_LEAST: Final = 5  # columns, of versions that wrote no path
_BY_MINING: Final = "mine"
_BY_SCORING: Final = "score"

_Row = Mapping[str, object]


def check_reasons(target: Path) -> None:
    """Refuse to write reasons into a file that holds something else.

    Raises:
        InputError: ``target`` is there and is no table of rejected rows of ours.
    """
    if target.is_dir():
        raise InputError(
            f"{target} is where rejected rows go, and is a folder: rename it, or choose another --out"
        )
    with suppress(FileNotFoundError, NotADirectoryError), _opened(target):
        pass


def put_rejections(rejections: Sequence[Rejection], target: Path, source: Path) -> None:
    """Let ``rejections``, of a mining of ``source``, take the place of those of every mining in ``target``.

    A folder holds one mining: what stays are the rows of scorings. Where no row is left at all, there is no ``target``.

    Raises:
        InputError: ``target`` is no table of rejected rows.
        WriteError: It cannot be written; what stood there stays.
    """
    columns = rejection_columns(rejections, source)
    cells = zip(*(map(csv_cell, column) for column in columns.values()), strict=True)
    rows = (dict(zip(columns, row, strict=True)) for row in cells)
    _renew(target, rows, _BY_MINING, _is_of_a_scoring)


def without_mined(target: Path) -> None:
    """Leave in ``target`` only the rows of scorings, where it is there.

    Raises:
        InputError: ``target`` is no table of rejected rows.
        WriteError: It cannot be written; what stood there stays.
    """
    if target.exists():
        _renew(target, (), _BY_MINING, _is_of_a_scoring)


def put_reasons(fresh: Path, target: Path, source: Path) -> None:
    """Let the rows in ``fresh``, of a scoring of ``source``, take the place of those of its scorings in ``target``.

    ``fresh`` is removed: a file of many rows need not be held in memory. Where no row is left at all, there is no
    ``target``.

    Raises:
        InputError: ``target`` is no table of rejected rows.
        WriteError: It cannot be written; what stood there stays.
    """
    own = csv_cell(written_name(source.name)), csv_cell(written_path(source))
    _renew(
        target, _rows_in(fresh), _BY_SCORING, lambda row: row.get("by") == _BY_MINING or not _is_of(row, own)
    )
    fresh.unlink(missing_ok=True)


def _is_of_a_scoring(row: _Row) -> bool:
    """Those without a word on it are of versions whose minings took the whole file."""
    return row.get("by") == _BY_SCORING


def _is_of(row: _Row, own: tuple[object, object]) -> bool:
    """Whether a row is of the input with this name and path; one without a path is of all files of its name."""
    return (row["file"], row.get("path") or own[1]) == own


def _renew(target: Path, rows: Iterable[_Row], by: str, stays: Callable[[_Row], bool]) -> None:
    left = 0
    with _alone(target):
        with whole_file(target, "w") as out:
            writer = row_writer(out)
            writer.writerow(_HEADER)
            kept = filter(stays, _rows_in(target)) if target.exists() else ()
            for row in chain(kept, ({**row, "by": by} for row in rows)):
                writer.writerow([row.get(name) for name in _HEADER])
                left += 1
        if not left:
            target.unlink()


def _rows_in(file: Path) -> Iterator[_Row]:
    with _opened(file) as rows:
        yield from rows


@contextmanager
def _opened(file: Path) -> Iterator[Iterator[_Row]]:
    """The rows of a table that we wrote, or a spreadsheet after us: with its mark, its delimiter and its encoding."""
    with file.open(encoding="utf-8-sig", errors="replace", newline="") as lines, no_cell_limit():
        delimiter = sniff_delimiter(lines)
        lines.seek(0)
        is_empty = not any(line.strip() for line in lines)
        lines.seek(0)
        rows = csv.DictReader(lines, delimiter=delimiter)
        try:
            header = list(rows.fieldnames or ())
        except csv.Error:
            header = []
        if not is_empty and (len(header) < _LEAST or header != _HEADER[: len(header)]):
            raise InputError(
                f"{file} is where rejected rows go, and holds something else: rename it, or choose another --out"
            )
        yield rows


@contextmanager
def _alone(target: Path) -> Iterator[None]:
    """Have ``target`` alone among the runs that write into its folder.

    The system gives the lock back when the process ends, however that is; the file that it leaves then is locked again.
    """
    if sys.platform == "win32":  # no lock without fcntl, as for the folder of a mining
        yield
        return
    lock = target.with_name(_LOCK)
    try:
        descriptor = _locked(lock)
    except OSError as error:
        raise WriteError(f"cannot write {target}: {reason_of(error)}") from None
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)
        os.close(descriptor)


def _locked(lock: Path) -> int:
    """A descriptor of the file ``lock``, locked and still there: one that was removed meanwhile keeps nobody out."""
    import fcntl

    while True:
        descriptor = os.open(
            lock, os.O_RDWR | os.O_CREAT, 0o666
        )  # network disks lock only what can be written
        with suppress(OSError):  # the file system has no locks
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        if _is_there(lock, descriptor):
            return descriptor
        os.close(descriptor)


def _is_there(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False
