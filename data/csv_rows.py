"""CSV and TSV as rows, such that no row is lost to a stray quote.

The standard library's reader takes an opening quote that is never closed for one cell up to the end of the
file. Here the line with that quote is one bad row, and reading goes on with the next line. A cell is followed
over at most ``_LOOKAHEAD`` characters of lines, so memory does not grow with the file.
"""

import csv
import io
import re
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Final

_DELIMITERS: Final = (",", ";", "\t", "|")
_TOLD: Final = re.compile(r'"?sep=([,;\t|])"?[\r\n]*', re.IGNORECASE)
_LONGEST_TOLD: Final = 10  # characters
_SNIFFED: Final = 10_000
_FIRST_ROWS: Final = 20
# How far a row is followed for the quote that ends its cell; and how often that may be in vain.
_LOOKAHEAD: Final = 1 << 22  # characters
_RUNAWAYS: Final = 16
_MAX_CELL: Final = 2**31 - 1  # what a C long holds everywhere; texts are capped later, with a reason


def csv_rows(lines: io.TextIOBase, delimiter: str) -> Iterator[list[str] | str]:
    """Rows of a file opened with ``newline=""``, the header among them: cells, or why the line is no row.

    Blank lines are no rows. Cells over 128 kB need ``no_cell_limit`` around the reading.
    """
    source = _Lines(lines)
    while source.has_more():
        cells = _next_row(source, delimiter)
        if cells:
            yield cells


def told_delimiter(lines: io.TextIOBase) -> str | None:
    """The delimiter in the line ``sep=;`` that spreadsheets write above the header.

    None where there is no such line; then nothing is read.
    """
    found = _TOLD.fullmatch(lines.readline(_LONGEST_TOLD))
    if found is None:
        lines.seek(0)
    return None if found is None else found[1]


def sniff_delimiter(lines: io.TextIOBase) -> str:
    """The delimiter by which most of the next 20 rows have as many cells as the header, the first line not blank.

    Where several are, it is the one that the header uses most; a comma when it uses none. Its quoted cells may hold
    line breaks.
    """
    start = next((line for line in lines if line.strip()), "")[:_SNIFFED] + lines.read(_SNIFFED)
    return max(_DELIMITERS, key=lambda delimiter: _fit(start, delimiter))


def _fit(text: str, delimiter: str) -> tuple[int, int]:
    """How many rows are cut into as many cells as the header, 0 where that is not cut; and how many it has."""
    rows = filter(None, csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    columns = len(next(rows, []))
    fitting = sum(len(within_header(row, columns)) == columns for row in islice(rows, _FIRST_ROWS))
    return fitting if columns > 1 else 0, columns


def within_header(cells: list[str], columns: int) -> list[str]:
    """The cells of a row, less empty ones beyond the header's ``columns``."""
    last = len(cells)
    while last > columns and not cells[last - 1]:
        last -= 1
    return cells[:last]


class _Lines:
    """Lines with a memory: those of the row being read can be given back."""

    def __init__(self, lines: io.TextIOBase) -> None:
        self._lines = lines
        self._returned: deque[str] = deque()
        self._characters = 0
        self._runaways = 0
        self.taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        one_by_one = self._runaways >= _RUNAWAYS
        if self.taken and (one_by_one or self._characters > _LOOKAHEAD):
            raise StopIteration
        line = self._returned.popleft() if self._returned else next(self._lines)
        self.taken.append(line)
        self._characters += len(line)
        return line

    def has_more(self) -> bool:
        """Start a new row; False at the end of the file."""
        self.taken = []
        self._characters = 0
        if not self._returned:
            self._returned.extend(line for line in [self._lines.readline()] if line)
        return bool(self._returned)

    def never_closed(self) -> None:
        """Take note of a quote without an end: at the end of the file, or after many, a row is a line.

        Without this, a file of unclosed quotes would be read to its end once a line.
        """
        self._runaways += 1 if self._characters > _LOOKAHEAD else _RUNAWAYS

    def give_back_all_but_first(self) -> str:
        self._returned.extendleft(reversed(self.taken[1:]))
        return self.taken[0]


def _next_row(source: _Lines, delimiter: str) -> list[str] | str:
    try:
        return next(csv.reader(source, delimiter=delimiter, strict=True), [])
    except csv.Error as error:
        unclosed = "unexpected end" in str(error)
        if unclosed:
            source.never_closed()
        first = source.give_back_all_but_first()
        return _without_quoting(
            first,
            delimiter,
            "a quote is never closed" if unclosed else "a quote inside a quoted cell is not doubled",
        )


def _without_quoting(line: str, delimiter: str, reason: str) -> list[str] | str:
    """A line with stray quotes as it stands, if each cell that opens with a quote closes with one."""
    cells = line.rstrip("\r\n").split(delimiter)
    quoted = [cell for cell in cells if cell.startswith('"')]
    if any(len(cell) < 2 or not cell.endswith('"') or cell.count('"') % 2 for cell in quoted):
        return reason
    return [cell[1:-1].replace('""', '"') if cell.startswith('"') else cell for cell in cells]


@contextmanager
def no_cell_limit() -> Iterator[None]:
    """Let the standard library read cells of any length, which it allows only for a whole process."""
    before = csv.field_size_limit(_MAX_CELL)
    try:
        yield
    finally:
        csv.field_size_limit(before)
