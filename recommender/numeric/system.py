"""All calls to the operating system. No other file of the recommender imports `os`."""

import os
from pathlib import Path
from typing import IO


def cores() -> int:
    """Returns the number of processors that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def sync(file: IO[bytes]) -> None:
    """Waits until everything written to an open file is on the disk.

    The caller must flush the file before.
    """
    os.fsync(file.fileno())


def partial_path(path: Path) -> Path:
    """Returns the path of a hidden file in the same folder, for writing before a rename to `path`.

    The name contains the number of this process.
    """
    return path.with_name(f".{path.name}.{os.getpid()}.part")
