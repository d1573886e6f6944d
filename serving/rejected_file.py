"""rejected.csv of a folder: the reasons of one input are renewed, those of others stay, whoever writes meanwhile."""

import csv
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path
from typing import Final

from data.csv_rows import no_cell_limit
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

_BEFORE: Final = ["file", "row", "id", "field", "reason"]  # of versions that wrote no path
_HEADER: Final = [*_BEFORE, "path"]

_Row = Mapping[str, object]


def check_reasons(target: Path) -> None:
    """Refuse to write reasons into a file that holds something else.

    Raises:
        InputError: ``target`` is there and is no table of rejected rows of ours.
    """
    with suppress(FileNotFoundError, NotADirectoryError), _opened(target):
        pass


def put_rejections(rejections: Sequence[Rejection], target: Path, source: Path) -> None:
    """Let ``rejections``, all of ``source``, take the place of the rows of that input in ``target``.

    Where no row is left at all, there is no ``target``.

    Raises:
        InputError: ``target`` is no table of rejected rows.
        WriteError: It cannot be written; what stood there stays.
    """
    columns = rejection_columns(rejections, source)
    cells = zip(*(map(csv_cell, column) for column in columns.values()), strict=True)
    _renew(target, source, (dict(zip(columns, row, strict=True)) for row in cells))


def put_reasons(fresh: Path, target: Path, source: Path) -> None:
    """``put_rejections`` of the rows in ``fresh``, which is removed: a file of many need not be held in memory."""
    _renew(target, source, _rows_in(fresh))
    fresh.unlink(missing_ok=True)


def _renew(target: Path, source: Path, rows: Iterable[_Row]) -> None:
    left = 0
    with _alone(target):
        with whole_file(target, "w") as out:
            writer = row_writer(out)
            writer.writerow(_HEADER)
            for row in chain(_rows_of_others(target, source), rows):
                writer.writerow([row.get(name) for name in _HEADER])
                left += 1
        if not left:
            target.unlink()


def _rows_of_others(target: Path, source: Path) -> Iterator[_Row]:
    """The rows of ``target`` that are not of ``source``; one without a path is of all files of its name."""
    if target.exists():
        own = csv_cell(written_name(source.name)), csv_cell(written_path(source))
        yield from (row for row in _rows_in(target) if (row["file"], row.get("path") or own[1]) != own)


def _rows_in(file: Path) -> Iterator[_Row]:
    with _opened(file) as rows:
        yield from rows


@contextmanager
def _opened(file: Path) -> Iterator[Iterator[_Row]]:
    with file.open(encoding="utf-8", newline="") as lines, no_cell_limit():
        rows = csv.DictReader(lines)
        try:
            header = rows.fieldnames
        except (UnicodeDecodeError, csv.Error):
            header = None
        if header not in (_HEADER, _BEFORE):
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
