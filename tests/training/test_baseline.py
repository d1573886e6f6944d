"""The baseline reads every row that it is set beside."""

import pandas as pd

from data.labels import DEGREES
from training.baseline import baseline_predictions


def rows(number: int) -> pd.DataFrame:
    """Rows of which the last hundred alone tell what "tiny" is."""
    plain = [(f"fine thing number {n}", "none") for n in range(number)]
    known = [(f"far too many of {n}", "too_much") for n in range(number)]
    table = pd.DataFrame([*plain, *known, *[("tiny", "too_little")] * 100], columns=["text", "degree"])
    return table.assign(lang="en", sentiment=None, topics=None)


def test_rows_that_are_few_among_thousands_are_learned() -> None:
    dev = pd.DataFrame({"text": ["tiny", "far too many of them", "fine"]})
    said = baseline_predictions(rows(4000), dev).degree
    assert [DEGREES[number] for number in said.argmax(axis=1)] == ["too_little", "too_much", "none"]


def test_the_order_of_the_classes_is_ours_and_chances_add_up() -> None:
    said = baseline_predictions(rows(50), pd.DataFrame({"text": ["tiny"]})).degree
    assert said.shape == (1, len(DEGREES))
    assert abs(said.sum() - 1) < 1e-5


def test_a_head_without_labels_gives_zeros_and_one_of_a_single_class_that_class() -> None:
    one = rows(20).assign(degree="none")
    said = baseline_predictions(one, pd.DataFrame({"text": ["tiny"]}))
    assert said.degree[0].tolist() == [float(name == "none") for name in DEGREES]
    assert not said.sentiment.any()
    assert not said.topics.any()
