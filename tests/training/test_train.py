"""The whole way from labelled rows to a checkpoint that predicts, on a tiny encoder."""

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from safetensors.numpy import load_file

from data.errors import CheckpointError, ColumnError, InputError, SettingsError
from models.checkpoint import Calibration, load_predictor, read_calibration
from models.confusion import read_confusion
from models.encoding import load_encoder
from models.metrics import metric
from models.wide import load_wide
from tests.training.interruption import assert_resumes_to_the_same_weights
from tests.training.tiny import labelled, tiny_encoder
from training.commands import evaluate_command, train_command
from training.examples import build_examples, read_labelled
from training.finetune import FinetuneSettings
from training.rehearsal import start_embeddings, teacher_embeddings
from training.run_log import RunLog, read_steps
from training.train import train

SETTINGS = FinetuneSettings(
    epochs=4, tokens=512, head_rate=1e-2, body_rate=3e-3, embedding_rate=3e-3, rehearsal=0.1
)


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("train")
    out = folder / "model"
    train(labelled(folder / "rows.parquet"), str(tiny_encoder(folder / "encoder")), out, SETTINGS)
    return out


def test_learns_what_the_words_say(checkpoint: Path) -> None:
    predictions = load_predictor(checkpoint).predict(
        ["too few examples 99", "too many case studies 98", "quá ít ví dụ 97"]
    )
    assert predictions.degree.argmax(axis=1).tolist() == [0, 1, 0]


def test_metrics_hold_scores_per_head_and_language(checkpoint: Path) -> None:
    metrics = json.loads((checkpoint / "metrics.json").read_text(encoding="utf-8"))
    assert {"sentiment", "degree", "topics"} == {row["head"] for row in metrics["scorecard"]}
    assert metrics["confusion"]["degree"]["vi"] == [[10, 0, 0], [0, 10, 0], [0, 0, 10]]


def test_the_folder_holds_no_pickle(checkpoint: Path) -> None:
    assert {path.suffix for path in checkpoint.iterdir()} <= {".json", ".safetensors"}


def test_a_finished_training_is_not_repeated(checkpoint: Path) -> None:
    log = checkpoint.with_name("model.state") / "finetune.jsonl"
    before = log.read_text(encoding="utf-8")
    folder = checkpoint.parent
    train(folder / "rows.parquet", str(folder / "encoder"), folder / "model", SETTINGS)
    assert log.read_text(encoding="utf-8") == before


def test_an_interrupted_training_ends_with_the_same_weights(
    checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert_resumes_to_the_same_weights(checkpoint, tmp_path, SETTINGS, monkeypatch)


def test_a_training_whose_logs_were_torn_goes_on_to_the_same_losses(checkpoint: Path, tmp_path: Path) -> None:
    once = checkpoint.with_name("model.state")
    state = shutil.copytree(once, tmp_path / "model.state")
    logs = [state / "finetune.jsonl", state / "steps.jsonl"]
    for log in logs:
        log.write_bytes(log.read_bytes()[:-5])
    train(
        checkpoint.parent / "rows.parquet", str(checkpoint.parent / "encoder"), tmp_path / "model", SETTINGS
    )
    for log in logs:
        assert log.read_bytes() == (once / log.name).read_bytes()
    assert metric(tmp_path / "model", "epochs") == metric(checkpoint, "epochs")


@pytest.mark.parametrize(
    ("change", "names"),
    [({"epochs": 5}, "epochs"), ({"seed": 8, "tokens": 600}, "tokens, seed"), ({"patience": 1}, "patience")],
)
def test_the_state_of_other_settings_is_refused(checkpoint: Path, change: dict[str, int], names: str) -> None:
    folder = checkpoint.parent
    with pytest.raises(
        CheckpointError, match=rf"model\.state holds the state of a training with another {names}:"
    ):
        train(folder / "rows.parquet", str(folder / "encoder"), checkpoint, replace(SETTINGS, **change))


@pytest.mark.parametrize("split", ["train", "dev"])
def test_the_state_of_other_rows_is_refused_and_the_model_stays(
    checkpoint: Path, tmp_path: Path, split: str
) -> None:
    rows = pd.read_parquet(checkpoint.parent / "rows.parquet")
    rows.loc[rows.index[rows.split == split][0], "degree"] = "too_much"
    rows.to_parquet(tmp_path / "other.parquet")
    before = (checkpoint / "model.safetensors").read_bytes()
    with pytest.raises(
        CheckpointError, match=r"with another data: call it as before .* choose another --out"
    ):
        train(tmp_path / "other.parquet", str(checkpoint.parent / "encoder"), checkpoint, SETTINGS)
    assert (checkpoint / "model.safetensors").read_bytes() == before


def test_the_state_over_other_weights_is_refused(checkpoint: Path, tmp_path: Path) -> None:
    other = tiny_encoder(tmp_path / "encoder", seed=1)
    with pytest.raises(CheckpointError, match="with another encoder:"):
        train(checkpoint.parent / "rows.parquet", str(other), checkpoint, SETTINGS)


def test_a_state_that_does_not_say_what_it_is_of_is_refused(checkpoint: Path, tmp_path: Path) -> None:
    shutil.copytree(checkpoint.with_name("model.state"), tmp_path / "model.state")
    (tmp_path / "model.state" / "plan.json").unlink()
    folder = checkpoint.parent
    with pytest.raises(CheckpointError, match="state of a training without a plan: remove that folder"):
        train(folder / "rows.parquet", str(folder / "encoder"), tmp_path / "model", SETTINGS)


def test_what_training_does_not_read_may_change_and_states_may_be_saved_more_often(
    checkpoint: Path, tmp_path: Path
) -> None:
    shutil.copytree(checkpoint.with_name("model.state"), tmp_path / "model.state")
    rows = pd.read_parquet(checkpoint.parent / "rows.parquet").assign(source="mine")
    rows.to_parquet(tmp_path / "rows.parquet")
    settings = replace(SETTINGS, save_every=7)
    train(tmp_path / "rows.parquet", str(checkpoint.parent / "encoder"), tmp_path / "model", settings)
    again, once = (load_file(path / "model.safetensors") for path in (tmp_path / "model", checkpoint))
    assert all(np.array_equal(again[name], once[name]) for name in once)


def test_the_log_says_each_tenth_step_once_and_is_drawn(checkpoint: Path) -> None:
    state = checkpoint.with_name("model.state")
    steps = [line["step"] for line in read_steps(state) if "rate" in line]
    assert steps == sorted(set(steps))
    assert {"dev/degree", "dev/score"} <= {key for line in read_steps(state) for key in line}
    assert list(state.glob("events.out.tfevents.*"))
    assert (state / "learning_curve.png").read_bytes().startswith(b"\x89PNG")


def test_the_log_of_an_epoch_of_few_steps_holds_its_losses(tmp_path: Path) -> None:
    with RunLog(tmp_path, 0) as run:
        for step, loss in ((1, 4.0), (2, 2.0)):
            run.stepped(step, {"degree": loss}, rate=0.1 * step)
        run.judged(2, {"score": 0.5})
        run.judged(2, {"score": 0.6})  # nothing is pending
    assert read_steps(tmp_path) == [
        {"step": 2, "loss/degree": 3.0, "rate": 0.2},
        {"step": 2, "dev/score": 0.5},
        {"step": 2, "dev/score": 0.6},
    ]


def test_the_order_of_the_rows_does_not_matter(checkpoint: Path, tmp_path: Path) -> None:
    rows = pd.read_parquet(checkpoint.parent / "rows.parquet").sample(frac=1, random_state=1)
    rows.to_parquet(tmp_path / "rows.parquet")
    train(tmp_path / "rows.parquet", str(checkpoint.parent / "encoder"), tmp_path / "model", SETTINGS)
    assert {"model.safetensors", "wide.safetensors", "metrics.json", "countervoice.json"} <= {
        path.name for path in checkpoint.iterdir()
    }
    for path in checkpoint.iterdir():
        assert path.read_bytes() == (tmp_path / "model" / path.name).read_bytes(), path.name


def test_an_encoder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="nowhere/nothing"):
        train(labelled(tmp_path / "rows.parquet"), "nowhere/nothing", tmp_path / "out", SETTINGS)


def test_an_unknown_label_is_named_with_row_and_column(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    pd.DataFrame({"text": ["a", "b"], "degree": ["none", "huge"]}).to_csv(path, index=False)
    with pytest.raises(InputError, match=r"rows.csv row 2, column degree: 'huge'"):
        read_labelled(path)


def test_a_file_without_labels_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    pd.DataFrame({"text": ["a"], "stars": [1]}).to_csv(path, index=False)
    with pytest.raises(ColumnError, match="text, stars"):
        read_labelled(path)


def test_a_translation_is_rehearsed_where_its_english_sentence_was(tmp_path: Path) -> None:
    network, tokenizer = load_encoder(str(tiny_encoder(tmp_path / "encoder")))
    texts = ["too few examples", "quá ít ví dụ", "too many case studies"]
    frame = pd.DataFrame({"text": texts, "degree": "none", "english": [texts[0], texts[0], None]})
    frame.to_csv(tmp_path / "rows.csv", index=False)
    examples = build_examples(read_labelled(tmp_path / "rows.csv"), tokenizer, 96)
    start = start_embeddings(network, examples, tokenizer, SETTINGS.max_length)
    np.testing.assert_allclose(start[0], start[1])
    assert start[2] @ start[2] == pytest.approx(1, abs=1e-4)
    assert start[2] @ start[0] < 0.999


def test_rows_are_rehearsed_where_the_teacher_has_their_english_sentence(tmp_path: Path) -> None:
    rows = tmp_path / "rows.csv"
    pd.DataFrame(
        {
            "text": ["quá ít ví dụ", "too few examples", "pārāk maz"],
            "degree": "too_little",
            "english": ["too few examples", "too few examples", ""],
        }
    ).to_csv(rows, index=False)
    _, tokenizer = load_encoder(str(tiny_encoder(tmp_path / "encoder")))
    vectors = teacher_embeddings(build_examples(read_labelled(rows), tokenizer, 96), tmp_path / "state")
    assert np.array_equal(vectors[0], vectors[1])
    assert np.allclose(np.linalg.norm(vectors, axis=1), [1, 1, 0], atol=1e-5)


def test_the_teacher_is_asked_again_only_where_the_sentences_are_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def teacher(texts: list[str]) -> np.ndarray:
        asked.append(len(texts))
        return np.full((len(texts), 4), len(asked), np.float32)

    monkeypatch.setattr("training.teacher.teacher_vectors", teacher)
    _, tokenizer = load_encoder(str(tiny_encoder(tmp_path / "encoder")))
    frame = read_labelled(labelled(tmp_path / "rows.parquet")).head(3)
    few = build_examples(frame.assign(english=["one", "one", None]), tokenizer, 96)
    more = build_examples(frame.assign(english=["one", "two", None]), tokenizer, 96)
    first, again, other = (teacher_embeddings(each, tmp_path / "state") for each in (few, few, more))
    assert asked == [1, 2]
    assert np.array_equal(first, again)
    assert other[:, 0].tolist() == [2, 2, 0]


def test_a_kept_wide_part_is_the_one_of_the_other_checkpoint(checkpoint: Path, tmp_path: Path) -> None:
    rows, out = labelled(tmp_path / "rows.parquet"), tmp_path / "out"
    train(rows, str(checkpoint), out, FinetuneSettings(epochs=0), wide_from=checkpoint)
    kept, given = load_wide(out), load_wide(checkpoint)
    assert given.weights
    assert all(np.allclose(kept.weights[head], given.weights[head]) for head in given.weights)


def test_a_folder_without_a_wide_part_is_refused_before_training(tmp_path: Path) -> None:
    rows, encoder = labelled(tmp_path / "rows.parquet"), tiny_encoder(tmp_path / "encoder")
    with pytest.raises(CheckpointError, match="encoder has no wide part to keep: leave out --wide"):
        train(rows, str(encoder), tmp_path / "out", FinetuneSettings(), wide_from=encoder)
    assert not (tmp_path / "out.state").exists()


def test_options_that_would_do_nothing_are_refused() -> None:
    with pytest.raises(SettingsError, match="--contrast tells apart what is rehearsed"):
        FinetuneSettings(rehearsal=0, contrast=0.5)
    with pytest.raises(SettingsError, match="--to-teacher says what is rehearsed"):
        FinetuneSettings(rehearsal=0, to_teacher=True)
    with pytest.raises(SettingsError, match="--epochs 0: leave it out, or --contrast and --to-teacher"):
        FinetuneSettings(epochs=0, contrast=1, to_teacher=True)


def test_the_contrast_is_one_of_the_losses_and_falls(tmp_path: Path) -> None:
    rows, encoder = labelled(tmp_path / "rows.parquet"), tiny_encoder(tmp_path / "encoder")
    metrics = train(rows, str(encoder), tmp_path / "out", replace(SETTINGS, contrast=0.5))
    losses = [epoch["losses"]["contrast"] for epoch in metrics["epochs"]]
    assert losses[-1] < losses[0]


def test_an_encoder_narrower_than_the_teacher_cannot_rehearse_it(tmp_path: Path) -> None:
    rows, encoder = labelled(tmp_path / "rows.parquet"), tiny_encoder(tmp_path / "encoder")
    with pytest.raises(SettingsError, match="as wide as the teacher \\(384\\); this one has 32"):
        train(rows, str(encoder), tmp_path / "out", FinetuneSettings(to_teacher=True))


def test_a_teacher_without_english_sentences_is_refused_before_training(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.train.teacher_width", lambda: 32)
    rows, encoder = labelled(tmp_path / "rows.parquet"), tiny_encoder(tmp_path / "encoder")
    with pytest.raises(SettingsError, match="--to-teacher needs English sentences in the column english"):
        train(rows, str(encoder), tmp_path / "out", FinetuneSettings(to_teacher=True))


def degree_only(path: Path, each: int) -> Path:
    """Rows with a degree and nothing else, ``each`` of either degree, all others of none; every sixth is dev."""
    rows = pd.read_parquet(labelled(path.with_suffix(".parquet"))).groupby("degree").head(each)
    rows[["text", "lang", "degree", "split"]].to_csv(path, index=False)
    return path


def test_rows_with_a_degree_alone_make_a_model_that_knows_its_errors_of_degree(tmp_path: Path) -> None:
    encoder, out = tiny_encoder(tmp_path / "encoder"), tmp_path / "out"
    metrics = train(degree_only(tmp_path / "rows.csv", 120), str(encoder), out, replace(SETTINGS, epochs=1))
    assert set(metrics["confusion"]) == set(read_confusion(out) or {}) == {"degree", "clear degree"}
    assert set(metrics["calibration_error"]) == {"degree"}
    assert {row["head"] for row in metrics["scorecard"]} == {"degree"}
    assert read_calibration(out).sentiment_error == Calibration(languages=()).sentiment_error
    assert read_calibration(out).abstain_below == {"sentiment": 1.0, "degree": 1.0}
    json.loads((out / "metrics.json").read_text(encoding="utf-8"), parse_constant=pytest.fail)


def test_the_command_says_that_a_small_file_has_too_few_dev_rows_for_scores(tmp_path: Path) -> None:
    rows, encoder = degree_only(tmp_path / "rows.csv", 30), tiny_encoder(tmp_path / "encoder")
    call = ["--data", str(rows), "--encoder", str(encoder), "--out", str(tmp_path / "out"), "--epochs", "1"]
    done = CliRunner().invoke(train_command, call, catch_exceptions=False)
    assert done.exit_code == 0
    assert "too few dev rows for a score" in done.output
    call = ["--data", str(rows), "--model", str(tmp_path / "out"), "--card"]
    done = CliRunner().invoke(evaluate_command, call, catch_exceptions=False)
    assert done.exit_code == 0
    assert "too few dev rows for a score" in done.output
    card = (tmp_path / "out" / "CARD.md").read_text(encoding="utf-8")
    assert "abstains below: sentiment 1.0, degree 1.0" in card
    assert re.search(r"Expected calibration error in 15 bins: degree 0\.\d+\.", card)


def test_dev_rows_without_a_label_are_refused_before_training(tmp_path: Path) -> None:
    frame = pd.read_csv(degree_only(tmp_path / "rows.csv", 30))
    frame.loc[frame.split == "dev", "degree"] = ""
    frame.to_csv(tmp_path / "rows.csv", index=False)
    with pytest.raises(InputError, match="has 72 training rows and 0 labelled dev rows; both are needed"):
        train(tmp_path / "rows.csv", str(tiny_encoder(tmp_path / "encoder")), tmp_path / "out", SETTINGS)
