"""The command line as an operator types it: a process of its own, in a folder of its own.

Most commands are forked from a process that has the libraries loaded (`tests/bot/warm.py`), which
saves a second each; `cold` starts Python anew, as an operator does.
"""

import atexit
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 120.0  # seconds
_turn = threading.Lock()


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def sentence(self) -> str:
        """What was said on the way out; AssertionError unless it is one plain complaint."""
        assert self.code == 1, f"exit code {self.code}\n{self.out}\n{self.err}"
        assert "Traceback" not in self.out + self.err, self.err
        assert self.err.count("Matinee stops: ") == 1, self.err
        said = self.err.partition("Matinee stops: ")[2].strip()
        assert said.endswith((".", "?")), said
        return said


def matinee(
    folder: Path,
    *arguments: str | Path,
    code: Path = ROOT,
    cold: bool = False,
    before: Callable[[], None] | None = None,
    **environment: str | Path,
) -> Ended:
    """`matinee ARGUMENTS` in `folder`, where a `.env` is read; its data in `folder/data`.

    `code`: where the packages are; `before` runs in the new process before Python starts.
    """
    env = _bare() | {"PYTHONPATH": str(code), "COLUMNS": "100"}
    env |= {name: str(value) for name, value in environment.items()}
    words = [str(word) for word in arguments]
    if not cold and before is None:
        return _forked(folder, words, code, env)
    ended = subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        preexec_fn=before,
        check=False,
    )
    return Ended(ended.returncode, ended.stdout, ended.stderr)


def _bare() -> dict[str, str]:
    """This process' environment without any setting of ours or of Python."""
    ours = ("MATINEE_", "DISCORD_", "PYTHON")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def _forked(folder: Path, words: list[str], code: Path, env: dict[str, str]) -> Ended:
    with _turn, tempfile.NamedTemporaryFile() as out, tempfile.NamedTemporaryFile() as err:
        asked = {
            "arguments": words,
            "cwd": str(folder.absolute()),
            "code": str(code),
            "env": env,
            "out": out.name,
            "err": err.name,
        }
        warm = _warm()
        assert warm.stdin is not None
        assert warm.stdout is not None
        warm.stdin.write(json.dumps(asked) + "\n")
        warm.stdin.flush()
        late = threading.Timer(
            PATIENCE_SECONDS, os.kill, (int(warm.stdout.readline()), signal.SIGKILL)
        )
        late.start()
        try:
            status = int(warm.stdout.readline())
        finally:
            late.cancel()
        return Ended(status, out.read().decode(), err.read().decode())


@cache
def _warm() -> "subprocess.Popen[str]":
    """The process that commands are forked from; one for all tests of this process. One BLAS
    thread, since threads are not forked."""
    process = subprocess.Popen(
        [sys.executable, "-P", str(Path(__file__).with_name("warm.py"))],
        env=_bare() | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def end() -> None:
        process.communicate()

    atexit.register(end)
    return process


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, with its content."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
