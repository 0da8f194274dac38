"""Makes `data.tar.xz` and `discord.json`: what a bot left behind at COMMIT, before the code moved.

    .venv/bin/python tests/upgrade/make.py

It unpacks that commit from the history and runs `scenario.py` with its code and its tests' house,
in this environment. The bot lives two days with four pretend members, who use every command, press
a button of each kind, and rate films. A post, a digest, a backup and a fit come. Ids and times of
the local Discord differ a little from run to run.
"""

import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
COMMIT = "e3c9a91"
"""The last commit before the first one that moved code into wings (c2d3805)."""


def unpack(folder: Path) -> Path:
    """Puts the source of COMMIT into a new folder, which it returns.

    Raises CalledProcessError if this is no clone with that commit.
    """
    archive = subprocess.run(
        ["git", "archive", COMMIT], cwd=HERE.parents[1], check=True, capture_output=True
    ).stdout
    folder.mkdir(parents=True)
    subprocess.run(["tar", "-x", "-C", str(folder)], input=archive, check=True)
    return folder


def main() -> None:
    """Writes both files."""
    with tempfile.TemporaryDirectory() as name:
        code, made = unpack(Path(name, "code")), Path(name, "made")
        subprocess.run(
            [sys.executable, str(HERE / "scenario.py"), str(made)],
            cwd=code,
            env=os.environ | {"PYTHONPATH": str(code)},
            check=True,
        )
        with tarfile.open(HERE / "data.tar.xz", "w:xz", preset=9) as packed:
            packed.add(made / "data", "data")
        (made / "discord.json").replace(HERE / "discord.json")


if __name__ == "__main__":
    main()
