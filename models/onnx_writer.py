"""Writes an ONNX graph node by node: a thin hand on ``onnx.helper``."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, TensorProto, helper, numpy_helper

OPSET = 21
IR_VERSION = 10
RUNTIME_OPS = "com.microsoft"  # operators of ONNX Runtime beyond the standard


class GraphWriter:
    """Collects the nodes and constants of one graph; every method gives the name of what it made."""

    def __init__(self) -> None:
        self._nodes: list[Any] = []
        self._constants: list[TensorProto] = []

    def constant(self, value: NDArray[Any] | np.generic) -> str:
        """Put ``value`` into the graph."""
        name = f"constant_{len(self._constants)}"
        self._constants.append(
            numpy_helper.from_array(np.ascontiguousarray(value).reshape(value.shape), name)
        )
        return name

    def number(self, value: float) -> str:
        """Put a float32 scalar into the graph."""
        return self.constant(np.float32(value))

    def axes(self, *axes: int) -> str:
        """Put a list of int64 numbers into the graph, as axes and shapes are given."""
        return self.constant(np.asarray(axes, np.int64))

    def op(self, kind: str, *inputs: str, domain: str = "", **attributes: Any) -> str:
        """Add an operator with one output."""
        return self.split_op(kind, *inputs, outputs=1, domain=domain, **attributes)[0]

    def split_op(
        self, kind: str, *inputs: str, outputs: int, domain: str = "", **attributes: Any
    ) -> list[str]:
        """Add an operator with several outputs."""
        names = [f"value_{len(self._nodes)}_{number}" for number in range(outputs)]
        self._nodes.append(helper.make_node(kind, inputs, names, domain=domain, **attributes))
        return names

    def model(self, inputs: Mapping[str, int], outputs: Mapping[str, str]) -> ModelProto:
        """Close the graph.

        Args:
            inputs: Name to element type of the (b, t) inputs.
            outputs: Public name to the name in the graph of the (b, n) float32 outputs.
        """
        named = [helper.make_node("Identity", [inner], [name]) for name, inner in outputs.items()]
        graph = helper.make_graph(
            [*self._nodes, *named],
            "countervoice",
            [helper.make_tensor_value_info(name, kind, ["b", "t"]) for name, kind in inputs.items()],
            [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["b", None]) for name in outputs],
            self._constants,
        )
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(RUNTIME_OPS, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION)
