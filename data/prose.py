"""Whether a column holds texts that people wrote, told by its first cells."""

from typing import Final

from data.words import words

FIRST_ROWS: Final = 500
_READ: Final = 200  # characters of a cell
_LEAST_WORDS: Final = 3  # per cell, on average; names and statuses have fewer
_LEAST_FILLED: Final = 0.25
_FEW_WORDS: Final = 3


class Prose:
    """The first cells of a column, as words."""

    def __init__(self) -> None:
        self._rows = 0
        self._filled = 0
        self._words = 0
        self._short = 0
        self._values: set[str] = set()

    def add(self, value: str | None) -> None:
        """Count a cell; None is an empty one, or no single value."""
        self._rows += 1
        if value is None:
            return
        number = len(words(value[:_READ], "und"))
        self._filled += 1
        self._words += number
        self._short += 1 <= number <= _FEW_WORDS
        self._values.add(value[:_READ])

    @property
    def is_prose(self) -> bool:
        """Whether many rows have a cell, of several words as a rule, and not always the same."""
        return (
            self._filled >= _LEAST_FILLED * self._rows
            and self._words >= _LEAST_WORDS * self._filled
            and len(self._values) > 1
        )

    @property
    def is_short(self) -> bool:
        """Whether most cells that are there are one to three words."""
        return 2 * self._short > self._filled
