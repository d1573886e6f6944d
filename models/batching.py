"""Length-sorted batches: padding is the largest cost of inference on a CPU."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

Tokens = NDArray[np.int64]


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


def padded(rows: Sequence[Sequence[int]], pad: int) -> tuple[Tokens, Tokens]:
    """(b, t) token ids, padded on the right with ``pad``, and a mask with 1 for the real ones."""
    shape = len(rows), max(map(len, rows))
    ids, mask = np.full(shape, pad, np.int64), np.zeros(shape, np.int64)
    for row, tokens in enumerate(rows):
        ids[row, : len(tokens)] = tokens
        mask[row, : len(tokens)] = 1
    return ids, mask


def shuffled_batches(lengths: Sequence[int], *, tokens: int, seed: int) -> list[list[int]]:
    """Training batches: rows in random order, grouped by similar length, the batches in random order."""
    rng = np.random.default_rng(seed)
    jitter = np.asarray(lengths) * rng.uniform(0.85, 1.15, len(lengths))
    order = np.argsort(-jitter, kind="stable")
    batches: list[list[int]] = []
    batch: list[int] = []
    width = 0
    for row in order.tolist():
        wide = max(width, lengths[row])
        if batch and wide * (len(batch) + 1) > tokens:
            batches.append(batch)
            batch, wide = [], lengths[row]
        batch.append(row)
        width = wide
    batches.append(batch)
    return [batches[i] for i in rng.permutation(len(batches))]
