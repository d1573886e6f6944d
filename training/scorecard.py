"""How good a model is: scores per head, language and source, beside a linear baseline trained on the same rows."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.labels import DEGREES, SENTIMENTS, TOPICS
from models.predictions import Predictions

MIN_ROWS = 40


def scorecard(predictions: Predictions, rows: pd.DataFrame, topic_threshold: float) -> pd.DataFrame:
    """Scores of labelled ``rows`` (aligned with ``predictions``).

    Returns:
        One row per head, source and language with at least ``MIN_ROWS`` rows, and one per head and language over all
        sources ("all"): head, source, language, rows, score (macro-F1; micro-F1 for topics), flips (share of degree
        complaints that were called the opposite; NaN elsewhere).
    """
    frames = []
    for head in ("sentiment", "degree", "topics"):
        labelled = rows[head].notna().to_numpy()
        if labelled.any():
            frames.append(_head(head, predictions, rows, labelled, topic_threshold))
    return pd.concat(frames, ignore_index=True)


def macro_f1(truth: NDArray[np.int64], said: NDArray[np.int64], classes: int) -> float:
    """Mean of the F1 of the classes that occur in ``truth``."""
    scores: list[float] = []
    for number in range(classes):
        if not np.any(truth == number):
            continue
        right = np.sum((truth == number) & (said == number))
        scores.append(2 * right / (np.sum(truth == number) + np.sum(said == number)))
    return float(np.mean(scores)) if scores else float("nan")


def micro_f1(truth: NDArray[np.bool_], said: NDArray[np.bool_]) -> float:
    """F1 over all cells of two (n, topics) arrays."""
    return float(2 * np.sum(truth & said) / max(1, int(np.sum(truth) + np.sum(said))))


def flips(truth: NDArray[np.int64], said: NDArray[np.int64]) -> float:
    """Share of true degree complaints that were called the opposite degree."""
    little, much = DEGREES.index("too_little"), DEGREES.index("too_much")
    complaints = (truth == little) | (truth == much)
    opposite = ((truth == little) & (said == much)) | ((truth == much) & (said == little))
    return float(opposite.sum() / complaints.sum()) if complaints.any() else float("nan")


def opposites(truth: NDArray[np.int64], said: NDArray[np.int64], pair: tuple[int, int]) -> float:
    """Of the rows of two opposing classes that were called either of the two, the share called the wrong one."""
    a, b = pair
    called = np.isin(truth, pair) & np.isin(said, pair)
    wrong = ((truth == a) & (said == b)) | ((truth == b) & (said == a))
    return float(wrong.sum() / called.sum()) if called.any() else 0.0


def topic_matrix(names: pd.Series) -> NDArray[np.bool_]:
    """(n, topics) truth from lists of topic ids."""
    return np.asarray(
        [[topic in (row if row is not None else ()) for topic in TOPICS] for row in names], bool
    )


def best_topic_threshold(scores: NDArray[np.float32], truth: NDArray[np.bool_]) -> float:
    """The threshold from 0.1 to 0.9 with the best micro-F1."""
    grid = np.arange(0.1, 0.91, 0.02)
    return float(max(grid, key=lambda threshold: micro_f1(truth, scores >= threshold)))


def confusion(predictions: Predictions, rows: pd.DataFrame) -> dict[str, dict[str, list[list[int]]]]:
    """Counts per head and language: entry [i][j] is how often true class i was called class j. "all" sums them."""
    result: dict[str, dict[str, list[list[int]]]] = {}
    for head, classes in (("sentiment", SENTIMENTS), ("degree", DEGREES)):
        labelled = rows[head].notna().to_numpy()
        truth = np.asarray([classes.index(label) for label in rows[head][labelled]])
        said = getattr(predictions, head)[labelled].argmax(axis=1)
        languages = rows.lang.to_numpy()[labelled]
        tables = {"all": np.ones(len(truth), bool)} | {
            tag: languages == tag for tag in sorted(set(languages))
        }
        result[head] = {tag: _table(truth[mask], said[mask], len(classes)) for tag, mask in tables.items()}
    return result


def _table(truth: NDArray[np.int64], said: NDArray[np.int64], classes: int) -> list[list[int]]:
    table = np.zeros((classes, classes), int)
    np.add.at(table, (truth, said), 1)
    return table.tolist()


def _head(
    head: str, predictions: Predictions, rows: pd.DataFrame, labelled: NDArray[np.bool_], threshold: float
) -> pd.DataFrame:
    score, flip = _scorer(head, predictions, rows, threshold)
    entries: list[dict[str, Any]] = []
    numbers = np.flatnonzero(labelled)
    frame = pd.DataFrame(
        {"row": numbers, "lang": rows.lang.to_numpy()[numbers], "source": rows.source.to_numpy()[numbers]}
    )
    groups: dict[Any, pd.DataFrame] = dict(iter(frame.groupby(["source", "lang"])))
    groups = groups | {("all", tag): part for tag, part in frame.groupby("lang")} | {("all", "all"): frame}
    for (source, language), part in groups.items():
        if len(part) >= MIN_ROWS:
            picked = part.row.to_numpy()
            entries.append(
                {
                    "head": head,
                    "source": source,
                    "language": language,
                    "rows": len(part),
                    "score": score(picked),
                    "flips": flip(picked),
                }
            )
    return pd.DataFrame(entries)


def _scorer(
    head: str, predictions: Predictions, rows: pd.DataFrame, threshold: float
) -> tuple[Callable[[Any], float], Callable[[Any], float]]:
    if head == "topics":
        truth, said = topic_matrix(rows.topics), predictions.topics >= threshold
        return (lambda picked: micro_f1(truth[picked], said[picked])), (lambda picked: float("nan"))
    classes = SENTIMENTS if head == "sentiment" else DEGREES
    gold = np.asarray([classes.index(label) if isinstance(label, str) else -1 for label in rows[head]])
    called = getattr(predictions, head).argmax(axis=1)
    flip = (
        (lambda picked: flips(gold[picked], called[picked]))
        if head == "degree"
        else (lambda picked: float("nan"))
    )
    return (lambda picked: macro_f1(gold[picked], called[picked], len(classes))), flip
