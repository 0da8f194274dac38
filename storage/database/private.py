"""Makes folders and files that only the user whom Matinee runs as can read.

SQLite gives its log and its other files the mode of the database file.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FOLDER_MODE, FILE_MODE = 0o700, 0o600


def make_folder(path: Path) -> None:
    """Make a folder that only this user can read. Nothing happens if it exists.

    Its parents get the usual permissions. Raises OSError.
    """
    path.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)


def make_file(path: Path) -> None:
    """Make an empty file that only this user can read. Nothing happens if it exists. Raises
    OSError.

    An existing file is not even opened, because closing it again would release this process's locks
    on it.
    """
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, FILE_MODE))


@contextmanager
def private_files() -> Iterator[None]:
    """Within the block, new files and folders of this process can be read only by this user.

    That also holds for its child processes.
    """
    usual = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(usual)
