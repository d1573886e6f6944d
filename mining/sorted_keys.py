"""Distinct whole numbers by sorting, which for millions of keys is many times faster than NumPy's hash table."""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Key = TypeVar("Key", np.int64, np.uint64)


def distinct(keys: NDArray[Key]) -> NDArray[Key]:
    """The distinct keys of a flat array, sorted."""
    ordered = np.sort(keys)
    return ordered[np.concatenate([np.ones(1, dtype=bool), ordered[1:] != ordered[:-1]])[: len(ordered)]]
