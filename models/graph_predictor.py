"""What the runtimes without torch share: the graph and the tokenizer of a BERT checkpoint, read from its files."""

import os
from abc import abstractmethod
from pathlib import Path

from tokenizers import Tokenizer

from data.errors import CheckpointError
from models.batch_predictor import EMBEDDING, BatchPredictor
from models.bert_shape import bert_shape
from models.checkpoint import WEIGHTS, read_calibration
from models.onnx_graph import build_graph
from models.predictions import HEADS
from models.tensor_file import load_tensors


class GraphPredictor(BatchPredictor):
    """Classifies and embeds statements with the ONNX graph of a checkpoint; a runtime fills in ``_open`` and ``_run``.

    Attributes:
        refusal: What the runtime raises for a graph that makes no sense.
    """

    refusal: type[Exception]

    def __init__(self, folder: Path, *, runtime: str, int8: bool, threads: int | None) -> None:
        """Build the graph from the weights, in about a second.

        Args:
            folder: A checkpoint with a BERT encoder.
            runtime: Its name in ``models.runtime``.
            int8: Multiply in int8 inside the layers; else the graph is in float32.
            threads: That many batches at the same time, on one thread each; all CPUs that this process may use when
                None.

        Raises:
            CheckpointError: A part is missing or cannot be read, or the encoder is of another architecture.
        """
        super().__init__(folder, read_calibration(folder), runtime)
        shape = bert_shape(folder)
        if shape is None:
            raise CheckpointError(
                f"{folder / 'config.json'} is no BERT encoder that {runtime} is prepared for: use the runtime torch"
            )
        self._width = shape.width
        self.streams = threads or _cpus()
        self._tokenizer = _tokenizer(folder, self._calibration.max_length)
        self.pad_token = self._tokenizer.token_to_id("[PAD]") or 0
        try:
            graph = build_graph(load_tensors(folder / WEIGHTS), shape, int8=int8)
            self._open(graph.SerializeToString())
        except (KeyError, ValueError, self.refusal) as error:
            raise CheckpointError(
                f"{folder / WEIGHTS} does not fit {folder / 'config.json'}: {error}"
            ) from error

    @abstractmethod
    def _open(self, graph: bytes) -> None:
        """Make ready to run ``graph`` in ``streams`` threads at the same time."""

    def _sizes(self) -> dict[str, int]:
        return {**HEADS, EMBEDDING: self._width}

    def _encode(self, texts: list[str]) -> list[list[int]]:
        return [encoding.ids for encoding in self._tokenizer.encode_batch(texts)]


def _tokenizer(folder: Path, max_length: int) -> Tokenizer:
    path = folder / "tokenizer.json"
    try:
        tokenizer = Tokenizer.from_buffer(path.read_bytes())
    except ValueError as error:
        raise CheckpointError(f"{path} is no whole tokenizer ({error}): fetch or make it again") from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_length)
    return tokenizer


def _cpus() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
