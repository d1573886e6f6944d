"""How good a model is: scores per head, language and source, beside a linear baseline trained on the same rows."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.labels import CLASSES, DEGREES, TOPICS
from models.abstaining import NEVER, Thresholds, abstains
from models.calls import calls
from models.confusion import CLEAR_DEGREE, clear_calls
from models.predictions import Predictions
from training.bootstrap import Floats, interval
from training.dev_rows import groups

MIN_ROWS = 40
COLUMNS = [
    *("head", "source", "language", "rows", "score", "low", "high"),
    *("flips", "false_degrees", "answered", "wrong_of_answered"),
]


def scorecard(
    predictions: Predictions,
    rows: pd.DataFrame,
    topic_threshold: float,
    abstain_below: Thresholds = NEVER,
) -> pd.DataFrame:
    """Scores of labelled ``rows`` (aligned with ``predictions``).

    Returns:
        One row per head, source and language with at least ``MIN_ROWS`` rows, and one per head and language over all
        sources ("all"): head, source, language, rows, score (macro-F1; micro-F1 for topics), low and high (95 %
        interval of the score, by bootstrap over groups, of the draws that hold every class of the rows; NaN for fewer
        than ``MIN_GROUPS`` groups), flips (share of degree complaints that were called the opposite), false_degrees
        (share of rows without a degree that were called one), answered (share of rows from whose call the model does
        not abstain) and wrong_of_answered (share of those calls that are wrong); NaN for heads that have no such thing.
    """
    entries: list[dict[str, Any]] = []
    for head in ("sentiment", "degree", "topics"):
        labelled = rows[head].notna().to_numpy()
        if labelled.any():
            threshold = topic_threshold if head == "topics" else abstain_below[head]
            entries += _head(head, predictions, rows, labelled, threshold)
    return pd.DataFrame(entries, columns=COLUMNS)


def macro_f1(truth: NDArray[np.int64], said: NDArray[np.int64], classes: int) -> float:
    """Mean of the F1 of the classes that occur in ``truth``."""
    return float(macro_f1_of(_cells(truth, said, classes).sum(axis=0, keepdims=True))[0])


def macro_f1_of(tables: Floats, whole: NDArray[np.int64] | None = None) -> Floats:
    """(b,) macro-F1 of (b, c * c) confusion tables, row by row; classes that do not occur are left out.

    Args:
        tables: Counts; entry i * c + j is how often true class i was called class j.
        whole: (c * c) counts of the set that the tables are draws of. It decides which classes occur, and a draw that
            lacks one of them is NaN: the mean of fewer classes is another measure, and higher where the rare ones are
            hard. Each table decides for itself when None.
    """
    classes = round(tables.shape[1] ** 0.5)
    cube = np.asarray(tables, np.float64).reshape(-1, classes, classes)
    right, true = np.einsum("bii->bi", cube), cube.sum(axis=2)
    occur = (
        true > 0 if whole is None else np.broadcast_to(whole.reshape(classes, -1).sum(axis=1) > 0, true.shape)
    )
    with np.errstate(invalid="ignore"):
        scores = np.where(true > 0, 2 * right / (true + cube.sum(axis=1)), np.nan)
        return np.asarray(np.where(occur, scores, 0.0).sum(axis=1) / occur.sum(axis=1))


def micro_f1(truth: NDArray[np.bool_], said: NDArray[np.bool_]) -> float:
    """F1 over all cells of two (n, topics) arrays."""
    return float(micro_f1_of(_overlaps(truth, said).sum(axis=0, keepdims=True))[0])


def micro_f1_of(sums: Floats) -> Floats:
    """(b,) F1 from (b, 2) sums: cells both true and said, and true cells plus said ones."""
    return np.asarray(2 * sums[:, 0] / np.maximum(1, sums[:, 1]))


def flips(truth: NDArray[np.int64], said: NDArray[np.int64]) -> float:
    """Share of true degree complaints that were called the opposite degree."""
    return _flipped(_cells(truth, said, len(DEGREES)).sum(axis=0))


def false_degrees(truth: NDArray[np.int64], said: NDArray[np.int64]) -> float:
    """Share of the rows without a degree that were called one."""
    return _false_degrees(_cells(truth, said, len(DEGREES)).sum(axis=0))


def opposites(truth: NDArray[np.int64], said: NDArray[np.int64], pair: tuple[int, int]) -> float:
    """Of the rows of two opposing classes that were called either of the two, the share called the wrong one."""
    a, b = pair
    called = np.isin(truth, pair) & np.isin(said, pair)
    wrong = ((truth == a) & (said == b)) | ((truth == b) & (said == a))
    return float(wrong.sum() / called.sum()) if called.any() else 0.0


def topic_matrix(names: pd.Series) -> NDArray[np.bool_]:
    """(n, topics) truth from lists of topic ids."""
    cells = [[topic in (row if row is not None else ()) for topic in TOPICS] for row in names]
    return np.asarray(cells, bool).reshape(-1, len(TOPICS))  # of no rows, too


def best_topic_threshold(scores: NDArray[np.float32], truth: NDArray[np.bool_]) -> float:
    """The threshold from 0.1 to 0.9 with the best micro-F1."""
    grid = np.arange(0.1, 0.91, 0.02)
    return float(max(grid, key=lambda threshold: micro_f1(truth, scores >= threshold)))


def confusion(predictions: Predictions, rows: pd.DataFrame) -> dict[str, dict[str, list[list[int]]]]:
    """Counts as ``models.confusion`` reads them, of all calls and of the clear ones; "all" sums the languages.

    A head without labelled rows is left out.
    """
    result = {}
    for head, classes in CLASSES.items():
        labelled = rows[head].notna().to_numpy()
        if not labelled.any():
            continue
        truth = np.asarray([classes.index(label) for label in rows[head][labelled]], np.int64)
        chances, languages = getattr(predictions, head)[labelled], rows.lang.to_numpy()[labelled]
        result[head] = _tables(truth, chances.argmax(axis=1), languages, len(classes))
        if head == "degree":
            result[CLEAR_DEGREE] = _tables(truth, clear_calls(chances), languages, len(classes))
    return result


def _tables(
    truth: NDArray[np.int64], said: NDArray[np.int64], languages: NDArray[np.object_], classes: int
) -> dict[str, list[list[int]]]:
    masks = {"all": np.ones(len(truth), bool)} | {tag: languages == tag for tag in sorted(set(languages))}
    return {tag: _table(truth[mask], said[mask], classes) for tag, mask in masks.items()}


def _table(truth: NDArray[np.int64], said: NDArray[np.int64], classes: int) -> list[list[int]]:
    cells = _cells(truth, said, classes).sum(axis=0).reshape(classes, classes)
    return [[int(count) for count in row] for row in cells]


def _cells(truth: NDArray[np.int64], said: NDArray[np.int64], classes: int) -> NDArray[np.int64]:
    """(n, c * c) the cell of the confusion table that each row falls into."""
    return np.asarray(np.eye(classes * classes, dtype=np.int64)[truth * classes + said])


def _overlaps(truth: NDArray[np.bool_], said: NDArray[np.bool_]) -> NDArray[np.int64]:
    """(n, 2) topics of each row that are both true and said, and the true ones plus the said ones."""
    return np.stack([(truth & said).sum(axis=1), truth.sum(axis=1) + said.sum(axis=1)], axis=1)


def _head(
    head: str, predictions: Predictions, rows: pd.DataFrame, labelled: NDArray[np.bool_], threshold: float
) -> list[dict[str, Any]]:
    kept = rows[labelled].reset_index(drop=True)
    counts = row_counts(head, predictions, kept, np.flatnonzero(labelled), threshold)
    together = families(kept)
    answered = ~abstains(getattr(predictions, head)[labelled], threshold)
    groups: dict[Any, Any] = dict(kept.groupby(["source", "lang"]).indices)
    groups |= {("all", tag): part for tag, part in kept.groupby("lang").indices.items()}
    groups |= {("all", "all"): np.arange(len(kept))}
    entries: list[dict[str, Any]] = []
    for (source, language), picked in groups.items():
        if len(picked) < MIN_ROWS:
            continue
        total = counts[picked].sum(axis=0)
        score = score_of(head, total)
        low, high = interval(counts[picked], together[picked], score)
        entry = {"head": head, "source": source, "language": language, "rows": len(picked)}
        entry |= {"score": float(score(total[None])[0]), "low": low, "high": high}
        if head == "degree":
            entry |= _degree_errors(total)
        if head != "topics":
            entry |= _selection(counts[picked], answered[picked])
        entries.append(entry)
    return entries


def _degree_errors(table: NDArray[np.int64]) -> dict[str, float]:
    return {"flips": _flipped(table), "false_degrees": _false_degrees(table)}


def _selection(cells: NDArray[np.int64], answered: NDArray[np.bool_]) -> dict[str, float]:
    """Coverage and risk of the calls that the model stands by (El-Yaniv & Wiener 2010)."""
    right = np.einsum("nii->n", cells.reshape(len(cells), len(DEGREES), -1))
    wrong = float(1 - right[answered].mean()) if answered.any() else np.nan
    return {"answered": float(answered.mean()), "wrong_of_answered": wrong}


def row_counts(
    head: str, predictions: Predictions, rows: pd.DataFrame, places: NDArray[np.int64], threshold: float
) -> NDArray[np.int64]:
    """(n, k) what each row adds to the counts that the score of the head is made of (``score_of``).

    Args:
        head: "sentiment", "degree" or "topics".
        predictions: Of more rows than ``rows``, perhaps: row i of them is at ``places[i]``.
        rows: (n) rows with a label of the head.
        threshold: A topic is said from this probability on; of no meaning for the other heads.
    """
    if head == "topics":
        return _overlaps(topic_matrix(rows.topics), predictions.topics[places] >= threshold)
    classes = CLASSES[head]
    truth = np.asarray([classes.index(label) for label in rows[head]], np.int64)
    return _cells(truth, calls(head, getattr(predictions, head)[places]), len(classes))


def score_of(head: str, whole: NDArray[np.int64]) -> Callable[[Floats], Floats]:
    """What turns (b, k) sums of drawn ``row_counts`` into (b,) scores: macro-F1, and micro-F1 for topics.

    Args:
        head: "sentiment", "degree" or "topics".
        whole: (k,) sum over all rows, whose classes are those of every draw (``macro_f1_of``).
    """
    return micro_f1_of if head == "topics" else partial(macro_f1_of, whole=whole)


def families(rows: pd.DataFrame) -> NDArray[np.int64]:
    """(n,) number of the group of each row; a row without one stands alone."""
    alone = pd.Series([f"row {number}" for number in range(len(rows))], index=rows.index)
    return np.asarray(pd.factorize(groups(rows).fillna(alone))[0], np.int64)


def _flipped(table: NDArray[np.int64]) -> float:
    """``flips`` from the cells of a confusion table."""
    cells = table.reshape(len(DEGREES), len(DEGREES))
    little, much = DEGREES.index("too_little"), DEGREES.index("too_much")
    complaints = cells[[little, much]].sum()
    return float((cells[little, much] + cells[much, little]) / complaints) if complaints else float("nan")


def _false_degrees(table: NDArray[np.int64]) -> float:
    """``false_degrees`` from the cells of a confusion table."""
    none = DEGREES.index("none")
    row = table.reshape(len(DEGREES), len(DEGREES))[none]
    return float(1 - row[none] / row.sum()) if row.sum() else float("nan")
