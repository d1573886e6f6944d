"""The command that asks for all that a table of the report shows a part of."""

from pathlib import Path
from shlex import quote


def asked_by(words: str, folder: Path) -> str:
    """The command ``words`` over ``folder``, named as it was given, so that it can be run from where the mining was."""
    return f"countervoice {words} --state {quote(folder.as_posix())}"
