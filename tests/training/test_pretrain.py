"""A further pass over pairs, with a tiny encoder and a teacher of our own."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.errors import CheckpointError
from tests.training.tiny import TEXTS, tiny_encoder
from training.distil import DistilSettings
from training.pretrain import pretrain

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
