"""Where two checkpoints differ in a head that no dev rows compare: what a promotion would change unseen."""

from pathlib import Path

import numpy as np

from models.checkpoint import Calibration, read_calibration
from models.confusion import CLEAR_DEGREE, Confusion, read_confusion
from models.wide import Wide, load_wide
from training.start import error_of


def changes(running: Path, candidate: Path, head: str) -> tuple[str, ...]:
    """What of ``head`` the ``candidate`` has otherwise than the ``running`` checkpoint, in words; empty where nothing.

    Raises:
        CheckpointError: A part is missing or cannot be read.
    """
    before, after = (_numbers(read_calibration(folder), head) for folder in (running, candidate))
    numbers = [f"{name} {old:g} to {after[name]:g}" for name, old in before.items() if old != after[name]]
    parts = []
    if not _same_wide(load_wide(running), load_wide(candidate), head):
        parts.append("n-grams")
    if not _same_counts(read_confusion(running), read_confusion(candidate), head):
        parts.append("confusion")
    return (*numbers, *parts)


def _numbers(calibration: Calibration, head: str) -> dict[str, float]:
    """Name to value of what turns the scores of ``head`` into answers."""
    found = {"temperature": calibration.temperatures[head]}
    if head == "topics":
        return found | {"threshold": calibration.topic_threshold}
    return found | {"abstain_below": calibration.abstain_below[head], "error": error_of(calibration, head)}


def _same_wide(before: Wide, after: Wide, head: str) -> bool:
    """Whether the linear parts score alike; rounding to int8 twice moves the last digit."""
    if head not in before.weights or head not in after.weights:
        return (head in before.weights) == (head in after.weights)
    pairs = ((before.weights[head], after.weights[head]), (before.bias[head], after.bias[head]))
    return all(one.shape == two.shape and np.allclose(one, two, rtol=1e-4) for one, two in pairs)


def _same_counts(before: Confusion | None, after: Confusion | None, head: str) -> bool:
    tables = (head, CLEAR_DEGREE) if head == "degree" else (head,)
    return all((before or {}).get(table) == (after or {}).get(table) for table in tables)
