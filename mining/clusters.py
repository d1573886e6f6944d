"""Clusters of like statements in subject space, across languages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mining.groups import Groups
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
# Quick Leiden runs, each over a graph without a share of its edges, and the share of runs that must keep two ends
# or two fragments together. As many runs as texts allow: twenty of them are still a draw.
_MOST_RUNS, _LEAST_RUNS = 200, 20
_TEXTS_IN_ALL_RUNS = 1_000_000
_THINNED = 0.75
_MAJORITY = 0.5
# Exactly half of the runs must not be more than half by the last digit of a product.
_ROUNDING = 1e-9
_EDGES_PER_CHUNK = 50_000
_CENTRES_PER_CHUNK = 256


def find_clusters(vectors: Vectors, languages: Sequence[str], settings: MiningSettings) -> Ints:
    """Cluster distinct texts: shared nearest neighbours, many runs of Leiden and a merge, then what they agree on.

    Neighbours are sought in each language by itself, because vectors of one language lie closer together
    than vectors of one subject in two languages. An edge weighs the overlap of two neighbourhoods (Jarvis &
    Patrick 1973), so that statements meet through what they have in common in every language. Leiden (Traag
    et al. 2019) cuts finer than people think; the merge puts fragments of one subject together again.

    One run turns on the last digits of its input: any change sends its random numbers another way, and a merge that
    is a hair above its limit is all or nothing. So 20 to 200 runs over thinned graphs vote, the more the fewer texts,
    on which texts belong together and on which fragments are one cause (consensus: Lancichinetti & Fortunato 2012;
    evidence accumulation: Fred & Jain 2005).

    Args:
        vectors: (n, d) unit vectors of distinct texts, in an order that does not depend on the input's rows.
        languages: n language tags.
        settings: Of the mining.

    Returns:
        (n,) cluster numbers from 0; -1 for texts without near neighbours, for those that most runs cut from all of
        theirs, and for incoherent clusters.
    """
    if len(vectors) < 2:
        return np.full(len(vectors), -1, dtype=np.int64)
    edges = _overlap_edges(vectors, _blocks(languages), settings.neighbours)
    resolution = len(vectors) / settings.fragment_size(len(vectors))
    runs = []
    for number, thinned in enumerate(_thinned_graphs(edges, settings.seed)):
        cut = _leiden(thinned, resolution, seed=_MOST_RUNS * settings.seed + number, rounds=1)
        runs.append(merge_near(_coherent(Groups.of(vectors, cut)), settings.same_cause))
    fragments = _coherent(Groups.of(vectors, _agreed(edges, runs, resolution, settings.seed)))
    return join_by_vote(fragments.labels, runs)


def merge_near(groups: Groups, least: float) -> Ints:
    """Give one number to groups whose cleaned similarity reaches ``least`` (average linkage); (n,) numbers."""
    return _linked(groups.labels, groups.cleaned(), 1 - least)


def join_by_vote(fragments: Ints, runs: Sequence[Ints]) -> Ints:
    """Give one number to fragments that most runs have in one cluster (average linkage of their shares).

    How much two fragments are together is the probability that a run has a text of one and a text of the other in
    the same cluster, divided by the geometric mean of that of two texts of each: the cosine of their shares in the
    clusters of all runs. Half of the runs are not most.
    """
    count = int(fragments.max(initial=-1)) + 1
    shares = np.hstack([_shares(fragments, run, count) for run in runs])
    norms = np.linalg.norm(shares, axis=1, keepdims=True)
    directions = np.divide(shares, norms, out=np.zeros_like(shares), where=norms > 0)
    return _linked(fragments, directions, 1 - _MAJORITY - _ROUNDING)


def _linked(labels: Ints, centres: Floats, limit: float) -> Ints:
    """Give one number to clusters whose centres are nearer than ``limit``, products being likeness."""
    if len(centres) < 2:
        return labels
    from scipy.cluster.hierarchy import fcluster, linkage

    linked = fcluster(linkage(_distances(centres), "average"), limit, "distance")
    return _renumbered(np.where(labels < 0, -1, linked[labels]))


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


@dataclass(frozen=True, slots=True)
class _Edges:
    """Edges of an undirected graph of ``count`` texts: (e,) ends ``a`` < ``b`` and weights."""

    count: int
    a: NDArray[np.int32]
    b: NDArray[np.int32]
    weights: NDArray[np.float32]

    def graph(self, kept: NDArray[np.bool_]) -> csr_array:
        """Symmetric (n, n) sparse matrix of the weights of the edges that are ``kept``."""
        from scipy.sparse import csr_array

        upper = csr_array((self.weights[kept], (self.a[kept], self.b[kept])), shape=(self.count, self.count))
        return csr_array(upper + upper.T)


def _overlap_edges(vectors: Vectors, blocks: Ints, neighbours: int) -> _Edges:
    """Texts that are neighbours, with the Jaccard overlap of their neighbourhoods as weight."""
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
    return _Edges(count=n, a=a[kept], b=b[kept], weights=overlap[kept])


def _overlaps(near: csr_array, a: NDArray[np.int32], b: NDArray[np.int32]) -> NDArray[np.float32]:
    """(p,) Jaccard overlap of the neighbourhoods ``near`` of each pair of texts."""
    sizes = np.diff(near.indptr).astype(np.float32)
    overlap = np.empty(len(a), dtype=np.float32)
    for start in range(0, len(a), _EDGES_PER_CHUNK):
        part = slice(start, start + _EDGES_PER_CHUNK)
        shared = (near[a[part]] * near[b[part]]).sum(axis=1)
        overlap[part] = shared / (sizes[a[part]] + sizes[b[part]] - shared)
    return overlap


def _thinned_graphs(edges: _Edges, seed: int) -> Iterator[csr_array]:
    """Graphs that lack each edge with probability ``_THINNED``."""
    rng = np.random.default_rng(seed)
    for _ in range(_runs(edges.count)):
        yield edges.graph(rng.random(len(edges.a), dtype=np.float32) >= _THINNED)


def _runs(texts: int) -> int:
    return min(_MOST_RUNS, max(_LEAST_RUNS, _TEXTS_IN_ALL_RUNS // texts))


def _agreed(edges: _Edges, runs: Sequence[Ints], resolution: float, seed: int) -> Ints:
    """Communities that the runs agree on; -1 for texts without an edge that is kept.

    An edge weighs by the share of runs that have both its ends in one cluster; edges that most runs cut are dropped,
    and one more run is over what is left. The clusters are those after the merge: where a file has one subject, every
    run cuts it elsewhere, and what is cut alike would be nothing.
    """
    votes = np.zeros(len(edges.a), dtype=np.float32)
    for run in runs:
        votes += (run[edges.a] == run[edges.b]) & (run[edges.a] >= 0)
    share = votes / np.float32(len(runs))
    weighed = replace(edges, weights=edges.weights * share)
    return _leiden(weighed.graph(share >= _MAJORITY), resolution, seed=seed, rounds=_LEIDEN_ROUNDS)


def _shares(fragments: Ints, run: Ints, count: int) -> Floats:
    """(count, clusters of the run) share of the texts of each fragment that a cluster of the run holds."""
    shares = np.zeros((count, int(run.max(initial=-1)) + 1))
    inside = (fragments >= 0) & (run >= 0)
    np.add.at(shares, (fragments[inside], run[inside]), 1.0)
    return shares / np.bincount(fragments[fragments >= 0], minlength=count)[:, None]


def _leiden(graph: csr_array, resolution: float, *, seed: int, rounds: int) -> Ints:
    """(n,) community numbers of one run; -1 for texts without an edge."""
    from graspologic_native import leiden_csr

    labels = np.full(graph.shape[0], -1, dtype=np.int64)
    if graph.nnz == 0:
        return labels
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
    labels[np.fromiter(communities.keys(), np.int64, len(communities))] = numbers
    labels[np.diff(graph.indptr) == 0] = -1
    return _renumbered(labels)


def _coherent(groups: Groups) -> Groups:
    """Without groups whose statements are hardly alike: what the graph left over, not a subject."""
    within = groups.within()
    typical = np.median(np.repeat(within, groups.sizes.astype(np.int64))) if len(within) else 0.0
    return groups.only(within >= _LEAST_COHERENCE * typical)


def _renumbered(labels: Ints) -> Ints:
    """Cluster numbers without gaps, in order of first appearance."""
    numbers: dict[int, int] = {-1: -1}
    for label in labels.tolist():
        numbers.setdefault(label, len(numbers) - 1)
    return np.array([numbers[label] for label in labels.tolist()], dtype=np.int64)
