"""State of a running training, so that an interrupted one goes on where it was. Tensors only, no pickle.

Weights, moments, the number of steps and their losses are one file, which replaces the one before at once: a kill tears
nothing.
"""

import json
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file

from data.errors import CheckpointError

STATE = "state.safetensors"


def save_state(
    folder: Path,
    network: torch.nn.Module,
    optimizer: torch.optim.Optimizer | None = None,
    *,
    step: int,
    losses: Mapping[str, float] | None = None,
    fixed: frozenset[str] = frozenset(),
) -> None:
    """Write weights, optimiser moments and the number of finished steps; an old state is replaced at once.

    Args:
        losses: Sums by part over the finished steps of the epoch.
        fixed: Names of weights that never change, and are left out.
    """
    folder.mkdir(parents=True, exist_ok=True)
    weights = network.state_dict()
    tensors = {f"network.{name}": value.contiguous() for name, value in weights.items() if name not in fixed}
    moments = optimizer.state_dict()["state"] if optimizer else {}
    for number, values in moments.items():
        for key, value in values.items():
            tensors[f"optimizer.{number}.{key}"] = value.contiguous()
    partial = folder / (STATE + ".tmp")
    save_file(tensors, partial, metadata={"step": str(step), "losses": json.dumps(losses or {})})
    partial.replace(folder / STATE)


def load_state(
    folder: Path,
    network: torch.nn.Module,
    optimizer: torch.optim.Optimizer | None = None,
    *,
    fixed: frozenset[str] = frozenset(),
) -> int:
    """Put a saved state back; returns the number of finished steps, 0 where there is none.

    Args:
        fixed: Names of weights that the state may lack, and that stay as they are.

    Raises:
        CheckpointError: The state is of another network.
    """
    path = folder / STATE
    if not path.exists():
        return 0
    with safe_open(path, framework="pt") as file:
        step = int(file.metadata()["step"])
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    prefix = "network."
    weights = {name: value for name, value in network.state_dict().items() if name in fixed}
    weights |= {k[len(prefix) :]: v for k, v in tensors.items() if k.startswith(prefix)}
    try:
        network.load_state_dict(weights)
    except RuntimeError as error:
        raise CheckpointError(
            f"{folder} holds the state of another network: remove that folder to begin anew"
        ) from error
    if optimizer:
        _load_moments(tensors, optimizer)
    return step


def finished_steps(folder: Path) -> int:
    """The number of steps of the state in ``folder``, 0 where there is none."""
    path = folder / STATE
    if not path.exists():
        return 0
    with safe_open(path, framework="pt") as file:
        return int(file.metadata()["step"])


def saved_losses(folder: Path) -> dict[str, float]:
    """Sums of the losses that ``save_state`` was given; empty where it had none."""
    with safe_open(folder / STATE, framework="pt") as file:
        losses: dict[str, float] = json.loads(file.metadata().get("losses", "{}"))
    return losses


def _load_moments(tensors: dict[str, torch.Tensor], optimizer: torch.optim.Optimizer) -> None:
    state: dict[int, dict[str, torch.Tensor]] = {}
    for name, value in tensors.items():
        if name.startswith("optimizer."):
            _, number, key = name.split(".", 2)
            state.setdefault(int(number), {})[key] = value
    saved = optimizer.state_dict()
    saved["state"] = state
    optimizer.load_state_dict(saved)
