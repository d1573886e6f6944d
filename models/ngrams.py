"""Hashed character n-grams of texts: the input of the wide part (see ``models.wide``)."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import mmh3
import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

FEATURES = 2**19
SHORTEST, LONGEST = 2, 5
# Words that repeat are short; scripts without spaces and addresses make long ones that hardly ever do.
_WORDS_KEPT, _LONGEST_KEPT = 2**15, 24
_NONE = np.zeros(0, np.int32)


def ngrams(texts: Sequence[str]) -> "csr_matrix":
    """(n, FEATURES) unit rows: which character 2- to 5-grams, within word boundaries, each lower-cased text holds.

    The same as ``HashingVectorizer(analyzer="char_wb", ngram_range=(2, 5), binary=True, alternate_sign=False)`` of
    scikit-learn, whose import takes longer than all the rest up to the first answer.
    """
    from scipy.sparse import csr_matrix

    rows = [_features(text.lower()) for text in texts]
    sizes = np.array([len(row) for row in rows], np.int64)
    lengths = (1 / np.sqrt(np.maximum(sizes, 1))).astype(np.float32)
    values = np.repeat(lengths, sizes)
    starts = np.concatenate([[0], np.cumsum(sizes)])
    return csr_matrix((values, np.concatenate([_NONE, *rows]), starts), shape=(len(texts), FEATURES))


def _features(text: str) -> NDArray[np.int32]:
    """Numbers of the n-grams of all words of ``text``, each once, in ascending order."""
    return np.unique(np.concatenate([_NONE, *map(_of_word, text.split())]))


def _of_word(word: str) -> NDArray[np.int32]:
    return _kept(word) if len(word) <= _LONGEST_KEPT else _hashed(word)


@lru_cache(_WORDS_KEPT)
def _kept(word: str) -> NDArray[np.int32]:
    return _hashed(word)


def _hashed(word: str) -> NDArray[np.int32]:
    # Encoded here, since mmh3 crashes on a lone surrogate where encoding it is an error.
    found = [abs(mmh3.hash(ngram.encode("utf-8"))) % FEATURES for ngram in _within(f" {word} ")]
    return np.array(found, np.int32)


def _within(padded: str) -> Iterator[str]:
    """All n-grams of a word with a blank on each side; one that is no longer than n is an n-gram itself, once."""
    for length in range(SHORTEST, LONGEST + 1):
        if length >= len(padded):
            yield padded
            return
        yield from (padded[start : start + length] for start in range(len(padded) - length + 1))
