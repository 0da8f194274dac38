"""No test depends on the date of its run. This is checked in the source of the tests."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent

CLOCK_METHODS = {"now", "utcnow", "today", "time"}
"""Methods of `datetime`, `date` and `time` that read the machine's clock."""

CLOCK_ARGUMENTS = {
    "default_world": (0, "start"),
    "whole_world": (0, "start"),
    "open_world": (2, "start"),
    "WorldClock": (0, "start"),
    "open_app": (1, "clock"),
}
"""Function -> (position, name) of an argument. Without it the function uses the machine's clock."""

EXCEPTIONS = {
    "deploy/newcomer.py": "follows the deployment page in a whole system, with the machine's clock",
    "upgrade/scenario.py": "runs with earlier code too, and then sets the clock",
    "soak/process.py": "a bot in a process of its own is told how far the world's clock is ahead",
    "soak/clocked.py": "the same, with a clock that is moved while the bot runs",
}


def machine_clock_lines(source: str) -> Iterator[int]:
    """Yields the lines that read the machine's clock or create something that follows it."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        match node.func:
            case ast.Attribute(value=ast.Name(id="datetime" | "date" | "time"), attr=name):
                asked = name in CLOCK_METHODS
            case ast.Name(id="system_clock"):
                asked = True
            case ast.Name(id=name) if name in CLOCK_ARGUMENTS:
                place, word = CLOCK_ARGUMENTS[name]
                asked = len(node.args) <= place and word not in {x.arg for x in node.keywords}
            case _:
                asked = False
        if asked:
            yield node.lineno


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("datetime.now(UTC)\ntime.time()\ndate.today()\nsystem_clock()", [1, 2, 3, 4]),
        ("default_world()\nopen_world(5)\nWorldClock()\nopen_app(settings)", [1, 2, 3, 4]),
        ("default_world(NOW)\nopen_world(start=NOW)\nWorldClock(NOW)\nopen_app(a, clock)", []),
        ("world.clock.now()\ntime.monotonic()\ndatetime(2026, 3, 11)", []),
    ],
)
def test_uses_of_the_machines_clock_are_found(source: str, lines: list[int]) -> None:
    assert list(machine_clock_lines(source)) == lines


def test_no_test_uses_the_machines_clock() -> None:
    found = [
        f"tests/{path.relative_to(TESTS)}:{line}"
        for path in sorted(TESTS.rglob("*.py"))
        if path.relative_to(TESTS).as_posix() not in EXCEPTIONS
        for line in machine_clock_lines(path.read_text(encoding="utf-8"))
    ]
    assert not found, "take the time from tests/clock.py, or from the world"
