"""Which way a statement pulls, from its probabilities."""

from typing import Any

import numpy as np
import pytest

from data.labels import SIDES
from mining.settings import MiningSettings
from mining.sides import find_sides
from models.predictions import Predictions

NEGATIVE, NEUTRAL, POSITIVE = (0.8, 0.1, 0.1), (0.1, 0.8, 0.1), (0.1, 0.1, 0.8)
LITTLE, MUCH, NONE = (0.9, 0.05, 0.05), (0.05, 0.9, 0.05), (0.1, 0.1, 0.8)


Triple = tuple[float, float, float]


def side_of(sentiment: Triple, degree: Triple, **settings: Any) -> tuple[str | None, bool, bool]:
    predictions = Predictions(
        sentiment=np.array([sentiment], dtype=np.float32),
        topics=np.zeros((1, 18), dtype=np.float32),
        degree=np.array([degree], dtype=np.float32),
        embeddings=np.zeros((1, 4), dtype=np.float32),
    )
    stance = find_sides(predictions, MiningSettings(**settings))
    main = int(stance.main[0])
    assert (stance.confidence[0] > 0) == (main >= 0)
    return SIDES[main] if main >= 0 else None, bool(stance.complains[0]), bool(stance.praises[0])


@pytest.mark.parametrize(
    ("sentiment", "degree", "expected"),
    [
        (NEGATIVE, LITTLE, ("too_little", True, False)),
        (NEGATIVE, MUCH, ("too_much", True, False)),
        (NEUTRAL, MUCH, ("too_much", True, False)),
        (NEGATIVE, NONE, ("complaint", True, False)),
        (POSITIVE, NONE, ("praise", False, True)),
        (NEUTRAL, NONE, (None, False, False)),
        (POSITIVE, (0.05, 0.6, 0.35), ("praise", False, True)),
        (POSITIVE, LITTLE, ("too_little", True, False)),
        (NEGATIVE, (0.38, 0.35, 0.27), ("complaint", True, False)),
        ((0.4, 0.3, 0.3), NONE, (None, False, False)),
    ],
)
def test_degree_before_sentiment_and_only_when_sure(
    sentiment: tuple[float, float, float],
    degree: tuple[float, float, float],
    expected: tuple[str | None, bool, bool],
) -> None:
    assert side_of(sentiment, degree) == expected


def test_thresholds_come_from_the_settings() -> None:
    assert side_of(NEUTRAL, (0.6, 0.1, 0.3), degree_threshold=0.7) == (None, False, False)
    assert side_of((0.6, 0.3, 0.1), NONE, sentiment_threshold=0.7) == (None, False, False)
