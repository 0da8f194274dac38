"""Recorded REST traffic against Discord's official description, by the shared checker."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("MATINEE_SHARED") or ROOT.parent / "shared")
CHECKER = SHARED / "discord" / "check_traffic.py"


_recorded: list[Path] = []


def recorded(log: Path) -> None:
    """Have a log checked when the session ends, together with all others."""
    _recorded.append(log)


def all_recorded(target: Path) -> Path | None:
    """Everything recorded in this session as one log; None where there was nothing."""
    if not _recorded:
        return None
    with target.open("w", encoding="utf-8") as file:
        for log in _recorded:
            file.write(log.read_text(encoding="utf-8"))
    return target


def findings(log: Path) -> str:
    """What the checker has against a log; nothing where it is clean."""
    ran = subprocess.run(
        [sys.executable, str(CHECKER), str(log)], capture_output=True, text=True, check=False
    )
    return f"{ran.stdout}\n{ran.stderr}" if ran.returncode else ""
