"""Clusters of two things, planted: complaints of degree around one centre, other complaints around another."""

import numpy as np
import pytest
from numpy.typing import NDArray

from data.labels import SIDES
from mining.two_things import part_two_things

LITTLE, COMPLAINT, PRAISE = (SIDES.index(side) for side in ("too_little", "complaint", "praise"))


def cluster(
    apart: float, texts: int = 40
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Unit vectors around two centres whose cosine is 1 - ``apart``, their sides, and around which they lie."""
    rng = np.random.default_rng(3)
    base, turn = np.linalg.qr(rng.normal(size=(48, 2)))[0].T
    angle = np.arccos(1 - apart)
    centres = np.array([base, np.cos(angle) * base + np.sin(angle) * turn])
    truth = np.repeat([0, 1], texts)
    vectors = centres[truth] + rng.normal(size=(2 * texts, 48)) / 48**0.5
    sides = np.where(truth == 0, LITTLE, COMPLAINT)
    sides[::8] = PRAISE
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True), sides, truth


def test_two_things_are_parted_with_their_praise() -> None:
    vectors, sides, truth = cluster(apart=0.6)
    parted = part_two_things(vectors, np.zeros(len(truth), dtype=np.int64), sides)
    assert set(parted) == {0, 1}
    assert (parted == truth).mean() > 0.85
    assert (parted == truth)[sides == PRAISE].mean() > 0.7


def test_one_thing_stays_one_whatever_people_say_of_it() -> None:
    vectors, sides, truth = cluster(apart=0.0)
    labels = np.zeros(len(truth), dtype=np.int64)
    assert (part_two_things(vectors, labels, sides) == labels).all()


def test_a_handful_of_other_complaints_is_no_second_thing() -> None:
    vectors, sides, truth = cluster(apart=0.6)
    few = np.concatenate([np.flatnonzero(truth == 0), np.flatnonzero(truth == 1)[:9]])
    labels = np.zeros(len(few), dtype=np.int64)
    assert (part_two_things(vectors[few], labels, sides[few]) == labels).all()


def test_other_clusters_and_strays_keep_their_numbers() -> None:
    vectors, sides, truth = cluster(apart=0.6)
    both, labels = np.vstack([vectors, vectors]), np.repeat([0, 1], len(truth))
    labels[0] = -1
    praised = np.concatenate([np.full(len(truth), PRAISE), sides])
    parted = part_two_things(both, labels, praised)
    assert parted[0] == -1
    assert (parted[1 : len(truth)] == 0).all()
    assert set(parted[len(truth) :]) == {1, 2}


@pytest.mark.parametrize("count", [0, 1])
def test_nothing_to_part(count: int) -> None:
    labels = np.full(count, -1, dtype=np.int64)
    assert (part_two_things(np.zeros((count, 4)), labels, labels) == labels).all()
