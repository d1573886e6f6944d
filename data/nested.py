"""Columns that hold values in values, which are no texts, and how to write out the text in them."""

import re
from dataclasses import dataclass
from typing import Final

from data.columns import is_named_as_text

_PLAIN_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,59}")  # needs no quotes in jq
_DEEPEST: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Nested:
    """What a column holds that is no text.

    Attributes:
        what: "a list", "a struct".
        remedy: The command that puts the text in its place, where one can be told; else "".
    """

    what: str
    remedy: str = ""


class NestedCells:
    """Tells the columns of JSON lines that hold lists or objects and nothing else, in whatever order they are added."""

    def __init__(self) -> None:
        self._first: dict[str, object] = {}
        self._plain: set[str] = set()

    def add(self, row: dict[str, object]) -> None:
        """Look at the cells of a row; those that hold nothing tell nothing."""
        for name, cell in row.items():
            if isinstance(cell, (list, dict)):
                if cell:
                    self._first.setdefault(name, cell)
            elif cell is not None:
                self._plain.add(name)

    def columns(self) -> dict[str, Nested]:
        """The columns that hold no plain value in any row, by name."""
        return {
            name: Nested(what="a list" if isinstance(cell, list) else "an object", remedy=_remedy(name, cell))
            for name, cell in self._first.items()
            if name not in self._plain
        }


def _remedy(name: str, cell: object) -> str:
    path = _path_to_text(cell)
    if path is None or not _PLAIN_NAME.fullmatch(name):
        return ""
    return f"jq -c '.{name} = .{name}{path}'"


def _path_to_text(cell: object) -> str | None:
    """The path, as jq writes it, of the longest text in a cell, one with a common name of texts before others.

    None where it has none, or a name needs quotes.
    """
    found = [
        (is_named_as_text(_last_key(path)), len(string), path)
        for path, string in _strings(cell, "", _DEEPEST)
        if is_named_as_text(_last_key(path)) or _reads_as_text(string)
    ]
    return max(found)[2] if found else None


def _last_key(path: str) -> str:
    return path.rpartition(".")[2].partition("[")[0]


def _reads_as_text(string: str) -> bool:
    """Whether it has words: an id or a name of a setting has no space, which scripts of Asia may do without."""
    return " " in string or any(char.isalpha() and not char.isascii() for char in string)


def _strings(cell: object, path: str, deepest: int) -> list[tuple[str, str]]:
    if isinstance(cell, str):
        return [(path, cell)]
    if deepest == 0 or not isinstance(cell, (list, dict)):
        return []
    inner = enumerate(cell[:1]) if isinstance(cell, list) else cell.items()
    return [
        string
        for key, value in inner
        if isinstance(key, int) or _PLAIN_NAME.fullmatch(key)
        for string in _strings(
            value, f"{path}[{key}]" if isinstance(key, int) else f"{path}.{key}", deepest - 1
        )
    ]
