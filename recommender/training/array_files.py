"""The array files of a model folder: small arrays share one file, large ones have their own.

Every file has a checksum, so that damage is noticed.
"""

import hashlib
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender.errors import ArtifactError
from recommender.numeric.system import sync

ARRAYS = "models.npz"
LARGE_ARRAY_BYTES = 1 << 20  # size from which an array has its own file


def write_arrays(stored: Mapping[str, npt.NDArray[Any]], folder: Path) -> dict[str, str]:
    """Writes arrays by their names into a folder.

    Returns the checksum of each file by the file's name.
    """
    large = {name: array for name, array in stored.items() if array.nbytes >= LARGE_ARRAY_BYTES}
    small = {name: array for name, array in stored.items() if name not in large}
    with (folder / ARRAYS).open("wb") as file:
        np.savez(file, allow_pickle=False, **small)
    for name, array in large.items():
        np.save(folder / f"{name}.npy", array, allow_pickle=False)
    files = [ARRAYS, *(f"{name}.npy" for name in large)]
    for name in files:
        sync_file(folder / name)
    return {name: _checksum(folder / name) for name in files}


def read_arrays(folder: Path, sums: Mapping[str, str]) -> dict[str, npt.NDArray[Any]]:
    """Returns every array by name. Large arrays are mapped into memory.

    sums: expected checksum of each file by its name.
    """
    stored: dict[str, npt.NDArray[Any]] = {}
    for name, expected in sums.items():
        path = checked_path(folder, name, expected)
        try:
            if name != ARRAYS:
                stored[path.stem] = np.load(path, mmap_mode="r", allow_pickle=False)
                continue
            with np.load(path, allow_pickle=False) as small:
                stored |= {each: small[each] for each in small.files}
        except OSError as error:
            raise ArtifactError("model-file-missing", folder=folder.name, file=name) from error
        except zipfile.BadZipFile as error:
            raise ArtifactError("model-file-damaged", folder=folder.name, file=name) from error
    return stored


def checked_path(folder: Path, name: str, expected: str) -> Path:
    """Returns the path of a file in a model folder.

    Raises ArtifactError if the file is missing or does not have the expected checksum.
    """
    path = folder / name
    try:
        whole = path.parent == folder and _checksum(path) == expected
    except OSError as error:
        raise ArtifactError("model-file-missing", folder=folder.name, file=name) from error
    if not whole:
        raise ArtifactError("model-file-damaged", folder=folder.name, file=name)
    return path


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync_file(path: Path) -> None:
    """Waits until a written file has reached the disk."""
    with path.open("rb+") as file:
        sync(file)
