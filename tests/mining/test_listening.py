"""The content middle, and the corners that are hardly heard."""

from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest

from data.records import Feedback
from mining.corpus import Corpus, build_corpus
from mining.listening import listening_of
from mining.report_words import shape_sentence
from mining.settings import MiningSettings
from models.predictions import Predictions


def corpus(*feedback: Feedback) -> Corpus:
    nothing = Predictions(*(np.zeros((0, width), np.float32) for width in (3, 18, 3, 8)))
    return build_corpus(feedback, (), nothing, MiningSettings())


def rated(counts: dict[float, int]) -> list[Feedback]:
    ratings = [rating for rating, people in counts.items() for _ in range(people)]
    return [
        Feedback(id=f"{i:04d}", text=f"text {i}", rating=r, author=f"a{i}") for i, r in enumerate(ratings)
    ]


@pytest.mark.parametrize(
    ("counts", "j_shaped"),
    [
        ({1: 40, 2: 10, 3: 8, 4: 15, 5: 90}, True),
        ({1: 20, 2: 20, 3: 20, 4: 20, 5: 20}, False),
        ({1: 5, 2: 15, 3: 50, 4: 40, 5: 10}, False),
        ({1: 2, 2: 5, 3: 20, 4: 60, 5: 120}, False),  # most are content: one end is no J
        ({1: 6, 5: 9}, False),  # too few
        ({1: 40, 5: 60}, True),
    ],
)
def test_j_shape(counts: dict[float, int], j_shaped: bool) -> None:
    shape = listening_of(corpus(*rated(counts)), gate=30).ratings
    assert shape is not None
    assert shape.j_shaped == j_shaped
    assert list(shape.people) == ["1", "2", "3", "4", "5"]
    assert shape.ends.k == counts[1] + counts[5]
    assert shape.ends.k + shape.middle.k == shape.ends.n == sum(counts.values())


@pytest.mark.parametrize(
    "counts", [{}, {0.5: 3, 4.5: 9}, {1: 10, 2: 9}, {1: 5, 100: 4}, {1: 5, 1e19: 1}, {-1e308: 1, 5: 9}]
)
def test_without_a_scale_of_a_few_levels_there_is_no_shape(counts: dict[float, int]) -> None:
    assert listening_of(corpus(*rated(counts)), gate=30).ratings is None


def test_the_ends_are_those_of_the_scale_not_of_what_was_given() -> None:
    """Who gave 3 of 5 is not angry: nobody rated at the low end."""
    shape = listening_of(corpus(*rated({3: 25, 4: 12, 5: 60})), gate=30).ratings
    assert shape is not None
    assert shape.people == {"1": 0, "2": 0, "3": 25, "4": 12, "5": 60}
    assert (shape.j_shaped, shape.whole_scale, shape.ends.k) == (False, True, 60)
    sentence = shape_sentence(shape)
    assert sentence.startswith(
        "Not J-shaped: 37 of 97 people rated between the ends of the scale from 1 to 5"
    )
    assert "angry" not in sentence


@pytest.mark.parametrize(
    ("counts", "levels", "whole_scale"),
    [
        ({1: 40, 4: 5, 10: 60}, range(1, 11), True),
        ({0: 40, 4: 5, 10: 60}, range(11), True),
        ({0: 40, 4: 5, 5: 60}, range(6), True),
        ({2: 40, 4: 5, 10: 60}, range(11), True),
        ({1: 40, 4: 5, 7: 60}, range(1, 8), True),
        ({-2: 40, 0: 5, 2: 60}, range(-2, 3), False),
    ],
)
def test_levels_are_those_of_the_usual_scale(
    counts: dict[float, int], levels: range, whole_scale: bool
) -> None:
    shape = listening_of(corpus(*rated(counts)), gate=30).ratings
    assert shape is not None
    assert list(shape.people) == [str(level) for level in levels]
    assert shape.whole_scale == whole_scale


def test_on_no_usual_scale_nothing_is_said_of_who_writes() -> None:
    def sentence(counts: dict[float, int]) -> str:
        shape = listening_of(corpus(*rated(counts)), gate=30).ratings
        assert shape is not None
        return shape_sentence(shape)

    told = sentence({-2: 40, 0: 5, 2: 60})
    assert told.startswith("J-shaped: 100 of 105")
    assert "5 of 105 people rated between the ends of the levels given, -2 to 2. The mean lies" in told
    assert "The delighted and the angry write" in sentence({1: 40, 3: 5, 5: 60})


def test_a_person_counts_by_their_latest_rating() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    loud = [
        Feedback(id=f"z{9 - i}", text=f"t{i}", rating=i, author="loud", created_at=at + timedelta(days=i))
        for i in (1, 2, 3)
    ]
    shape = listening_of(corpus(*loud, *rated({1: 3})), gate=30).ratings
    assert shape is not None
    assert shape.people == {"1": 3, "2": 0, "3": 1, "4": 0, "5": 0}


def test_the_latest_rating_of_a_day_is_that_of_the_latest_hour() -> None:
    def day(name: str, rating: float, author: str, hour: int, zone: int = 0) -> Feedback:
        at = datetime(2026, 1, 1, hour, tzinfo=timezone(timedelta(hours=zone)))
        return Feedback(id=name, text=f"text {name}", rating=rating, author=author, created_at=at)

    people = [f"p{number}" for number in range(40)]
    messages = [day(f"b-{name}", 1, name, 8) for name in people] + [
        day(f"a-{name}", 5, name, 20) for name in people
    ]
    far = [day("d", 2, "far", 9, zone=7), day("c", 3, "far", 3)]  # 9 at UTC+7 is 2 at UTC
    shape = listening_of(corpus(*messages, *far), gate=30).ratings
    assert shape is not None
    assert shape.people == {"1": 0, "2": 0, "3": 1, "4": 0, "5": 40}


def test_quiet_corners_by_people_fewest_first() -> None:
    many = [
        Feedback(id=f"m{i}", text=f"m {i}", source="web", language="en", segments={"plan": "a"})
        for i in range(500)
    ]
    some = [
        Feedback(id=f"s{i}", text=f"s {i}", source="mail", language="lv", segments={"plan": "b"})
        for i in range(40)
    ]
    loud = [
        Feedback(id=f"l{i}", text=f"l {i}", source="phone", author="one", language="und") for i in range(90)
    ]
    listening = listening_of(corpus(*many, *some, *loud), gate=30)
    assert [(c.column, c.value, c.people, c.most, c.below_gate) for c in listening.quiet] == [
        ("source", "phone", 1, 500, True),
        ("language", "lv", 40, 500, False),
        ("plan", "b", 40, 500, False),
        ("source", "mail", 40, 500, False),
    ]


def test_a_language_of_two_people_or_of_one_in_a_hundred_is_no_corner() -> None:
    def heard(**people: int) -> list[str]:
        messages = [
            Feedback(id=f"{language}{i}", text=f"{language} {i}", language=language)
            for language, number in people.items()
            for i in range(number)
        ]
        return [corner.value for corner in listening_of(corpus(*messages), gate=30).quiet]

    assert heard(lv=150, ru=45, cs=3, uk=2) == ["cs"]
    assert heard(lv=480, ru=90, cs=5, uk=6) == ["uk"]
