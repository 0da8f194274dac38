"""Checks recorded REST traffic against Discord's official description with the shared checker.

The checker is slow, and much of the traffic is the same: each start sends all commands, and cards
differ in their words. So of exchanges that differ only in ids, times, and words of lengths between
the same limits, the longest is checked.
"""

import json
import os
import re
import subprocess
import sys
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("MATINEE_SHARED") or ROOT.parent / "shared")
CHECKER = SHARED / "discord" / "check_traffic.py"


ID = re.compile(r"(?<![\w.])[1-9]\d{14,19}(?![\w.])")
TOKEN = re.compile(r'("path": "[^"]*/(?:interactions|webhooks)/#\d+:\d+/)[^/"]+')
TIME = re.compile(r'"(20\d\d-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d))"')
TEXTS = (
    *("content", "label", "placeholder", "description", "title", "name"),
    *("custom_id", "nonce", "value"),
)
"""Names of texts of which the description limits only the lengths: words that people read, and
names that the bot gives. Some of the latter must differ."""
_STRING = r'"((?:[^"\\]|\\.)*)"'
WORDS = re.compile(rf'"({"|".join(TEXTS[:5])})": {_STRING}')
CHOICE = re.compile(rf'"name": {_STRING}, "value": {_STRING}')
"""A choice that is suggested for an option, or a field of an embed."""
NAMED = re.compile(rf'"({"|".join(TEXTS[6:])})": {_STRING}')
NOISE = [
    {
        "side": "request",
        "route": "/scheduled-events",
        "where": r"^\.channel_id$",
        "rule": "type",
        "why": "discord.py sends snowflakes as JSON integers",
    }
]
"""What discord.py itself sends off the description, in addition to the checker's own list."""

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


@cache
def limits() -> dict[str, list[int]]:
    """Returns, for each name of a text, every limit of its length in the description, ascending.

    Two lengths between the same two limits have the same findings.
    """
    path = CHECKER.with_name("openapi.json")
    description: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    found: dict[str, set[int]] = {name: set() for name in TEXTS}
    found["content"].add(2000)  # a rule of the checker's own

    def lengths(schema: dict[str, Any]) -> Iterator[int]:
        if reference := schema.get("$ref"):
            *_, group, name = reference.split("/")
            schema = description["components"][group][name]
        if "maxLength" in schema:
            yield schema["maxLength"]
        if "minLength" in schema:
            yield schema["minLength"] - 1
        for key in ("oneOf", "anyOf", "allOf"):
            for part in schema.get(key, ()):
                yield from lengths(part)

    def visit(node: Any) -> None:
        if isinstance(node, dict):
            for name, schema in (node.get("properties") or {}).items():
                if name in found and isinstance(schema, dict):
                    found[name].update(lengths(schema))
        for below in node.values() if isinstance(node, dict) else node:
            if isinstance(below, dict | list):
                visit(below)

    visit(description)
    return {name: sorted(each) for name, each in found.items()}


def pattern(line: str) -> tuple[str, int]:
    """Returns an exchange without what the description does not look at, and the length of words.

    Ids are numbered in their order: the description takes any id, but it may limit the length of a
    text with ids, and it may ask whether two ids are equal. Tokens and valid times are left out.
    Of words and of names that the bot gives, it is kept between which limits their lengths are, and
    which names are equal. Two exchanges with the same pattern have the same findings, unless the
    sum of all lengths is too great.
    """
    numbers: dict[str, str] = {}
    total = 0

    def measured(name: str, text: str) -> str | None:
        """Returns between which limits the length of a JSON string is; None if it is blank."""
        nonlocal total
        shown = json.loads(f'"{text}"') if "\\" in text else text
        total += len(shown)
        return f"…{bisect_left(limits()[name], len(shown))}" if shown.strip() else None

    def words(found: re.Match[str]) -> str:
        return f'"{found[1]}": "{measured(found[1], found[2]) or found[2]}"'

    def choice(found: re.Match[str]) -> str:
        name = measured("name", found[1]) or found[1]
        return f'"name": "{name}", "value": "{measured("value", found[2]) or found[2]}"'

    def named(found: re.Match[str]) -> str:
        if found[2].startswith("…") or ID.fullmatch(found[2]):
            return found[0]
        length = measured(found[1], found[2])
        if length is None:
            return found[0]
        return f'"{found[1]}": "{numbers.setdefault(found[0], f"#{len(numbers)}")}{length}"'

    def timed(found: re.Match[str]) -> str:
        try:
            datetime.fromisoformat(found[1])
        except ValueError:
            return found[0]
        return f'"time:{len(found[1])}"'

    def numbered(found: re.Match[str]) -> str:
        return numbers.setdefault(found[0], f"#{len(numbers)}:{len(found[0])}")

    line = NAMED.sub(named, CHOICE.sub(choice, WORDS.sub(words, line)))
    line = TOKEN.sub(r"\1token", ID.sub(numbered, TIME.sub(timed, line)))
    return line, total


def distinct(lines: Iterable[str]) -> list[str]:
    """Returns the longest exchange of each pattern; of several, the first."""
    longest: dict[str, tuple[int, str]] = {}
    for line in lines:
        key, length = pattern(line)
        if key not in longest or length > longest[key][0]:
            longest[key] = (length, line)
    return [line for _, line in longest.values()]


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


def findings(log: Path, quick: bool = True) -> str:
    """Returns what the checker finds wrong in a log; an empty text if it is clean.

    quick: True to run it by `tests/checking.py`, which finds the same in less time.
    """
    checker = [str(Path(__file__).with_name("checking.py"))] if quick else []
    noise = log.with_suffix(".noise.json")
    known = CHECKER.with_name("known_noise.json")
    noise.write_text(json.dumps([*json.loads(known.read_text("utf-8")), *NOISE]), "utf-8")
    ran = subprocess.run(
        [sys.executable, *checker, str(CHECKER), str(log), "--noise", str(noise)],
        capture_output=True,
        text=True,
        check=False,
    )
    return f"{ran.stdout}\n{ran.stderr}" if ran.returncode else ""
