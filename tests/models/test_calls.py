import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from data.labels import DEGREES
from models.calls import calls

# Places on the scale too little < none < too much, in the order of DEGREES.
PLACE = np.array([{"too_little": -1, "none": 0, "too_much": 1}[degree] for degree in DEGREES])


def called(*chances: float) -> str:
    return DEGREES[calls("degree", np.array([chances]))[0]]


def test_a_degree_is_called_where_it_is_more_likely_than_not() -> None:
    assert called(0.51, 0.09, 0.40) == "too_little"
    assert called(0.20, 0.60, 0.20) == "too_much"
    assert called(0.45, 0.10, 0.45) == "none"


def test_where_either_degree_may_be_meant_none_is_called() -> None:
    assert called(0.48, 0.44, 0.08) == "none"


def test_of_sentiment_the_most_probable_is_called() -> None:
    assert calls("sentiment", np.array([[0.4, 0.25, 0.35], [0.3, 0.3, 0.4]])).tolist() == [0, 2]


def test_no_rows_have_no_calls() -> None:
    assert calls("degree", np.zeros((0, 3))).tolist() == []


@given(st.lists(st.integers(0, 1000), min_size=3, max_size=3).filter(any))
def test_no_other_call_is_expected_to_be_nearer(counts: list[int]) -> None:
    chances = np.array(counts) / sum(counts)
    expected = np.abs(PLACE[:, None] - PLACE[None, :]) @ chances
    assert expected[calls("degree", chances[None])[0]] <= expected.min() + 1e-9
