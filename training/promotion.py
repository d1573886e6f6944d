"""Whether a checkpoint may take the place of another: both scored on the same dev rows, and a rule.

A promotion needs a head that is better over all languages, none that is worse, and none that would change without being
compared. Better and worse mean that the 95 % interval of the difference, paired and by bootstrap over groups of
translations, lies on one side of 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.errors import InputError
from models.checkpoint import load_predictor
from models.predictions import ModelInfo, Predictions
from training.bootstrap import MIN_GROUPS, paired_interval
from training.columns import unread
from training.dev_rows import HEADS, doubts, only_labels
from training.examples import in_their_own_order, read_labelled
from training.scorecard import MIN_ROWS, families, row_counts, score_of
from training.unjudged import changes

ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """How two models score on the same rows.

    Attributes:
        head: One of ``HEADS``.
        language: Tag, or ``ALL``.
        rows: Labelled dev rows, ``MIN_ROWS`` or more, of ``MIN_GROUPS`` groups or more.
        running, candidate: Scores in [0, 1]: macro-F1, and micro-F1 for topics.
        low, high: 95 % interval of ``value``.
    """

    head: str
    language: str
    rows: int
    running: float
    candidate: float
    low: float
    high: float

    @property
    def value(self) -> float:
        """The score of the candidate less that of the running model."""
        return self.candidate - self.running

    @property
    def better(self) -> bool:
        """Whether the candidate is better beyond chance."""
        return self.low > 0

    @property
    def worse(self) -> bool:
        """Whether the candidate is worse beyond chance."""
        return self.high < 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two models on the same dev rows.

    Attributes:
        running, candidate: Who they are.
        differences: For each head over all languages first, then language by language.
        changes: Head without such differences to what of it the candidate has otherwise, in words.
        doubts: Reasons not to take the scores at their word, one line each.
    """

    running: ModelInfo
    candidate: ModelInfo
    differences: tuple[Difference, ...]
    changes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    doubts: tuple[str, ...] = ()

    @property
    def overall(self) -> list[Difference]:
        """Of each head with enough rows, over all languages: what the rule goes by."""
        return [each for each in self.differences if each.language == ALL]

    @property
    def languages(self) -> list[Difference]:
        """Of each head and language with enough rows: what is warned of."""
        return [each for each in self.differences if each.language != ALL]

    @property
    def untold(self) -> list[str]:
        """Heads with too few rows, groups or labels of them to say anything."""
        told = {each.head for each in self.overall}
        return [head for head in HEADS if head not in told]

    @property
    def passes(self) -> bool:
        """The rule: no head is worse over all languages, at least one is better, and none changes unseen."""
        judged = any(each.better for each in self.overall) and not any(each.worse for each in self.overall)
        return judged and not self.changes


def compare(data: Path, running: Path, candidate: Path) -> Comparison:
    """Score both checkpoints on the dev rows of ``data`` (see ``training.examples.read_labelled``).

    The result is the same for any order of the rows.

    Raises:
        InputError: The file cannot be used, or no head has ``MIN_ROWS`` dev rows of ``MIN_GROUPS`` groups and of two
            labels.
        CheckpointError: A checkpoint cannot be loaded.
    """
    frame = read_labelled(data)
    rows = in_their_own_order(frame[frame.split == "dev"])
    told = _told(rows)
    if not told:
        raise InputError(
            f"{data} has fewer than {MIN_ROWS} dev rows with a label of any head, fewer than {MIN_GROUPS} groups of "
            "them, or only one label, too few to compare: label more, or say split = dev for more of them"
        )
    before, after = (_answers(folder, list(rows.text)) for folder in (running, candidate))
    differences = [each for head in told for each in _of_head(head, rows, before, after)]
    unseen = {head: changes(running, candidate, head) for head in HEADS if head not in told}
    return Comparison(
        running=before[1],
        candidate=after[1],
        differences=tuple(differences),
        changes={head: found for head, found in unseen.items() if found},
        doubts=(*unread(frame), *doubts(frame[frame.split == "train"], rows)),
    )


def _told(rows: pd.DataFrame) -> list[str]:
    """Heads of which ``rows`` tell better from worse: any model is right that always gives the only label."""
    alike = only_labels(rows)
    return [head for head in HEADS if head not in alike and _is_enough(families(rows[rows[head].notna()]))]


def _is_enough(groups: NDArray[np.int64]) -> bool:
    """Whether rows of these groups tell better from worse."""
    return len(groups) >= MIN_ROWS and len(np.unique(groups)) >= MIN_GROUPS


def _answers(folder: Path, texts: list[str]) -> tuple[Predictions, ModelInfo]:
    predictor = load_predictor(folder)
    return predictor.predict(texts), predictor.info


def _of_head(
    head: str,
    rows: pd.DataFrame,
    running: tuple[Predictions, ModelInfo],
    candidate: tuple[Predictions, ModelInfo],
) -> list[Difference]:
    labelled = rows[head].notna().to_numpy()
    kept, places = rows[labelled].reset_index(drop=True), np.flatnonzero(labelled)
    before, after = (
        row_counts(head, predictions, kept, places, info.topic_threshold)
        for predictions, info in (running, candidate)
    )
    groups = families(kept)
    parts = {ALL: np.arange(len(kept))} | dict(kept.groupby("lang").indices)
    differences = []
    for language, picked in parts.items():
        if not _is_enough(groups[picked]):
            continue
        # The rows have the same true classes in the counts of either model.
        score = score_of(head, before[picked].sum(axis=0))
        low, high = paired_interval(before[picked], after[picked], groups[picked], score)
        first, second = (float(score(each[picked].sum(axis=0, keepdims=True))[0]) for each in (before, after))
        differences.append(
            Difference(
                head=head,
                language=str(language),
                rows=len(picked),
                running=first,
                candidate=second,
                low=low,
                high=high,
            )
        )
    return differences
