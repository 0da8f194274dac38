"""Checks recorded REST traffic against Discord's official description with the shared checker."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("MATINEE_SHARED") or ROOT.parent / "shared")
CHECKER = SHARED / "discord" / "check_traffic.py"


_recorded: list[Path] = []


def recorded(log: Path) -> None:
    """Adds a log to those that are checked when the session ends."""
    _recorded.append(log)


def all_recorded(target: Path) -> Path | None:
    """Writes everything recorded in this session into `target`. None if nothing was recorded."""
    if not _recorded:
        return None
    with target.open("w", encoding="utf-8") as file:
        for log in _recorded:
            file.write(log.read_text(encoding="utf-8"))
    return target


def findings(log: Path) -> str:
    """Returns what the checker finds wrong in a log; an empty text if it is clean."""
    ran = subprocess.run(
        [sys.executable, str(CHECKER), str(log)], capture_output=True, text=True, check=False
    )
    return f"{ran.stdout}\n{ran.stderr}" if ran.returncode else ""
