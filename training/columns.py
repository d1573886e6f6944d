"""Which columns of a labelled file are read, by which names, and what is said of the others."""

from pathlib import Path
from typing import Final

import pandas as pd
from pandas.api.types import is_scalar

from data.errors import ColumnError
from data.writing import undefused

READ: Final = (
    *("text", "sentiment", "topics", "degree", "lang", "split", "group", "weight", "source", "subject"),
    "english",
)
# The columns of scored files that stand in for these, row by row.
_SCORED: Final = {"lang": "language", "group": "feedback_id"}
_STATEMENT: Final = "statement_id"  # in the rows of scored files alone
_PLACE: Final = ("start", "end")  # offsets of their texts
FOUND: Final = (
    "lang_found"  # what the reader adds: whether the language is that of the text, and told by nobody
)
_KNOWN: Final = (*READ, *_SCORED.values(), _STATEMENT, *_PLACE)
_MOST_LISTED: Final = 12


def with_known_names(path: Path, frame: pd.DataFrame) -> pd.DataFrame:
    """The columns that are read under their own names, which the file at ``path`` may spell in any case.

    Raises:
        ColumnError: Two columns may be meant by one name, and none has it to the letter.
    """
    names: dict[object, str] = {}
    for name in [name for name in _KNOWN if name not in frame]:
        alike = [column for column in frame.columns if str(column).strip().casefold() == name]
        if len(alike) > 1:
            raise ColumnError(
                f"{path} has the columns {' and '.join(alike)}, each of which may be {name}: rename one"
            )
        names |= dict.fromkeys(alike, name)
    return frame.rename(columns=names)


def with_scored_cells(frame: pd.DataFrame) -> pd.DataFrame:
    """The same, with what the rows of a scored file say in their own way.

    Their language and their feedback stand in for an empty ``lang`` and ``group``: statements of one feedback are of
    one side of the split. Their topics are labelled in each, so that an empty cell says that there is none. Their texts
    are as they were before CSV and TSV got a ' for spreadsheets.
    """
    frame = frame.copy()
    for name, other in _SCORED.items():
        if other in frame:
            own = frame[name] if name in frame else [None] * len(frame)
            frame[name] = [
                told if is_empty(cell) else cell for cell, told in zip(own, frame[other], strict=True)
            ]
    if _STATEMENT in frame and "topics" in frame:
        frame["topics"] = [
            [] if is_empty(cell) and not is_empty(statement) else cell
            for cell, statement in zip(frame.topics, frame[_STATEMENT], strict=True)
        ]
    if {"text", _STATEMENT, *_PLACE} <= set(frame.columns):
        cells = zip(frame.text, frame[_STATEMENT], *(frame[name] for name in _PLACE), strict=True)
        frame["text"] = [
            text if is_empty(statement) else _as_said(text, start, end)
            for text, statement, start, end in cells
        ]
    return frame


def _as_said(text: object, start: object, end: object) -> object:
    try:
        length = int(str(end)) - int(str(start))
    except ValueError:
        return text
    return undefused(text, length) if isinstance(text, str) else text


def unread(frame: pd.DataFrame) -> list[str]:
    """At most one line, on the columns of which nothing was made: one of them may be a label that is misspelt."""
    names = [str(column) for column in frame.columns if column not in (*_KNOWN, FOUND)]
    if not names:
        return []
    more = f" and {len(names) - _MOST_LISTED:,} more" if len(names) > _MOST_LISTED else ""
    return [f"columns not read: {', '.join(names[:_MOST_LISTED])}{more} (those read are {', '.join(READ)})"]


def is_empty(value: object) -> bool:
    """Whether a cell is missing, null, not a number or empty: each kind of file has its own way to say nothing."""
    if isinstance(value, str):  # nearly all of them, and the rest is slow
        return not value
    return bool(is_scalar(value) and pd.isna(value))
