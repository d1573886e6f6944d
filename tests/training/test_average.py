"""The mean of checkpoints."""

import math
from pathlib import Path

import pytest
import torch

from data.errors import CheckpointError, SettingsError
from models.checkpoint import Calibration, load_checkpoint, save_checkpoint
from models.encoding import load_encoder
from tests.training.tiny import tiny_encoder
from training.average import average


@pytest.fixture
def checkpoints(tmp_path: Path) -> list[Path]:
    """Two checkpoints over one encoder, their heads drawn apart."""
    encoder = tiny_encoder(tmp_path / "encoder")
    folders = [tmp_path / "one", tmp_path / "two"]
    for seed, folder in enumerate(folders):
        torch.manual_seed(seed)
        network, tokenizer = load_encoder(str(encoder))
        save_checkpoint(folder, network, tokenizer, Calibration(languages=("en",)))
    return folders


def _weights(folder: Path) -> dict[str, torch.Tensor]:
    return load_checkpoint(folder)[0].state_dict()


def test_every_weight_is_the_mean(checkpoints: list[Path], tmp_path: Path) -> None:
    average(checkpoints, None, tmp_path / "mean")
    one, two, mean = (_weights(folder) for folder in (*checkpoints, tmp_path / "mean"))
    assert any(not torch.equal(one[name], two[name]) for name in one)
    for name, value in mean.items():
        torch.testing.assert_close(value, (one[name] + two[name]) / 2, atol=2e-3, rtol=2e-3)


def test_a_mean_over_a_checkpoint_keeps_nothing_that_was_measured_of_it(
    checkpoints: list[Path], tmp_path: Path
) -> None:
    for name in ("metrics.json", "CARD.md"):
        (checkpoints[0] / name).write_text("{}", encoding="utf-8")
    average(checkpoints, None, checkpoints[0])
    assert {"metrics.json", "CARD.md"}.isdisjoint(path.name for path in checkpoints[0].iterdir())


def test_an_interrupted_write_over_a_checkpoint_is_seen_as_incomplete(
    checkpoints: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("models.checkpoint.save_wide", killed)
    with pytest.raises(KeyboardInterrupt):
        average(checkpoints, None, checkpoints[0])
    with pytest.raises(CheckpointError, match=r"model\.safetensors is missing"):
        load_checkpoint(checkpoints[0])


def test_shares_weigh_the_checkpoints(checkpoints: list[Path], tmp_path: Path) -> None:
    average(checkpoints, [3, 1], tmp_path / "mean")
    one, two, mean = (_weights(folder) for folder in (*checkpoints, tmp_path / "mean"))
    name = "heads.degree.outer.weight"
    torch.testing.assert_close(mean[name], 0.75 * one[name] + 0.25 * two[name], atol=2e-3, rtol=2e-3)


def test_one_checkpoint_has_no_mean(checkpoints: list[Path], tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="at least two"):
        average(checkpoints[:1], None, tmp_path / "mean")


@pytest.mark.parametrize(
    "shares", [[1.0], [1.0, 0.0], [1.0, 1.0, 1.0], [1.0, math.nan], [1.0, math.inf], [1e308, 1e308]]
)
def test_shares_that_do_not_fit_are_refused(
    checkpoints: list[Path], tmp_path: Path, shares: list[float]
) -> None:
    with pytest.raises(SettingsError, match="2 checkpoints need 2 shares above 0"):
        average(checkpoints, shares, tmp_path / "mean")


def test_other_vocabularies_are_refused_by_name(checkpoints: list[Path], tmp_path: Path) -> None:
    vocabulary = checkpoints[1] / "tokenizer.json"
    vocabulary.write_text(vocabulary.read_text(encoding="utf-8") + " ", encoding="utf-8")
    with pytest.raises(CheckpointError, match="two have different vocabularies"):
        average(checkpoints, None, tmp_path / "mean")


def test_a_folder_that_is_no_checkpoint_is_named(checkpoints: list[Path], tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="encoder is no Countervoice checkpoint"):
        average([checkpoints[0], tmp_path / "encoder"], None, tmp_path / "mean")
