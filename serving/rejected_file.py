"""rejected.csv beside scored files: the reasons of one file are renewed, those of the others of its folder stay."""

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from data.csv_rows import no_cell_limit
from data.errors import InputError
from data.writing import defused, rejection_columns, row_writer, whole_file, written_name

_HEADER: Final = list(rejection_columns([], ""))
_FILE: Final = _HEADER.index("file")


def check_reasons(target: Path) -> None:
    """Refuse to write reasons into a file that holds something else.

    Raises:
        InputError: ``target`` is there and is no table of rejected rows of ours.
    """
    if target.exists():
        with _rows_of(target):
            pass


def put_reasons(fresh: Path, target: Path, file: str) -> None:
    """Let the rows of ``fresh``, all of ``file``, take the place of those of that file in ``target``.

    Raises:
        InputError: ``target`` is no table of rejected rows.
        WriteError: It cannot be written; what stood there stays.
    """
    named = defused(written_name(file))
    with whole_file(target, "w") as out:
        writer = row_writer(out)
        writer.writerow(_HEADER)
        if target.exists():
            with _rows_of(target) as rows:
                writer.writerows(row for row in rows if row and row[_FILE] != named)
        with _rows_of(fresh) as rows:
            writer.writerows(rows)
    fresh.unlink()


@contextmanager
def _rows_of(path: Path) -> Iterator[Iterator[Sequence[str]]]:
    with path.open(encoding="utf-8", newline="") as lines, no_cell_limit():
        rows = csv.reader(lines)
        try:
            header = next(rows, None)
        except (UnicodeDecodeError, csv.Error):
            header = None
        if header != _HEADER:
            raise InputError(
                f"{path} is where rejected rows go, and holds something else: rename it, or choose another --out"
            )
        yield rows
