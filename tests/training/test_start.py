"""What heads keep of the checkpoint that a training started from."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from models.checkpoint import CALIBRATION, checkpoint_info, load_predictor, read_calibration
from models.confusion import read_confusion
from models.metrics import metric
from models.predictions import topics_over
from models.wide import Wide, load_wide, save_wide
from tests.serving.tiny_checkpoint import tiny_checkpoint
from tests.training.tiny import labelled, tiny_encoder
from training.card import calibration_told
from training.dev_rows import HEADS
from training.finetune import FinetuneSettings
from training.start import Start
from training.train import train
from training.unjudged import changes

SETTINGS = FinetuneSettings(epochs=0)
TABLE = [[90, 5, 5], [5, 90, 5], [5, 5, 90]]
COUNTS = {head: {"all": TABLE, "en": TABLE} for head in ("sentiment", "degree", "clear degree")}
HAD = {
    "temperatures": {"sentiment": 1.3, "topics": 1.8, "degree": 1.4},
    "topic_threshold": 0.28,
    "abstain_below": {"sentiment": 0.73, "degree": 0.72},
    "degree_error": 0.154,
    "sentiment_error": 0.083,
}


@pytest.fixture
def start(tmp_path: Path) -> Path:
    """A checkpoint that has all that a training measures."""
    folder = tiny_checkpoint(tmp_path)
    path = folder / CALIBRATION
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | HAD), encoding="utf-8")
    (folder / "metrics.json").write_text(json.dumps({"confusion": COUNTS}), encoding="utf-8")
    rng = np.random.default_rng(0)
    classes = {"sentiment": 3, "degree": 3, "topics": 18}
    save_wide(
        folder,
        Wide(
            weights={
                head: rng.normal(size=(64, width)).astype(np.float32) for head, width in classes.items()
            },
            bias={head: np.ones(width, np.float32) for head, width in classes.items()},
        ),
    )
    return folder


def rows(path: Path, *labels: str, dev: int = 300) -> Path:
    """Rows of ``tiny.labelled`` with the named labels alone, ``dev`` of them dev rows, in one language."""
    frame = pd.read_parquet(labelled(path.with_suffix(".parquet")))
    frame["text"] = [f"{text} of {number}" for number, text in enumerate(frame.text)]
    more = frame.assign(text="so, " + frame.text)
    frame = pd.concat([frame, more], ignore_index=True).assign(lang="en", split="train")
    frame.loc[frame.index[:dev], "split"] = "dev"
    frame["topics"] = frame.topics.map("|".join)
    frame[["text", "lang", "split", *labels]].to_csv(path, index=False)
    return path


def of_head(folder: Path, head: str) -> Mapping[str, object]:
    calibration = read_calibration(folder)
    numbers = {"temperature": calibration.temperatures[head]}
    if head == "topics":
        return numbers | {"threshold": calibration.topic_threshold}
    return numbers | {
        "abstain": calibration.abstain_below[head],
        "error": calibration.degree_error if head == "degree" else calibration.sentiment_error,
    }


@pytest.mark.parametrize("wide", [False, True])
def test_heads_without_labels_keep_all_that_they_had(
    start: Path, tmp_path: Path, wide: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    train(
        rows(tmp_path / "rows.csv", "sentiment"), str(start), out, SETTINGS, wide_from=start if wide else None
    )
    for head in ("degree", "topics"):
        assert of_head(out, head) == of_head(start, head)
        assert changes(start, out, head) == ()
    found = read_confusion(out) or {}
    assert found["degree"] == found["clear degree"] == COUNTS["degree"]
    assert found["sentiment"] != COUNTS["sentiment"]
    assert of_head(out, "sentiment")["temperature"] != HAD["temperatures"]["sentiment"]
    assert metric(out, "kept") == dict.fromkeys(("degree", "topics"), checkpoint_info(start).version)
    assert set(metric(out, "calibration_error")) == {"sentiment"}
    assert read_calibration(out).languages == ("en", "vi")
    assert capsys.readouterr().err.splitlines()[0] == (
        "no dev rows of degree and topics: temperature, thresholds, error, n-grams and confusion stay those of "
        f"{start}"
    )


def test_what_is_kept_twice_is_of_the_first_and_the_card_says_so(start: Path, tmp_path: Path) -> None:
    data = rows(tmp_path / "rows.csv", "sentiment")
    train(data, str(start), tmp_path / "once", SETTINGS)
    train(data, str(tmp_path / "once"), tmp_path / "twice", SETTINGS)
    version = checkpoint_info(start).version
    assert metric(tmp_path / "twice", "kept") == {"degree": version, "topics": version}
    card = calibration_told(tmp_path / "twice")
    assert "on its dev rows: sentiment 300." in card
    assert f"of degree were not measured with these weights: they are those of {version}" in card


@pytest.mark.parametrize(("dev", "label"), [(120, None), (300, "negative")])
def test_few_or_equal_dev_rows_calibrate_nothing(
    start: Path, tmp_path: Path, dev: int, label: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    data = rows(tmp_path / "rows.csv", "sentiment", "degree", "topics", dev=dev)
    if label:
        frame = pd.read_csv(data)
        frame.loc[frame.split == "dev", ["sentiment", "degree", "topics"]] = [label, "none", "staff"]
        frame.to_csv(data, index=False)
    out = tmp_path / "out"
    train(data, str(start), out, SETTINGS)
    for head in HEADS:
        kept = {name: value for name, value in of_head(start, head).items() if name != "abstain"}
        assert of_head(out, head).items() >= kept.items()
    assert read_calibration(out).abstain_below == {"sentiment": 1.0, "degree": 1.0}
    assert np.allclose(load_wide(out).weights["degree"], load_wide(start).weights["degree"], rtol=1e-4)
    assert metric(out, "kept") == {}
    assert (
        f"{dev} dev rows of sentiment cannot calibrate it (from 200 on, of different labels, they do): temperature, "
        f"n-grams and error stay those of {start}"
    ) in capsys.readouterr().err.splitlines()


def test_few_dev_rows_over_any_encoder_leave_the_constants(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, out = rows(tmp_path / "rows.csv", "sentiment", "topics", dev=30), tmp_path / "out"
    train(data, str(tiny_encoder(tmp_path / "start")), out, SETTINGS)
    assert of_head(out, "sentiment") == {"temperature": 1, "abstain": 1, "error": 0.15}
    assert of_head(out, "topics") == {"temperature": 1, "threshold": 0.5}
    assert of_head(out, "degree") == {"temperature": 1, "abstain": 1, "error": 0.08}
    assert metric(out, "kept") == {}
    told = capsys.readouterr().err.splitlines()
    assert any(line.endswith("temperature 1 and the error of 0.15 are not measured") for line in told)
    assert any(line.endswith("temperature 1 and the threshold of 0.5 are not measured") for line in told)
    assert [line for line in told if "degree" in line] == [
        "no training rows of degree: this head is untrained, and abstains from every call"
    ]


def test_enough_dev_rows_are_taken_at_their_word(
    start: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = rows(tmp_path / "rows.csv", "sentiment", "degree", "topics", dev=200)
    train(data, str(start), tmp_path / "out", SETTINGS)
    for head in HEADS:
        assert of_head(tmp_path / "out", head) != of_head(start, head)
    assert "calibrate" not in capsys.readouterr().err


def test_an_error_is_counted_on_enough_rows_of_both_sides_only(
    start: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, out = rows(tmp_path / "rows.csv", "degree", dev=240), tmp_path / "out"
    frame = pd.read_csv(data)
    frame["degree"] = frame.degree.where((frame.split == "train") | (frame.degree != "too_much"), "none")
    frame.to_csv(data, index=False)
    train(data, str(start), out, SETTINGS)
    assert read_calibration(out).degree_error == HAD["degree_error"]
    assert read_calibration(out).temperatures["degree"] != HAD["temperatures"]["degree"]
    assert (
        "fewer than 40 dev rows of degree are too_little or too_much, or only one of these: the error of 0.154 stays "
        f"that of {start}"
    ) in capsys.readouterr().err.splitlines()


def test_an_encoder_without_measures_has_nothing_to_keep(tmp_path: Path) -> None:
    frame = pd.DataFrame({"sentiment": ["negative"], "degree": [None], "topics": [None]})
    assert Start.of("somebody/encoder").kept(frame) == {}


def test_all_that_differs_in_a_head_is_named(start: Path, tmp_path: Path) -> None:
    other = tiny_checkpoint(tmp_path / "other")
    assert changes(start, other, "degree") == (
        "temperature 1.4 to 1",
        "abstain_below 0.72 to 0",
        "error 0.154 to 0.08",
        "n-grams",
        "confusion",
    )
    assert changes(start, other, "topics") == ("temperature 1.8 to 1", "threshold 0.28 to 0.5", "n-grams")
    assert changes(start, start, "degree") == ()


@pytest.mark.parametrize("clear", [None, {"all": [[1, 0, 0], [0, 1, 0], [0, 0, 2]]}])
def test_counts_of_clear_calls_are_of_degree(
    start: Path, tmp_path: Path, clear: dict[str, list[list[int]]] | None
) -> None:
    other = shutil.copytree(start, tmp_path / "other")
    counts = {name: tables for name, tables in COUNTS.items() if name != "clear degree"}
    counts |= {"clear degree": clear} if clear else {}
    (other / "metrics.json").write_text(json.dumps({"confusion": counts}), encoding="utf-8")
    assert changes(start, other, "degree") == ("confusion",)
    assert changes(start, other, "sentiment") == ()


def test_topics_that_nobody_trained_are_not_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, out = rows(tmp_path / "rows.csv", "sentiment", "degree"), tmp_path / "out"
    train(data, str(tiny_encoder(tmp_path / "start")), out, SETTINGS)
    assert read_calibration(out).topic_threshold == 1
    said = load_predictor(out).predict(["too few examples", "quá ít ví dụ"]).topics
    assert topics_over(said[0], 1.0) == topics_over(said[1], 1.0) == []
    told = capsys.readouterr().err.splitlines()
    assert "no training rows of topics: this head is untrained, and reports none" in told


def test_rows_of_no_weight_or_of_dev_alone_train_no_head(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"sentiment": ["negative"] * 2, "degree": [None, "none"], "topics": [["price"], None]}
    )
    frame["weight"] = [1.0, 0.0]
    assert Start.of("somebody/encoder").untrained(frame) == ("degree",)
    assert Start.of(str(tiny_checkpoint(tmp_path))).untrained(frame) == ()


@pytest.mark.parametrize("head", ["sentiment", "topics"])
def test_topics_that_were_untrained_are_reported_where_rows_train_them(
    tmp_path: Path, head: str, capsys: pytest.CaptureFixture[str]
) -> None:
    first, out = tmp_path / "first", tmp_path / "out"
    train(rows(tmp_path / "a.csv", "degree"), str(tiny_encoder(tmp_path / "start")), first, SETTINGS)
    capsys.readouterr()
    train(rows(tmp_path / "b.csv", head, dev=30), str(first), out, SETTINGS)
    woken = head == "topics"
    assert read_calibration(out).topic_threshold == (0.5 if woken else 1)
    told = f"topics of {first} were untrained: their threshold is 0.5 unless dev rows choose one"
    assert (told in capsys.readouterr().err.splitlines()) == woken


def test_languages_of_the_checkpoint_stay_beside_those_of_the_rows(start: Path, tmp_path: Path) -> None:
    data = rows(tmp_path / "rows.csv", "sentiment", "degree", "topics", dev=120)
    frame = pd.read_csv(data)
    frame["lang"] = "LV-lv"
    frame.loc[frame.index[-1], ["text", "lang"]] = ["42", "und"]
    frame.to_csv(data, index=False)
    assert read_calibration(start).languages == ("en", "vi")
    train(data, str(start), tmp_path / "out", SETTINGS)
    assert read_calibration(tmp_path / "out").languages == ("en", "lv", "vi")
