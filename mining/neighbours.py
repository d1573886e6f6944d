"""Nearest neighbours by cosine, block by block."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import faiss

Floats = NDArray[np.floating]
Ints = NDArray[np.int64]

_EXACT_UP_TO = 20_000
_PROBED_LISTS = 16
# Where the lists lie need not be exact: with 64 rows a list and 5 rounds, finding them costs less than searching.
_ROWS_PER_LIST = 64
_CENTRE_ROUNDS = 5
_ROWS_PER_CHUNK = 32_768


def nearest_by_block(vectors: Floats, blocks: Ints, *, own: int, other: int) -> tuple[Ints, Ints]:
    """For each vector its nearest vectors in every block, itself included.

    Args:
        vectors: (n, d) unit vectors.
        blocks: (n,) block numbers from 0.
        own: Neighbours in its own block, besides the vector itself.
        other: Neighbours in each other block.

    Returns:
        Row and neighbour positions of all pairs, as two aligned arrays.
    """
    n, keys = len(vectors), [np.arange(len(vectors)) * (len(vectors) + 1)]
    for block in range(int(blocks.max(initial=-1)) + 1):
        members = np.flatnonzero(blocks == block)
        if len(members) == 0:
            continue
        index = _index(vectors, members)
        for queries, k in ((members, own + 1), (np.flatnonzero(blocks != block), other)):
            for start in range(0, len(queries), _ROWS_PER_CHUNK):
                part = queries[start : start + _ROWS_PER_CHUNK]
                found = _search(index, vectors[part], min(k, len(members)))
                rows, slots = np.nonzero(found >= 0)
                keys.append(part[rows] * n + members[found[rows, slots]])
    rows, columns = np.divmod(np.unique(np.concatenate(keys)), max(1, n))
    return rows, columns


def _index(vectors: Floats, members: Ints) -> faiss.Index:
    """Inner-product index of the members: exact, or an inverted file above 20,000 of them."""
    import faiss

    width, size = vectors.shape[1], len(members)
    index: faiss.Index = faiss.IndexFlatIP(width)
    if size > _EXACT_UP_TO:
        lists = int(4 * size**0.5)
        index = faiss.IndexIVFFlat(index, width, lists, faiss.METRIC_INNER_PRODUCT)
        index.nprobe, index.cp.niter = _PROBED_LISTS, _CENTRE_ROUNDS
        index.train(_single(vectors[members[:: max(1, size // (_ROWS_PER_LIST * lists))]]))
    for start in range(0, size, _ROWS_PER_CHUNK):
        index.add(_single(vectors[members[start : start + _ROWS_PER_CHUNK]]))
    return index


def _search(index: faiss.Index, queries: Floats, k: int) -> Ints:
    """(q, k) positions in the index, nearest first, -1 where the index found fewer."""
    _, found = index.search(_single(queries), k)
    return np.asarray(found, dtype=np.int64)


def _single(vectors: Floats) -> NDArray[np.float32]:
    return np.ascontiguousarray(vectors, dtype=np.float32)
