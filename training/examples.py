"""Labelled rows as arrays that a training loop can index: token ids, one label column per head, a start embedding."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.errors import ColumnError, InputError
from data.labels import DEGREES, SENTIMENTS, TOPICS

MISSING = -100


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
    (or ``language``, as scored files have it), ``weight`` (times a row is seen per epoch, default 1), ``split``
    (train or dev; otherwise one group in ten is dev), ``group`` (rows that must stay on one side of the split),
    ``source``, ``subject`` (key of what the row is about, for the embedding), ``english`` (what the text translates).

    Raises:
        ColumnError: The text column or every label column is missing.
        InputError: A row holds a label outside its set; the message names file, row and column.
    """
    frame = _read(path)
    heads = [head for head in ("sentiment", "topics", "degree") if head in frame]
    if "text" not in frame or not heads:
        raise ColumnError(
            f"{path} has the columns {', '.join(frame.columns)}; needed are text and sentiment, topics or degree"
        )
    frame = frame.reset_index(drop=True)
    for head in ("sentiment", "topics", "degree"):
        if head not in frame:
            frame[head] = None
    frame["topics"] = [_topic_list(value) for value in frame.topics]
    for head, allowed in (("sentiment", SENTIMENTS), ("degree", DEGREES)):
        frame[head] = [value if isinstance(value, str) and value else None for value in frame[head]]
        _check(path, head, [[value] if isinstance(value, str) else [] for value in frame[head]], allowed)
    _check(path, "topics", [value or [] for value in frame.topics], TOPICS)
    return _complete(frame)


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
    if not path.exists():
        raise InputError(f"{path} does not exist")
    if path.suffix == ".parquet":
        return pd.read_parquet(path)
    if path.suffix in (".jsonl", ".ndjson"):
        return pd.read_json(path, lines=True)
    if path.suffix in (".csv", ".tsv"):
        return pd.read_csv(path, sep="\t" if path.suffix == ".tsv" else ",", keep_default_na=False)
    raise InputError(f"{path} has the ending {path.suffix!r}; allowed are .csv, .tsv, .jsonl and .parquet")


def _topic_list(value: object) -> list[str] | None:
    if (
        value is None
        or (isinstance(value, float) and np.isnan(value))
        or (isinstance(value, str) and not value)
    ):
        return None
    return value.split("|") if isinstance(value, str) else [str(item) for item in value]  # type: ignore[attr-defined]


def _check(path: Path, column: str, values: list[list[str]], allowed: tuple[str, ...]) -> None:
    for row, names in enumerate(values, start=1):
        for name in names:
            if name not in allowed:
                raise InputError(
                    f"{path} row {row}, column {column}: {name!r} is not one of {', '.join(allowed)}"
                )


def _complete(frame: pd.DataFrame) -> pd.DataFrame:
    import zlib

    if "lang" not in frame and "language" in frame:
        frame["lang"] = frame.language
    defaults = {
        "lang": "und",
        "weight": 1.0,
        "group": None,
        "source": "file",
        "subject": None,
        "english": None,
    }
    for column, value in defaults.items():
        if column not in frame:
            frame[column] = value
    frame["english"] = [value if isinstance(value, str) and value else None for value in frame.english]
    if "split" not in frame:
        keys = [str(group or text) for group, text in zip(frame.group, frame.text, strict=True)]
        frame["split"] = ["dev" if zlib.crc32(key.encode()) % 10 == 0 else "train" for key in keys]
    return frame
