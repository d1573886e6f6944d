"""Which calls a model stands by."""

import numpy as np

from models.abstaining import abstains


def test_abstains_where_no_class_reaches_the_threshold() -> None:
    chances = np.array([[0.5, 0.3, 0.2], [0.1, 0.7, 0.2], [0.0, 0.1, 0.9]])
    assert abstains(chances, 0.7).tolist() == [True, False, False]


def test_stands_by_every_call_without_a_threshold_and_takes_no_rows() -> None:
    assert not abstains(np.array([[0.34, 0.33, 0.33]]), 0.0).any()
    assert abstains(np.zeros((0, 3)), 0.7).shape == (0,)
