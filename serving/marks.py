"""Whether a file is the one that was read."""

from pathlib import Path

Mark = tuple[int, int] | None


def mark_of(path: Path) -> Mark:
    """Tells a file from the one that replaces it; None while there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns
