"""Texts that are nearly the same: found by MinHash, then compared exactly, thousands at a time."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mining.sorted_keys import distinct

Hashes = NDArray[np.uint64]
Ints = NDArray[np.int64]

_GRAM = 4
_BANDS, _ROWS_PER_BAND = 20, 3
_MIX, _TIMES = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9)
# Letters at a time: what is made of them stays in the processor's caches.
_LETTERS_PER_CHUNK = 65_536
# In a key the number of a pair stands above 51 bits of a hash, and the side of the pair below them.
_PAIR_BITS = 12
_PAIR_SHIFT = np.uint64(64 - _PAIR_BITS)


def near_duplicates(texts: Sequence[str], least: float) -> Ints:
    """For each text the position of the first text of its group.

    Two texts are near when the Jaccard similarity of their character 4-grams reaches ``least``; groups are what chains
    of near texts connect. Candidates agree on one band of their MinHash signature (Broder 1997): 20 bands of 3 find
    a pair with Jaccard 0.75 with probability 0.99998. In each bucket the texts are compared with their predecessor and
    with the first, so that a bucket of n texts costs 2n comparisons. Pairs that an earlier band has connected are
    not compared again.

    Args:
        texts: Distinct and sorted.
        least: Similarity in (0, 1].
    """
    groups = np.arange(len(texts))
    padded = [text.ljust(_GRAM) for text in texts]
    for band in _bands(padded):
        pairs = _bucket_pairs(band)
        pairs = pairs[:, groups[pairs[0]] != groups[pairs[1]]]
        groups = _connected(groups, pairs[:, _similarity(padded, pairs) >= least])
    return groups


def _bands(texts: Sequence[str]) -> Hashes:
    """(bands, n) hashes of the bands of the MinHash signatures.

    Grams are permuted by an odd factor and a shift modulo 2**32, which is enough once they are mixed (Dietzfelbinger et
    al. 1997, universal hashing by multiplication).
    """
    salts = _mixed(np.arange(1, 2 * _BANDS * _ROWS_PER_BAND + 1, dtype=np.uint64)).astype(np.uint32)
    factors, shifts = salts[::2] | np.uint32(1), salts[1::2]
    bands = np.zeros((_BANDS, len(texts)), dtype=np.uint64)
    for part in _parts(texts):
        hashes, starts = _grams(texts[part])
        grams = (hashes >> np.uint64(32)).astype(np.uint32)
        for row, (factor, shift) in enumerate(zip(factors, shifts, strict=True)):
            band = bands[row // _ROWS_PER_BAND, part]
            band[:] = _mixed(band ^ np.minimum.reduceat(grams * factor + shift, starts))
    return bands


def _parts(texts: Sequence[str]) -> list[slice]:
    """Slices of neighbouring texts, together of about ``_LETTERS_PER_CHUNK`` letters."""
    chunks = np.cumsum([len(text) for text in texts]) // _LETTERS_PER_CHUNK
    edges = [0, *(np.flatnonzero(np.diff(chunks)) + 1).tolist(), len(texts)]
    return [slice(a, b) for a, b in pairwise(edges) if b > a]


def _grams(texts: Sequence[str]) -> tuple[Hashes, Ints]:
    """Hashes of the 4-grams of one text after the other, and where those of each text begin."""
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    counts = np.array([len(text) for text in texts]) - _GRAM + 1
    starts = np.cumsum(counts) - counts
    hashes = np.zeros(len(codes) - _GRAM + 1, dtype=np.uint64)
    for offset in range(_GRAM):
        hashes = _mixed(hashes ^ codes[offset : len(codes) - _GRAM + 1 + offset])
    # The grams that begin in the last letters of a text reach into the next one.
    within = np.arange(int(counts.sum())) + np.repeat((_GRAM - 1) * np.arange(len(counts)), counts)
    return hashes[within], starts


def _mixed(values: Hashes) -> Hashes:
    """One round of a multiply-xorshift hash; arithmetic is modulo 2**64."""
    values = (values + _MIX) * _TIMES
    return values ^ (values >> np.uint64(29))


def _bucket_pairs(band: Hashes) -> Ints:
    """(2, p) positions of texts with one hash: each with its predecessor, and with the first."""
    order = np.argsort(band, kind="stable")
    same = np.concatenate([np.zeros(1, dtype=bool), band[order[1:]] == band[order[:-1]]])[: len(band)]
    first = np.maximum.accumulate(np.where(same, 0, np.arange(len(order))))
    later = np.flatnonzero(same)
    earlier = np.concatenate([later - 1, first[later]])
    keys = distinct(order[earlier] * len(order) + order[np.tile(later, 2)])
    return np.stack(np.divmod(keys, max(1, len(order))))


def _similarity(texts: Sequence[str], pairs: Ints) -> NDArray[np.float64]:
    """(p,) Jaccard similarity of the gram sets of each of the (2, p) pairs."""
    most = 1 << _PAIR_BITS
    parts = [pairs[:, start : start + most] for start in range(0, pairs.shape[1], most)]
    return np.concatenate([np.zeros(0), *(jaccard(texts, part) for part in parts)])


def jaccard(texts: Sequence[str], pairs: Ints) -> NDArray[np.float64]:
    """(p,) Jaccard similarity of the 4-gram sets of each of the (2, p) pairs of ``texts``, in [0, 1].

    At most 2**12 pairs at a time, and each text of four letters or more.
    """
    sides = []
    for side, positions in enumerate(pairs):
        hashes, starts = _grams([texts[i] for i in positions.tolist()])
        counts = np.diff(np.append(starts, len(hashes)))
        pair = np.repeat(np.arange(len(positions), dtype=np.uint64), counts)
        sides.append(
            pair << _PAIR_SHIFT | (hashes >> np.uint64(_PAIR_BITS)) & ~np.uint64(1) | np.uint64(side)
        )
    keys = distinct(np.concatenate(sides))
    sizes = np.bincount((keys >> _PAIR_SHIFT).astype(np.int64), minlength=pairs.shape[1])
    twice = keys[1:][keys[1:] >> np.uint64(1) == keys[:-1] >> np.uint64(1)]
    shared = np.bincount((twice >> _PAIR_SHIFT).astype(np.int64), minlength=pairs.shape[1])
    return np.asarray(shared / (sizes - shared))


def _connected(groups: Ints, pairs: Ints) -> Ints:
    """Groups, each by its first position, after the pairs were joined."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    if pairs.shape[1] == 0:
        return groups
    edges = (np.ones(pairs.shape[1]), (groups[pairs[0]], groups[pairs[1]]))
    _, numbers = connected_components(coo_array(edges, shape=(len(groups), len(groups))), directed=False)
    _, first, member = np.unique(numbers[groups], return_index=True, return_inverse=True)
    return np.asarray(first[member], dtype=np.int64)
