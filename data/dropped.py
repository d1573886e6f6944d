"""Cells that were dropped though their row was kept, as lines for people."""

from collections import Counter
from typing import Final

_SHOWN: Final = 40  # characters of a cell


class Dropped:
    """Counts what was dropped, with the first cell of each kind for people to see."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._examples: dict[str, str] = {}

    def add(self, what: str, cell: str | None = None) -> None:
        """Count a cell of the kind ``what``; without ``cell`` none is shown."""
        self._counts[what] += 1
        if cell is not None:
            self._examples.setdefault(what, cell[:_SHOWN])

    def lines(self, rows: int) -> list[str]:
        """A line for each kind; ``rows`` are those that could have had it."""
        return [
            f"{what} ({count:,} of {rows:,} rows{self._example(what)})"
            for what, count in sorted(self._counts.items())
        ]

    def _example(self, what: str) -> str:
        return f", such as {self._examples[what]!r}" if what in self._examples else ""
