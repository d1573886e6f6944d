"""Nearest neighbours by cosine, block by block."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mining.sorted_keys import distinct, rows_of

Floats = NDArray[np.floating]
Singles = NDArray[np.float32]
Ints = NDArray[np.int64]

_EXACT_UP_TO = 5_000
_LISTS_PER_ROOT = 2
_PROBED_LISTS = 10
# Where the lists lie need not be exact: with 32 rows a list and 5 rounds, finding them costs less than searching.
_ROWS_PER_LIST = 32
_CENTRE_ROUNDS = 5
_ROWS_PER_CHUNK = 32_768


@dataclass(frozen=True, slots=True)
class _Lists:
    """The members of a block, cut into lists of near ones (an inverted file, Sivic & Zisserman 2003).

    Attributes:
        centres: (l, d) middles of the lists; a single list has none.
        members: For each list the rows of its members.
    """

    centres: Singles | None
    members: Sequence[Ints]


def nearest_by_block(vectors: Floats, blocks: Ints, *, own: int, other: int) -> tuple[Ints, Ints]:
    """For each vector its nearest vectors in every block, itself included.

    Above 5,000 members of a block they are sought in the ten nearest of 2 sqrt(members) lists, so that the work goes
    with the power of 1.5 of the rows. A list and all that look into it are multiplied at once, which on one core takes
    a third of the time of faiss.IndexIVFFlat, and no second copy of the vectors.

    Args:
        vectors: (n, d) unit vectors.
        blocks: (n,) block numbers from 0.
        own: Neighbours in its own block, besides the vector itself.
        other: Neighbours in each other block.

    Returns:
        Row and neighbour positions of all pairs, as two aligned arrays.
    """
    n, keys = len(vectors), [np.arange(len(vectors)) * (len(vectors) + 1)]
    singles = np.ascontiguousarray(vectors, dtype=np.float32)
    for block in range(int(blocks.max(initial=-1)) + 1):
        members = np.flatnonzero(blocks == block)
        if len(members) == 0:
            continue
        lists = _lists(singles, members)
        for queries, k in ((members, own + 1), (np.flatnonzero(blocks != block), other)):
            found = _search(singles, lists, queries, min(k, len(members)))
            rows, slots = np.nonzero(found >= 0)
            keys.append(queries[rows] * n + found[rows, slots])
    rows, columns = np.divmod(distinct(np.concatenate(keys)), max(1, n))
    return rows, columns


def _lists(vectors: Singles, members: Ints) -> _Lists:
    """All members as one list, or above 5,000 of them lists around the centres of k-means on a sample."""
    if len(members) <= _EXACT_UP_TO:
        return _Lists(None, [members])
    import faiss

    count = int(_LISTS_PER_ROOT * len(members) ** 0.5)
    sample = vectors[members[:: max(1, len(members) // (_ROWS_PER_LIST * count))]]
    means = faiss.Kmeans(
        vectors.shape[1],
        count,
        niter=_CENTRE_ROUNDS,
        spherical=True,
        min_points_per_centroid=1,
        max_points_per_centroid=len(sample),
    )
    means.train(sample)
    centres: Singles = np.asarray(means.centroids)
    nearest = _probed(vectors, centres, members, 1).ravel()
    return _Lists(centres, [members[rows] for rows in rows_of(nearest, count)])


def _search(vectors: Singles, lists: _Lists, queries: Ints, k: int) -> Ints:
    """(q, k) rows of the members that are nearest to each query, nearest first; -1 where fewer were found."""
    import faiss

    best = faiss.ResultHeap(len(queries), k, keep_max=True)
    for members, asking in zip(lists.members, _asking(vectors, lists, queries), strict=True):
        if len(members) == 0:
            continue
        own = vectors[members]
        for start in range(0, len(asking), _ROWS_PER_CHUNK):
            part = asking[start : start + _ROWS_PER_CHUNK]
            cosines, found = faiss.knn(
                vectors[queries[part]], own, min(k, len(members)), metric=faiss.METRIC_INNER_PRODUCT
            )
            best.add_result_subset(part, cosines, members[found])
    best.finalize()
    return np.asarray(best.I, dtype=np.int64)


def _asking(vectors: Singles, lists: _Lists, queries: Ints) -> Sequence[Ints]:
    """For each list the positions of the queries that look into it."""
    if lists.centres is None:
        return [np.arange(len(queries))]
    probed = _probed(vectors, lists.centres, queries, _PROBED_LISTS)
    return [rows // _PROBED_LISTS for rows in rows_of(probed.ravel(), len(lists.members))]


def _probed(vectors: Singles, centres: Singles, rows: Ints, count: int) -> NDArray[np.int32]:
    """(r, count) numbers of the centres that are nearest to each of the rows."""
    import faiss

    found = np.empty((len(rows), count), dtype=np.int32)
    for start in range(0, len(rows), _ROWS_PER_CHUNK):
        part = slice(start, start + _ROWS_PER_CHUNK)
        _, found[part] = faiss.knn(vectors[rows[part]], centres, count, metric=faiss.METRIC_INNER_PRODUCT)
    return found
