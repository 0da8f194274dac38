"""The calls to the operating system. No other file of the recommender imports `os`."""

import os
from pathlib import Path
from typing import IO


def cores() -> int:
    """Returns the number of processors that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def sync(file: IO[bytes]) -> None:
    """Wait until everything written to an open file is on the disk. Flush the file first."""
    os.fsync(file.fileno())


def partial_path(path: Path) -> Path:
    """Returns the hidden path next to `path` where this process writes it before renaming it."""
    return path.with_name(f".{path.name}.{os.getpid()}.part")
