"""Groups by their sums say what the same groups say member by member."""

import numpy as np

from mining.groups import Groups


def unit(*shape: int) -> np.ndarray:
    vectors = np.random.default_rng(5).normal(size=shape) + 0.5
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True))


def test_the_mean_cosine_within_is_that_of_all_pairs() -> None:
    vectors, labels = unit(9, 6), np.array([0, 0, 1, 0, -1, 2, 0, 1, 0])
    within = Groups.of(vectors, labels).within()
    own = vectors[labels == 0]
    pairs = [float(own[i] @ own[j]) for i in range(len(own)) for j in range(i)]
    assert np.isclose(within[0], np.mean(pairs))
    assert within[2] == 0.0


def test_groups_that_are_left_are_as_if_the_others_had_never_been() -> None:
    vectors, labels = unit(9, 6), np.array([0, 1, 1, 2, -1, 0, 2, 3, 3])
    left = Groups.of(vectors, labels).only(np.array([False, True, False, True]))
    again = Groups.of(vectors, np.array([-1, 0, 0, -1, -1, -1, -1, 1, 1]))
    assert (left.labels == again.labels).all()
    assert (left.sums == again.sums).all()
    assert (left.sizes == again.sizes).all()
    assert np.allclose(left.cleaned(), again.cleaned())
