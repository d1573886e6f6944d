"""Files that people's words and names go into: for the eyes of their owner only, whatever the umask."""

import os
from pathlib import Path


def make_private(path: Path) -> None:
    """Make the file before anything is written to it; one that is there stays as it is, with its rights.

    Raises:
        OSError: There is no such folder, or no right to write there.
    """
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
