"""Clusters in which complaints of degree and other complaints speak of two things are two clusters.

"The battery lasts only four days" and "the update killed it" are near each other, and a broad dial puts them into one
cluster. What people say of too little or too much then is one thing, and what else they complain of another.
"""

import numpy as np
from numpy.typing import NDArray

from data.labels import SIDES
from mining.sorted_keys import rows_of

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_DEGREES = (SIDES.index("too_little"), SIDES.index("too_much"))
_COMPLAINT = SIDES.index("complaint")
# Fewer texts on either part are too few to tell what they speak of.
_LEAST_TEXTS = 10
_LEAST_LIKENESS = 0.85
_ROUNDS = 3


def part_two_things(vectors: NDArray[np.floating], labels: Ints, sides: Ints) -> Ints:
    """Give a number of its own to the part of a cluster that speaks of something else than its complaints of degree.

    The two kinds of complaint are held against each other as fragments are in ``mining.clusters.merge_near``: mean
    cosine across, divided by the geometric mean of the mean cosines within, about 1 where both speak of one thing.
    Below .85 every text of the cluster goes to the nearer of the two centres, which are drawn again twice (k-means
    from these two seeds). A part of too few people is dropped later, as any cause is.

    Args:
        vectors: (n, d) unit vectors in subject space.
        labels: (n,) cluster numbers from 0, -1 for none.
        sides: (n,) positions in ``data.labels.SIDES``, -1 for none.
    """
    parted = labels.copy()
    for inside in rows_of(labels, int(labels.max(initial=-1)) + 1):
        other = _of_something_else(vectors[inside], sides[inside])
        if other.any():
            parted[inside[other]] = parted.max() + 1
    return parted


def _of_something_else(given: NDArray[np.floating], sides: Ints) -> Bools:
    """Mask of the texts of one cluster that go with its other complaints; of none where both speak of one thing."""
    of_degree, complains = np.isin(sides, _DEGREES), sides == _COMPLAINT
    other = np.zeros(len(sides), dtype=bool)
    if min(of_degree.sum(), complains.sum()) < _LEAST_TEXTS:
        return other
    vectors = given.astype(np.float64)
    degree, complaint = vectors[of_degree], vectors[complains]
    if _likeness(degree, complaint) >= _LEAST_LIKENESS:
        return other
    one, two = degree.mean(axis=0), complaint.mean(axis=0)
    for _ in range(_ROUNDS):
        other = _cosines(vectors, two) > _cosines(vectors, one)
        if other.all() or not other.any():
            return np.zeros_like(other)
        one, two = vectors[~other].mean(axis=0), vectors[other].mean(axis=0)
    return other


def _likeness(a: Floats, b: Floats) -> float:
    """Mean cosine across, by the geometric mean of those within; 1 where texts of one part are not alike at all."""
    within = _within(a) * _within(b)
    return float(a.mean(axis=0) @ b.mean(axis=0)) / within**0.5 if within > 0 else 1.0


def _within(part: Floats) -> float:
    """Mean cosine of two different texts, at least 0."""
    total, count = part.sum(axis=0), len(part)
    return max(0.0, float(total @ total - count) / (count * (count - 1)))


def _cosines(vectors: Floats, centre: Floats) -> Floats:
    """(n,) dot products with the direction of ``centre``."""
    return np.asarray(vectors @ (centre / np.linalg.norm(centre)))
