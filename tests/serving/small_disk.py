"""A file system of a few megabytes, to be filled or made for reading only; mounted by root, else skipped."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

KIB = 1024


@contextmanager
def mounted(disk: Path) -> Iterator[Path]:
    """A file system of three megabytes in the new folder ``disk``."""
    disk.mkdir()
    if os.name != "posix" or _mount("-t", "tmpfs", "-o", "size=3m", "tmpfs", str(disk)):
        pytest.skip("a file system can be mounted by root only")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)  # a traceback may hold a file open


def leave(disk: Path, kib: int) -> None:
    """Fill the disk up to a rest."""
    free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
    (disk / "filling").write_bytes(bytes(free - kib * KIB))


def for_reading_only(disk: Path) -> None:
    """Let nobody write there any more; no file may be open for writing."""
    assert _mount("-o", "remount,ro", str(disk)) == 0


def _mount(*arguments: str) -> int:
    return subprocess.run(["mount", *arguments], capture_output=True).returncode
