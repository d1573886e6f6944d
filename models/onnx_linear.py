"""Linear layers of the ONNX graph, in float32, or in int8 with a step for every token.

A step for every token (instead of one for the whole batch, as dynamic quantisation usually has it) makes the answer of
a text independent of the texts beside it. Few channels of a transformer are far larger than the rest and would
set the step for all of them, so those are left out and multiplied in float32 (Dettmers et al. 2022, LLM.int8(),
arXiv:2208.07339).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.onnx_writer import RUNTIME_OPS, GraphWriter
from models.predictions import Floats

# Weights of 7 bits: products of two neighbours then fit the 16-bit sums of AVX2, so every CPU gives the same integers.
WEIGHT_LEVELS = 63
TOP = 255
MIDDLE = 128
GELU_ZERO = 32
GELU_LOWEST = 0.17


@dataclass(frozen=True, slots=True, kw_only=True)
class Int8:
    """How the input of a linear layer becomes int8.

    Attributes:
        outliers: Channels of the input that stay in float32.
        after_gelu: The input is never below -0.17, so most of the 8 bits are for its positive values.
    """

    outliers: NDArray[np.int64]
    after_gelu: bool = False

    @property
    def zero(self) -> int:
        """Which of 0..255 stands for zero."""
        return GELU_ZERO if self.after_gelu else MIDDLE

    @property
    def smallest_step(self) -> float:
        """Lower bound of the step between two of them."""
        return GELU_LOWEST / GELU_ZERO if self.after_gelu else 1e-9


def linear(graph: GraphWriter, states: str, weight: Floats, bias: Floats, int8: Int8 | None = None) -> str:
    """``states @ weight.T + bias``, with (out, in) ``weight``; in float32 when ``int8`` is None."""
    columns = np.ascontiguousarray(weight.T)
    product = (
        graph.op("MatMul", states, graph.constant(columns))
        if int8 is None
        else _int8_product(graph, states, columns, int8)
    )
    return graph.op("Add", product, graph.constant(bias))


def _int8_product(graph: GraphWriter, states: str, columns: Floats, int8: Int8) -> str:
    inner = columns.copy()
    inner[int8.outliers] = 0  # so what their int8 values are does not matter: they may overflow
    scale = np.maximum(np.abs(inner).max(axis=0) / WEIGHT_LEVELS, 1e-12).astype(np.float32)
    weight = np.round(inner / scale).astype(np.int8)
    values, step = _quantised(graph, states, len(columns), int8)
    product = graph.op(
        "MatMulIntegerToFloat",
        values,
        graph.constant(weight),
        graph.number(1),
        graph.constant(scale),
        graph.constant(np.uint8(int8.zero)),
        domain=RUNTIME_OPS,
    )
    product = graph.op("Mul", product, step)
    if not len(int8.outliers):
        return product
    large = graph.op("Gather", states, graph.constant(int8.outliers), axis=-1)
    return graph.op("Add", product, graph.op("MatMul", large, graph.constant(columns[int8.outliers])))


def _quantised(graph: GraphWriter, states: str, width: int, int8: Int8) -> tuple[str, str]:
    """(b, t, in) unsigned bytes of ``states`` and the (b, t, 1) steps between them."""
    size = states if int8.after_gelu else graph.op("Abs", states)
    if len(int8.outliers):
        usual = np.ones(width, np.float32)
        usual[int8.outliers] = 0
        size = graph.op("Mul", size, graph.constant(usual))
    largest = graph.op("ReduceMax", size, graph.axes(-1), keepdims=1)
    step = graph.op("Mul", largest, graph.number(1 / (TOP - int8.zero)))
    step = graph.op("Max", step, graph.number(int8.smallest_step))
    values = graph.op(
        "QuantizeLinear",
        graph.op("Div", states, step),
        graph.number(1),
        graph.constant(np.uint8(int8.zero)),
    )
    return values, step
