"""Values for queries, as many at a time as one has room for."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final, TypeVar

PAGE: Final = 1_000

T = TypeVar("T")


def pages(values: Iterable[T]) -> Iterator[list[T]]:
    """The ``values`` in their order, ``PAGE`` of them at a time."""
    rest = iter(values)
    while page := list(islice(rest, PAGE)):
        yield page
