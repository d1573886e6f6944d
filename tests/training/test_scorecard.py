import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from data.labels import DEGREES, TOPICS
from models.predictions import Predictions
from training.printed_scores import print_scores
from training.scorecard import confusion, flips, macro_f1, macro_f1_of, micro_f1, scorecard

LABELS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=60)


@given(LABELS)
def test_macro_f1_is_that_of_scikit_learn_over_classes_that_occur(pairs: list[tuple[int, int]]) -> None:
    truth, said = np.asarray(pairs).T
    expected = f1_score(truth, said, labels=sorted(set(truth.tolist())), average="macro", zero_division=0)
    assert macro_f1(truth, said, 3) == pytest.approx(expected)


def test_a_draw_without_a_class_of_the_whole_has_no_macro_f1() -> None:
    whole = np.asarray([1, 0, 0, 0, 60, 0, 0, 0, 0])
    draws = np.asarray([[2, 0, 0, 0, 30, 0, 0, 0, 0], [0, 0, 0, 0, 61, 0, 0, 0, 0]])
    assert macro_f1_of(draws, whole).tolist() == pytest.approx([1, np.nan], nan_ok=True)
    assert macro_f1_of(draws).tolist() == [1, 1]


@pytest.mark.parametrize("called_right", [False, True])
def test_the_interval_of_a_set_with_a_rare_class_is_one_of_its_score(called_right: bool) -> None:
    degrees = ["none"] * 150 + ["too_little"] * 150 + ["too_much"]
    calls = [2] * 145 + [0] * 5 + [0] * 145 + [2] * 5 + [1 if called_right else 2]
    said = np.eye(len(DEGREES), dtype=np.float32)[calls]
    topics, vectors = np.zeros((301, len(TOPICS)), np.float32), np.zeros((301, 2), np.float32)
    rows = pd.DataFrame({"text": "x", "lang": "vi", "source": "own", "group": None, "degree": degrees})
    predictions = Predictions(sentiment=said, topics=topics, degree=said, embeddings=vectors)
    card = scorecard(predictions, rows.assign(sentiment=None, topics=None), 0.5).iloc[0]
    assert card.low < card.score < card.high
    assert card.high - card.low < 0.05


def test_micro_f1_is_that_of_scikit_learn() -> None:
    rng = np.random.default_rng(0)
    truth, said = rng.random((30, 4)) > 0.6, rng.random((30, 4)) > 0.5
    assert micro_f1(truth, said) == pytest.approx(f1_score(truth, said, average="micro"))


def test_flips_count_opposite_calls_only() -> None:
    truth = np.asarray([0, 0, 1, 1, 2])
    said = np.asarray([1, 2, 0, 1, 0])
    assert flips(truth, said) == 0.5


def test_false_degrees_are_a_share_of_the_rows_without_one() -> None:
    degrees = ["none"] * 40 + ["too_much"] * 10
    rows = pd.DataFrame({"text": "x", "lang": "vi", "source": "own", "group": None, "degree": degrees})
    rows = rows.assign(sentiment=None, topics=None)
    calls = [DEGREES.index("none")] * 30 + [DEGREES.index("too_little")] * 20
    said = np.eye(len(DEGREES), dtype=np.float32)[calls]
    predictions = Predictions(
        sentiment=said,
        topics=np.zeros((50, len(TOPICS)), np.float32),
        degree=said,
        embeddings=np.zeros((50, 2), np.float32),
    )
    card = scorecard(predictions, rows, 0.5).set_index(["head", "source", "language"])
    assert card.loc[("degree", "own", "vi"), ["false_degrees", "flips"]].tolist() == [0.25, 1.0]


def test_what_is_wrong_among_the_calls_that_the_model_stands_by() -> None:
    degrees = ["too_much"] * 60
    rows = pd.DataFrame({"text": "x", "lang": "vi", "source": "own", "group": None, "degree": degrees})
    rows = rows.assign(sentiment=None, topics=None)
    little, much = [0.9, 0.1, 0.0], [0.3, 0.6, 0.1]
    said = np.asarray([little] * 10 + [[0.1, 0.9, 0.0]] * 30 + [much] * 20, np.float32)
    predictions = Predictions(
        sentiment=said,
        topics=np.zeros((60, len(TOPICS)), np.float32),
        degree=said,
        embeddings=np.zeros((60, 2), np.float32),
    )
    card = scorecard(predictions, rows, 0.5, {"sentiment": 0.0, "degree": 0.7})
    found = card.set_index(["head", "source", "language"]).loc[("degree", "own", "vi")]
    assert found.answered == pytest.approx(40 / 60)
    assert found.wrong_of_answered == pytest.approx(10 / 40)


def test_a_scorecard_speaks_of_every_language_and_of_all() -> None:
    rows = pd.DataFrame(
        {
            "text": ["x"] * 100,
            "lang": ["vi"] * 50 + ["th"] * 50,
            "source": "own",
            "group": [f"g{number // 2}" for number in range(100)],
            "sentiment": ["negative"] * 50 + [None] * 50,
            "degree": ["too_much"] * 100,
            "topics": [["price"]] * 100,
        }
    )
    said = np.tile(np.asarray([[0.1, 0.8, 0.1]], np.float32), (100, 1))
    topics = np.zeros((100, len(TOPICS)), np.float32)
    topics[:50, TOPICS.index("price")] = 0.9
    predictions = Predictions(
        sentiment=said, topics=topics, degree=said, embeddings=np.zeros((100, 2), np.float32)
    )
    card = scorecard(predictions, rows, 0.5).set_index(["head", "source", "language"])
    assert card.loc[("degree", "all", "th"), "score"] == 1
    assert card.loc[("sentiment", "all", "vi"), "score"] == 0
    assert ("sentiment", "all", "th") not in card.index
    assert card.loc[("topics", "own", "vi"), "score"] == 1
    assert card.loc[("topics", "own", "th"), "score"] == 0
    assert card.loc[("degree", "all", "th"), ["low", "high"]].tolist() == [1, 1]
    counts = confusion(predictions, rows)
    assert counts["sentiment"]["vi"] == [[0, 50, 0], [0, 0, 0], [0, 0, 0]]


def test_calls_that_are_not_clear_count_as_neither() -> None:
    rows = pd.DataFrame({"lang": ["vi"] * 4, "sentiment": ["neutral"] * 4, "degree": ["too_much"] * 4})
    said = np.full((4, 3), 0.0, np.float32)
    said[:, DEGREES.index("too_much")] = [0.9, 0.72, 0.6, 0.5]
    said[:, DEGREES.index("too_little")] = 1 - said[:, DEGREES.index("too_much")]
    topics, vectors = np.zeros((4, len(TOPICS)), np.float32), np.zeros((4, 2), np.float32)
    predictions = Predictions(sentiment=said, topics=topics, degree=said, embeddings=vectors)
    much, none = DEGREES.index("too_much"), DEGREES.index("none")
    row = confusion(predictions, rows)["clear degree"]["vi"][much]
    assert (row[much], row[none], sum(row)) == (2, 2, 4)


def test_scores_are_printed_in_eighty_columns(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    row = {"head": "sentiment", "language": "vi", "rows": 12345, "score": 0.5714, "low": 0.5, "high": 0.64}
    print_scores([row | {"flips": None, "false_degrees": float("nan"), "baseline": 0.25}], "dev scores")
    printed = capsys.readouterr().out
    assert "…" not in printed
    for none in (None, float("nan")):
        print_scores([row | {"low": none, "high": none}], "dev scores")
        assert "–" in capsys.readouterr().out.split()
    assert all(
        cell in printed for cell in ("sentiment", "12,345", "0.571", "0.50–0.64", "false", "degrees", "0.250")
    )
