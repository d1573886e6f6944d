"""The network as an ONNX graph, made from the checkpoint's files without torch: ``models.network``, written out."""

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, TensorProto

from models.bert_shape import BertShape
from models.onnx_linear import Int8, linear
from models.onnx_writer import RUNTIME_OPS, GraphWriter
from models.predictions import HEADS, Floats
from models.rounding import SCALE, Stored, floats

EMBEDDINGS = "encoder.embeddings."
LAYERS = "encoder.encoder.layer."
OUTLIERS = 24  # one channel in so many, of the token states, is left out of int8
GELU_OUTLIERS = 96  # the same for the wider states inside the feed-forward layers
HIDDEN_BY_MASK = -1e4


def build_graph(weights: Stored, shape: BertShape, *, int8: bool) -> ModelProto:
    """A graph from token ids and mask, (b, t) int64, to ``embedding`` (b, width) and the logits of each head.

    Args:
        weights: The tensors of ``model.safetensors``, by their names there.
        shape: As ``models.bert_shape`` reads it.
        int8: Multiply in int8 inside the layers; the token embeddings and the heads stay as they are.

    Raises:
        KeyError: A tensor is missing.
        ValueError: The weights are of another width or of more layers.
    """
    width = len(weights[f"{EMBEDDINGS}LayerNorm.weight"])
    if width != shape.width:
        raise ValueError(f"the weights are {width} wide, not {shape.width}")
    if any(name.startswith(f"{LAYERS}{shape.layers}.") for name in weights):
        raise ValueError(f"the weights have more than {shape.layers} layers")
    return _Bert(weights, shape, int8=int8).model()


class _Bert:
    def __init__(self, weights: Stored, shape: BertShape, *, int8: bool) -> None:
        self._weights = weights
        self._shape = shape
        self._graph = GraphWriter()
        self._states_int8 = Int8(outliers=self._state_outliers()) if int8 else None
        self._context_int8 = Int8(outliers=np.zeros(0, np.int64)) if int8 else None
        self._int8 = int8

    def model(self) -> ModelProto:
        states = self._embed()
        for layer in range(self._shape.layers):
            states = self._layer(states, f"{LAYERS}{layer}.")
        mask = self._graph.op(
            "Unsqueeze", self._graph.op("Cast", "mask", to=TensorProto.FLOAT), self._graph.axes(2)
        )
        outputs = {"embedding": self._mean(states, mask)}
        hidden = self._graph.op("Sub", mask, self._graph.number(1))
        hidden = self._graph.op("Mul", hidden, self._graph.number(-HIDDEN_BY_MASK))
        outputs |= {name: self._head(states, hidden, f"heads.{name}.") for name in HEADS}
        return self._graph.model({"ids": TensorProto.INT64, "mask": TensorProto.INT64}, outputs)

    def _floats(self, name: str) -> Floats:
        return floats(self._weights, name)

    def _constant(self, name: str) -> str:
        return self._graph.constant(self._floats(name))

    def _embed(self) -> str:
        """Token embeddings stay as they are stored: only the rows of the tokens at hand become float32."""
        graph = self._graph
        words = f"{EMBEDDINGS}word_embeddings.weight"
        rows = graph.op("Gather", graph.constant(self._weights[words]), "ids")
        rows = graph.op("Cast", rows, to=TensorProto.FLOAT)
        if words + SCALE in self._weights:
            rows = graph.op("Mul", rows, graph.op("Gather", self._constant(words + SCALE), "ids"))
        positions = self._floats(f"{EMBEDDINGS}position_embeddings.weight")
        first_type = self._floats(f"{EMBEDDINGS}token_type_embeddings.weight")[0]
        length = graph.op("Shape", "ids", start=1, end=2)
        places = graph.op(
            "Slice", graph.constant(positions + first_type), graph.axes(0), length, graph.axes(0)
        )
        return self._norm(graph.op("Add", rows, places), f"{EMBEDDINGS}LayerNorm")

    def _layer(self, states: str, name: str) -> str:
        graph = self._graph
        attended = self._linear(
            self._attention(states, name), f"{name}attention.output.dense", self._context_int8
        )
        states = self._norm(graph.op("Add", attended, states), f"{name}attention.output.LayerNorm")
        inner = graph.op("Gelu", self._linear(states, f"{name}intermediate.dense", self._states_int8))
        outer = self._linear(inner, f"{name}output.dense", self._inner_int8(name))
        return self._norm(graph.op("Add", outer, states), f"{name}output.LayerNorm")

    def _attention(self, states: str, name: str) -> str:
        graph = self._graph
        parts = [f"{name}attention.self.{part}" for part in ("query", "key", "value")]
        weight = np.concatenate([self._floats(f"{part}.weight") for part in parts])
        bias = np.concatenate([self._floats(f"{part}.bias") for part in parts])
        together = linear(graph, states, weight, bias, self._states_int8)
        query, key, value = graph.split_op("Split", together, outputs=3, axis=-1, num_outputs=3)
        real = graph.op("Cast", "mask", to=TensorProto.INT32)
        heads = self._shape.attention_heads
        return graph.op(
            "MultiHeadAttention", query, key, value, "", real, domain=RUNTIME_OPS, num_heads=heads
        )

    def _mean(self, states: str, mask: str) -> str:
        """Unit-length mean of the real tokens."""
        graph = self._graph
        total = graph.op("ReduceSum", graph.op("Mul", states, mask), graph.axes(1), keepdims=0)
        count = graph.op("ReduceSum", mask, graph.axes(1), keepdims=0)
        return graph.op("LpNormalization", graph.op("Div", total, count), axis=-1, p=2)

    def _head(self, states: str, hidden: str, name: str) -> str:
        """Attention pooling with several queries, then a perceptron: one row a statement, so float32 costs little."""
        graph = self._graph
        scores = graph.op("Add", self._linear(states, f"{name}attention"), hidden)
        weights = graph.op("Transpose", graph.op("Softmax", scores, axis=1), perm=[0, 2, 1])
        pooled = graph.op("Reshape", graph.op("MatMul", weights, states), graph.axes(0, -1))
        return self._linear(graph.op("Gelu", self._linear(pooled, f"{name}inner")), f"{name}outer")

    def _linear(self, states: str, name: str, int8: Int8 | None = None) -> str:
        return linear(self._graph, states, self._floats(f"{name}.weight"), self._floats(f"{name}.bias"), int8)

    def _norm(self, states: str, name: str) -> str:
        parts = self._constant(f"{name}.weight"), self._constant(f"{name}.bias")
        return self._graph.op("LayerNormalization", states, *parts, axis=-1, epsilon=self._shape.epsilon)

    def _state_outliers(self) -> NDArray[np.int64]:
        """The large channels of the token states: the same in all layers, told by the gain of their norms."""
        names = [f"{LAYERS}{layer}.attention.output.LayerNorm.weight" for layer in range(self._shape.layers)]
        gain = np.max([np.abs(self._floats(name)) for name in names], axis=0)
        return _largest(gain, OUTLIERS)

    def _inner_int8(self, name: str) -> Int8 | None:
        """The large channels inside a feed-forward layer have large weights behind them."""
        if not self._int8:
            return None
        reach = np.abs(self._floats(f"{name}output.dense.weight")).max(axis=0)
        return Int8(outliers=_largest(reach, GELU_OUTLIERS), after_gelu=True)


def _largest(size: Floats, one_in: int) -> NDArray[np.int64]:
    """Sorted numbers of the largest channels, one in ``one_in`` and at least one."""
    chosen: NDArray[np.int64] = np.sort(np.argsort(-size, kind="stable")[: max(1, len(size) // one_in)])
    return chosen
