"""The runtimes against each other: float32 answers as torch, int8 within a stated tolerance, neither needs torch."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from data.errors import CheckpointError, SettingsError
from data.reading import read_feedback
from models.checkpoint import DEFAULT, Calibration, load_predictor, save_checkpoint
from models.predictions import Predictions
from models.runtime import RUNTIMES, choose_runtime
from tests.training.tiny import TEXTS, tiny_encoder
from training.train import load_encoder

SAMPLE = Path(__file__).resolve().parent.parent.parent / "data" / "sample" / "feedback.csv"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("runtime")
    network, tokenizer = load_encoder(str(tiny_encoder(base / "encoder")))
    save_checkpoint(base / "model", network, tokenizer, Calibration(languages=("en", "vi")))
    return base / "model"


def assert_alike(one: Predictions, two: Predictions, tolerance: float) -> None:
    for name in ("sentiment", "topics", "degree", "embeddings"):
        np.testing.assert_allclose(getattr(one, name), getattr(two, name), atol=tolerance, err_msg=name)


def test_float32_answers_as_torch(folder: Path) -> None:
    texts = [*TEXTS, "x", "too few examples " * 10]
    onnx = load_predictor(folder, runtime="onnx-fp32").predict(texts)
    assert_alike(onnx, load_predictor(folder, runtime="torch").predict(texts), 1e-5)


@pytest.mark.parametrize("runtime", ["onnx", "onnx-fp32"])
def test_the_company_of_a_text_changes_little_and_the_order_nothing(folder: Path, runtime: str) -> None:
    predictor = load_predictor(folder, runtime=runtime)
    whole = predictor.predict(TEXTS)
    turned = predictor.predict(TEXTS[::-1])
    assert np.array_equal(whole.degree, turned.degree[::-1])
    assert np.array_equal(whole.embeddings, turned.embeddings[::-1])
    alone = predictor.predict(TEXTS[:1])
    assert np.abs(alone.degree - whole.degree[:1]).max() < 0.02


def test_nothing_in_nothing_out(folder: Path) -> None:
    for runtime in RUNTIMES:
        assert len(load_predictor(folder, runtime=runtime).predict([])) == 0


def test_other_encoders_are_left_to_torch(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "xlm-roberta"}', encoding="utf-8")
    assert choose_runtime(tmp_path) == "torch"
    with pytest.raises(CheckpointError, match="--runtime torch"):
        choose_runtime(tmp_path, "onnx")


def test_an_unknown_runtime_is_named(folder: Path) -> None:
    with pytest.raises(SettingsError, match="tensorrt"):
        load_predictor(folder, runtime="tensorrt")


def test_torch_is_not_imported(folder: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from models.checkpoint import load_predictor;"
        f"load_predictor(Path({str(folder)!r}), runtime='onnx-fp32').predict(['too few']);"
        "sys.exit('torch' in sys.modules or 'transformers' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.slow
def test_int8_keeps_the_answers_of_the_checkpoint_that_ships() -> None:
    """The gates: 98.5 % of the labels, and 95 % of the ten nearest neighbours."""
    texts = [message.text for message in read_feedback(SAMPLE).feedback][:1000]
    exact = load_predictor(DEFAULT, runtime="onnx-fp32").predict(texts)
    small = load_predictor(DEFAULT, runtime="onnx").predict(texts)
    for head in ("degree", "sentiment"):
        same = getattr(exact, head).argmax(axis=1) == getattr(small, head).argmax(axis=1)
        assert same.mean() >= 0.985, head
    assert kept_neighbours(exact.embeddings, small.embeddings) >= 0.95


def kept_neighbours(one: np.ndarray, two: np.ndarray, nearest: int = 10) -> float:
    """Mean share of the nearest rows by cosine that two embeddings of the same rows have in common."""
    found = [np.argsort(-(vectors @ vectors.T), axis=1)[:, 1 : nearest + 1] for vectors in (one, two)]
    return float(np.mean([len(set(a) & set(b)) / nearest for a, b in zip(*found, strict=True)]))
