"""Rows that were set aside, told so that nobody takes an answer such as "n/a" for a row that was lost."""

from typing import Final

_SHOWN: Final = 40  # characters of an answer
_MANY_LONG: Final = 0.05


class SetAside:
    """Counts the rows that are no feedback.

    Attributes:
        silent: Those among them whose text says nothing.
    """

    def __init__(self, of: int) -> None:
        """``of`` are all rows of the file."""
        self.silent = 0
        self._of = of
        self._rows = 0
        self._long = 0
        self._example = ""

    def add(self) -> None:
        """Count a row that was set aside for whatever reason."""
        self._rows += 1

    def add_silent(self, answer: str) -> None:
        """Count that it was so because ``answer`` says nothing."""
        self._example = self._example or answer[:_SHOWN]
        self.silent += 1

    def add_long(self) -> None:
        """Count that it was so because its text is too long."""
        self._long += 1

    def notes(self) -> list[str]:
        """Lines for people: of answers that say nothing, and where more than 5 % of all rows are too long."""
        return [*self._of_long(), *self._of_silent()]

    def _of_long(self) -> list[str]:
        if self._long <= _MANY_LONG * self._of:
            return []
        return [
            f"CAREFUL: {self._long / self._of:.0%} of all rows are left out, for their texts are too long "
            f"({self._long:,} of {self._of:,}): results speak of the others only; cut such texts into messages"
        ]

    def _of_silent(self) -> list[str]:
        if not self.silent:
            return []
        others = self._rows - self.silent
        beside = f", beside {others:,} {_rows(others)} with other reasons" if others else ""
        what = "answer says" if self.silent == 1 else "answers say"
        verb = "is" if self.silent == 1 else "are"
        return [f"{self.silent:,} {what} nothing, such as {self._example!r}, and {verb} set aside{beside}"]


def _rows(number: int) -> str:
    return "row" if number == 1 else "rows"
