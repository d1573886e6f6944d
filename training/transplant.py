"""Warm start: new token embeddings for an old body, from pieces that occur beside the teacher's own pieces.

Artetxe, Ruder, Yogatama (2020, arXiv:1910.11856) train new token embeddings under a frozen body. They start from
noise; we start each new piece from the teacher's embeddings of the English word pieces that occur in the
translations of the sentences where the new piece occurs, weighted by association.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

STRONGEST = 4
SHARPNESS = 2.0


def occurrences(token_ids: Sequence[Sequence[int]], vocabulary: int) -> sparse.csr_matrix:
    """(sentences, vocabulary) matrix of ones where a piece occurs."""
    rows = np.repeat(np.arange(len(token_ids)), [len(set(ids)) for ids in token_ids])
    columns = np.fromiter((i for ids in token_ids for i in sorted(set(ids))), np.int64, len(rows))
    ones = np.ones(len(rows), np.float32)
    return sparse.csr_matrix((ones, (rows, columns)), shape=(len(token_ids), vocabulary))


def warm_embeddings(
    new: sparse.csr_matrix, old: sparse.csr_matrix, old_embeddings: NDArray[np.float32]
) -> NDArray[np.float32]:
    """(new vocabulary, d) start embeddings from aligned sentences.

    Args:
        new: (sentences, new vocabulary) occurrences of the new pieces.
        old: (sentences, old vocabulary) occurrences of the teacher's pieces in the English side.
        old_embeddings: (old vocabulary, d) embeddings of the teacher.

    The association of two pieces is the cosine of their occurrence vectors, sharpened; the strongest few count.
    Pieces that were never seen get the mean embedding.
    """
    result = np.tile(old_embeddings.mean(axis=0), (new.shape[1], 1)).astype(np.float32)
    new_counts = np.maximum(np.asarray(new.sum(axis=0)).ravel(), 1)
    old_counts = np.maximum(np.asarray(old.sum(axis=0)).ravel(), 1)
    transposed = new.T.tocsr()
    for first in range(0, new.shape[1], 2000):
        together = (transposed[first : first + 2000] @ old).tocsr()
        for row in range(together.shape[0]):
            start, end = together.indptr[row], together.indptr[row + 1]
            if start == end:
                continue
            columns = together.indices[start:end]
            association = together.data[start:end] / np.sqrt(new_counts[first + row] * old_counts[columns])
            best = np.argsort(-association, kind="stable")[:STRONGEST]
            weights = association[best] ** SHARPNESS
            result[first + row] = weights @ old_embeddings[columns[best]] / weights.sum()
    return result
