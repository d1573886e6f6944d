"""Counts by name, in an order of their own."""

from collections import Counter
from collections.abc import Iterable, Mapping


def by_size(counts: Mapping[str, int]) -> dict[str, int]:
    """The same counts, largest first, then by name: their order does not depend on that of the rows."""
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def most_common(values: Iterable[str]) -> str | None:
    """The most frequent value, the first by name among equals; None when there are none."""
    counts = Counter(values)
    return min(counts, key=lambda value: (-counts[value], value)) if counts else None
