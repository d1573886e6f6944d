"""The predictor on PyTorch: CPU or GPU, length-sorted batches, calibrated answers."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch

from models.batching import sorted_batches
from models.calibration import probabilities, sigmoid
from models.checkpoint import checkpoint_info, load_checkpoint
from models.network import HEADS
from models.predictions import Floats, ModelInfo, Predictions
from models.wide import load_wide

BATCH_TOKENS = 4096


class TorchPredictor:
    """Classifies and embeds statements with the checkpoint in a folder."""

    def __init__(self, folder: Path, *, device: str | None = None) -> None:
        self._network, self._tokenizer, self._calibration = load_checkpoint(folder)
        self._device = device or ("cuda" if torch.cuda.is_available() else "cpu")
        self._network.to(self._device)
        self._wide = load_wide(folder)
        self._info = checkpoint_info(folder)

    @property
    def info(self) -> ModelInfo:
        """Which model this is."""
        return self._info

    def predict(
        self, texts: Sequence[str], *, on_progress: Callable[[int], None] | None = None
    ) -> Predictions:
        """Classify and embed ``texts``.

        Identical texts are computed once and get identical answers; the order of the texts does not matter.

        Args:
            texts: n statements of any length; what lies behind the model's ``max_length`` tokens is not read.
            on_progress: Gets the number of texts newly done.
        """
        unique = sorted(set(texts))
        position = {text: number for number, text in enumerate(unique)}
        rows = np.asarray([position[text] for text in texts], dtype=np.int64)
        copies = np.bincount(rows, minlength=len(unique)) if len(rows) else np.zeros(0, np.int64)
        logits, embeddings = self._run(unique, copies, on_progress)
        for head, scores in self._wide.logits(unique).items():
            logits[head] += scores
        temperatures = self._calibration.temperatures
        return Predictions(
            sentiment=probabilities(logits["sentiment"], temperatures["sentiment"])[rows],
            topics=sigmoid(logits["topics"] / np.float32(temperatures["topics"]))[rows],
            degree=probabilities(logits["degree"], temperatures["degree"])[rows],
            embeddings=embeddings[rows],
        )

    def _run(
        self, texts: list[str], copies: np.ndarray, on_progress: Callable[[int], None] | None
    ) -> tuple[dict[str, Floats], Floats]:
        hidden = self._network.width
        logits = {name: np.zeros((len(texts), classes), np.float32) for name, classes in HEADS.items()}
        embeddings = np.zeros((len(texts), hidden), np.float32)
        if not texts:
            return logits, embeddings
        encoded = self._tokenizer(texts, truncation=True, max_length=self._calibration.max_length)[
            "input_ids"
        ]
        lengths = [len(ids) for ids in encoded]
        with torch.inference_mode():
            for rows in sorted_batches(lengths, texts, tokens=BATCH_TOKENS):
                batch = self._tokenizer.pad(
                    {"input_ids": [encoded[row] for row in rows]}, return_tensors="pt"
                )
                batch = batch.to(self._device)
                output = self._network(batch["input_ids"], batch["attention_mask"])
                for name, values in output.logits.items():
                    logits[name][rows] = values.cpu().numpy()
                embeddings[rows] = output.embedding.cpu().numpy()
                if on_progress:
                    on_progress(int(copies[rows].sum()))
        return logits, embeddings
