"""What dev rows can tell of a head, and what they cannot: told in a line before anybody believes a score."""

import unicodedata
from collections.abc import Iterable
from typing import Final

import click
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from training.examples import is_labelled

LEAST_ROWS: Final = 200
"""Dev rows from which a head is calibrated on them, as with abstaining (docs/decisions/0055-abstaining.md)."""

LEAST_SIDES: Final = 40
"""Those of a side, of either side together, from which it is counted how often one is called the other."""

HEADS: Final = ("sentiment", "degree", "topics")
SIDES: Final = {"sentiment": ("negative", "positive"), "degree": ("too_little", "too_much")}
FEEDBACK_SOURCES: Final = ("own", "degree")


def labels_of(rows: pd.DataFrame, head: str) -> list[str]:
    """The labels of a head in the rows that have one; several topics are one label, "a|b"."""
    labels = rows[head][rows[head].notna()]
    return ["|".join(sorted(names)) or "no topic" for names in labels] if head == "topics" else list(labels)


def only_labels(rows: pd.DataFrame) -> dict[str, str]:
    """Head to its label, for the heads whose labelled rows all have the same one."""
    found = {head: set(labels_of(rows, head)) for head in HEADS}
    return {head: labels.pop() for head, labels in found.items() if len(labels) == 1}


def can_calibrate(rows: pd.DataFrame, head: str) -> bool:
    """Whether the labelled rows of a head are enough, and not all alike, for a temperature and an error rate."""
    labels = labels_of(rows, head)
    return len(labels) >= LEAST_ROWS and len(set(labels)) > 1


def with_sides(rows: pd.DataFrame, head: str) -> NDArray[np.bool_]:
    """(n,) the rows on which opposite calls are counted: of feedback where those are enough, else of any source.

    All are False where neither are enough, or lack a side.
    """
    sided = rows[head].isin(SIDES[head])
    for picked in (sided & rows.source.isin(FEEDBACK_SOURCES), sided):
        if picked.sum() >= LEAST_SIDES and rows[head][picked].nunique() > 1:
            return np.asarray(picked, bool)
    return np.zeros(len(rows), bool)


def doubts(train: pd.DataFrame, dev: pd.DataFrame) -> list[str]:
    """One line for each reason not to take the scores of the ``dev`` rows at their word.

    Args:
        train, dev: Rows of ``training.examples.read_labelled``.
    """
    one_label = [
        f"dev rows of {head} hold only {label}: the score says nothing of the other classes"
        for head, label in only_labels(dev).items()
    ]
    return [*_seen_in_training(train, dev), *one_label]


def folded(texts: pd.Series) -> pd.Series:
    """Texts that differ in case, spaces and forms of a letter alone are one."""
    return texts.map(lambda text: " ".join(unicodedata.normalize("NFKC", text).casefold().split()))


def groups(rows: pd.DataFrame) -> pd.Series:
    """Group of each row within its source; missing for a row that stands alone."""
    named = rows.group.notna() & (rows.group != "")
    return (rows.source.astype(str) + "\0" + rows.group.astype(str)).where(named, None)


def tell(lines: Iterable[str]) -> None:
    """Write the lines to standard error."""
    for line in lines:
        click.echo(line, err=True)


def _seen_in_training(train: pd.DataFrame, dev: pd.DataFrame) -> list[str]:
    """At most one line. Rows that no head learns from or is judged by do not count."""
    train, dev = train[train.weight > 0], dev[is_labelled(dev)]
    same = folded(dev.text).isin(set(folded(train.text)))
    related = groups(dev).isin(set(groups(train).dropna())) & ~same
    told = []
    if same.any():
        told.append(f"{same.sum():,} of {len(dev):,} dev rows are training rows, too")
    if related.any():
        told.append(f"{related.sum():,} of {len(dev):,} dev rows are of groups that training rows are of")
    return [f"{', and '.join(told)}: their scores are too good"] if told else []
