"""What the benchmark of the runtimes counts, and the table of its targets."""

from collections import Counter

import numpy as np
import pytest
from onnx import TensorProto

from benchmarks.int8_rate import KIND, operations, products_in
from benchmarks.runtime import best_of
from benchmarks.runtime_targets import Target, rate_line, target_rows, targets
from models.onnx_writer import RUNTIME_OPS, GraphWriter

BEST = {
    "pipeline": {"count": 100, "clock_s": 4.0},
    "pipeline-xlm-r": {"count": 10, "clock_s": 5.0},
    "onnx": {"count": 100, "clock_s": 1.0, "start_s": 1.004, "torch_modules": 0},
    "openvino": {"count": 100, "clock_s": 0.5, "start_s": 0.9, "torch_modules": 0},
    "int8": {"operations": 6e8, "products_s": 0.009, "tokens": 28.2, "batch": 504},
}


def test_two_operations_are_counted_for_each_weight_and_token() -> None:
    layer = Counter({(384, 1152): 1, (384, 384): 1, (384, 1536): 1, (1536, 384): 1})
    assert operations(layer, 1) == 2 * (4 * 384**2 + 2 * 384 * 1536)
    assert operations(layer + layer, 10.5) == pytest.approx(21 * operations(layer, 1))


def test_the_products_are_those_that_the_graph_has() -> None:
    graph = GraphWriter()
    values = graph.op("Identity", "values")
    for _ in range(2):
        weights = graph.constant(np.zeros((4, 3), np.int8))
        product = graph.op(KIND, values, weights, graph.number(1), graph.number(1), domain=RUNTIME_OPS)
    product = graph.op("MatMul", product, graph.constant(np.zeros((3, 2), np.float32)))
    model = graph.model({"values": TensorProto.UINT8}, {"product": product})
    assert products_in(model) == {(4, 3): 2}


def test_targets_are_ratios_of_statements_per_second() -> None:
    assert [target.measured for target in targets(BEST)] == pytest.approx(
        [4, 50, 90, 1.004, 0, 8, 100, 180, 0.9, 0]
    )
    assert [target.reached for target in targets(BEST)] == [True, True, True, False, *[True] * 6]


def test_a_target_at_its_bound_is_reached() -> None:
    for at_most in (False, True):
        assert Target(what="", measured=40, bound=40, unit="x", at_most=at_most).reached
    assert not Target(what="", measured=39.99, bound=40, unit="x").reached


def test_the_table_has_target_measured_and_reached() -> None:
    rows = target_rows(targets(BEST))
    assert rows[0] == "| what | target | measured | reached |"
    assert rows[2] == "| int8 against a pipeline on the same weights | >= 3.3 x | 4.0 x | yes |"
    assert rows[5] == "| int8 from the start to the first answer | <= 1 CPU s | 1.00 CPU s | no |"
    assert rows[6] == "| modules of torch in that process | <= 0 | 0 | yes |"
    assert rows[8] == "| openvino against a pipeline of the shape of XLM-R base | >= 40 x | 100.0 x | yes |"


def test_both_rates_are_shown_in_operations_a_second() -> None:
    assert "alone 66.7 GOP/s (504 tokens a batch), within the predictor 60.0 GOP/s; 600 MOP" in rate_line(
        BEST
    )


def test_the_best_round_counts_for_each_figure() -> None:
    rounds = [{"onnx": {"clock_s": 2.0, "mib": 5.0}}, {"onnx": {"clock_s": 3.0, "mib": 4.0}}]
    assert best_of(rounds) == {"onnx": {"clock_s": 2.0, "mib": 4.0}}
