"""Whether a file is the one that was read, and what was read kept as long as it is."""

import time
from collections.abc import Callable
from functools import lru_cache, update_wrapper
from pathlib import Path
from threading import Lock
from typing import Final, Generic, TypeVar, TypeVarTuple

Mark = tuple[int, int] | None

_COARSEST_CLOCK_NS: Final = 2_000_000_000  # of file systems, on which two writes may get one time

Ts = TypeVarTuple("Ts")
R = TypeVar("R")


def mark_of(path: Path) -> Mark:
    """Tells a file from the one that replaces it; None while there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def is_settled(mark: Mark) -> bool:
    """Whether a file that is written in place gets another mark by whatever is written from now on."""
    return mark is None or time.time_ns() - mark[1] > _COARSEST_CLOCK_NS


class Kept(Generic[*Ts, R]):
    """A function of which the last answer is kept; made by ``kept_once``."""

    def __init__(self, find: Callable[[*Ts], R]) -> None:
        self._kept, self._finding = lru_cache(maxsize=1)(find), Lock()
        update_wrapper(self, find)

    def __call__(self, *arguments: *Ts) -> R:
        """What is kept, where it was found for the same arguments, else what is found now."""
        with self._finding:
            return self._kept(*arguments)

    def forget(self) -> None:
        """Keep nothing, also of what is being found meanwhile."""
        with self._finding:
            self._kept.cache_clear()


def kept_once(find: Callable[[*Ts], R]) -> Kept[*Ts, R]:
    """Keep what ``find`` found last; who asks while it is being found waits, and does not find it a second time.

    Where ``find`` raises, nothing is kept, and whoever waited tries again.
    """
    return Kept(find)
