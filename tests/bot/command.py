"""Runs the command line as an operator types it, in its own process and folder.

Most commands are forked from a process that has loaded their modules (`tests/bot/warm.py`). This
saves more than a second for each. With `cold` a new Python starts, as for an operator.
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

from tests import postgres

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 120.0
_turn = threading.Lock()


@dataclass(frozen=True)
class Ended:
    """A command that ended.

    Attributes:
        code: exit status.
        out: text of stdout.
        err: text of stderr.
    """

    code: int
    out: str
    err: str

    @property
    def sentence(self) -> str:
        """The sentence after "Matinee had to stop:". Raises AssertionError without exactly one."""
        assert self.code == 1, f"exit code {self.code}\n{self.out}\n{self.err}"
        assert "Traceback" not in self.out + self.err, self.err
        assert self.err.count("Matinee had to stop: ") == 1, self.err
        sentence = self.err.partition("Matinee had to stop: ")[2].strip()
        assert sentence.endswith((".", "?")), sentence
        return sentence


def matinee(
    folder: Path,
    *arguments: str | Path,
    code: Path = ROOT,
    cold: bool = False,
    before: Callable[[], None] | None = None,
    **environment: str | Path,
) -> Ended:
    """Runs `matinee ARGUMENTS` in `folder`, with its `.env` and its data in `folder/data`.

    code: folder of the packages. cold: start a new Python. before: called in the new process before
    Python starts. environment: more variables.
    """
    env = _clean_environment() | {"PYTHONPATH": str(code), "COLUMNS": "100"}
    if postgres.chosen():
        env["MATINEE_DATABASE_URL"] = postgres.database_of(folder / "data").text
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
        encoding=env.get("PYTHONIOENCODING", "utf-8"),
        timeout=PATIENCE_SECONDS,
        preexec_fn=before,
        check=False,
    )
    return Ended(ended.returncode, ended.stdout, ended.stderr)


def _clean_environment() -> dict[str, str]:
    """Returns this process' environment without settings of Matinee or Python."""
    ours = ("MATINEE_", "DISCORD_", "PYTHON")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def _forked(folder: Path, words: list[str], code: Path, env: dict[str, str]) -> Ended:
    with _turn, tempfile.NamedTemporaryFile() as out, tempfile.NamedTemporaryFile() as err:
        request = {
            "arguments": words,
            "cwd": str(folder.absolute()),
            "code": str(code),
            "env": env,
            "out": out.name,
            "err": err.name,
        }
        warm = _warm(code == ROOT)
        assert warm.stdin is not None
        assert warm.stdout is not None
        warm.stdin.write(json.dumps(request) + "\n")
        warm.stdin.flush()
        late = threading.Timer(
            PATIENCE_SECONDS, os.kill, (int(warm.stdout.readline()), signal.SIGKILL)
        )
        late.start()
        try:
            status = int(warm.stdout.readline())
        finally:
            late.cancel()
        encoding = env.get("PYTHONIOENCODING", "utf-8")
        return Ended(status, out.read().decode(encoding), err.read().decode(encoding))


@cache
def _warm(ours: bool) -> "subprocess.Popen[str]":
    """Starts the process that commands are forked from, once for all tests of this process.

    It has one BLAS thread, since a fork has only one thread. ours: the commands run the code of
    this repository, which is loaded beforehand.
    """
    process = subprocess.Popen(
        [sys.executable, "-P", str(Path(__file__).with_name("warm.py")), *[str(ROOT)][: int(ours)]],
        env=_clean_environment() | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def end() -> None:
        process.communicate()

    atexit.register(end)
    return process


def files(folder: Path) -> dict[str, bytes]:
    """Returns path -> content of every file below a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
