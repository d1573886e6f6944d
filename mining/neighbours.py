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
    data = np.ascontiguousarray(vectors, dtype=np.float32)
    sources: list[Ints] = []
    targets: list[Ints] = []
    for block in range(int(blocks.max(initial=-1)) + 1):
        members = np.flatnonzero(blocks == block)
        if len(members) == 0:
            continue
        index = _index(data[members])
        for queries, k in ((members, own + 1), (np.flatnonzero(blocks != block), other)):
            found = _search(index, data[queries], min(k, len(members)))
            rows, slots = np.nonzero(found >= 0)
            sources.append(queries[rows])
            targets.append(members[found[rows, slots]])
    everyone = np.arange(len(data))
    pairs = np.unique(
        np.stack([np.concatenate([*sources, everyone]), np.concatenate([*targets, everyone])]), axis=1
    )
    return pairs[0], pairs[1]


def _index(data: NDArray[np.float32]) -> faiss.Index:
    """Exact inner-product index, or an inverted file above 20,000 vectors."""
    import faiss

    flat = faiss.IndexFlatIP(data.shape[1])
    if len(data) <= _EXACT_UP_TO:
        flat.add(data)
        return flat
    lists = int(4 * len(data) ** 0.5)
    index = faiss.IndexIVFFlat(flat, data.shape[1], lists, faiss.METRIC_INNER_PRODUCT)
    index.nprobe = _PROBED_LISTS
    index.train(data)
    index.add(data)
    return index


def _search(index: faiss.Index, queries: NDArray[np.float32], k: int) -> Ints:
    """(q, k) positions in the index, nearest first, -1 where the index found fewer."""
    if len(queries) == 0:
        return np.empty((0, k), dtype=np.int64)
    _, found = index.search(queries, k)
    return np.asarray(found, dtype=np.int64)
