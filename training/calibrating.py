"""Fits temperatures, thresholds and error rates on dev rows, of the heads that have enough of them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

import numpy as np

from data.labels import CLASSES
from models.calibration import fit_temperature, fit_topic_temperature, probabilities, sigmoid
from models.calls import calls
from models.checkpoint import Calibration
from models.predictions import Floats, Predictions
from training.abstaining import abstain_below
from training.dev_rows import SIDES, can_calibrate, with_sides
from training.examples import MISSING, Examples
from training.scorecard import best_topic_threshold, opposites
from training.start import SILENT, error_of


def calibrate(
    dev: Examples, logits: Mapping[str, Floats], start: Calibration, languages: Iterable[str], max_length: int
) -> Calibration:
    """Calibration from the (n, classes) ``logits`` of the dev rows.

    A head that the dev rows cannot calibrate (``training.dev_rows``) keeps temperature, error and threshold of topics
    of ``start``; so does the error of one with few rows of its sides. What it abstains from is kept where no dev row
    has a label of it, and is every call where some have one, and too few to promise anything.

    Args:
        dev: n labelled rows.
        logits: Deep and wide scores together.
        start: Of the checkpoint that the training started from, or the defaults.
        languages: Tags of the languages that the heads were trained on.
        max_length: Tokens of a text that the model reads.
    """
    temperatures, errors, stood_by = {}, {}, {}
    for head, names in CLASSES.items():
        one, other = map(names.index, SIDES[head])
        labels, scores = getattr(dev, head), logits[head]
        known = labels != MISSING
        fits = can_calibrate(dev.frame, head)
        fitted = fit_temperature(scores[known], labels[known]) if fits else start.temperatures[head]
        temperatures[head] = round(fitted, 4)
        sided = with_sides(dev.frame, head)
        error = (
            opposites(labels[sided], scores[sided].argmax(axis=1), (one, other))
            if fits and sided.any()
            else error_of(start, head)
        )
        errors[f"{head}_error"] = round(error, 3)
        stood_by[head] = start.abstain_below[head] if not known.any() else 1.0
        if fits:
            chances = probabilities(scores[known], temperatures[head])
            stood_by[head] = abstain_below(chances, calls(head, chances), labels[known])
    temperature, threshold = _of_topics(dev, logits["topics"], start)
    return Calibration(
        **errors,
        languages=tuple(sorted(set(languages))),
        temperatures=temperatures | {"topics": temperature},
        topic_threshold=threshold,
        abstain_below=stood_by,
        max_length=max_length,
    )


def silenced(calibration: Calibration, heads: Collection[str]) -> Calibration:
    """The same, but that ``heads``, which nobody trained, stand by no call and report no topic."""
    return replace(
        calibration,
        topic_threshold=SILENT if "topics" in heads else calibration.topic_threshold,
        abstain_below={
            head: SILENT if head in heads else least for head, least in calibration.abstain_below.items()
        },
    )


def calibrated(logits: Mapping[str, Floats], embeddings: Floats, calibration: Calibration) -> Predictions:
    """Predictions from (n, classes) logits, as a service with this calibration gives them."""
    temperatures = calibration.temperatures
    return Predictions(
        sentiment=probabilities(logits["sentiment"], temperatures["sentiment"]),
        topics=_topic_chances(logits["topics"], temperatures["topics"]),
        degree=probabilities(logits["degree"], temperatures["degree"]),
        embeddings=embeddings,
    )


def _of_topics(dev: Examples, logits: Floats, start: Calibration) -> tuple[float, float]:
    """Temperature and threshold."""
    if not can_calibrate(dev.frame, "topics"):
        return start.temperatures["topics"], start.topic_threshold
    known = dev.topics[:, 0] >= 0
    truth = dev.topics[known] > 0
    temperature = round(fit_topic_temperature(logits[known], truth), 4)
    return temperature, round(best_topic_threshold(_topic_chances(logits[known], temperature), truth), 2)


def _topic_chances(logits: Floats, temperature: float) -> Floats:
    return sigmoid(np.float32(1 / temperature) * logits)
