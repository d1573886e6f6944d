"""Clusters in which complaints of degree and other complaints speak of two things are two clusters.

"The battery lasts only four days" and "the update killed it" are near each other, and a broad dial puts them into one
cluster. What people say of too little or too much then is one thing, and what else they complain of another.
"""

import numpy as np
from numpy.typing import NDArray

from data.labels import SIDES
from mining.groups import Groups
from mining.sorted_keys import rows_of

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

_DEGREES = (SIDES.index("too_little"), SIDES.index("too_much"))
_COMPLAINT = SIDES.index("complaint")
# Fewer texts on either part are too few to tell what they speak of.
_LEAST_TEXTS = 10
_LEAST_LIKENESS = 0.85
_ROUNDS = 3


def part_two_things(vectors: NDArray[np.floating], labels: Ints, sides: Ints) -> Ints:
    """Give a number of its own to the part of a cluster that speaks of something else than its complaints of degree.

    The two kinds of complaint are held against each other as fragments are when they are merged, by their cleaned
    similarity (``mining.groups``): about 1 where both speak of one thing. Below .85 every text of the cluster goes to
    the nearer of the two centres, which are drawn again twice (k-means from these two seeds). A part of too few people
    is dropped later, as any cause is.

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


def _of_something_else(vectors: NDArray[np.floating], sides: Ints) -> Bools:
    """Mask of the texts of one cluster that go with its other complaints; of none where both speak of one thing."""
    none = np.zeros(len(sides), dtype=bool)
    of_degree, complains = np.isin(sides, _DEGREES), sides == _COMPLAINT
    if min(of_degree.sum(), complains.sum()) < _LEAST_TEXTS:
        return none
    parts = Groups.of(vectors, np.where(of_degree, 0, np.where(complains, 1, -1)))
    one, two = parts.cleaned()
    if min(parts.within()) <= 0 or one @ two >= _LEAST_LIKENESS:
        return none
    for _ in range(_ROUNDS):
        one, two = parts.sums / np.linalg.norm(parts.sums, axis=1, keepdims=True)
        other = vectors @ two > vectors @ one
        if other.all() or not other.any():
            return none
        parts = Groups.of(vectors, other.astype(np.int64))
    return np.asarray(other)
