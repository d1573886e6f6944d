"""The Parquet files of a folder that scorings left, whatever folders they are in, and nothing else that lies there."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from serving.parts import MANIFEST
from serving.state import STATE_NAME, has_state

_RETIRED: Final = re.compile(r".+\.old-[a-z0-9_]{8}")  # the output of before, of a run that was killed


def scored_files(folder: Path) -> list[Path]:
    """The Parquet files in ``folder`` and the folders within it, in the order of their paths.

    Left out are hidden files and folders, those with a leading underscore, what unfinished scorings left, the state of
    a mining, and folders behind a link, which may lead in a circle.
    """
    return sorted(_scored_in(folder))


def _scored_in(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name.startswith((".", "_")):
            continue
        if path.is_dir():
            if not (path.is_symlink() or _is_no_output(path)):
                yield from _scored_in(path)
        elif path.suffix == ".parquet":
            yield path


def _is_no_output(folder: Path) -> bool:
    """Whether the Parquet files in it are those of an unfinished run, of an output that was replaced, or of a state."""
    if folder.name == STATE_NAME:
        return has_state(folder.parent)
    unfinished = folder.suffix == ".parts" and (folder / MANIFEST).exists()
    return unfinished or _RETIRED.fullmatch(folder.name) is not None
