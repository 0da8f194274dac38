"""The command line as an operator types it: a process of its own, in a folder of its own."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


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
    before: Callable[[], None] | None = None,
    **environment: str | Path,
) -> Ended:
    """`matinee ARGUMENTS` in `folder`, where a `.env` is read; its data in `folder/data`.

    `code`: where the packages are; `before` runs in the new process before Python starts.
    """
    ours = ("MATINEE_", "DISCORD_", "PYTHON")
    env = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    env |= {"PYTHONPATH": str(code), "COLUMNS": "100"}
    env |= {name: str(value) for name, value in environment.items()}
    ended = subprocess.run(
        [sys.executable, "-m", "bot", *map(str, arguments)],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
        preexec_fn=before,
        check=False,
    )
    return Ended(ended.returncode, ended.stdout, ended.stderr)


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, with its content."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
