"""What a table of the report that shows a part says of the rest: how much it is, and the command that asks for all."""

from pathlib import Path
from shlex import quote

from mining.report_words import plural


def asked_by(words: str, folder: Path) -> str:
    """The command ``words`` over ``folder``, named as it was given, so that it can be run from where the mining was."""
    return f"countervoice {words} --state {quote(folder.as_posix())}"


def not_shown(more: int, one: str, many: str | None = None) -> str:
    """``2 more causes not shown.``, or nothing where all are."""
    return f"{plural(more, f'more {one}', many and f'more {many}')} not shown." if more > 0 else ""
