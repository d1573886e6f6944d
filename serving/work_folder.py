"""The hidden folder that a mining is written into, so that its state takes the old one's place whole or not at all."""

import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from serving.state import STATE_NAME

_RETIRED: Final = f"{STATE_NAME}.old"
_UNFINISHED: Final = ".mining-"

log = logging.getLogger(__name__)


@contextmanager
def work_folder(out: Path) -> Iterator[Path]:
    """A hidden folder in ``out`` to write a mining into; what minings that were killed left there goes first."""
    out.mkdir(parents=True, exist_ok=True)
    remove_unfinished(out)
    with _lock(out, alone=False), tempfile.TemporaryDirectory(prefix=_UNFINISHED, dir=out) as work:
        yield Path(work)


def remove_unfinished(out: Path) -> None:
    """Remove the work folders of minings that were killed, which hold all feedback, unless a mining is under way.

    That one may write into any of them, and removes its own.
    """
    if not any(out.glob(f"{_UNFINISHED}*")):
        return
    with _lock(out, alone=True) as is_alone:
        for left in out.glob(f"{_UNFINISHED}*") if is_alone else ():
            _remove(left, out)


def _remove(left: Path, out: Path) -> None:
    try:
        _bring_back(left / _RETIRED, out)  # it was killed between the two renames
        shutil.rmtree(left)
    except OSError as error:
        log.error("%s, which a mining that was killed left, cannot be removed: %s", left, error.strerror)


def put_in_place(new: Path, folder: Path) -> None:
    """Make ``new`` the state in ``folder``; a running service holds its own copy and is not disturbed.

    Store and index belong together, so the folder is swapped as one. Between the two renames there is no
    state at all, never a mixed one.
    """
    current = folder / STATE_NAME
    retired = new.with_name(_RETIRED)
    try:
        if current.exists():
            current.rename(retired)
        new.rename(current)
    except BaseException:  # after Ctrl-C, too, the folder of the retired one is removed
        _bring_back(retired, folder)
        raise
    shutil.rmtree(retired, ignore_errors=True)


def _bring_back(retired: Path, folder: Path) -> None:
    if retired.exists() and not (folder / STATE_NAME).exists():
        retired.rename(folder / STATE_NAME)


@contextmanager
def _lock(out: Path, *, alone: bool) -> Iterator[bool]:
    """Share the folder ``out`` with other minings, or have it alone; whether the lock was got.

    The system gives it back when the process ends, however that is.
    """
    if sys.platform == "win32":  # no folder can be locked there, so nobody knows to be alone
        yield False
        return
    descriptor = os.open(out, os.O_RDONLY)
    try:
        yield _is_locked(descriptor, alone=alone)
    finally:
        os.close(descriptor)


def _is_locked(descriptor: int, *, alone: bool) -> bool:
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB if alone else fcntl.LOCK_SH)
    except OSError:  # a mining is under way, or the file system has no locks
        return False
    return True
