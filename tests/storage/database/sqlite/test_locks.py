"""Only one process holds the lock, and it is free again when that process ends in any way."""

import subprocess
import sys
from pathlib import Path

import pytest

from storage.database.sqlite import locks
from storage.errors import DatabaseNotWritable

pytestmark = pytest.mark.sqlite

HOLDER = """
import sys, time
from pathlib import Path
from storage.database.sqlite import locks
with locks.held(Path(sys.argv[1])) as mine:
    print(mine, flush=True)
    time.sleep(60)
"""


def test_one_holds_it_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "fitting.lock"
    with locks.held(path) as first:
        assert first
        with locks.held(path) as second:
            assert not second
        with locks.held(tmp_path / "other.lock") as other:
            assert other
    with locks.held(path) as again:
        assert again


def test_it_is_free_once_its_holder_was_killed(tmp_path: Path) -> None:
    path = tmp_path / "fitting.lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "True\n"
        with locks.held(path) as mine:
            assert not mine
        holder.kill()
    with locks.held(path) as mine:
        assert mine


def test_a_folder_that_cannot_be_written_is_not_called_locked(tmp_path: Path) -> None:
    """A lock that cannot be taken for another reason says nothing of another process."""
    path = tmp_path / "running.lock"
    path.write_bytes(b"no lock file at all" * 100)
    with pytest.raises(DatabaseNotWritable, match="file-not-locked"), locks.held(path):
        pass
