"""The predictor on OpenVINO: BERT encoders on a CPU, in bfloat16 where it has instructions for that."""

import sys
from pathlib import Path
from queue import SimpleQueue
from types import ModuleType
from typing import Any

import numpy as np

from models.batching import Tokens
from models.graph_predictor import GraphPredictor
from models.predictions import Floats
from models.runtime import OPENVINO


class OpenvinoPredictor(GraphPredictor):
    """Classifies and embeds statements with the checkpoint in a folder.

    On processors without bfloat16 it computes in float32, and the answers are those of torch; in bfloat16 they
    differ less than those of int8 do (docs/decisions/0052 says how much).
    """

    batch_tokens = 1024  # the weights are read once a batch, and they are what costs
    refusal = RuntimeError

    def __init__(self, folder: Path, *, threads: int | None = None) -> None:
        """See ``GraphPredictor``."""
        super().__init__(folder, runtime=OPENVINO, int8=False, threads=threads)

    def _open(self, graph: bytes) -> None:
        core = _silent_openvino().Core()
        exact = "BF16" not in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
        settings = {
            "INFERENCE_PRECISION_HINT": "f32" if exact else "bf16",
            "INFERENCE_NUM_THREADS": self.streams,
            "NUM_STREAMS": self.streams,
            "SNIPPETS_MODE": "DISABLE",  # their attention in one piece is slow on statements of twenty tokens
            "ENABLE_CPU_PINNING": False,  # processes side by side would all take the first cores
        }
        network = core.compile_model(core.read_model(graph), "CPU", settings)
        self._free: SimpleQueue[Any] = SimpleQueue()  # requests: each computes one batch at a time
        for _ in range(self.streams):
            self._free.put(network.create_infer_request())

    def _run(self, ids: Tokens, mask: Tokens) -> dict[str, Floats]:
        request = self._free.get()
        try:
            found = request.infer({"ids": ids, "mask": mask})
            return {name: np.array(found[name], np.float32) for name in self._sizes()}
        finally:
            self._free.put(request)


def _silent_openvino() -> ModuleType:
    """The package, kept from reporting its import to its makers: without their reporter it takes a stub of its own."""
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    import openvino

    return openvino  # type: ignore[no-any-return]
