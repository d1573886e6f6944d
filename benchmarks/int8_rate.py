"""What this machine does in int8 on the matrices of the shipped checkpoint, when it does nothing else.

    python -m benchmarks.int8_rate TEXTS.json THREADS

Every int8 product of the graph (``MatMulIntegerToFloat``: the four linear layers of each layer of the encoder; query,
key and value are one) is run alone in ONNX Runtime, in a graph of that one operator, with random bytes as its
(tokens, in) unsigned input and its (in, out) signed weights, for a second each, in as many threads as asked for at the
same time. The tokens are as many as in the median batch of the texts, padding included.

Counted as operations are two, a multiplication and an addition, for each weight of these products and each token of a
statement, without padding. Not counted: attention scores, norms, GELU, token embeddings, heads, the wide part, the
tokenizer, and the float32 products of the few channels that are left out of int8 (they are in the int8 product, too).
"""

import json
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

KIND = "MatMulIntegerToFloat"
SECONDS = 1.0
Shape = tuple[int, int]


def main() -> None:
    """Print the figures of ``measured`` as JSON."""
    texts = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    print(json.dumps(measured(texts, int(sys.argv[2]))))


def measured(texts: list[str], threads: int) -> dict[str, float]:
    """Operations of a mean statement, the seconds that its products alone take, and the tokens behind both."""
    from models.checkpoint import DEFAULT

    shapes = int8_products(DEFAULT)
    lengths, batch = token_counts(DEFAULT, texts)
    tokens = float(np.mean(lengths))
    of_batch = sum(count * seconds_of(shape, batch, threads) for shape, count in shapes.items())
    return {
        "operations": operations(shapes, tokens),
        "products_s": of_batch * tokens / batch,
        "tokens": tokens,
        "batch": batch,
    }


def operations(shapes: Counter[Shape], tokens: float) -> float:
    """Multiplications and additions of the products of ``tokens`` tokens with (in, out) weights."""
    return 2 * tokens * sum(rows * columns * count for (rows, columns), count in shapes.items())


def int8_products(folder: Path) -> Counter[Shape]:
    """How often the int8 graph of a checkpoint has a product with (in, out) weights."""
    from models.bert_shape import bert_shape
    from models.checkpoint import WEIGHTS
    from models.onnx_graph import build_graph
    from models.tensor_file import load_tensors

    shape = bert_shape(folder)
    if shape is None:
        raise SystemExit(f"{folder} has no BERT encoder, the only kind that is multiplied in int8")
    return products_in(build_graph(load_tensors(folder / WEIGHTS), shape, int8=True))


def products_in(model: Any) -> Counter[Shape]:
    """The same, of an ONNX model."""
    sizes = {constant.name: tuple(constant.dims) for constant in model.graph.initializer}
    return Counter(sizes[node.input[1]] for node in model.graph.node if node.op_type == KIND)


def token_counts(folder: Path, texts: list[str]) -> tuple[list[int], int]:
    """Tokens of each text, and those of the median batch with its padding."""
    from tokenizers import Tokenizer

    from models.batching import sorted_batches
    from models.checkpoint import read_calibration
    from models.onnx_predictor import OnnxPredictor

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(read_calibration(folder).max_length)
    lengths = [len(encoding.ids) for encoding in tokenizer.encode_batch(texts)]
    batches = sorted_batches(lengths, texts, tokens=OnnxPredictor.batch_tokens)
    return lengths, int(np.median([len(rows) * max(lengths[row] for row in rows) for rows in batches]))


def seconds_of(shape: Shape, tokens: int, threads: int) -> float:
    """Seconds between two products of (tokens, in) bytes with (in, out) weights, in ``threads`` threads at a time."""
    from models.onnx_silent import onnxruntime

    options = onnxruntime.SessionOptions()
    # Products side by side, as in the predictor: one in two threads is slower.
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(_graph(shape), options, providers=["CPUExecutionProvider"])
    feed = {"values": np.random.default_rng(0).integers(0, 256, (tokens, shape[0]), np.uint8)}
    for _ in range(10):
        session.run(None, feed)

    def runs(until: float) -> int:
        done = 0
        while time.perf_counter() < until:
            session.run(None, feed)
            done += 1
        return done

    with ThreadPoolExecutor(threads) as pool:
        start = time.perf_counter()
        done = sum(pool.map(runs, [start + SECONDS] * threads))
        return (time.perf_counter() - start) / done


def _graph(shape: Shape) -> bytes:
    from onnx import TensorProto

    from models.onnx_linear import MIDDLE, WEIGHT_LEVELS
    from models.onnx_writer import RUNTIME_OPS, GraphWriter

    weights = np.random.default_rng(1).integers(-WEIGHT_LEVELS, WEIGHT_LEVELS + 1, shape, np.int8)
    graph = GraphWriter()
    product = graph.op(
        KIND,
        "values",
        graph.constant(weights),
        graph.number(1),
        graph.constant(np.ones(shape[1], np.float32)),
        graph.constant(np.uint8(MIDDLE)),
        domain=RUNTIME_OPS,
    )
    model: bytes = graph.model({"values": TensorProto.UINT8}, {"product": product}).SerializeToString()
    return model


if __name__ == "__main__":
    main()
