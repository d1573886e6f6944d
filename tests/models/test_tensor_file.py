"""Files of tensors that are torn: never left by us, and told in a line."""

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data.errors import CheckpointError
from models.checkpoint import WEIGHTS, load_predictor
from models.tensor_file import load_tensors, save_tensors
from models.wide import NAME, Wide, load_wide, save_wide
from tests.serving.tiny_checkpoint import tiny_checkpoint

POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 3\n"


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_checkpoint(tmp_path_factory.mktemp("tensors"))


@pytest.mark.parametrize("runtime", ["torch", "onnx-fp32"])
@pytest.mark.parametrize("name", [WEIGHTS, NAME])
@pytest.mark.parametrize("content", [None, POINTER, b""])
def test_a_file_that_is_cut_off_or_a_pointer_is_told(
    checkpoint: Path, tmp_path: Path, content: bytes | None, name: str, runtime: str
) -> None:
    torn = shutil.copytree(checkpoint, tmp_path / "torn")
    whole = (torn / WEIGHTS).read_bytes()
    (torn / name).write_bytes(whole[: len(whole) // 2] if content is None else content)
    with pytest.raises(
        CheckpointError, match=rf"{name} cannot be read .*: it is cut off or holds no tensors"
    ):
        load_predictor(torn, runtime=runtime)


def test_a_write_that_is_killed_leaves_the_file_of_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / NAME
    save_tensors({"a": np.ones(3, np.float32)}, path)

    def killed(tensors: Any, partial: Path) -> None:
        partial.write_bytes(b"half")
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("safetensors.numpy.save_file", killed)
        with pytest.raises(KeyboardInterrupt):
            save_tensors({"a": np.zeros(3, np.float32)}, path)
    assert load_tensors(path)["a"].tolist() == [1, 1, 1]
    save_wide(tmp_path, Wide(weights={"degree": np.ones((4, 3), np.float32)}, bias={"degree": np.ones(3)}))
    assert set(load_wide(tmp_path).weights) == {"degree"}
    assert [each.name for each in tmp_path.iterdir()] == [NAME]
