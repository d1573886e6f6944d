"""Whether a file is one that ``countervoice score`` wrote, told by its columns before it is read.

A row of such a file is a statement: read as feedback, each later statement of a message would be one more row with the
id of the message.
"""

import re
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Final

from data.errors import InputError
from data.parquet import parquet_schema

_OURS: Final = frozenset(("feedback_id", "statement_id", "p_negative", "p_too_little"))
_NAME: Final = re.compile(r"\w+")
_LINES: Final = 2  # a line that names the delimiter may stand above the header


def refuse_scored_text(path: Path) -> None:
    """Refuse to mine a scored file that is no Parquet: only that can hold what mining needs.

    Raises:
        InputError: It is one.
    """
    if path.suffix.lower() != ".parquet" and has_scored_columns(path):
        form = path.suffix.lstrip(".").upper()
        raise InputError(
            f"{path.name} is a scored {form}; score to .parquet with --embeddings to mine it, "
            f"or mine the original file"
        )


def refuse_scored(path: Path) -> None:
    """Refuse to score what was scored.

    Raises:
        InputError: It is a scored file, in any format.
    """
    if has_scored_columns(path):
        raise InputError(f"{path.name} is a scored file already; score the original file")


def has_scored_columns(path: Path) -> bool:
    """Whether the file has columns that only a scored file has; False too where it cannot be read.

    The reader of feedback says what is wrong with it then. A pipe is not opened: nobody may ever write into it.
    """
    if not path.is_file():
        return False
    try:
        names = _of_parquet(path) if path.suffix.lower() == ".parquet" else _of_text(path)
    except OSError:
        return False
    return set(names) >= _OURS


def _of_parquet(path: Path) -> Sequence[str]:
    import pyarrow as pa

    try:
        return list(parquet_schema(path).names)
    except (pa.ArrowException, ValueError):
        return ()


def _of_text(path: Path) -> Sequence[str]:
    """All words of the first lines: a header, or an object with its keys."""
    with path.open(encoding="utf-8", errors="replace") as lines:
        return _NAME.findall("".join(islice(lines, _LINES)))
