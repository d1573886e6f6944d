"""Averages the weights of checkpoints that were fine-tuned from one start: a model soup.

    countervoice average build/model1 build/model2 --out build/average

Fine-tunings from one start that saw the rows in another order err in different places and lie in one basin, so the
mean of their weights answers nearly as their ensemble does, at the cost of one (Wortsman et al. 2022,
arXiv:2203.05482). The wide part, the calibration and the counts of errors belong to one network: ``train --epochs 0``
makes them anew.
"""

import math
from collections.abc import Sequence
from pathlib import Path

import torch

from data.errors import CheckpointError, SettingsError
from models.checkpoint import load_checkpoint, save_checkpoint

State = dict[str, torch.Tensor]
VOCABULARY = "tokenizer.json"


def average(folders: Sequence[Path], shares: Sequence[float] | None, out: Path) -> None:
    """Write to ``out`` the checkpoint whose weights are the mean of those in ``folders``.

    Args:
        folders: At least two checkpoints with one vocabulary.
        shares: One positive number per folder, of any sum; equal shares when None.
        out: Folder to write, with the first one's calibration, without a wide part and without metrics.

    Raises:
        SettingsError: Fewer than two checkpoints, or shares that do not fit them.
        CheckpointError: A part is missing, or two vocabularies or shapes differ.
    """
    parts = _fractions(folders, shares)
    network, tokenizer, calibration = load_checkpoint(folders[0])
    mean = {name: value * parts[0] for name, value in network.state_dict().items()}
    for folder, part in zip(folders[1:], parts[1:], strict=True):
        state = load_checkpoint(folder)[0].state_dict()
        _check_alike(folders[0], mean, folder, state)
        mean = {name: value + state[name] * part for name, value in mean.items()}
    network.load_state_dict(mean)
    save_checkpoint(out, network, tokenizer, calibration)


def _fractions(folders: Sequence[Path], shares: Sequence[float] | None) -> list[float]:
    if len(folders) < 2:
        raise SettingsError("an average needs at least two checkpoints")
    if not shares:
        return [1 / len(folders)] * len(folders)
    if len(shares) != len(folders) or not (min(shares) > 0 and sum(shares) < math.inf):
        raise SettingsError(
            f"{len(folders)} checkpoints need {len(folders)} shares above 0 with a finite sum, got "
            f"{', '.join(f'{share:g}' for share in shares)}"
        )
    return [share / sum(shares) for share in shares]


def _check_alike(first: Path, mean: State, other: Path, state: State) -> None:
    if (first / VOCABULARY).read_bytes() != (other / VOCABULARY).read_bytes():
        raise CheckpointError(f"{first} and {other} have different vocabularies: their weights have no mean")
    if _shapes(mean) != _shapes(state):
        raise CheckpointError(f"{first} and {other} have different shapes: their weights have no mean")


def _shapes(state: State) -> dict[str, torch.Size]:
    return {name: value.shape for name, value in state.items()}
