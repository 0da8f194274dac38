"""Checks recorded REST traffic against Discord's official description with the shared checker.

The checker is slow, and much of the traffic is the same: each start sends all commands. So
exchanges that differ only in their ids are checked once.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("MATINEE_SHARED") or ROOT.parent / "shared")
CHECKER = SHARED / "discord" / "check_traffic.py"


ID = re.compile(r"(?<![\w.])[1-9]\d{14,19}(?![\w.])")
TOKEN = re.compile(r'("path": "[^"]*/(?:interactions|webhooks)/#\d+:\d+/)[^/"]+')
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


def pattern(line: str) -> str:
    """Returns an exchange with its ids numbered in their order, and without a token in its path.

    The description takes any id and any token. It may limit the length of a text with ids, and it
    may ask whether two ids are equal. So the lengths and the equal ids stay to be seen, and two
    exchanges with the same pattern have the same findings.
    """
    numbers: dict[str, str] = {}
    numbered = ID.sub(
        lambda found: numbers.setdefault(found[0], f"#{len(numbers)}:{len(found[0])}"), line
    )
    return TOKEN.sub(r"\1token", numbered)


def distinct(lines: Iterable[str]) -> list[str]:
    """Returns the first exchange of each pattern."""
    first: dict[str, str] = {}
    for line in lines:
        first.setdefault(pattern(line), line)
    return list(first.values())


def all_findings(logs: Iterable[Path], folder: Path) -> str:
    """Returns what the checker finds wrong in the logs; an empty text if all are clean.

    It runs once for each processor, on the distinct exchanges of all logs. They go into `folder`.
    """
    several = os.cpu_count() or 1
    lines = distinct(line for log in logs for line in log.read_text("utf-8").splitlines(True))
    parts = [folder / f"traffic-{at}.jsonl" for at in range(min(several, len(lines)))]
    for at, part in enumerate(parts):
        part.write_text("".join(lines[at::several]), encoding="utf-8")
    with ThreadPoolExecutor(several) as threads:
        return "\n".join(filter(None, threads.map(findings, parts)))


def findings(log: Path) -> str:
    """Returns what the checker finds wrong in a log; an empty text if it is clean."""
    ran = subprocess.run(
        [sys.executable, str(CHECKER), str(log)], capture_output=True, text=True, check=False
    )
    return f"{ran.stdout}\n{ran.stderr}" if ran.returncode else ""
