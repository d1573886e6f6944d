"""What every runtime shares: copies computed once, length-sorted batches, calibrated answers."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.batching import sorted_batches
from models.calibration import probabilities, sigmoid
from models.checkpoint import Calibration, checkpoint_info
from models.predictions import Floats, ModelInfo, Predictions
from models.wide import load_wide

EMBEDDING = "embedding"
Tokens = NDArray[np.int64]


class BatchPredictor(ABC):
    """Classifies and embeds statements with the checkpoint in a folder; a runtime fills in ``_encode`` and ``_run``."""

    batch_tokens: int
    pad_token: int

    def __init__(self, folder: Path, calibration: Calibration, runtime: str) -> None:
        self._calibration = calibration
        self._wide = load_wide(folder)
        self._info = replace(checkpoint_info(folder), runtime=runtime)

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
        raw = self._run_all(unique, copies, on_progress)
        for head, scores in self._wide.logits(unique).items():
            raw[head] += scores
        temperatures = self._calibration.temperatures
        return Predictions(
            sentiment=probabilities(raw["sentiment"], temperatures["sentiment"])[rows],
            topics=sigmoid(raw["topics"] / np.float32(temperatures["topics"]))[rows],
            degree=probabilities(raw["degree"], temperatures["degree"])[rows],
            embeddings=raw[EMBEDDING][rows],
        )

    def _run_all(
        self, texts: list[str], copies: NDArray[np.int64], on_progress: Callable[[int], None] | None
    ) -> dict[str, Floats]:
        raw = {name: np.zeros((len(texts), size), np.float32) for name, size in self._sizes().items()}
        encoded = self._encode(texts) if texts else []
        lengths = [len(ids) for ids in encoded]
        for rows in sorted_batches(lengths, texts, tokens=self.batch_tokens):
            for name, values in self._run(*self._padded([encoded[row] for row in rows])).items():
                raw[name][rows] = values
            if on_progress:
                on_progress(int(copies[rows].sum()))
        return raw

    def _padded(self, encoded: Sequence[Sequence[int]]) -> tuple[Tokens, Tokens]:
        """(b, t) token ids, and a mask with 1 for the real ones."""
        shape = len(encoded), max(map(len, encoded))
        ids, mask = np.full(shape, self.pad_token, np.int64), np.zeros(shape, np.int64)
        for row, tokens in enumerate(encoded):
            ids[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = 1
        return ids, mask

    @abstractmethod
    def _sizes(self) -> dict[str, int]:
        """Columns of each output, by its name."""

    @abstractmethod
    def _encode(self, texts: list[str]) -> list[list[int]]:
        """Token ids of each text, cut to the model's ``max_length``."""

    @abstractmethod
    def _run(self, ids: Tokens, mask: Tokens) -> dict[str, Floats]:
        """Logits of each head and the embedding, one row per row of (b, t) ``ids``."""
