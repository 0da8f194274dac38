"""The walks of docs/architecture.md, and a trace to compare them with.

A walk is a numbered list under a heading "Walk: …". Each step names one function with a link to its
file: [`function`](../path/to/file.py) or [`Class.method`](../path/to/file.py).
"""

import json
import os
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FrameType

from bot.services.training.fit_job import COMMAND

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "architecture.md"
STEP = re.compile(r"^\d+\. .*?\[`([\w.]+)`\]\(\.\./([\w/]+\.py)\)", re.M)
PROJECT_FOLDERS = tuple(f"{ROOT / room}{os.sep}" for room in ("bot", "recommender", "storage"))
TRACE_FILE = "WALK_TRACE_FILE"  # environment variable that makes a child process trace itself


@dataclass(frozen=True)
class Step:
    """One step of a walk, or one call of a trace.

    Attributes:
        file: path of the module, relative to the repository.
        name: qualified name of the function.
    """

    file: str
    name: str


def walk(heading: str) -> list[Step]:
    """Returns the steps of the walk under "## Walk: <heading>"."""
    text = PAGE.read_text(encoding="utf-8")
    section = text.split(f"## Walk: {heading}\n", 1)[1].split("\n## ", 1)[0]
    return [Step(file, name) for name, file in STEP.findall(section)]


class Trace:
    """The project's functions that were called, in the order of their first calls since `clear`.

    It traces every thread that starts after it, until `stop`.
    """

    def __init__(self) -> None:
        self._seen: dict[CodeType, None] = {}
        threading.setprofile(self._profile)
        sys.setprofile(self._profile)

    def _profile(self, frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            code = frame.f_code
            if code not in self._seen and code.co_filename.startswith(PROJECT_FOLDERS):
                self._seen[code] = None

    def clear(self) -> None:
        """Forgets all calls so far."""
        self._seen.clear()

    def stop(self) -> None:
        """Switches the trace off in this thread and in new ones."""
        sys.setprofile(None)
        threading.setprofile(None)  # type: ignore[arg-type]

    def calls(self) -> list[Step]:
        """Returns the calls, one for each function."""
        return [_step(code.co_filename, code.co_qualname) for code in list(self._seen)]


def _step(file: str, name: str) -> Step:
    return Step(Path(file).relative_to(ROOT).as_posix(), name)


@contextmanager
def tracing() -> Iterator[Trace]:
    """Yields a trace that is on inside the block."""
    trace = Trace()
    try:
        yield trace
    finally:
        trace.stop()


def assert_met(steps: list[Step], *traces: list[Step]) -> None:
    assert len(steps) >= 5, "the walk has too few steps to be one"
    for step in steps:
        assert any(step in trace for trace in traces), f"never called: {step.name} in {step.file}"
    for trace in traces:
        places = [(trace.index(step), step) for step in steps if step in trace]
        assert places == sorted(places, key=lambda each: each[0]), "met in another order: " + str(
            [step.name for _, step in sorted(places, key=lambda each: each[0])]
        )


SITE_CUSTOMIZE = """
import atexit, json, os, sys
if os.environ.get("{variable}") and "{module}" in sys.orig_argv:
    seen = {{}}
    def profile(frame, event, _):
        if event == "call":
            seen.setdefault(frame.f_code, None)
    def write():
        sys.setprofile(None)
        calls = [(code.co_filename, code.co_qualname) for code in seen]
        with open(os.environ["{variable}"], "w") as file:
            json.dump(calls, file)
    atexit.register(write)
    sys.setprofile(profile)
"""
"""A `sitecustomize` module that traces the fitting process, which starts with it on its path."""


def child_environment(folder: Path) -> dict[str, str]:
    """Returns variables that make the fitting process write its trace into `folder`."""
    (folder / "sitecustomize.py").write_text(
        SITE_CUSTOMIZE.format(variable=TRACE_FILE, module=COMMAND[-1]), encoding="utf-8"
    )
    paths = [str(folder), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {"PYTHONPATH": os.pathsep.join(paths), TRACE_FILE: str(folder / "trace.json")}


def child_calls(folder: Path) -> list[Step]:
    """Returns the calls of the fitting process."""
    found = json.loads((folder / "trace.json").read_text(encoding="utf-8"))
    return [_step(file, name) for file, name in found if file.startswith(PROJECT_FOLDERS)]
