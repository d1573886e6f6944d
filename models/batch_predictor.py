"""What every runtime shares: copies computed once, length-sorted batches, calibrated answers."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.batching import Tokens, padded, sorted_batches
from models.calibration import probabilities, sigmoid
from models.checkpoint import Calibration, checkpoint_info
from models.predictions import Floats, ModelInfo, Predictions
from models.streams import each_with
from models.wide import load_wide

EMBEDDING = "embedding"
ENCODED = 4096  # texts at once: what a tokenizer returns of a text beside its ids is kilobytes


class BatchPredictor(ABC):
    """Classifies and embeds statements with the checkpoint in a folder; a runtime fills in ``_encode`` and ``_run``.

    Attributes:
        batch_tokens: At most so many in a batch, padding included.
        pad_token: What fills the shorter rows.
        streams: Batches that ``_run`` computes at the same time.
    """

    batch_tokens: int
    pad_token: int
    streams = 1

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
        encoded = [
            ids
            for start in range(0, len(texts), ENCODED)
            for ids in self._encode(texts[start : start + ENCODED])
        ]
        lengths = [len(ids) for ids in encoded]
        batches = [*sorted_batches(lengths, texts, tokens=self.batch_tokens)]

        def run(rows: list[int]) -> dict[str, Floats]:
            return self._run(*padded([encoded[row] for row in rows], self.pad_token))

        with closing(each_with(run, batches, streams=self.streams)) as answers:
            for rows, found in answers:
                for name, values in found.items():
                    raw[name][rows] = values
                if on_progress:
                    on_progress(int(copies[rows].sum()))
        return raw

    @abstractmethod
    def _sizes(self) -> dict[str, int]:
        """Columns of each output, by its name."""

    @abstractmethod
    def _encode(self, texts: list[str]) -> list[list[int]]:
        """Token ids of each text, cut to the model's ``max_length``."""

    @abstractmethod
    def _run(self, ids: Tokens, mask: Tokens) -> dict[str, Floats]:
        """Logits of each head and the embedding, one row per row of (b, t) ``ids``."""
