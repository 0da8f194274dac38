"""Measures the memory of this process."""

import resource
import sys
from pathlib import Path

STATUS_FILE = Path("/proc/self/status")


def peak_mib() -> float:
    """Returns the largest memory this process has held, MiB.

    The figure is from Linux's status file if there is one. `ru_maxrss` is less exact: in a forked
    child it starts from that of the parent.
    """
    if STATUS_FILE.is_file():
        for line in STATUS_FILE.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    unit = 1024**2 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
