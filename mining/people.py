"""Who speaks: distinct authors, and each campaign of copied texts as one voice."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from data.records import Feedback
from data.words import weight

_GRAM = 4
_BANDS, _ROWS_PER_BAND = 20, 3
# Below this weight (letters, Han counting as three) honest people meet by chance ("Too expensive!").
_SHORTEST_CAMPAIGN = 16
_MIX = np.uint64(0x9E3779B97F4A7C15)


def find_people(feedback: Sequence[Feedback], *, near_duplicate: float = 0.75) -> NDArray[np.int64]:
    """Number of the person behind each feedback, from 0.

    A person is a distinct author name, compared without case and outer spaces; feedback without an author is
    a person of its own. Identical or near-identical texts (Jaccard similarity of character 4-grams, found by
    MinHash and then computed exactly) that come under several names are one voice: a campaign. The other
    messages of its authors stay theirs. Short texts are a campaign only where nobody signed them.

    Args:
        feedback: Messages with distinct ids, in any order.
        near_duplicate: Least Jaccard similarity of two texts of one campaign, in (0, 1].

    Returns:
        (n,) numbers; who shares a number does not depend on the order of the messages.
    """
    authors = [_author(message) for message in feedback]
    campaigns = _campaigns([_normalised(message.text) for message in feedback], near_duplicate)
    voices = list(authors)
    for members in campaigns:
        long = min(weight(feedback[i].text) for i in members) >= _SHORTEST_CAMPAIGN
        joined = [i for i in members if long or feedback[i].author is None]
        if len({authors[i] for i in joined}) > 1:
            name = min(feedback[i].id for i in joined)
            for i in joined:
                voices[i] = ("campaign", name)
    numbers = {voice: number for number, voice in enumerate(sorted(set(voices)))}
    return np.array([numbers[voice] for voice in voices], dtype=np.int64)


def _author(message: Feedback) -> tuple[str, str]:
    name = " ".join((message.author or "").casefold().split())
    return ("author", name) if name else ("message", message.id)


def _normalised(text: str) -> str:
    """Lower-cased letters, marks and digits: campaigns vary case, spacing, punctuation and emoji."""
    kept = (c if unicodedata.category(c)[0] in "LMN" else " " for c in unicodedata.normalize("NFKC", text))
    return " ".join("".join(kept).casefold().split())


def _campaigns(texts: Sequence[str], near_duplicate: float) -> list[list[int]]:
    """Groups of two or more identical or nearly identical texts, as positions."""
    copies: dict[str, list[int]] = defaultdict(list)
    for position, text in enumerate(texts):
        if text:
            copies[text].append(position)
    distinct = sorted(copies)
    groups: dict[int, list[int]] = defaultdict(list)
    for number, root in enumerate(_near_duplicates(distinct, near_duplicate)):
        groups[root].extend(copies[distinct[number]])
    return [members for members in groups.values() if len(members) > 1]


def _near_duplicates(texts: Sequence[str], least: float) -> list[int]:
    """For each of the distinct, sorted texts, the first text of its group."""
    parent = list(range(len(texts)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    grams = [_grams(text) for text in texts]
    for first, second in _candidates(grams):
        a, b = root(first), root(second)
        if a != b and _jaccard(grams[first], grams[second]) >= least:
            parent[max(a, b)] = min(a, b)
    return [root(i) for i in range(len(texts))]


def _grams(text: str) -> NDArray[np.uint64]:
    """Sorted distinct hashes of the character 4-grams; a shorter text is padded to one."""
    codes = np.frombuffer(text.ljust(_GRAM).encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    windows = np.lib.stride_tricks.sliding_window_view(codes, _GRAM)
    hashes = np.zeros(len(windows), dtype=np.uint64)
    for column in windows.T:
        hashes = _mixed(hashes ^ column)
    return np.unique(hashes)


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """One round of a multiply-xorshift hash; arithmetic is modulo 2**64."""
    values = (values + _MIX) * np.uint64(0xBF58476D1CE4E5B9)
    return values ^ (values >> np.uint64(29))


def _candidates(grams: Sequence[NDArray[np.uint64]]) -> Iterable[tuple[int, int]]:
    """Pairs that agree on one band of their MinHash signature (Broder 1997).

    20 bands of 3 find a pair with Jaccard 0.75 with probability 0.99998. In each bucket the texts are paired
    with their predecessor and with the first, so that a bucket of n texts costs 2n comparisons.
    """
    salts = _mixed(np.arange(1, _BANDS * _ROWS_PER_BAND + 1, dtype=np.uint64))[:, None]
    buckets: dict[bytes, list[int]] = defaultdict(list)
    for number, hashes in enumerate(grams):
        signature = _mixed(hashes[None, :] ^ salts).min(axis=1)
        for band, part in enumerate(signature.reshape(_BANDS, _ROWS_PER_BAND)):
            buckets[bytes([band]) + part.tobytes()].append(number)
    for members in buckets.values():
        for before, number in pairwise(members):
            yield before, number
            if before != members[0]:
                yield members[0], number


def _jaccard(a: NDArray[np.uint64], b: NDArray[np.uint64]) -> float:
    shared = len(np.intersect1d(a, b, assume_unique=True))
    return shared / (len(a) + len(b) - shared)
