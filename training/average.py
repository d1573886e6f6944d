"""Averages the weights of checkpoints that were fine-tuned from one start: a model soup.

    countervoice average build/model1 build/model2 --out build/average

Fine-tunings from one start that saw the rows in another order err in different places and lie in one basin, so the
mean of their weights answers nearly as their ensemble does, at the cost of one (Wortsman et al. 2022,
arXiv:2203.05482). The wide part and the calibration belong to one network: ``train --epochs 0`` fits them anew.
"""

from collections.abc import Sequence
from pathlib import Path

import torch

from data.errors import CheckpointError, SettingsError
from models.checkpoint import load_checkpoint, read_calibration, save_checkpoint

State = dict[str, torch.Tensor]
VOCABULARY = "tokenizer.json"


def average(folders: Sequence[Path], shares: Sequence[float] | None, out: Path) -> None:
    """Write to ``out`` the checkpoint whose weights are the mean of those in ``folders``.

    Args:
        folders: At least two checkpoints with one vocabulary.
        shares: One positive number per folder, of any sum; equal shares when None.
        out: Folder to write, with the first one's calibration and without a wide part.

    Raises:
        SettingsError: Fewer than two checkpoints, or shares that do not fit them.
        CheckpointError: A part is missing, or two vocabularies or shapes differ.
    """
    parts = _fractions(folders, shares)
    network, tokenizer, calibration = load_checkpoint(folders[0])
    mean = _times(network.state_dict(), parts[0])
    for folder, part in zip(folders[1:], parts[1:], strict=True):
        _same_vocabulary(folders[0], folder)
        mean = _plus(mean, _times(load_checkpoint(folder)[0].state_dict(), part), folders[0], folder)
    network.load_state_dict(mean)
    save_checkpoint(out, network, tokenizer, calibration)


def _fractions(folders: Sequence[Path], shares: Sequence[float] | None) -> list[float]:
    if len(folders) < 2:
        raise SettingsError("an average needs at least two checkpoints")
    if not shares:
        return [1 / len(folders)] * len(folders)
    if len(shares) != len(folders) or min(shares) <= 0:
        raise SettingsError(
            f"{len(folders)} checkpoints need {len(folders)} shares above 0, got {len(shares)}"
        )
    return [share / sum(shares) for share in shares]


def _same_vocabulary(first: Path, other: Path) -> None:
    read_calibration(other)  # says what is missing
    if (first / VOCABULARY).read_bytes() != (other / VOCABULARY).read_bytes():
        raise CheckpointError(f"{first} and {other} have different vocabularies: their weights have no mean")


def _times(state: State, part: float) -> State:
    return {name: value.float() * part for name, value in state.items()}


def _plus(mean: State, more: State, first: Path, other: Path) -> State:
    shapes = ({name: value.shape for name, value in state.items()} for state in (mean, more))
    if next(shapes) != next(shapes):
        raise CheckpointError(f"{first} and {other} have different shapes: their weights have no mean")
    return {name: value + more[name] for name, value in mean.items()}
