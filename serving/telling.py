"""What commands print: JSON for programs, tables for people, and beside them lines on stderr, safe for a terminal."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    from rich.console import Console


# What JSON may hold as it is, and a terminal acts on: controls from U+007F on, line ends, marks of direction.
_STEERING: Final = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def printable(line: str) -> str:
    """``line`` without what could steer a terminal: column names are written by strangers, too."""
    return "".join(char if char.isprintable() else "\ufffd" for char in line)


def say_line(line: str) -> None:
    """Say ``line`` beside the results of a command."""
    click.echo(f"countervoice: {line}", err=True)


def print_json(record: Any) -> None:
    """Print ``record`` for programs, with what could steer a terminal escaped: readers get it back as it was."""
    import json

    text = json.dumps(record, ensure_ascii=False, indent=1)
    click.echo(_STEERING.sub(lambda char: f"\\u{ord(char[0]):04x}", text))


def terminal() -> "Console":
    """The console of people, imported when a table is printed."""
    from rich.console import Console

    return Console()


def sayer(console: "Console") -> Callable[[str], None]:
    """A function that prints one line."""

    def say(line: str) -> None:
        console.print(printable(line), markup=False, highlight=False, soft_wrap=True)

    return say


def say_rejected(rows: int, path: Path | None, say: Callable[[str], None]) -> None:
    """Tell where the reasons of rejected rows are, if there are any."""
    if path is not None:
        say(f"{rows:,} row{' was' if rows == 1 else 's were'} set aside; the reasons are in {path}")
