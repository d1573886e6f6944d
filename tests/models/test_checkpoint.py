"""What is wrong with a checkpoint folder is told in one line, and nothing in it runs."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from data.errors import CheckpointError
from models.checkpoint import CALIBRATION, DEFAULT, WEIGHTS, load_checkpoint, load_predictor, read_calibration
from models.encoding import load_encoder
from models.metrics import NAME, metric
from tests.serving.tiny_checkpoint import tiny_checkpoint


def folder_with(folder: Path, text: str) -> Path:
    for name in ("config.json", "tokenizer.json", WEIGHTS):
        (folder / name).touch()
    (folder / CALIBRATION).write_text(text, encoding="utf-8")
    return folder


def shipped() -> dict[str, Any]:
    values: dict[str, Any] = json.loads((DEFAULT / CALIBRATION).read_text(encoding="utf-8"))
    return values


def test_the_shipped_one_is_read_back_as_written(tmp_path: Path) -> None:
    assert read_calibration(folder_with(tmp_path, json.dumps(shipped()))) == read_calibration(DEFAULT)


@pytest.mark.parametrize("text", ["", "{", json.dumps(shipped())[:-40]])
def test_a_file_that_was_cut_off(tmp_path: Path, text: str) -> None:
    with pytest.raises(CheckpointError, match=r"countervoice\.json is not whole"):
        read_calibration(folder_with(tmp_path, text))


def test_a_file_of_something_else(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="is no object of settings"):
        read_calibration(folder_with(tmp_path, "[]"))


@pytest.mark.parametrize(
    "change", [{"labels": None}, {"labels": {"sentiment": ["bad", "good"]}}, {"format": 2}]
)
def test_other_labels_or_another_format(tmp_path: Path, change: dict[str, object]) -> None:
    with pytest.raises(CheckpointError, match="made for other labels or another format"):
        read_calibration(folder_with(tmp_path, json.dumps(shipped() | change)))


def test_a_setting_of_a_later_version(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"cannot be read by this version.*louder"):
        read_calibration(folder_with(tmp_path, json.dumps(shipped() | {"louder": 3})))


def test_a_setting_that_is_missing(tmp_path: Path) -> None:
    values = shipped()
    del values["languages"]
    with pytest.raises(CheckpointError, match=r"cannot be read by this version.*languages"):
        read_calibration(folder_with(tmp_path, json.dumps(values)))


@pytest.mark.parametrize("text", ['{"confusion": {', "[1, 2]"])
def test_metrics_that_are_not_whole(tmp_path: Path, text: str) -> None:
    (tmp_path / NAME).write_text(text, encoding="utf-8")
    with pytest.raises(CheckpointError, match=r"metrics\.json is not whole"):
        metric(tmp_path, "confusion")


@pytest.mark.parametrize("kind", ["encoder", "tiny"])
def test_code_in_the_folder_never_runs(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """``transformers`` asks at the terminal whether it may run: somebody may say yes."""
    folder, ran = tiny_checkpoint(tmp_path).parent / kind, tmp_path / "ran"
    (folder / "own.py").write_text(
        f"from transformers import BertConfig\nopen({str(ran)!r}, 'w').close()\n"
        "class Own(BertConfig):\n    model_type = 'own'\n",
        encoding="utf-8",
    )
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    config |= {"model_type": "own", "auto_map": {"AutoConfig": "own.Own"}}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n" * 9))
    with pytest.raises(CheckpointError, match=r"cannot be loaded.*code"):
        load_checkpoint(folder) if kind == "tiny" else load_encoder(folder)
    assert not ran.exists()


@pytest.mark.parametrize("runtime", ["torch", "onnx-fp32"])
def test_code_that_a_bert_can_do_without_is_left_alone(
    tmp_path: Path, runtime: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Encoders of the hub name such code in their settings, which a checkpoint that is made of one keeps."""
    folder, ran = tiny_checkpoint(tmp_path), tmp_path / "ran"
    (folder / "own.py").write_text(f"open({str(ran)!r}, 'w').close()\n", encoding="utf-8")
    for name, part in (("config.json", "AutoConfig"), ("tokenizer_config.json", "AutoTokenizer")):
        settings = json.loads((folder / name).read_text(encoding="utf-8"))
        settings["auto_map"] = {part: "own.Own"}
        (folder / name).write_text(json.dumps(settings), encoding="utf-8")
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n" * 9))
    assert len(load_predictor(folder, runtime=runtime).predict(["Too few examples"])) == 1
    assert not ran.exists()


def test_a_configuration_that_is_not_whole(tmp_path: Path) -> None:
    folder = tiny_checkpoint(tmp_path)
    (folder / "config.json").write_text("{", encoding="utf-8")
    with pytest.raises(CheckpointError, match="tiny cannot be loaded"):
        load_checkpoint(folder)
