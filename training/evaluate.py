"""One score card: the model, and the linear baseline trained on the same rows in the same run."""

from pathlib import Path

import pandas as pd

from models.checkpoint import load_predictor
from training.baseline import baseline_predictions
from training.examples import read_labelled
from training.scorecard import best_topic_threshold, scorecard, topic_matrix


def evaluate(data: Path, model: Path, *, with_baseline: bool = True) -> pd.DataFrame:
    """Scores of the dev rows of ``data`` (columns of ``scorecard``) and, if wanted, those of the baseline."""
    frame = read_labelled(data)
    dev = frame[frame.split == "dev"].reset_index(drop=True)
    predictor = load_predictor(model)
    info = predictor.info
    card = scorecard(predictor.predict(list(dev.text)), dev, info.topic_threshold, info.abstain_below)
    if not with_baseline:
        return card
    predictions = baseline_predictions(frame[frame.split == "train"], dev)
    labelled = dev.topics.notna().to_numpy()
    threshold = (
        best_topic_threshold(predictions.topics[labelled], topic_matrix(dev.topics[labelled]))
        if labelled.any()
        else 0.5
    )
    baseline = {"score": "baseline", "flips": "baseline_flips", "false_degrees": "baseline_false_degrees"}
    of = ["head", "source", "language"]
    other = scorecard(predictions, dev, threshold)[[*of, *baseline]].rename(columns=baseline)
    return card.merge(other, on=of, how="left")
