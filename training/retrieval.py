"""Retrieval at rank 1: how often the nearest English sentence of a translation is its own."""

import numpy as np
from numpy.typing import NDArray

BLOCK = 1024


def retrieval_at_1(
    queries: NDArray[np.float32], answers: NDArray[np.float32], right: NDArray[np.int64]
) -> float:
    """Share of ``queries`` whose most similar row of ``answers`` is the right one.

    Args:
        queries: (q, d) unit vectors of translations.
        answers: (a, d) unit vectors of the distinct English sentences.
        right: (q,) row of ``answers`` that belongs to each query; at least one query.
    """
    hits = 0
    for first in range(0, len(queries), BLOCK):
        nearest = (queries[first : first + BLOCK] @ answers.T).argmax(axis=1)
        hits += int((nearest == right[first : first + BLOCK]).sum())
    return hits / len(queries)
