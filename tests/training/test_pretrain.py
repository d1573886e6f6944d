"""A further pass over pairs, with a tiny encoder and a teacher of our own."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import training.pretrain
from data.errors import CheckpointError
from models.encoding import load_encoder
from tests.training.tiny import TEXTS, tiny_encoder
from training import corpora
from training.commands import pretrain_command
from training.distil import DistilSettings
from training.pretrain import parallel_rows, pretrain

SETTINGS = DistilSettings.further(2, 7)


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    give(monkeypatch, TEXTS[0])
    return tiny_encoder(tmp_path / "start")


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sentences of each call of the teacher, one after another."""
    sentences: list[str] = []

    def teacher(texts: Sequence[str]) -> np.ndarray:
        sentences.extend(texts)
        return np.eye(32, dtype=np.float32)[: len(texts)]

    monkeypatch.setattr("training.teacher.teacher_vectors", teacher)
    return sentences


def give(monkeypatch: pytest.MonkeyPatch, first: str) -> None:
    """Pairs whose first English sentence is ``first``."""
    rows = [(first, TEXTS[2], "vi", "train"), (TEXTS[1], TEXTS[3], "vi", "train")]
    rows += [(TEXTS[10], TEXTS[11], "lv", "train"), (TEXTS[10], TEXTS[11], "lv", "dev")]
    frame = pd.DataFrame(rows, columns=["en", "xx", "lang", "split"])
    monkeypatch.setattr("training.pretrain.parallel_rows", lambda folder: frame)


def test_no_english_of_dev_pairs_is_trained_on(tmp_path: Path) -> None:
    own = corpora.own_parallel()
    dev, train = (own[own.split == side].en.iloc[0] for side in ("dev", "train"))
    word = corpora.glossary().query("lang != 'en'").en.iloc[0]
    public = [
        (dev.upper(), "train"),
        (f" {train}", "dev"),
        (word.title(), "dev"),
        (word, "train"),
        ("x", "train"),
    ]
    frame = pd.DataFrame(public, columns=["en", "split"]).assign(xx="y", lang="vi", shippable=True)
    frame.to_parquet(tmp_path / "parallel.parquet")
    pairs = parallel_rows(tmp_path)
    sides = {side: {text.casefold().strip() for text in rows.en} for side, rows in pairs.groupby("split")}
    assert not sides["dev"] & sides["train"]
    assert {word.casefold(), train.casefold(), dev.casefold()} <= sides["dev"]
    assert "x" in sides["train"]
    assert len(sides["train"]) > 1000


def test_the_teacher_is_asked_once_for_the_same_sentences(
    start: Path, tmp_path: Path, asked: list[str]
) -> None:
    for _ in range(2):
        pretrain(tmp_path, tmp_path / "out", pieces=600, settings=SETTINGS, start=start)
    assert asked == [TEXTS[0], TEXTS[1], TEXTS[10]]


def test_the_teacher_is_asked_again_for_as_many_other_sentences(
    start: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: list[str]
) -> None:
    pretrain(tmp_path, tmp_path / "out", pieces=600, settings=SETTINGS, start=start)
    give(monkeypatch, "too little salt")
    (tmp_path / "out" / "state").rename(tmp_path / "old")
    pretrain(tmp_path, tmp_path / "out", pieces=600, settings=SETTINGS, start=start)
    assert asked[3:] == ["too little salt", TEXTS[1], TEXTS[10]]


def test_an_encoder_can_be_trained_further_in_its_own_folder(start: Path, tmp_path: Path) -> None:
    before = (start / "model.safetensors").read_bytes()
    pretrain(tmp_path, start, pieces=600, settings=SETTINGS, start=start)
    assert (start / "model.safetensors").read_bytes() != before


def test_the_state_of_other_pairs_or_another_seed_is_refused_before_anything_is_written(
    start: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: list[str]
) -> None:
    out = tmp_path / "out"
    pretrain(tmp_path, out, pieces=600, settings=SETTINGS, start=start)
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    with pytest.raises(CheckpointError, match=r"with another seed: "):
        pretrain(tmp_path, out, pieces=600, settings=DistilSettings.further(2, 8), start=start)
    other = tiny_encoder(tmp_path / "other", seed=1)
    with pytest.raises(CheckpointError, match=r"with another start: "):
        pretrain(tmp_path, out, pieces=600, settings=SETTINGS, start=other)
    give(monkeypatch, "too little salt")
    with pytest.raises(CheckpointError, match=r"with another corpora: "):
        pretrain(tmp_path, out, pieces=600, settings=SETTINGS, start=start)
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before
    assert len(asked) == 3


@pytest.fixture
def made(start: Path, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes of the tokenizers that were trained; all distillation starts from one tiny encoder."""
    sizes: list[int] = []
    trained = load_encoder(str(start))

    def train_tokenizer(texts: list[str], *, pieces: int) -> object:
        sizes.append(pieces)
        return trained[1].backend_tokenizer

    monkeypatch.setattr("training.tokenizer.train_tokenizer", train_tokenizer)
    monkeypatch.setattr(training.pretrain, "_tokenizer_texts", lambda folder: TEXTS)
    monkeypatch.setattr(training.pretrain, "_transplant", lambda *_: trained[0])
    return sizes


def test_one_begun_anew_makes_a_tokenizer_of_its_own(tmp_path: Path, made: list[int]) -> None:
    out, settings = tmp_path / "out", DistilSettings(epochs=2)
    pretrain(tmp_path, out, pieces=700, settings=settings)
    pretrain(tmp_path, out, pieces=700, settings=settings)
    assert made == [700]
    with pytest.raises(CheckpointError, match=r"with another pieces: "):
        pretrain(tmp_path, out, pieces=600, settings=settings)
    assert (out / "tokenizer.json").exists()
    (out / "state").rename(tmp_path / "old")
    pretrain(tmp_path, out, pieces=600, settings=settings)
    assert made == [700, 600]


def test_the_tokenizer_of_a_run_that_was_stopped_before_its_first_state_is_not_taken(
    start: Path, tmp_path: Path, made: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as stopped:
        stopped.setattr(training.pretrain, "distil", killed)
        for begun in (None, start):
            with pytest.raises(KeyboardInterrupt):
                pretrain(tmp_path, tmp_path / "out", pieces=700, settings=SETTINGS, start=begun)
    pretrain(tmp_path, tmp_path / "out", pieces=600, settings=SETTINGS)
    assert made == [700, 600]


def test_the_size_of_a_vocabulary_that_is_kept_is_refused(tmp_path: Path) -> None:
    folders = [f"--{name}={tmp_path}" for name in ("corpora", "start", "out")]
    done = CliRunner().invoke(pretrain_command, [*folders, "--pieces", "40000"])
    assert done.exit_code == 2
    assert "leave out --pieces" in done.output


@pytest.mark.parametrize("epochs", ["0", "-1"])
def test_no_epochs_are_refused_before_anything_is_read(tmp_path: Path, epochs: str) -> None:
    call = ["--corpora", str(tmp_path), "--out", str(tmp_path / "out"), "--epochs", epochs]
    done = CliRunner().invoke(pretrain_command, call)
    assert done.exit_code == 2
    assert "x>0" in done.output
