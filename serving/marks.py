"""Whether a file is the one that was read, and what was read kept as long as it is."""

from collections.abc import Callable
from functools import lru_cache, wraps
from pathlib import Path
from threading import Lock
from typing import TypeVar, TypeVarTuple

Mark = tuple[int, int] | None

Ts = TypeVarTuple("Ts")
R = TypeVar("R")


def mark_of(path: Path) -> Mark:
    """Tells a file from the one that replaces it; None while there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def kept_once(find: Callable[[*Ts], R]) -> Callable[[*Ts], R]:
    """Keep what ``find`` found last; who asks while it is being found waits, and does not find it a second time.

    Where ``find`` raises, nothing is kept, and whoever waited tries again.
    """
    kept, finding = lru_cache(maxsize=1)(find), Lock()

    @wraps(find)
    def kept_or_found(*arguments: *Ts) -> R:
        with finding:
            return kept(*arguments)

    return kept_or_found
