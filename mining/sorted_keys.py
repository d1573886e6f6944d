"""Whole numbers by sorting: distinct ones, and the rows that hold each."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Key = TypeVar("Key", np.int64, np.uint64)


def distinct(keys: NDArray[Key]) -> NDArray[Key]:
    """The distinct keys of a flat array, sorted; for millions of them many times faster than NumPy's hash table."""
    ordered: NDArray[Key] = np.sort(keys)
    fresh = np.concatenate([np.ones(1, dtype=bool), ordered[1:] != ordered[:-1]])[: len(ordered)]
    return np.asarray(ordered[fresh])


def rows_of(numbers: NDArray[np.signedinteger[Any]], count: int) -> list[NDArray[np.int64]]:
    """For each number from 0 below ``count`` the positions that hold it, in order."""
    order = np.argsort(numbers, kind="stable").astype(np.int64)
    ends = np.searchsorted(numbers[order], np.arange(count + 1))
    return [order[a:b] for a, b in pairwise(ends.tolist())]


def numbered(values: Sequence[str]) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """The distinct values in the order in which they come, and (n,) the position among them of each value."""
    numbers = {value: number for number, value in enumerate(dict.fromkeys(values))}
    return tuple(numbers), np.array([numbers[value] for value in values], dtype=np.int64)
