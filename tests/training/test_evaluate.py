"""The baseline beside a model, and the card of a model that is not the one that ships."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from data.errors import InputError
from data.labels import DEGREES
from models.calls import calls
from models.checkpoint import DEFAULT, checkpoint_info
from models.predictions import Predictions
from tests.serving.tiny_checkpoint import tiny_checkpoint
from tests.training.tiny import labelled
from training.card import calibration_told, write_card
from training.commands import evaluate_command
from training.evaluate import evaluate, most_probable, unlearned


def called(*arguments: object) -> Result:
    return CliRunner().invoke(evaluate_command, [str(each) for each in arguments], catch_exceptions=False)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return tiny_checkpoint(tmp_path)


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    """No training row has topics: too few of them occur here for a baseline of each."""
    frame = pd.read_parquet(labelled(tmp_path / "rows.parquet"))
    frame.loc[frame.split == "train", "topics"] = None
    frame.to_parquet(tmp_path / "rows.parquet")
    return tmp_path / "rows.parquet"


def test_a_head_that_nothing_can_be_learned_of_has_no_baseline(rows: Path, model: Path) -> None:
    frame = pd.read_parquet(rows)
    frame.loc[frame.split == "train", "sentiment"] = "positive"
    frame.to_parquet(rows)
    scores = evaluate(rows, model)
    assert unlearned(scores) == ["sentiment", "topics"]
    of_degree = scores[scores["head"] == "degree"]
    assert of_degree.baseline.tolist() == [1] * len(of_degree)


def test_a_file_of_dev_rows_alone_has_no_baseline_and_a_line_says_so(rows: Path, model: Path) -> None:
    pd.read_parquet(rows).assign(split="dev").to_parquet(rows)
    done = called("--data", rows, "--model", model, "--out", rows.with_suffix(".csv"))
    for head in ("sentiment", "degree", "topics"):
        assert f"no baseline for {head}: {rows} has no training rows of different classes" in done.output
    assert pd.read_csv(rows.with_suffix(".csv")).baseline.isna().all()


def test_the_baseline_learns_nothing_from_rows_that_no_training_sees(rows: Path, model: Path) -> None:
    frame = pd.read_parquet(rows)
    unseen = frame[frame.split == "train"].assign(weight=0.0, degree="none")
    pd.concat([frame.assign(weight=1.0), *[unseen] * 3]).to_parquet(rows)
    scores = evaluate(rows, model)
    assert set(scores[scores["head"] == "degree"].baseline) == {1.0}
    frame.assign(weight=0.0).to_parquet(rows)
    assert unlearned(evaluate(rows, model)) == ["degree", "sentiment", "topics"]


def test_the_folder_of_the_scores_is_made(rows: Path, model: Path, tmp_path: Path) -> None:
    out = tmp_path / "new" / "folder" / "scores.csv"
    done = called("--data", rows, "--model", model, "--no-baseline", "--out", out)
    assert (done.exit_code, len(pd.read_csv(out)) > 0) == (0, True)


def test_scores_that_cannot_be_written_are_refused_before_the_work(
    rows: Path, model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.evaluate.read_labelled", lambda _: pytest.fail("began to work"))
    with pytest.raises(OSError, match=r"rows\.parquet"):
        called("--data", rows, "--model", model, "--out", rows / "scores.csv")
    done = called("--data", rows, "--model", model, "--out", tmp_path)
    assert (done.exit_code, "is a directory" in done.output) == (2, True)


def test_a_retrieval_without_a_card_is_refused(rows: Path, model: Path) -> None:
    done = called("--data", rows, "--model", model, "--retrieval", rows)
    assert (done.exit_code, "give --card, too" in done.output) == (2, True)


@pytest.mark.parametrize("lacks", ["rows", "labels"])
def test_a_file_without_labelled_dev_rows_is_refused(rows: Path, model: Path, lacks: str) -> None:
    frame = pd.read_parquet(rows)
    if lacks == "rows":
        frame["split"] = "train"
    else:
        frame.loc[frame.split == "dev", ["sentiment", "degree", "topics"]] = None
    frame.to_parquet(rows)
    with pytest.raises(InputError, match=r"rows\.parquet has 0 labelled dev rows"):
        evaluate(rows, model)


def test_the_order_of_the_rows_does_not_matter(rows: Path, model: Path) -> None:
    frame = pd.read_parquet(rows).assign(group=[f"g{number // 3}" for number in range(360)], split="dev")
    parts = [frame, pd.read_parquet(rows)]
    pd.concat(parts).to_parquet(rows)
    once = evaluate(rows, model)
    pd.concat(parts).sample(frac=1, random_state=1).to_parquet(rows)
    assert (once.low < once.high).any()
    pd.testing.assert_frame_equal(evaluate(rows, model), once, check_exact=True)


def test_scores_over_few_groups_have_no_interval(rows: Path, model: Path) -> None:
    frame = pd.read_parquet(rows).assign(split="dev")
    few = frame.lang == "vi"
    frame["group"] = ["g" + str(number % 9 if is_few else number) for number, is_few in enumerate(few)]
    frame.to_parquet(rows)
    done = called(
        "--data", rows, "--model", model, "--no-baseline", "--card", "--out", rows.with_suffix(".csv")
    )
    told = pd.read_csv(rows.with_suffix(".csv"), dtype=str, keep_default_na=False)
    known = {language: told[told.language == language] for language in ("all", "en", "vi")}
    assert set(known["vi"].low) == set(known["vi"].high) == {""}
    assert "" not in {*known["en"].low, *known["all"].high, *known["vi"].score}
    printed = [line.split("│") for line in done.output.splitlines() if "│ vi " in line]
    assert {cells[5].strip() for cells in printed} == {"–"}
    card = (model / "CARD.md").read_text(encoding="utf-8")
    assert all(" | – | – | " in line for line in card.splitlines() if line.startswith("| all | vi "))
    assert "fewer than 10 groups have none (–)" in card
    assert "nan" not in card


def test_a_card_needs_the_model_named(rows: Path) -> None:
    before = (DEFAULT / "CARD.md").read_bytes()
    done = called("--data", rows, "--card")
    assert (done.exit_code, (DEFAULT / "CARD.md").read_bytes()) == (2, before)
    assert "name it with --model" in done.output


KNOWN = ("Apache-2.0", "M-ABSA", "No sentence of a third party", "invented texts of this project", "XED")


def test_a_card_states_sources_and_a_licence_of_the_model_that_ships_only(
    rows: Path, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert called("--data", rows, "--model", model, "--card", "--no-baseline").exit_code == 0
    card = (model / "CARD.md").read_text(encoding="utf-8")
    assert "measured on rows of `rows.parquet`, and it states no licence" in card
    assert not [claim for claim in (*KNOWN, "logistic", "linear model") if claim in card]
    scores = evaluate(rows, model)
    (model / "wide.safetensors").touch()
    monkeypatch.setattr("training.card.DEFAULT", model.resolve())
    write_card(model, checkpoint_info(model), scores, None, data=rows)
    card = (model / "CARD.md").read_text(encoding="utf-8")
    assert all(claim in card for claim in (*KNOWN, "logistic", "linear model"))


def test_a_card_says_where_there_is_no_baseline(rows: Path, model: Path) -> None:
    called("--data", rows, "--model", model, "--card")
    card = (model / "CARD.md").read_text(encoding="utf-8")
    assert "in the same run; for topics there are no training rows that it could learn from. `low`" in card


@pytest.mark.parametrize(
    ("sentiment", "degree", "told"),
    [
        (
            0.74,
            0.73,
            "degree 0.73; from there on at most one call in ten is wrong, over all dev rows together.",
        ),
        (
            0.74,
            1.0,
            "at most one call of sentiment in ten is wrong, over all dev rows together; at 1.0 none kept",
        ),
        (0.0, 0.0, "degree 0.0; at 0.0 none was chosen, and it stands by every call."),
    ],
)
def test_a_promise_is_made_only_for_thresholds_that_were_chosen(
    model: Path, sentiment: float, degree: float, told: str
) -> None:
    path = model / "countervoice.json"
    values = json.loads(path.read_text(encoding="utf-8"))
    values["abstain_below"] = {"sentiment": sentiment, "degree": degree}
    path.write_text(json.dumps(values), encoding="utf-8")
    assert told in calibration_told(model)


def test_the_calibration_says_of_how_many_rows_and_of_which_weights_its_figures_are(model: Path) -> None:
    assert "confusion" not in calibration_told(model)
    table = [[5, 1, 0], [0, 4, 0], [0, 0, 10]]
    counts = {"degree": {"all": table, "en": table}, "clear degree": {"all": table}}
    (model / "metrics.json").write_text(json.dumps({"confusion": counts}), encoding="utf-8")
    told = "as `train` measured them before the weights were rounded, on its dev rows: degree 20."
    assert calibration_told(model).endswith(told)


def test_the_baseline_is_judged_by_itsmost_probable_degree() -> None:
    unsure = np.array([[0.4, 0.35, 0.25], [0.2, 0.3, 0.5]], np.float32)
    nothing = np.zeros((2, 1), np.float32)
    said = most_probable(Predictions(sentiment=unsure, topics=nothing, degree=unsure, embeddings=nothing))
    assert calls("degree", said.degree).tolist() == [DEGREES.index("too_little"), DEGREES.index("none")]
    assert said.sentiment is unsure
