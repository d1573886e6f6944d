"""Cells and tables for a terminal, of what strangers wrote."""

from typing import Final

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from mining.cause_names import subject_mark
from mining.report_words import excerpt
from mining.results import Cause

_QUOTE: Final = 70
_WIDE: Final = 110
_TURNS: Final = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
"""Marks that turn the direction of all that follows: a page can isolate them, a terminal cannot."""


class Voice:
    """Makes cells of what strangers wrote, in the letters that the terminal has."""

    def __init__(self, console: Console) -> None:
        self.wide = console.width >= _WIDE
        self._encoding = console.encoding

    def text(self, words: str, style: str = "") -> Text:
        """Words as they are, but for marks that turn the direction and letters that the terminal lacks."""
        straight = words.translate(_TURNS)
        return Text(straight.encode(self._encoding, "replace").decode(self._encoding), style=style)

    def cause(self, name: str, cause: Cause | None) -> Text:
        """The name of a cause as the first cell of its row; of no one subject it is faint, and the mark says so."""
        mark = subject_mark(cause)
        return self.text(f"{name}\n{mark}", "dim") if mark else self.text(name, "bold")

    def quote(self, words: str) -> Text:
        """Words in quotation marks, cut to a line or two."""
        return self.text(f"“{excerpt(words, _QUOTE)}”", "italic dim")


def table_of(title: str = "", *, leading: int = 0, expand: bool = True) -> Table:
    """An empty table in the style of the report."""
    return Table(
        title=title or None,
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        expand=expand,
        pad_edge=False,
        leading=leading,
    )
