"""The choice of a runtime where torch is installed, and where it is not."""

import json
from pathlib import Path

import pytest

from data import extras
from data.errors import SettingsError
from models import runtime
from models.checkpoint import DEFAULT
from models.runtime import choose_runtime


@pytest.fixture
def no_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (extras, runtime):
        monkeypatch.setattr(module, "installed", lambda package: package not in ("torch", "transformers"))


@pytest.fixture
def other_encoder(tmp_path: Path) -> Path:
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "xlm-roberta"}), encoding="utf-8")
    return tmp_path


def test_the_checkpoint_that_ships_needs_no_torch(no_torch: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime.shutil, "which", lambda program: f"/usr/bin/{program}")  # a driver is there
    assert choose_runtime(DEFAULT) == "onnx-fp32"


@pytest.mark.parametrize("wanted", ["auto", "torch"])
def test_what_needs_torch_says_how_to_get_it(no_torch: None, other_encoder: Path, wanted: str) -> None:
    with pytest.raises(SettingsError, match=r"runtime torch needs torch, which is not installed.*\[torch\]"):
        choose_runtime(other_encoder, wanted)


def test_other_encoders_run_on_torch_where_it_is(other_encoder: Path) -> None:
    assert choose_runtime(other_encoder) == "torch"


def test_openvino_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extras, "installed", lambda package: package != "openvino")
    with pytest.raises(
        SettingsError, match=r"runtime openvino needs openvino, which is not installed.*\[openvino\]"
    ):
        choose_runtime(DEFAULT, "openvino")
