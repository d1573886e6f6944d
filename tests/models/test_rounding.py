"""How weights are stored: bounds of what rounding costs, and what was stored before is still read."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file, save_file

from models.checkpoint import (
    EMBEDDINGS,
    WEIGHTS,
    Calibration,
    load_checkpoint,
    load_predictor,
    save_checkpoint,
)
from models.encoding import load_encoder
from models.network import Network
from models.predictions import Floats
from models.rounding import LEVELS, SCALE, floats, names, rounded
from tests.training.tiny import TEXTS, tiny_encoder

LAYER = "encoder.encoder.layer.0."
SMALLEST = float(np.finfo(np.float16).smallest_subnormal)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> tuple[Network, object]:
    return load_encoder(str(tiny_encoder(tmp_path_factory.mktemp("rounding") / "encoder")))


@pytest.fixture
def folder(original: tuple[Network, object], tmp_path: Path) -> Path:
    network, tokenizer = original
    save_checkpoint(tmp_path / "model", network, tokenizer, Calibration(languages=("en", "vi")))  # type: ignore[arg-type]
    return tmp_path / "model"


@pytest.mark.parametrize("size", [1e-7, 1e-5, 1e-3, 1.0, 300.0])
def test_a_value_is_off_by_half_a_step_of_its_row_at_most(size: float) -> None:
    values: Floats = np.random.default_rng(0).normal(0, size, (50, 64)).astype(np.float32)
    values[0] = 0
    back = floats(rounded({"w": values}, {"w"}), "w")
    step = np.abs(values).max(axis=1, keepdims=True) / LEVELS
    assert (np.abs(back - values) <= 0.5005 * step + LEVELS * SMALLEST / 2).all()
    assert not back[0].any()


def test_rounding_twice_changes_nothing() -> None:
    values: Floats = np.random.default_rng(1).normal(0, 0.05, (200, 64)).astype(np.float32)
    once = rounded({"w": values}, {"w"})
    twice = rounded({"w": floats(once, "w")}, {"w"})
    assert all(np.array_equal(once[name], twice[name]) for name in once)


def test_a_tensor_that_is_called_scale_is_no_companion() -> None:
    stored = rounded({"norm.scale": np.ones(3, np.float32), "ids": np.arange(3000)}, set())
    assert names(stored) == ["norm.scale", "ids"]
    assert floats(stored, "ids")[-1] == 2999


def test_what_is_in_int8(folder: Path) -> None:
    stored = load_file(folder / WEIGHTS)
    in_int8 = {name for name, values in stored.items() if values.dtype == np.int8}
    parts = ("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense")
    layer = {f"{LAYER}{part}.weight" for part in (*parts, "intermediate.dense")}
    assert {name for name in in_int8 if name.startswith(LAYER)} == layer
    assert EMBEDDINGS in in_int8
    assert not [name for name in in_int8 if name.startswith("heads.")]
    assert all(stored[name + SCALE].shape == (len(stored[name]), 1) for name in in_int8)
    others = {values.dtype for name, values in stored.items() if name not in in_int8}
    assert others == {np.dtype(np.float16)}


def test_what_comes_back_is_what_was_saved(original: tuple[Network, object], folder: Path) -> None:
    before, after = original[0].state_dict(), load_checkpoint(folder)[0].state_dict()
    assert set(after) == set(before)
    for name, values in before.items():
        largest = values.abs().amax(dim=-1, keepdim=True)
        assert ((after[name] - values).abs() <= 0.5005 * largest / LEVELS + 1e-7).all(), name


def test_saving_what_was_loaded_changes_no_byte(folder: Path, tmp_path: Path) -> None:
    save_checkpoint(tmp_path / "again", *load_checkpoint(folder))
    assert (tmp_path / "again" / WEIGHTS).read_bytes() == (folder / WEIGHTS).read_bytes()


@pytest.mark.parametrize("in_int8", [(EMBEDDINGS, EMBEDDINGS + SCALE), ()])
def test_a_checkpoint_that_stores_floats_is_read(
    folder: Path, tmp_path: Path, in_int8: tuple[str, ...]
) -> None:
    """As they were written before, or none in int8; the same numbers, stored in another way, answer the same."""
    old = shutil.copytree(folder, tmp_path / "old")
    stored = load_file(old / WEIGHTS)
    wide = {name: floats(stored, name).astype(np.float16) for name in names(stored)}
    save_file(wide | {name: stored[name] for name in in_int8}, old / WEIGHTS)
    now, before = (load_checkpoint(path)[0].state_dict() for path in (folder, old))
    assert all(torch.allclose(now[name], before[name], rtol=1e-3, atol=1e-6) for name in now)
    for runtime in ("torch", "onnx-fp32"):
        new, other = (load_predictor(path, runtime=runtime).predict(TEXTS) for path in (folder, old))
        np.testing.assert_allclose(new.embeddings, other.embeddings, atol=1e-3)
