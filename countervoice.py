"""The ``countervoice`` command. The only module outside the rooms.

The rooms have everyday names (``data``, ``models``, ...). A console script starts with site-packages on its
path, where a stranger's ``models`` may lie, so this file puts the folder of the rooms first before any is loaded:
its own one in a checkout, ``countervoice_rooms`` beside it where a wheel was installed.
"""

import sys
from pathlib import Path

_HERE = Path(__file__).resolve().parent
_INSTALLED = _HERE / "countervoice_rooms"
ROOT = _INSTALLED if _INSTALLED.is_dir() else _HERE


def main() -> None:
    """Run the command line and leave with its exit code."""
    sys.path.insert(0, str(ROOT))
    from serving.cli import run

    sys.exit(run())


if __name__ == "__main__":
    main()
