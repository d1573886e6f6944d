"""Which runtime runs a checkpoint: told without loading any of them."""

import shutil
from pathlib import Path

from data.errors import CheckpointError, SettingsError
from data.extras import installed, require
from models.bert_shape import bert_shape

ONNX, ONNX_FLOAT, OPENVINO, TORCH = "onnx", "onnx-fp32", "openvino", "torch"
RUNTIMES = ("auto", ONNX, ONNX_FLOAT, OPENVINO, TORCH)


def choose_runtime(folder: Path, wanted: str = "auto") -> str:
    """``onnx``, ``onnx-fp32``, ``openvino`` or ``torch`` for the checkpoint in ``folder``.

    Args:
        folder: A complete checkpoint folder.
        wanted: One of ``RUNTIMES``. "auto" is torch where it can use a GPU, and for encoders other than BERT,
            else onnx-fp32: the answers of torch, for less work.

    Raises:
        CheckpointError: A runtime without torch is wanted for an encoder that is no BERT.
        SettingsError: There is no such runtime, or it is torch or OpenVINO and that is not installed.
    """
    if wanted not in RUNTIMES:
        raise SettingsError(f"there is no runtime {wanted}: choose one of {', '.join(RUNTIMES)}")
    is_bert = bert_shape(folder) is not None
    if wanted == TORCH or (wanted == "auto" and not is_bert):
        for package in ("torch", "transformers"):
            require(package, extra="torch", purpose=f"the model {folder.name} on the runtime torch")
        return TORCH
    if wanted == "auto":
        return TORCH if has_gpu() else ONNX_FLOAT
    if not is_bert:
        raise CheckpointError(
            f"{folder / 'config.json'} is no BERT encoder, the only kind that {wanted} can run: use --runtime torch"
        )
    if wanted == OPENVINO:
        require("openvino", extra="openvino", purpose="the runtime openvino")
    return wanted


def has_gpu() -> bool:
    """Whether torch can use a GPU; torch is only asked, which takes seconds, where a driver is installed."""
    if shutil.which("nvidia-smi") is None or not (installed("torch") and installed("transformers")):
        return False
    import torch

    return torch.cuda.is_available()
