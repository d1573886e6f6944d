"""State of a running training, so that an interrupted one goes on where it was. Tensors only, no pickle."""

import json
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

STATE, STEP = "state.safetensors", "state.json"


def save_state(folder: Path, network: torch.nn.Module, optimizer: torch.optim.Optimizer, step: int) -> None:
    """Write weights, optimiser moments and the number of finished steps; an old state is replaced at once."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {f"network.{name}": value.contiguous() for name, value in network.state_dict().items()}
    for number, values in optimizer.state_dict()["state"].items():
        for key, value in values.items():
            tensors[f"optimizer.{number}.{key}"] = value.contiguous()
    partial = folder / (STATE + ".tmp")
    save_file(tensors, partial, metadata={"step": str(step)})
    partial.replace(folder / STATE)
    (folder / STEP).write_text(json.dumps({"step": step}), encoding="utf-8")


def load_state(folder: Path, network: torch.nn.Module, optimizer: torch.optim.Optimizer) -> int:
    """Put a saved state back; returns the number of finished steps, 0 where there is none."""
    path = folder / STATE
    if not path.exists():
        return 0
    tensors = load_file(path)
    prefix = "network."
    network.load_state_dict({k[len(prefix) :]: v for k, v in tensors.items() if k.startswith(prefix)})
    state: dict[int, dict[str, torch.Tensor]] = {}
    for name, value in tensors.items():
        if name.startswith("optimizer."):
            _, number, key = name.split(".", 2)
            state.setdefault(int(number), {})[key] = value
    saved = optimizer.state_dict()
    saved["state"] = state
    optimizer.load_state_dict(saved)
    return int(json.loads((folder / STEP).read_text(encoding="utf-8"))["step"])
