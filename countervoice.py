"""The ``countervoice`` command. The only module outside the rooms.

The rooms have everyday names (``data``, ``models``, ...). A console script starts with site-packages on its
path, where a stranger's ``models`` may lie, so this file puts its own folder first before any room is loaded.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent


def main() -> None:
    """Run the command line and leave with its exit code."""
    sys.path.insert(0, str(ROOT))
    from serving.cli import run

    sys.exit(run())


if __name__ == "__main__":
    main()
