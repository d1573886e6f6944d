"""The predictor on ONNX Runtime: BERT encoders on a CPU, in int8 or float32, without torch."""

from pathlib import Path

from models.batching import Tokens
from models.graph_predictor import GraphPredictor
from models.onnx_silent import Fail, onnxruntime
from models.predictions import Floats
from models.runtime import ONNX, ONNX_FLOAT


class OnnxPredictor(GraphPredictor):
    """Classifies and embeds statements with the checkpoint in a folder.

    In float32 the answers are those of torch; in int8 they differ a little (docs/decisions/0015 says how much).
    """

    batch_tokens = 256  # as fast as larger ones, and a request of many statements keeps more cores busy
    refusal = Fail

    def __init__(self, folder: Path, *, int8: bool = True, threads: int | None = None) -> None:
        """See ``GraphPredictor``; ``int8`` decides which of the two runtimes this is."""
        super().__init__(folder, runtime=ONNX if int8 else ONNX_FLOAT, int8=int8, threads=threads)

    def _open(self, graph: bytes) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # each stream is a thread of its own
        self._session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])

    def _run(self, ids: Tokens, mask: Tokens) -> dict[str, Floats]:
        names = [*self._sizes()]
        return dict(zip(names, self._session.run(names, {"ids": ids, "mask": mask}), strict=True))
