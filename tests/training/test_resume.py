"""A saved state: one file, whole or not at all, with the number of its steps inside."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from training.resume import finished_steps, load_state, save_state, saved_losses


def layer(value: float) -> torch.nn.Linear:
    network = torch.nn.Linear(2, 1)
    torch.nn.init.constant_(network.weight, value)
    return network


def test_weights_moments_and_steps_come_back(tmp_path: Path) -> None:
    network, other = layer(1.0), layer(0.0)
    optimizer, fresh = (torch.optim.AdamW(each.parameters()) for each in (network, other))
    network(torch.ones(1, 2)).sum().backward()
    optimizer.step()
    save_state(tmp_path, network, optimizer, step=50, losses={"degree": 0.1 + 0.2})
    assert load_state(tmp_path, other, fresh) == finished_steps(tmp_path) == 50
    assert saved_losses(tmp_path) == {"degree": 0.1 + 0.2}
    assert torch.equal(other.weight, network.weight)
    assert torch.equal(
        fresh.state_dict()["state"][0]["exp_avg"], optimizer.state_dict()["state"][0]["exp_avg"]
    )


def test_nothing_is_loaded_from_an_empty_folder(tmp_path: Path) -> None:
    assert load_state(tmp_path, layer(1.0)) == finished_steps(tmp_path) == 0


def test_a_kill_while_a_state_is_written_leaves_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(tensors: dict[str, torch.Tensor], path: Path, metadata: dict[str, str]) -> None:
        save_file(tensors, path, metadata)
        raise KeyboardInterrupt

    save_state(tmp_path, layer(1.0), step=25)
    monkeypatch.setattr("training.resume.save_file", killed)
    with pytest.raises(KeyboardInterrupt):
        save_state(tmp_path, layer(2.0), step=50)
    network = layer(0.0)
    assert load_state(tmp_path, network) == 25
    assert torch.equal(network.weight, torch.ones(1, 2))


def test_steps_and_weights_are_one_file(tmp_path: Path) -> None:
    save_state(tmp_path, layer(1.0), step=25)
    assert [path.name for path in tmp_path.iterdir()] == ["state.safetensors"]
