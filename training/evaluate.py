"""One score card: the model, and the linear baseline trained on the same rows in the same run."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from data.errors import InputError
from data.labels import DEGREES
from models.checkpoint import load_predictor
from models.predictions import HEADS, Predictions
from training.baseline import baseline_predictions
from training.columns import unread
from training.dev_rows import doubts, tell
from training.examples import in_their_own_order, is_labelled, read_labelled
from training.scorecard import best_topic_threshold, scorecard, topic_matrix


def evaluate(data: Path, model: Path, *, with_baseline: bool = True) -> pd.DataFrame:
    """Scores of the dev rows of ``data`` (columns of ``scorecard``) and, if wanted, those of the baseline.

    The baseline columns are NaN for a head from whose training rows nothing can be learned (``unlearned``).
    The result is the same for any order of the rows. Reasons to doubt the scores are told on standard error.

    Raises:
        InputError: The file cannot be used, or holds no dev rows with a label.
        CheckpointError: The model cannot be loaded.
    """
    frame = in_their_own_order(read_labelled(data))
    dev = frame[frame.split == "dev"].reset_index(drop=True)
    if not is_labelled(dev).any():
        raise InputError(f"{data} has 0 labelled dev rows; scores need them: say split = dev for some rows")
    train = frame[frame.split == "train"]
    tell([*unread(frame), *doubts(train, dev)])
    predictor = load_predictor(model)
    info = predictor.info
    card = scorecard(predictor.predict(list(dev.text)), dev, info.topic_threshold, info.abstain_below)
    if not with_baseline:
        return card
    seen = train[train.weight > 0]  # as in a training
    learned = [head for head in HEADS if _is_learnable(head, seen[head])]
    predictions = most_probable(baseline_predictions(seen, dev))
    labelled = dev.topics.notna().to_numpy()
    threshold = (
        best_topic_threshold(predictions.topics[labelled], topic_matrix(dev.topics[labelled]))
        if labelled.any()
        else 0.5
    )
    baseline = {"score": "baseline", "flips": "baseline_flips", "false_degrees": "baseline_false_degrees"}
    of = ["head", "source", "language"]
    other = scorecard(predictions, dev, threshold)[[*of, *baseline]].rename(columns=baseline)
    return card.merge(other[other["head"].isin(learned)], on=of, how="left")


def unlearned(card: pd.DataFrame) -> list[str]:
    """The heads of a score card with a baseline for which there is none."""
    return [str(head) for head, rows in card.groupby("head") if rows.baseline.isna().all()]


def most_probable(predictions: Predictions) -> Predictions:
    """The same, sure of the most probable degree: what nobody calibrated loses by the rule of ``models.calls``."""
    sure = np.eye(len(DEGREES), dtype=np.float32)[predictions.degree.argmax(axis=1)]
    return replace(predictions, degree=sure)


def _is_learnable(head: str, labels: pd.Series) -> bool:
    """Whether the training labels of a head tell at least two things apart: of topics, each row does."""
    return bool(labels.notna().any() if head == "topics" else labels.nunique() > 1)
