"""``python -m serving.tied PID MODULE ...``: run a module that is told to end when its parent, the process PID, does.

A parent that is killed cannot tell its child to end; the child would go on, and hold the port.
"""

import ctypes
import os
import runpy
import signal
import sys
from typing import Final

_PR_SET_PDEATHSIG: Final = 1


def tie_to(parent: int) -> None:
    """Ask the system for SIGTERM as soon as ``parent`` ends, however that is; only Linux can do it."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it ended before
        sys.exit(1)


if __name__ == "__main__":
    tie_to(int(sys.argv[1]))
    del sys.argv[:2]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
