"""Several batches at the same time, each on one thread: small products gain little from threads of their own."""

from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Part = TypeVar("Part")
Found = TypeVar("Found")


def each_with(
    work: Callable[[Part], Found], parts: Sequence[Part], *, streams: int
) -> Generator[tuple[Part, Found], None, None]:
    """Every part with what ``work`` makes of it, in their order.

    Close the iterator (``contextlib.closing``) when what it yields may fail to be used: parts not yet begun are then
    left undone.

    Args:
        work: Called in ``streams`` threads, so it has to be safe there and should leave the interpreter's lock.
        parts: What to work on.
        streams: How many at the same time; with one, or for one part, the caller's own thread does it.
    """
    if min(streams, len(parts)) < 2:
        for part in parts:
            yield part, work(part)
        return
    with ThreadPoolExecutor(min(streams, len(parts)), thread_name_prefix="stream") as pool:
        try:
            yield from zip(parts, pool.map(work, parts), strict=True)
        finally:
            pool.shutdown(cancel_futures=True)
