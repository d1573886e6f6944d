"""The predictor on PyTorch: every architecture that ``AutoModel`` knows, on CPU or GPU."""

from pathlib import Path

import torch

from models.batch_predictor import EMBEDDING, BatchPredictor
from models.batching import Tokens
from models.checkpoint import load_checkpoint
from models.predictions import HEADS, Floats
from models.runtime import TORCH


class TorchPredictor(BatchPredictor):
    """Classifies and embeds statements with the checkpoint in a folder."""

    batch_tokens = 4096

    def __init__(self, folder: Path, *, device: str | None = None) -> None:
        self._network, self._tokenizer, calibration = load_checkpoint(folder)
        super().__init__(folder, calibration, TORCH)
        self._device = device or ("cuda" if torch.cuda.is_available() else "cpu")
        self._network.to(self._device)
        self.pad_token = int(self._tokenizer.pad_token_id)

    def _sizes(self) -> dict[str, int]:
        return {**HEADS, EMBEDDING: self._network.width}

    def _encode(self, texts: list[str]) -> list[list[int]]:
        encoded = self._tokenizer(texts, truncation=True, max_length=self._calibration.max_length)
        ids: list[list[int]] = encoded["input_ids"]
        return ids

    def _run(self, ids: Tokens, mask: Tokens) -> dict[str, Floats]:
        with torch.inference_mode():
            output = self._network(
                torch.from_numpy(ids).to(self._device), torch.from_numpy(mask).to(self._device)
            )
        return {
            **{name: values.cpu().numpy() for name, values in output.logits.items()},
            EMBEDDING: output.embedding.cpu().numpy(),
        }
