"""Everybody who wrote about what a cause is about: against them it is held, and they are counted once a product."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from mining.sorted_keys import numbered, rows_of

Ints = NDArray[np.int64]
Counted = TypeVar("Counted")


def each_audience(
    contexts: Sequence[str], messages: Sequence[Ints], count: Callable[[Ints], Counted]
) -> list[Counted]:
    """What ``count`` makes of all messages about what each cause is about; one object where that is the same.

    That is one product, or several where people merged causes of them.

    Args:
        contexts: Of each message, as from ``message_contexts``.
        messages: For each cause the positions of its messages, at least one.
        count: Takes the sorted positions of all messages about the same.
    """
    values, numbers = numbered(contexts)
    about = rows_of(numbers, len(values))
    known = dict[tuple[int, ...], Counted]()
    found = []
    for own in messages:
        products = tuple(np.unique(numbers[own]).tolist())
        if products not in known:
            known[products] = count(np.sort(np.concatenate([about[product] for product in products])))
        found.append(known[products])
    return found
