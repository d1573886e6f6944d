"""What is said of dev rows that tell less than their scores seem to."""

from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from tests.serving.tiny_checkpoint import tiny_checkpoint
from training.commands import evaluate_command, train_command
from training.dev_rows import LEAST_ROWS, can_calibrate, doubts, only_labels, with_sides


def rows(texts: list[str], **columns: object) -> pd.DataFrame:
    blank = {
        "sentiment": None,
        "degree": None,
        "topics": None,
        "weight": 1.0,
        "group": None,
        "source": "file",
    }
    return pd.DataFrame({"text": texts}).assign(
        **blank | {"degree": ["none", "too_much"] * (len(texts) // 2)} | columns
    )


def test_dev_texts_among_the_training_rows_are_counted_whatever_their_case_and_spaces() -> None:
    train, dev = rows(["Too  few", "too many"]), rows(["TOO FEW ", "other"])
    assert doubts(train, dev) == ["1 of 2 dev rows are training rows, too: their scores are too good"]
    assert doubts(rows(["too little", "too many"]), dev) == []


def test_groups_on_both_sides_are_counted_within_their_source() -> None:
    train = rows(["a", "b", "c", "d"], group=["g", "h", None, ""])
    dev = rows(["a", "e", "f", "i"], group=["g", "h", None, ""])
    told = (
        "1 of 4 dev rows are training rows, too, and 1 of 4 dev rows are of groups that training rows are of"
    )
    assert doubts(train, dev) == [f"{told}: their scores are too good"]
    assert doubts(train, dev.assign(source="other", text=["j", "k", "l", "m"])) == []


def test_rows_that_no_head_learns_from_or_is_judged_by_do_not_count() -> None:
    both = rows(["a", "b"])
    assert doubts(both.assign(weight=0.0), both) == []
    assert doubts(both, both.assign(degree=None)) == []


@pytest.mark.parametrize(("topics", "only"), [([["price"]] * 2, "price"), ([[]] * 2, "no topic")])
def test_a_head_whose_rows_hold_one_label_is_named(topics: list[list[str]], only: str) -> None:
    dev = rows(["a", "b"], sentiment="negative", topics=pd.Series(topics))
    assert only_labels(dev) == {"sentiment": "negative", "topics": only}
    assert doubts(rows([]), dev)[0] == (
        "dev rows of sentiment hold only negative: the score says nothing of the other classes"
    )


def test_a_head_is_calibrated_on_enough_rows_of_different_labels() -> None:
    texts = [str(number) for number in range(LEAST_ROWS)]
    assert can_calibrate(rows(texts), "degree")
    assert not can_calibrate(rows(texts[2:]), "degree")
    assert not can_calibrate(rows(texts, degree="none"), "degree")
    assert not can_calibrate(rows(texts), "topics")


def test_opposite_calls_are_counted_on_feedback_where_that_is_enough() -> None:
    texts = [str(number) for number in range(100)]
    frame = rows(texts, degree=["too_little", "too_much"] * 40 + ["none"] * 20)
    frame["source"] = ["own"] * 40 + ["posts"] * 60
    assert with_sides(frame, "degree").tolist() == [True] * 40 + [False] * 60
    assert with_sides(frame[2:], "degree").tolist() == [True] * 78 + [False] * 20
    assert not with_sides(frame[42:], "degree").any()
    assert not with_sides(frame[frame.degree != "too_much"], "degree").any()


def test_train_and_evaluate_say_so(tmp_path: Path) -> None:
    model, data = tiny_checkpoint(tmp_path), tmp_path / "rows.csv"
    texts = [f"too few {number}" for number in range(50)]
    sides = [rows(texts, sentiment="negative", split=split) for split in ("train", "dev")]
    pd.concat(sides).drop(columns=["topics", "group"]).to_csv(data, index=False)
    told = [
        "50 of 50 dev rows are training rows, too: their scores are too good",
        "dev rows of sentiment hold only negative: the score says nothing of the other classes",
    ]
    trained = CliRunner().invoke(
        train_command,
        ["--data", str(data), "--encoder", str(model), "--out", str(tmp_path / "out"), "--epochs", "0"],
        catch_exceptions=False,
    )
    scored = CliRunner().invoke(
        evaluate_command, ["--data", str(data), "--model", str(model)], catch_exceptions=False
    )
    for done in (trained, scored):
        assert done.exit_code == 0
        assert all(line in done.output.splitlines() for line in told)
