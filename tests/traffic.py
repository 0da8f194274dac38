"""Recorded REST traffic against Discord's official description, by the shared checker."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("MATINEE_SHARED") or ROOT.parent / "shared")
CHECKER = SHARED / "discord" / "check_traffic.py"


def assert_clean(log: Path) -> None:
    """Fail with the checker's findings, if it has any in either direction.

    Skips the test where the checker is not at hand (`MATINEE_SHARED` says where it is).
    """
    assert log.read_text(encoding="utf-8").strip(), f"{log} holds no traffic"
    if not CHECKER.is_file():
        pytest.skip(f"{CHECKER} is missing: set MATINEE_SHARED to the folder of shared material")
    ran = subprocess.run(
        [sys.executable, str(CHECKER), str(log)], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, f"{ran.stdout}\n{ran.stderr}"
