"""Length-sorted batches: padding is the largest cost of inference on a CPU."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

Tokens = NDArray[np.int64]

# Training batches have rows and widths in whole steps of these, so that their shapes are few.
_ROWS = 8
_WIDTH = 4


def sorted_batches(lengths: Sequence[int], ties: Sequence[str], *, tokens: int) -> Iterator[list[int]]:
    """Batches of row indices of similar length, longest first, at most ``tokens`` padded tokens each.

    The order depends on the texts alone (``ties`` breaks equal lengths), so that a shuffled file gives the same
    batches and with them the same floating-point answers.

    Args:
        lengths: Tokens of each row, at least 1.
        ties: One text per row.
        tokens: Budget of a batch, padding included; a longer row gets a batch of its own.
    """
    order = sorted(range(len(lengths)), key=lambda row: (-lengths[row], ties[row]))
    batch: list[int] = []
    width = 0
    for row in order:
        width = width or lengths[row]
        if batch and width * (len(batch) + 1) > tokens:
            yield batch
            batch, width = [], lengths[row]
        batch.append(row)
    if batch:
        yield batch


def padded(rows: Sequence[Sequence[int]], pad: int, *, few_shapes: bool = False) -> tuple[Tokens, Tokens]:
    """(b, t) token ids, padded on the right with ``pad``, and a mask with 1 for the real ones.

    ``t`` is the longest row, with ``few_shapes`` in a whole step, as ``shuffled_batches`` counts it.
    """
    longest = max(map(len, rows))
    shape = len(rows), _whole_width(longest) if few_shapes else longest
    ids, mask = np.full(shape, pad, np.int64), np.zeros(shape, np.int64)
    for row, tokens in enumerate(rows):
        ids[row, : len(tokens)] = tokens
        mask[row, : len(tokens)] = 1
    return ids, mask


def shuffled_batches(lengths: Sequence[int], *, tokens: int, seed: int) -> list[list[int]]:
    """Training batches: rows in random order, grouped by similar length, the batches in random order.

    Rows come in eights (fewer where the order ends or the budget is small) and widths in fours: matrix libraries keep a
    kernel for every shape that they meet, and a training of many shapes fills gigabytes with them.
    """
    rng = np.random.default_rng(seed)
    jitter = np.asarray(lengths) * rng.uniform(0.85, 1.15, len(lengths))
    order = np.argsort(-jitter, kind="stable")
    batches: list[list[int]] = []
    batch: list[int] = []
    width = 0
    for row in order.tolist():
        width = max(width, _whole_width(lengths[row]))
        while batch and width * (len(batch) + 1) > tokens:
            whole = len(batch) // _ROWS * _ROWS or len(batch)
            batches.append(batch[:whole])
            batch = batch[whole:]
            width = max(_whole_width(lengths[left]) for left in [*batch, row])
        batch.append(row)
    if batch:
        batches.append(batch)
    return [batches[i] for i in rng.permutation(len(batches))]


def _whole_width(tokens: int) -> int:
    """Tokens of a row in whole steps of ``_WIDTH``."""
    return -(-tokens // _WIDTH) * _WIDTH
