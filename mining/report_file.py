"""Write a report file whole or not at all."""

import os
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Write ``content`` beside ``path`` and move it there, so that no reader ever sees half a report."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".tmp")
    try:
        partial.write_bytes(content)
        os.replace(partial, path)  # noqa: PTH105 - the one call that replaces atomically on every system
    finally:
        partial.unlink(missing_ok=True)
