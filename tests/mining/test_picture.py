"""Groups of statements as records: the months that their evidence spans, and their main language."""

from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest

from data.records import Feedback, Statement
from mining.corpus import build_corpus
from mining.evidence import share_of
from mining.picture import Picture
from mining.settings import MiningSettings
from mining.sides import find_sides
from models.predictions import Predictions
from tests.mining.worlds import Plan, build

SETTINGS = MiningSettings()


@pytest.mark.parametrize(
    ("last", "grade"),
    [
        (date(1962, 3, 1), "emerging"),
        (date(2062, 3, 1), "emerging"),
        (date(2026, 1, 31), "emerging"),
        (date(2026, 2, 1), "established"),
        (None, "emerging"),
    ],
)
def test_a_stray_date_is_no_second_month(last: date | None, grade: str) -> None:
    """Forty people of one source in January, the last of whom wrote on another day."""
    planted = build([Plan(subject=0, side="complaint", people=40, days=28)], languages=("en",))
    told = [replace(message, source="email") for message in planted.feedback]
    moment = None if last is None else datetime(last.year, last.month, last.day, tzinfo=UTC)
    told[-1] = replace(told[-1], created_at=moment)
    corpus = build_corpus(told, planted.statements, planted.predictions, SETTINGS)
    vectors = corpus.embeddings(corpus.distinct).astype(np.float32)
    picture = Picture(corpus, vectors, find_sides(corpus.predictions, SETTINGS), SETTINGS)
    assert picture.grade(share_of(40, 40), np.arange(40)) == grade


def test_the_main_language_is_that_of_most_people_not_of_most_statements() -> None:
    spoken = [("en", "a"), ("en", "b"), ("th", "c"), ("th", "c"), ("th", "c")]
    messages = [
        Feedback(id=f"f-{i}", text=f"said {i}", author=author) for i, (_, author) in enumerate(spoken)
    ]
    statements = [
        Statement(id=f"f-{i}#1", feedback_id=f"f-{i}", start=0, end=6, text=f"said {i}", language=language)
        for i, (language, _) in enumerate(spoken)
    ]
    third = np.full((5, 3), 1 / 3, dtype=np.float32)
    vectors = np.eye(5, dtype=np.float32)
    said = Predictions(
        sentiment=third, topics=np.zeros((5, 18), np.float32), degree=third, embeddings=vectors
    )
    corpus = build_corpus(messages, statements, said, SETTINGS)
    assert Picture(corpus, vectors, find_sides(said, SETTINGS), SETTINGS).main_language == "en"
