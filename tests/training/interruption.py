"""A training that is broken off and goes on."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from models.metrics import metric
from training.finetune import FinetuneSettings, joint_loss
from training.resume import finished_steps
from training.train import train


def assert_resumes_to_the_same_weights(
    checkpoint: Path, tmp_path: Path, settings: FinetuneSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Train as ``checkpoint`` was, break off in the eighth step, go on, and compare weights and losses to the bit."""
    folder, steps = checkpoint.parent, 0

    def killed(*args: object, **kwargs: object) -> object:
        nonlocal steps
        steps += 1
        if steps == 8:
            raise KeyboardInterrupt
        return joint_loss(*args, **kwargs)

    often = replace(settings, save_every=3)
    monkeypatch.setattr("training.finetune.joint_loss", killed)
    with pytest.raises(KeyboardInterrupt):
        train(folder / "rows.parquet", str(folder / "encoder"), tmp_path / "model", often)
    assert finished_steps(tmp_path / "model.state") > 0
    train(folder / "rows.parquet", str(folder / "encoder"), tmp_path / "model", often)
    again, once = (load_file(path / "model.safetensors") for path in (tmp_path / "model", checkpoint))
    assert all(np.array_equal(again[name], once[name]) for name in once)
    assert metric(tmp_path / "model", "epochs") == metric(checkpoint, "epochs")
