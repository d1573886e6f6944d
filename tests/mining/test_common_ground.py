"""How alike statements are in subject space, on vectors whose cosines are known."""

import numpy as np
import pytest
from numpy.typing import NDArray

from data.records import Feedback, Statement
from mining import common_ground
from mining.common_ground import likeness, typical_likeness
from mining.corpus import build_corpus
from mining.picture import Picture
from mining.settings import MiningSettings
from mining.sides import find_sides
from models.predictions import Predictions

SETTINGS = MiningSettings()


def picture(angles: list[float], authors: str) -> Picture:
    """One statement for each angle (degrees, in a plane) by the author of the same place."""
    count = len(angles)
    messages = [
        Feedback(id=f"f-{i}", text=f"said {i}", author=author)
        for i, author in zip(range(count), authors, strict=True)
    ]
    statements = [
        Statement(id=f"f-{i}#1", feedback_id=f"f-{i}", start=0, end=6, text=f"said {i}", language="en")
        for i in range(count)
    ]
    turned = np.radians(angles)
    vectors = np.column_stack([np.cos(turned), np.sin(turned)]).astype(np.float32)
    third = np.full((count, 3), 1 / 3, dtype=np.float32)
    said = Predictions(
        sentiment=third, topics=np.zeros((count, 18), np.float32), degree=third, embeddings=vectors
    )
    corpus = build_corpus(messages, statements, said, SETTINGS)
    return Picture(
        corpus, corpus.embeddings(corpus.distinct), find_sides(corpus.predictions, SETTINGS), SETTINGS
    )


def rows(*places: int) -> NDArray[np.int64]:
    return np.array(places, dtype=np.int64)


def test_likeness_is_the_mean_cosine_of_pairs_across() -> None:
    alike = likeness(picture([0, 60, 90], "abc"), rows(0), rows(1, 2))
    assert alike == pytest.approx((0.5 + 0.0) / 2, abs=1e-6)


def test_nobody_is_compared_with_what_they_said_themselves() -> None:
    world = picture([0, 0, 60, 60], "aabb")
    assert likeness(world, rows(0, 1, 2, 3), rows(0, 1, 2, 3)) == pytest.approx(0.5, abs=1e-6)
    assert likeness(world, rows(0), rows(1)) is None


def test_typical_is_the_median_over_statements_not_over_causes() -> None:
    world = picture([0, 60, 0, 60, 90, 90, 90, 90], "abcdefgh")
    assert typical_likeness(world, [rows(0, 1), rows(2, 3), rows(4, 5, 6, 7)]) == pytest.approx(
        0.75, abs=1e-6
    )
    assert typical_likeness(world, [rows(0, 1), rows(4, 5, 6, 7)]) == pytest.approx(1.0, abs=1e-6)
    assert typical_likeness(world, []) == 0.0
    assert typical_likeness(world, [rows(0)]) == 0.0


def test_a_large_group_is_thinned_over_its_whole_length(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(common_ground, "_MOST", 2)
    world = picture([0, 1, 60, 61], "abcd")
    assert likeness(world, rows(0, 1, 2, 3), rows(0, 1, 2, 3)) == pytest.approx(0.5, abs=1e-6)
