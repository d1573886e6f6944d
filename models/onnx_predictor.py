"""The predictor on ONNX Runtime: BERT encoders on a CPU, in int8 or float32, without torch."""

import os
from pathlib import Path

import onnxruntime
from onnxruntime.capi.onnxruntime_pybind11_state import Fail
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from data.errors import CheckpointError
from models.batch_predictor import EMBEDDING, BatchPredictor
from models.batching import Tokens
from models.bert_shape import bert_shape
from models.checkpoint import WEIGHTS, read_calibration
from models.onnx_graph import build_graph
from models.predictions import HEADS, Floats
from models.runtime import ONNX, ONNX_FLOAT


class OnnxPredictor(BatchPredictor):
    """Classifies and embeds statements with the checkpoint in a folder.

    In float32 the answers are those of torch; in int8 they differ a little (docs/decisions/0015 says how much).
    """

    batch_tokens = 512  # the states of more tokens no longer fit in the cache of one core

    def __init__(self, folder: Path, *, int8: bool = True, threads: int | None = None) -> None:
        """Build the graph from the weights, in about a second.

        Args:
            folder: A checkpoint with a BERT encoder.
            int8: Multiply in int8 inside the layers; else everything is float32.
            threads: Of one prediction; all CPUs that this process may use when None.

        Raises:
            CheckpointError: A part is missing, or the encoder is of another architecture.
        """
        super().__init__(folder, read_calibration(folder), ONNX if int8 else ONNX_FLOAT)
        shape = bert_shape(folder)
        if shape is None:
            raise CheckpointError(
                f"{folder / 'config.json'} is no BERT encoder that ONNX Runtime is prepared for: use the runtime torch"
            )
        self._width = shape.width
        self._tokenizer = _tokenizer(folder, self._calibration.max_length)
        self.pad_token = self._tokenizer.token_to_id("[PAD]") or 0
        try:
            graph = build_graph(load_file(folder / WEIGHTS), shape, int8=int8)
            self._session = _session(graph.SerializeToString(), threads or _cpus())
        except (KeyError, ValueError, Fail) as error:
            raise CheckpointError(
                f"{folder / WEIGHTS} does not fit {folder / 'config.json'}: {error}"
            ) from error

    def _sizes(self) -> dict[str, int]:
        return {**HEADS, EMBEDDING: self._width}

    def _encode(self, texts: list[str]) -> list[list[int]]:
        return [encoding.ids for encoding in self._tokenizer.encode_batch(texts)]

    def _run(self, ids: Tokens, mask: Tokens) -> dict[str, Floats]:
        names = [*self._sizes()]
        return dict(zip(names, self._session.run(names, {"ids": ids, "mask": mask}), strict=True))


def _tokenizer(folder: Path, max_length: int) -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_length)
    return tokenizer


def _session(graph: bytes, threads: int) -> onnxruntime.InferenceSession:
    onnxruntime.disable_telemetry_events()  # builds for Windows send some
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # a waiting thread costs no CPU
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


def _cpus() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
