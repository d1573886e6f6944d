"""Clusters of like statements in subject space, across languages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mining.neighbours import nearest_by_block
from mining.settings import MiningSettings
from mining.sorted_keys import distinct

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Floats = NDArray[np.float64]
Vectors = NDArray[np.floating]
Ints = NDArray[np.int64]

_SMALL_LANGUAGE = 40
# Neighbours in all other languages together, for each in its own: with twenty languages, a third in each would drown
# the own ones, at twice the cost and with worse causes.
_MOST_ABROAD = 4
_LEAST_OVERLAP = 1 / 15
_LEAST_COHERENCE = 0.35
_LEIDEN_RANDOMNESS = 0.001
# The last run has settled after two; a third is cheap.
_LEIDEN_ROUNDS = 3
# Quick Leiden runs that vote on every edge, and the share of them that must keep its ends together. Fewer runs agree
# less: with 7 the agreement over seeds falls from .978 to .943, the mean of eight gold sets.
_VOTES = 10
_MAJORITY = 0.5
_EDGES_PER_CHUNK = 50_000
_ROWS_PER_CHUNK = 8192
_CENTRES_PER_CHUNK = 256


def find_clusters(vectors: Vectors, languages: Sequence[str], settings: MiningSettings) -> Ints:
    """Cluster distinct texts: shared nearest neighbours, Leiden, then a merge of clusters of one subject.

    Neighbours are sought in each language by itself, because vectors of one language lie closer together
    than vectors of one subject in two languages. An edge weighs the overlap of two neighbourhoods (Jarvis &
    Patrick 1973), so that statements meet through what they have in common in every language. Leiden (Traag
    et al. 2019) cuts finer than people think; the merge puts fragments of one subject together again.

    Args:
        vectors: (n, d) unit vectors of distinct texts, in an order that does not depend on the input's rows.
        languages: n language tags.
        settings: Of the mining.

    Returns:
        (n,) cluster numbers from 0; -1 for texts without near neighbours and for incoherent clusters.
    """
    if len(vectors) < 2:
        return np.full(len(vectors), -1, dtype=np.int64)
    graph = _overlap_graph(vectors, _blocks(languages), settings.neighbours)
    labels = _communities(graph, len(vectors) / settings.fragment_size(len(vectors)), settings.seed)
    return merge_near(vectors, _without_incoherent(vectors, labels), settings.same_cause)


def merge_near(vectors: Vectors, labels: Ints, least: float) -> Ints:
    """Give one number to clusters whose cleaned similarity reaches ``least`` (average linkage).

    The cosine of two centroids grows with the size of the clusters even when the subject is the same. The
    mean similarity of pairs across the two, divided by the geometric mean of that of pairs within each, does
    not: it is 1 on average for two samples of one subject.
    """
    count = int(labels.max(initial=-1)) + 1
    if count < 2:
        return labels
    from scipy.cluster.hierarchy import fcluster, linkage

    sums, sizes = _sums(vectors, labels, count)
    scale = sizes * np.sqrt(np.maximum(_within(sums, sizes), 0.0))
    cleaned = np.divide(sums, scale[:, None], out=np.zeros_like(sums), where=scale[:, None] > 0)
    merged = fcluster(linkage(_distances(cleaned), "average"), 1 - least, "distance")
    return _renumbered(np.where(labels < 0, -1, merged[labels]))


def _distances(centres: Floats) -> Floats:
    """Condensed matrix of 1 less the products of centres: of thousands of clusters, the largest thing of all."""
    count = len(centres)
    found = np.empty(count * (count - 1) // 2)
    end = 0
    for first in range(0, count, _CENTRES_PER_CHUNK):
        products = centres[first : first + _CENTRES_PER_CHUNK] @ centres[first:].T
        for place, row in enumerate(products, start=1):
            start, end = end, end + len(row) - place
            found[start:end] = row[place:]
    np.clip(found, -1.0, 1.0, out=found)
    return np.subtract(1.0, found, out=found)


def _blocks(languages: Sequence[str]) -> Ints:
    """Number of the block of each text: one for each larger language, one for all small languages."""
    counts = Counter(languages)
    large = sorted(tag for tag, count in counts.items() if count >= _SMALL_LANGUAGE)
    numbers = {tag: number for number, tag in enumerate(large)}
    return np.array([numbers.get(tag, len(large)) for tag in languages], dtype=np.int64)


def _overlap_graph(vectors: Vectors, blocks: Ints, neighbours: int) -> csr_array:
    """Symmetric (n, n) sparse matrix: Jaccard overlap of the neighbourhoods of texts that are neighbours."""
    from scipy.sparse import csr_array

    n = len(vectors)
    other = max(2, min(neighbours // 3, _MOST_ABROAD * neighbours // (int(blocks.max()) + 1)))
    rows, columns = nearest_by_block(vectors, blocks, own=neighbours, other=other)
    near = csr_array((np.ones(len(rows), dtype=np.float32), (rows, columns)), shape=(n, n))
    keys = distinct(np.minimum(rows, columns) * n + np.maximum(rows, columns))
    del rows, columns
    a, b = (ends.astype(np.int32) for ends in np.divmod(keys, n))
    a, b = a[a < b], b[a < b]
    del keys
    overlap = _overlaps(near, a, b)
    kept = overlap >= _LEAST_OVERLAP
    upper = csr_array((overlap[kept], (a[kept], b[kept])), shape=(n, n))
    return csr_array(upper + upper.T)


def _overlaps(near: csr_array, a: NDArray[np.int32], b: NDArray[np.int32]) -> NDArray[np.float32]:
    """(p,) Jaccard overlap of the neighbourhoods ``near`` of each pair of texts."""
    sizes = np.diff(near.indptr).astype(np.float32)
    overlap = np.empty(len(a), dtype=np.float32)
    for start in range(0, len(a), _EDGES_PER_CHUNK):
        part = slice(start, start + _EDGES_PER_CHUNK)
        shared = (near[a[part]] * near[b[part]]).sum(axis=1)
        overlap[part] = shared / (sizes[a[part]] + sizes[b[part]] - shared)
    return overlap


def _communities(graph: csr_array, resolution: float, seed: int) -> Ints:
    """Communities by modularity that many runs agree on; -1 for texts without an edge.

    One run of Leiden turns on the last digits of its input: any change sends its random numbers another way. Runs of
    different seeds vote instead (Lancichinetti & Fortunato 2012): an edge keeps the share of them that put both its
    ends into one community, edges that most runs cut are dropped, and the last run is over what is left.
    """
    labels = np.full(graph.shape[0], -1, dtype=np.int64)
    if graph.nnz == 0:
        return labels
    degrees = np.diff(graph.indptr)
    votes = np.zeros(graph.nnz, dtype=np.uint8)
    for vote in range(_VOTES):
        found = _leiden(graph, resolution, seed=_VOTES * seed + vote, rounds=1)
        votes += np.repeat(found, degrees) == found[graph.indices]
    graph.data *= np.where(votes >= _MAJORITY * _VOTES, votes / np.float32(_VOTES), np.float32(0))
    graph.eliminate_zeros()
    labels = _leiden(graph, resolution, seed=seed, rounds=_LEIDEN_ROUNDS)
    labels[degrees == 0] = -1
    return _renumbered(labels)


def _leiden(graph: csr_array, resolution: float, *, seed: int, rounds: int) -> Ints:
    """(n,) community numbers of one run."""
    from graspologic_native import leiden_csr

    _, communities = leiden_csr(
        graph.indptr.astype(np.int64),
        graph.indices.astype(np.int32),
        graph.data.astype(np.float64),
        graph.shape[0],
        resolution=max(1.0, resolution),
        randomness=_LEIDEN_RANDOMNESS,
        iterations=rounds,
        seed=seed,
        trials=1,
    )
    numbers = np.fromiter(communities.values(), np.int64, len(communities))
    labels = np.full(graph.shape[0], -1, dtype=np.int64)
    labels[np.fromiter(communities.keys(), np.int64, len(communities))] = numbers
    return labels


def _without_incoherent(vectors: Vectors, labels: Ints) -> Ints:
    """Dissolve clusters whose statements are hardly alike: what the graph left over, not a subject."""
    count = int(labels.max(initial=-1)) + 1
    if count == 0:
        return labels
    sums, sizes = _sums(vectors, labels, count)
    within = _within(sums, sizes)
    typical = float(np.median(np.repeat(within, sizes.astype(np.int64))))
    incoherent = within < _LEAST_COHERENCE * typical
    return _renumbered(np.where((labels >= 0) & ~incoherent[labels], labels, -1))


def _sums(vectors: Vectors, labels: Ints, count: int) -> tuple[Floats, Floats]:
    """(count, d) vector sums and (count,) sizes of the clusters."""
    from scipy.sparse import csr_array

    sums = np.zeros((count, vectors.shape[1]))
    for start in range(0, len(labels), _ROWS_PER_CHUNK):
        inside = start + np.flatnonzero(labels[start : start + _ROWS_PER_CHUNK] >= 0)
        places = (labels[inside], np.arange(len(inside)))
        sums += csr_array((np.ones(len(inside)), places), shape=(count, len(inside))) @ vectors[
            inside
        ].astype(np.float64)
    return sums, np.bincount(labels[labels >= 0], minlength=count).astype(np.float64)


def _within(sums: Floats, sizes: Floats) -> Floats:
    """(count,) mean cosine of two different members; 0 for clusters of one."""
    pairs = sizes * (sizes - 1)
    return np.asarray(
        np.divide((sums**2).sum(axis=1) - sizes, pairs, out=np.zeros_like(sizes), where=pairs > 0)
    )


def _renumbered(labels: Ints) -> Ints:
    """Cluster numbers without gaps, in order of first appearance."""
    numbers: dict[int, int] = {-1: -1}
    for label in labels.tolist():
        numbers.setdefault(label, len(numbers) - 1)
    return np.array([numbers[label] for label in labels.tolist()], dtype=np.int64)
