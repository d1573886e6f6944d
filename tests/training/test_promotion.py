"""The comparison of two models, the rule, and the whole command on tiny checkpoints."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

import training.promotion
from data.errors import InputError, PromotionError
from data.labels import DEGREES, SENTIMENTS, TOPICS
from models.checkpoint import checkpoint_info
from models.predictions import ModelInfo, Predictions
from tests.serving.tiny_checkpoint import tiny_checkpoint
from tests.training.tiny import labelled, tiny_encoder
from training.commands import promote_command
from training.finetune import FinetuneSettings
from training.promotion import ALL, Comparison, Difference, compare
from training.promotion_report import objection, print_comparison, warnings
from training.scorecard import macro_f1
from training.train import train

INFO = ModelInfo(name="running", version="0" * 12, languages=("en",))


def difference(
    low: float, high: float, head: str = "degree", language: str = ALL, rows: int = 500
) -> Difference:
    middle = (low + high) / 2
    return Difference(
        head=head, language=language, rows=rows, running=0.5, candidate=0.5 + middle, low=low, high=high
    )


def comparison(*differences: Difference) -> Comparison:
    return Comparison(running=INFO, candidate=replace(INFO, version="1" * 12), differences=differences)


BETTER, WORSE, ALIKE = (0.01, 0.03), (-0.03, -0.01), (-0.01, 0.01)


@pytest.mark.parametrize(
    ("sentiment", "degree", "passes"),
    [
        (BETTER, BETTER, True),
        (ALIKE, BETTER, True),
        (ALIKE, ALIKE, False),
        (ALIKE, WORSE, False),
        (BETTER, WORSE, False),
        ((0.0, 0.0), (0.0, 0.01), False),
    ],
)
def test_the_rule(sentiment: tuple[float, float], degree: tuple[float, float], passes: bool) -> None:
    assert comparison(difference(*sentiment, "sentiment"), difference(*degree, "degree")).passes is passes


def test_a_language_that_loses_is_a_warning_and_no_refusal() -> None:
    found = comparison(difference(*BETTER), *(difference(*WORSE, language=tag) for tag in ("sw", "ko")))
    assert found.passes
    assert warnings(found)[0] == (
        "worse in: sw (degree), ko (degree); by chance alone about 0.1 of the 2 languages and heads would seem so"
    )


def test_an_objection_names_the_heads_and_how_far_they_fall() -> None:
    worse = objection(comparison(difference(*BETTER, "sentiment"), difference(*WORSE)))
    assert worse.startswith("degree -0.020 (95 % -0.030 to -0.010): worse beyond chance")
    alike = objection(comparison(difference(*ALIKE, "sentiment"), difference(-0.0002, 0.0001)))
    assert "no head is better beyond chance (sentiment +0.000 (95 % -0.010 to +0.010), degree +0.000" in alike


def test_heads_without_rows_and_equal_weights_are_told() -> None:
    found = replace(comparison(difference(*BETTER)), candidate=INFO)
    assert warnings(found)[0].startswith(
        "fewer than 40 dev rows, fewer than 10 groups or only one label of sentiment, topics:"
    )
    assert warnings(found)[1].startswith("both have the same weights")


def test_the_table_fits_eighty_columns(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    print_comparison(comparison(difference(-0.0123, 0.0231, "sentiment", rows=144_745)))
    shown = capsys.readouterr().out
    assert max(map(len, shown.splitlines())) <= 80
    assert "…" not in shown
    assert all(cell in shown for cell in ("sentiment", "144,745", "0.505", "+0.005", "-0.012 to +0.023"))


class Sayer:
    """Knows the labels of the texts "LABEL NUMBER", but for one number in ``errs``; its topics are all at .4."""

    def __init__(self, errs: int, threshold: float) -> None:
        self.errs = errs
        self.info = replace(INFO, topic_threshold=threshold)

    def predict(self, texts: Sequence[str]) -> Predictions:
        said = [text.split() for text in texts]
        right = np.asarray([int(number) % self.errs != 0 for _, number in said])
        degree = np.asarray([DEGREES.index(label) for label, _ in said])
        chances = np.eye(3, dtype=np.float32)[np.where(right, degree, (degree + 1) % 3)]
        topics = np.full((len(texts), len(TOPICS)), 0.4, np.float32)
        return Predictions(sentiment=chances, degree=chances, topics=topics, embeddings=topics)


@pytest.fixture
def models(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"running": Sayer(3, 0.5), "candidate": Sayer(7, 0.3), "same": Sayer(3, 0.5)}
    monkeypatch.setattr(training.promotion, "load_predictor", lambda folder: known[folder.name])
    monkeypatch.setattr(training.promotion, "changes", lambda *_: ())


def rows_of(path: Path, *, shuffled: bool = False) -> Path:
    frame = pd.DataFrame(
        [
            (f"{DEGREES[number % 3]} {number // 2}", language, DEGREES[number % 3], f"g{number // 4}", "dev")
            for number in range(90)
            for language in ("vi", "th")
        ],
        columns=["text", "lang", "degree", "group", "split"],
    ).assign(topics=["|".join(TOPICS[number % 2 :]) for number in range(180)])
    frame.loc[frame.index[:120:2], "sentiment"] = [SENTIMENTS[number % 3] for number in range(60)]
    few = frame.head(20).assign(lang="sw")
    frame = pd.concat([frame, few, frame.head(30).assign(split="train")])
    (frame.sample(frac=1, random_state=1) if shuffled else frame).to_csv(path, index=False)
    return path


def test_scores_are_those_of_the_rows_and_thresholds(models: None, tmp_path: Path) -> None:
    data = rows_of(tmp_path / "rows.csv")
    found = compare(data, tmp_path / "running", tmp_path / "candidate")
    by = {(each.head, each.language): each for each in found.differences}
    assert set(by) == {
        (head, tag) for head in ("degree", "topics", "sentiment") for tag in ("all", "vi", "th")
    } - {("sentiment", "th")}
    degree = by[("degree", "all")]
    dev = pd.read_csv(data).query("split == 'dev'")
    truth = np.asarray([DEGREES.index(label) for label in dev.degree])
    for errs, score in ((3, degree.running), (7, degree.candidate)):
        said = Sayer(errs, 0.5).predict(list(dev.text)).degree.argmax(axis=1)
        assert score == pytest.approx(macro_f1(truth, said, 3))
    assert degree.rows == 200
    assert 0 < degree.low < degree.value < degree.high
    assert (by[("topics", "vi")].running, by[("topics", "vi")].candidate) == (0, 1)
    assert found.passes


def test_equal_models_are_not_promoted(models: None, tmp_path: Path) -> None:
    found = compare(rows_of(tmp_path / "rows.csv"), tmp_path / "running", tmp_path / "same")
    assert {(each.value, each.low, each.high) for each in found.differences} == {(0, 0, 0)}
    assert not found.passes


def test_the_order_of_the_rows_does_not_matter(models: None, tmp_path: Path) -> None:
    once = compare(rows_of(tmp_path / "a.csv"), tmp_path / "running", tmp_path / "candidate")
    again = compare(rows_of(tmp_path / "b.csv", shuffled=True), tmp_path / "running", tmp_path / "candidate")
    assert once == again


def test_the_interval_of_a_difference_is_of_draws_with_every_class(models: None, tmp_path: Path) -> None:
    # The one row of too_much is called right by the candidate alone; without it the two are alike.
    texts = [f"{('too_little', 'none')[number % 2]} {number}" for number in (1, 2, 4, 5, 8) * 20]
    frame = pd.DataFrame({"text": [*texts, "too_much 3"], "split": "dev"})
    frame["degree"] = [text.split()[0] for text in frame.text]
    frame.to_csv(tmp_path / "rows.csv", index=False)
    found = compare(tmp_path / "rows.csv", tmp_path / "running", tmp_path / "candidate").overall[0]
    assert (found.running, found.candidate) == (pytest.approx(2 / 3, abs=0.01), 1)
    assert found.low > 0.3


def test_too_few_rows_are_told(models: None, tmp_path: Path) -> None:
    frame = pd.read_csv(rows_of(tmp_path / "rows.csv")).head(39)
    frame.to_csv(tmp_path / "few.csv", index=False)
    with pytest.raises(InputError, match=r"few\.csv has fewer than 40 dev rows with a label of any head"):
        compare(tmp_path / "few.csv", tmp_path / "running", tmp_path / "candidate")


@pytest.mark.parametrize("groups", [1, 9])
def test_few_groups_decide_nothing(models: None, tmp_path: Path, groups: int) -> None:
    texts = [f"{DEGREES[number % 3]} {number}" for number in range(90)]
    frame = pd.DataFrame({"text": texts, "degree": [text.split()[0] for text in texts], "split": "dev"})
    frame["group"] = [f"g{number % groups}" for number in range(90)]
    frame.to_csv(tmp_path / "few.csv", index=False)
    with pytest.raises(InputError, match="fewer than 10 groups of them, or only one label"):
        compare(tmp_path / "few.csv", tmp_path / "running", tmp_path / "candidate")
    frame["topics"] = [TOPICS[number % 2] for number in range(90)]
    frame["group"] = [f"g{number % 10}" for number in range(90)]
    frame.loc[frame.group == "g0", "degree"] = None
    frame.to_csv(tmp_path / "some.csv", index=False)
    found = compare(tmp_path / "some.csv", tmp_path / "running", tmp_path / "candidate")
    assert [each.head for each in found.overall] == ["topics"]
    assert found.untold == ["sentiment", "degree"]
    assert warnings(found)[0].startswith(
        "fewer than 40 dev rows, fewer than 10 groups or only one label of sentiment, degree:"
    )


def test_a_head_of_one_label_is_not_compared(models: None, tmp_path: Path) -> None:
    frame = pd.read_csv(rows_of(tmp_path / "rows.csv"))
    frame.loc[frame.sentiment.notna(), "sentiment"] = "negative"
    frame.to_csv(tmp_path / "rows.csv", index=False)
    found = compare(tmp_path / "rows.csv", tmp_path / "running", tmp_path / "candidate")
    assert found.untold == ["sentiment"]
    assert "sentiment" not in {each.head for each in found.differences}
    told = warnings(found)
    assert told[0].startswith("50 of 200 dev rows are training rows, too")
    assert told[1] == "dev rows of sentiment hold only negative: the score says nothing of the other classes"


def test_a_head_that_changes_without_being_compared_is_an_objection() -> None:
    found = replace(
        comparison(difference(*BETTER, "sentiment")), changes={"degree": ("error 0.154 to 0.08", "n-grams")}
    )
    assert not found.passes
    assert "not compared, and other in the candidate: degree (error 0.154 to 0.08, n-grams)" in warnings(
        found
    )
    assert objection(found) == "degree would change without being compared: add dev rows with labels of that"


def test_what_changes_unseen_is_looked_up_in_the_folders(tmp_path: Path) -> None:
    running = tiny_checkpoint(tmp_path)
    shutil.copytree(running, tmp_path / "candidate")
    path = tmp_path / "candidate" / "countervoice.json"
    values = json.loads(path.read_text(encoding="utf-8"))
    values["temperatures"] = dict.fromkeys(values["temperatures"], 2.0)
    path.write_text(json.dumps(values), encoding="utf-8")
    rows = pd.read_parquet(labelled(tmp_path / "rows.parquet")).assign(split="dev")
    rows[["text", "sentiment", "split"]].to_csv(tmp_path / "rows.csv", index=False)
    found = compare(tmp_path / "rows.csv", running, tmp_path / "candidate")
    assert found.changes == {"degree": ("temperature 1 to 2",), "topics": ("temperature 1 to 2",)}
    assert compare(tmp_path / "rows.csv", running, running).changes == {}


def test_the_way_from_a_training_to_the_place_that_is_served_and_back(tmp_path: Path) -> None:
    rows = labelled(tmp_path / "rows.parquet")
    settings = FinetuneSettings(
        epochs=4, tokens=512, head_rate=1e-2, body_rate=3e-3, embedding_rate=3e-3, rehearsal=0.1
    )
    train(rows, str(tiny_encoder(tmp_path / "start")), tmp_path / "better", settings)
    served = tiny_checkpoint(tmp_path).rename(tmp_path / "served")
    better, before = checkpoint_info(tmp_path / "better").version, checkpoint_info(served).version
    pd.read_parquet(rows).assign(split="dev").to_parquet(tmp_path / "all_dev.parquet")
    over = ("--over", served, "--data", tmp_path / "all_dev.parquet")

    dry = called(tmp_path / "better", *over, "--dry-run")
    assert dry.exit_code == 0, dry.output
    assert all(line in dry.output for line in ("candidate", "degree", "vi", "180", "would take the place of"))
    assert checkpoint_info(served).version == before

    done = called(tmp_path / "better", *over)
    assert done.exit_code == 0, done.output
    assert f"is version {better}; the one before it is kept in" in done.output
    assert f"countervoice mine FILE --out STATE --model {served}" in done.output
    assert checkpoint_info(served).version == better

    refused = called(served.with_name("served.previous"), *over)
    assert (refused.exit_code, type(refused.exception)) == (1, PromotionError)
    assert "worse beyond chance; nothing was changed" in str(refused.exception)
    assert checkpoint_info(served).version == better

    assert called("--back", "--over", served).exit_code == 0
    assert checkpoint_info(served).version == before
    assert called("--back", "--over", served).exit_code == 0
    forced = called(served.with_name("served.previous"), *over, "--force")
    assert forced.exit_code == 0
    assert "forced: " in forced.output
    assert checkpoint_info(served).version == before
    assert sorted(path.name for path in tmp_path.glob("*served*")) == ["served", "served.previous"]


def called(*arguments: object) -> Result:
    return CliRunner().invoke(promote_command, [str(argument) for argument in arguments])


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--over", "x"), "give CANDIDATE and --data"),
        ((".", "--over", "x"), "give CANDIDATE and --data"),
        ((".", "--over", "x", "--back"), "--back takes nothing but --over"),
        (("--over", "x", "--back", "--force"), "--back takes nothing but --over"),
    ],
)
def test_calls_that_say_too_little_or_too_much(arguments: tuple[str, ...], says: str) -> None:
    done = called(*arguments)
    assert done.exit_code == 2
    assert says in done.output
