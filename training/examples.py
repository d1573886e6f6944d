"""Labelled rows as arrays that a training loop can index: token ids, one label column per head, a start embedding."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.errors import ColumnError, InputError
from data.fields import as_language, as_text
from data.labels import CLASSES, DEGREES, SENTIMENTS, TOPICS
from data.language import identify_together
from data.records import Rejection
from data.tables import open_table
from training.columns import FOUND, READ, is_empty, with_known_names, with_scored_cells

MISSING = -100
SPLITS = ("train", "dev")
_QUOTING = "a text that holds the separator stands in quotes, and quotes within it are doubled"
# What training reads comes first: other values of the rest move no row that differs in it.
_ORDER = [
    *("text", "sentiment", "degree", "topics", "subject", "english", "weight", "split"),
    *("lang", "source", "group"),
]


@dataclass(frozen=True, slots=True)
class Examples:
    """n labelled rows.

    Attributes:
        ids: Token ids of each row.
        sentiment, degree: (n,) class numbers, ``MISSING`` where a row does not speak of the head.
        topics: (n, 18) zeros and ones, a row of -1 where topics are not labelled.
        frame: The rows themselves, aligned.
    """

    ids: list[list[int]]
    sentiment: NDArray[np.int64]
    degree: NDArray[np.int64]
    topics: NDArray[np.float32]
    frame: pd.DataFrame

    def __len__(self) -> int:
        return len(self.ids)


def read_labelled(path: Path) -> pd.DataFrame:
    """Labelled rows of a CSV, JSONL or Parquet file, checked and completed.

    Needed: ``text`` and at least one of ``sentiment``, ``topics`` (list, or "a|b"), ``degree``. Optional: ``lang``
    (or ``language``, as scored files have it; found in the texts where it is not told, as ``lang_found`` then says),
    ``weight`` (times a row is seen per epoch, default 1), ``split`` (train or dev; otherwise one group in ten is dev),
    ``group`` (or ``feedback_id``; rows that must stay on one side of the split), ``source``, ``subject`` (key of what
    the row is about, for the embedding), ``english`` (what the text translates). Names are read in any case; other
    columns stay as they are.

    An empty cell is the same as a missing or null one: a label that the row does not speak of, or the default; but in
    a row with a ``statement_id``, no topics are none. Every cell is text (see ``data.fields.as_text``), so that a file
    is read alike in each format; lists are topics alone. Empty cells of CSV and TSV beyond the header are dropped.

    Raises:
        ColumnError: The text column or every label column is missing, or two columns may be meant by one name.
        EncodingError: The file is not UTF-8.
        InputError: The file cannot be read, or a row has other cells than the header, no text, a list or an object
            where text belongs, or a label, a split or a weight outside its set; the message names file, row and column.
    """
    frame = with_known_names(path, _read(path))
    heads = [head for head in ("sentiment", "topics", "degree") if head in frame]
    if "text" not in frame or not heads:
        there = ", ".join(map(str, frame.columns))
        raise ColumnError(f"{path} has the columns {there}; needed are text and sentiment, topics or degree")
    frame = with_scored_cells(frame.reset_index(drop=True))
    for head in ("sentiment", "topics", "degree"):
        if head not in frame:
            frame[head] = None
    _check_nested(path, frame)
    _check_texts(path, frame.text)
    frame["topics"] = [_topic_list(value) for value in frame.topics]
    for head, allowed in CLASSES.items():
        names = [None if is_empty(value) else value for value in frame[head]]
        _check(path, head, [[] if name is None else [name] for name in names], allowed)
        frame[head] = names
    _check(path, "topics", [value or [] for value in frame.topics], TOPICS)
    if "split" in frame:
        frame["split"] = ["" if is_empty(value) else value for value in frame.split]
        _check(path, "split", [[value] for value in frame.split], SPLITS)
    if "weight" in frame:
        frame["weight"] = _weights(path, frame.weight)
    return _complete(frame)


def is_labelled(frame: pd.DataFrame) -> pd.Series:
    """(n,) whether a row of ``read_labelled`` speaks of any head."""
    return frame[["sentiment", "topics", "degree"]].notna().any(axis=1)


def in_their_own_order(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of ``read_labelled``, or some of them, in an order that does not hang on that of the file.

    Which draw of a bootstrap weighs which group goes by the order, and so do the batches and steps of a training.
    """
    order = frame[_ORDER].astype(str).sort_values(_ORDER).index
    return frame.loc[order].reset_index(drop=True)


def build_examples(frame: pd.DataFrame, tokenizer: Any, max_length: int) -> Examples:
    """Tokenise ``frame`` (see ``read_labelled``) and turn its labels into arrays."""
    ids = tokenizer(list(frame.text), truncation=True, max_length=max_length)["input_ids"]
    topics = np.full((len(frame), len(TOPICS)), -1, np.float32)
    for row, names in enumerate(frame.topics):
        if names is not None:
            topics[row] = [float(topic in names) for topic in TOPICS]
    return Examples(
        ids=ids,
        sentiment=_numbers(frame.sentiment, SENTIMENTS),
        degree=_numbers(frame.degree, DEGREES),
        topics=topics,
        frame=frame,
    )


def _numbers(values: pd.Series, classes: tuple[str, ...]) -> NDArray[np.int64]:
    return np.asarray(
        [classes.index(value) if isinstance(value, str) else MISSING for value in values], np.int64
    )


def _read(path: Path) -> pd.DataFrame:
    """By the reader of feedback files: those of pandas make numbers of ids and texts, and shift cells of rows."""
    table = open_table(path)
    remedy = f"; {_QUOTING}" if path.suffix.lower() in {".csv", ".tsv"} else ""
    rows = []
    for row in table.rows():
        if isinstance(row, Rejection):
            raise InputError(f"{path} row {row.row}: {row.reason}{remedy}")
        rows.append([cell if isinstance(cell, (list, dict)) else as_text(cell) for cell in row[1]])
    return pd.DataFrame(rows, columns=list(table.names), dtype=object)


def _check_nested(path: Path, frame: pd.DataFrame) -> None:
    for column in [name for name in READ if name in frame]:
        refused = dict if column == "topics" else (list, dict)
        for row, value in enumerate(frame[column], start=1):
            if isinstance(value, refused):
                what = "a list" if isinstance(value, list) else "an object"
                raise InputError(
                    f"{path} row {row}, column {column}: {what} is not read: write the value that it holds instead"
                )


def _check_texts(path: Path, values: pd.Series) -> None:
    for row, value in enumerate(values, start=1):
        if is_empty(value):
            raise InputError(
                f"{path} row {row}, column text: there is none; leave rows out that have no text"
            )


def _weights(path: Path, values: pd.Series) -> list[float]:
    weights = [1.0 if is_empty(value) else _number(value) for value in values]
    for row, (weight, value) in enumerate(zip(weights, values, strict=True), start=1):
        if not 0 <= weight < math.inf:
            raise InputError(f"{path} row {row}, column weight: {value!r} is no number from 0 on")
    return weights


def _number(value: object) -> float:
    """Of a cell; NaN where it holds none."""
    try:
        return float(str(value))
    except ValueError:
        return math.nan


def _topic_list(value: object) -> list[str] | None:
    if is_empty(value):
        return None
    if isinstance(value, str):
        return value.split("|")
    return [str(item) for item in value]  # type: ignore[attr-defined]


def _check(path: Path, column: str, values: list[list[str]], allowed: tuple[str, ...]) -> None:
    for row, names in enumerate(values, start=1):
        for name in names:
            if name not in allowed:
                raise InputError(
                    f"{path} row {row}, column {column}: {name!r} is not one of {', '.join(allowed)}"
                )


def _complete(frame: pd.DataFrame) -> pd.DataFrame:
    import zlib

    defaults = {
        "weight": 1.0,
        "group": None,
        "source": "file",
        "subject": None,
        "english": None,
    }
    for column, value in defaults.items():
        if column not in frame:
            frame[column] = value
    told = [as_language(value) for value in frame.lang] if "lang" in frame else [None] * len(frame)
    frame[FOUND] = [tag is None for tag in told]
    frame["lang"] = _languages(frame.text, told)
    frame["source"] = [defaults["source"] if is_empty(value) else value for value in frame.source]
    for column in ("subject", "english"):
        frame[column] = [None if is_empty(value) else value for value in frame[column]]
    if "split" not in frame:
        keys = [
            text if is_empty(group) else group for group, text in zip(frame.group, frame.text, strict=True)
        ]
        frame["split"] = ["dev" if zlib.crc32(key.encode()) % 10 == 0 else "train" for key in keys]
    return frame


def _languages(texts: pd.Series, told: Sequence[str | None]) -> list[str]:
    """Primary tags: mining looks up the errors of a language by them. Of a row without one, that of its text."""
    unsaid = [text for text, tag in zip(texts, told, strict=True) if tag is None]
    found = iter(identify_together(unsaid))
    return [next(found) if tag is None else tag for tag in told]
