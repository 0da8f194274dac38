#!/usr/bin/env python3
"""Run the fast tests on every Python that is installed, and the tests that have to do with time at
other instants and in other zones.

    python3 tests/matrix.py                  # everything, as `make matrix` does
    python3 tests/matrix.py --only 3.12      # one Python
    python3 tests/matrix.py --dates          # only the instants and zones, on the newest Python
    python3 tests/matrix.py --list           # the Pythons that were found

The script needs only Python 3.9 or newer. Each Python gets its own virtual environment with the
pinned dependencies, such as `.venv-3.12`. The script looks for Pythons on the path and where pyenv,
uv, asdf, mise, rye, Homebrew and continuous integration keep them. A Python counts only if it
starts. Browser tests and long tests are left out. The exit status is 1 if anything failed or if no
Python was found.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
VERSIONS = ("3.11", "3.12", "3.13")
FAST_TESTS = "not browser and not soak and not benchmark_run"
CLOCK_MARK = "pytest.mark.clock"
PATIENCE_SECONDS = 60.0  # for the start of a Python

# (name, instant or None for the usual one, zone of the machine and of servers without a zone)
DATES = (
    ("a Sunday", "2026-03-15T18:00:00Z", "UTC"),
    ("as Paris skips an hour", "2026-03-29T00:59:58Z", "Europe/Paris"),
    ("as Paris lives an hour twice", "2026-10-25T00:59:58Z", "Europe/Paris"),
    ("the day before New York skips one", "2026-03-07T23:00:00Z", "America/New_York"),
    ("the day before it lives one twice", "2026-10-31T22:00:00Z", "America/New_York"),
    ("29 February, nearly over", "2028-02-29T23:59:58Z", "UTC"),
    ("New Year's Eve, nearly over", "2026-12-31T23:59:58Z", "UTC"),
    ("eleven hours behind UTC", None, "Pacific/Pago_Pago"),
    ("fourteen hours ahead of UTC", None, "Pacific/Kiritimati"),
)

PROBE_SCRIPT = """
import json, platform, sys, sysconfig
import ctypes, ensurepip, lzma, sqlite3, ssl, venv  # what the tests need and a build may lack
print(json.dumps([
    sys.executable,
    platform.python_version(),
    platform.python_implementation(),
    sys.prefix != sys.base_prefix,
    bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
]))
"""


@dataclass(frozen=True)
class Interpreter:
    """A Python that starts.

    Attributes:
        path: the interpreter, as it names itself.
        version: its version, such as "3.12.1".
    """

    path: Path
    version: str

    @property
    def minor(self) -> str:
        """Major and minor version, such as "3.12"."""
        return ".".join(self.version.split(".")[:2])

    @property
    def order(self) -> tuple[int, int, int, bool, str]:
        """A key for sorting by version. A final release comes after its candidates."""
        found = re.match(r"(\d+)\.(\d+)\.(\d+)(.*)", self.version)
        assert found is not None
        return int(found[1]), int(found[2]), int(found[3]), not found[4], found[4]


@dataclass(frozen=True)
class Row:
    """A row of the table at the end.

    Attributes:
        what: what was run.
        python: version of the interpreter.
        result: "passed", "failed (exit status)" or "not installed".
        counts: numbers of tests, such as "1941 passed, 1 failed". Empty without a report.
        seconds: duration.
    """

    what: str
    python: str
    result: str
    counts: str
    seconds: float

    @property
    def failed(self) -> bool:
        """True if this row makes the whole run fail."""
        return self.result != "passed"

    @property
    def cells(self) -> tuple[str, ...]:
        """The texts of the columns."""
        return self.what, self.python, self.result, self.counts, f"{self.seconds:.0f} s"


# Finding interpreters ----------------------------------------------------------------------------


def places(environ: Mapping[str, str], home: Path) -> Iterator[tuple[Path, str]]:
    """Yields (folder, pattern below it) where Pythons of VERSIONS may be."""

    def named(variable: str, *otherwise: str) -> Path:
        return Path(environ.get(variable) or Path(home, *otherwise))

    data = named("XDG_DATA_HOME", ".local", "share")
    for version in VERSIONS:
        for folder in environ.get("PATH", "").split(os.pathsep):
            if folder:
                yield Path(folder), f"python{version}"
                yield Path(folder), "python3"
                yield Path(folder), "python"
        below = f"{version}*/bin/python{version}"
        yield named("PYENV_ROOT", ".pyenv") / "versions", below
        yield named("ASDF_DATA_DIR", ".asdf") / "installs" / "python", below
        yield named("MISE_DATA_DIR", str(data), "mise") / "installs" / "python", below
        uv = named("UV_PYTHON_INSTALL_DIR", str(data), "uv", "python")
        yield uv, f"cpython-{version}*/bin/python{version}"
        yield named("RYE_HOME", ".rye") / "py", f"cpython@{version}*/bin/python{version}"
        for cache in ("RUNNER_TOOL_CACHE", "AGENT_TOOLSDIRECTORY"):
            if environ.get(cache):
                yield Path(environ[cache], "Python"), f"{version}*/*/bin/python{version}"
        yield Path("/opt/hostedtoolcache/Python"), f"{version}*/*/bin/python{version}"
        yield Path("/opt"), f"*/bin/python{version}"
        yield Path("/opt/python"), f"*/bin/python{version}"
        yield Path("/opt/homebrew/opt"), f"python@{version}/bin/python{version}"
        for folder in ("/usr/local/bin", "/usr/bin", "/opt/homebrew/bin"):
            yield Path(folder), f"python{version}"
        yield Path("/Library/Frameworks/Python.framework/Versions", version), "bin/python3"


def candidates(environ: Mapping[str, str], home: Path) -> Iterator[Path]:
    """Yields every executable file that may be a Python, each once."""
    seen: set[Path] = set()
    for folder, pattern in places(environ, home):
        try:
            found = sorted(folder.glob(pattern))
        except OSError:
            continue
        for path in found:
            real = path.resolve()
            if real not in seen and os.access(path, os.X_OK):
                seen.add(real)
                yield path


def started(path: Path) -> Interpreter | str:
    """Starts the Python at a path. Returns it, or the reason why it does not count."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    try:
        answer = subprocess.run(
            [str(path), "-c", PROBE_SCRIPT],
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            env=bare,
        )
        own_path, version, kind, virtual, free_threaded = json.loads(answer.stdout)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"it does not start: {error}"
    except ValueError:
        lines = answer.stderr.strip().splitlines() or ["it says nothing"]
        return f"it does not start: {lines[-1] if lines[0].startswith('Traceback') else lines[0]}"
    if kind != "CPython" or free_threaded:
        return f"it is {kind}{', free-threaded' if free_threaded else ''}"
    if virtual:
        return "it is a virtual environment"
    return Interpreter(Path(own_path), version)


def found_interpreters(
    environ: Mapping[str, str], home: Path
) -> tuple[list[Interpreter], list[tuple[Path, str]]]:
    """Returns the newest Python of each of VERSIONS, and (path, reason) of the refused files."""
    best: dict[str, Interpreter] = {}
    refused: list[tuple[Path, str]] = []
    for path in candidates(environ, home):
        one = started(path)
        if isinstance(one, str):
            refused.append((path, one))
        elif one.minor in VERSIONS:
            newest = best.get(one.minor)
            if newest is None or one.order > newest.order:
                best[one.minor] = one
    return [best[version] for version in VERSIONS if version in best], refused


_installing = threading.Lock()


# Running -----------------------------------------------------------------------------------------


def environment_of(interpreter: Interpreter) -> Path:
    """Makes a virtual environment with the pinned dependencies. Returns the folder of its programs.

    It is made again if the dependencies or the Python changed. Raises CalledProcessError if the
    installation fails.
    """
    folder = ROOT / f".venv-{interpreter.minor}"
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8").partition("\n[tool.")[0]
    wanted = hashlib.sha256("\n".join((interpreter.version, pins, project)).encode())
    stamp = folder / ".matrix"
    programs = folder / "bin"
    if stamp.is_file() and stamp.read_text() == wanted.hexdigest():
        return programs
    print(f"== Python {interpreter.version}: installing into {folder.name}", flush=True)
    if folder.exists():
        shutil.rmtree(folder)
    subprocess.run([str(interpreter.path), "-m", "venv", str(folder)], check=True)
    pip = [str(programs / "python"), "-m", "pip", "install", "--quiet"]
    pip += ["--disable-pip-version-check", "-c", "constraints.txt", "-e", ".[dev]"]
    subprocess.run(pip, cwd=ROOT, check=True)
    stamp.write_text(wanted.hexdigest())
    return programs


def clock_files() -> list[str]:
    """Returns the test files with tests about time. Reading the others would take longer than the
    tests."""
    return [
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        if CLOCK_MARK in path.read_text(encoding="utf-8")
    ]


def run(
    what: str,
    interpreter: Interpreter,
    markers: str,
    workers: int,
    files: Sequence[str] = (),
    **chosen: str,
) -> Row:
    """Runs the tests with some markers. Returns a row of the table.

    markers: expression of pytest markers. workers: number of processes. With one, the output is
    printed at the end, since other runs go on beside this one. files: the test files; all if none
    is named. chosen: environment variables.
    """
    began = time.monotonic()
    print(f"== Python {interpreter.version}: {what}", flush=True)
    try:
        with _installing:
            programs = environment_of(interpreter)
    except subprocess.CalledProcessError as error:
        print(error, file=sys.stderr)
        return Row(what, interpreter.version, "not installed", "", time.monotonic() - began)
    ours = ("MATINEE_TEST_NOW", "MATINEE_TEST_ZONE", "PYTEST_ADDOPTS", "TZ")
    ours += ("PYTHONDONTWRITEBYTECODE",)  # each run would compile everything again
    environ = {name: value for name, value in os.environ.items() if name not in ours}
    environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", **chosen)
    # Fits lower their own priority; beside tests of a higher one they would hardly get on.
    command = [
        "nice",
        "-n",
        "19",
        str(programs / "python"),
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
    ]
    if workers > 1:
        command += ["-n", str(workers), "--dist", "loadfile", "--no-loadscope-reorder"]
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command += ["-m", markers, f"--junitxml={report}", *files]
        output = None if workers > 1 else subprocess.PIPE
        ended = subprocess.run(
            command, cwd=ROOT, env=environ, stdout=output, stderr=output and subprocess.STDOUT
        )
        counts = counted(report)
    if ended.stdout:
        text = ended.stdout.decode(errors="replace")
        print(f"== Python {interpreter.version}: {what}, ended\n{text}", flush=True)
    result = "passed" if ended.returncode == 0 else f"failed ({ended.returncode})"
    return Row(what, interpreter.version, result, counts, time.monotonic() - began)


def run_dates(interpreter: Interpreter, side_by_side: int) -> list[Row]:
    """Runs the tests about time at each instant and in each zone, some of them side by side.

    What fails beside another run is run once more, alone, and that counts.
    """
    files = clock_files()

    def at(date: tuple[str, str | None, str]) -> Row:
        name, now, zone = date
        more = {"TZ": zone, "MATINEE_TEST_ZONE": zone, "STOCKED_TEMPLATES": stocked}
        if now is not None:
            more["MATINEE_TEST_NOW"] = now
        return run(name, interpreter, f"clock and {FAST_TESTS}", 1, files, **more)

    # The catalogue is imported at a fixed time, so once for all (`tests/house.py`).
    with tempfile.TemporaryDirectory() as stocked, ThreadPoolExecutor(side_by_side) as threads:
        rows = list(threads.map(at, DATES))
        return [at(date) if row.failed else row for date, row in zip(DATES, rows, strict=True)]


def counted(report: Path) -> str:
    """Returns the counts of a JUnit file, such as "1941 passed, 1 failed". Empty without a file."""
    if not report.is_file():
        return ""
    (suite,) = ElementTree.parse(str(report)).getroot().iter("testsuite")
    every, skipped = int(suite.attrib["tests"]), int(suite.attrib["skipped"])
    failed = int(suite.attrib["failures"]) + int(suite.attrib["errors"])
    parts = [f"{every - skipped - failed} passed"]
    parts += [f"{failed} failed"] if failed else []
    parts += [f"{skipped} skipped"] if skipped else []
    return ", ".join(parts)


def table(rows: list[Row]) -> Iterator[str]:
    """Yields the lines of the table, aligned in columns."""
    cells = [("what", "Python", "result", "tests", "took"), *(row.cells for row in rows)]
    widths = [max(len(line[at]) for line in cells) for at in range(len(cells[0]))]
    for line in cells:
        yield "  ".join(cell.ljust(widths[at]) for at, cell in enumerate(line)).rstrip()


def main(arguments: list[str] | None = None) -> int:
    """Runs the command. Returns its exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--only", action="append", choices=VERSIONS, help="this Python alone")
    parser.add_argument("--suites", action="store_true", help="only the fast tests, on each Python")
    parser.add_argument("--dates", action="store_true", help="only the instants and zones")
    parser.add_argument("--list", action="store_true", help="only tell what was found")
    parser.add_argument("--workers", type=int, default=2, help="processes of a run (2)")
    chosen = parser.parse_args(arguments)

    pythons, refused = found_interpreters(os.environ, Path.home())
    pythons = [one for one in pythons if one.minor in (chosen.only or VERSIONS)]
    for path, why in refused:
        print(f"-- {path} does not count: {why}")
    for one in pythons:
        print(f"-- Python {one.version}: {one.path}", flush=True)
    if not pythons:
        print(f"No Python of {', '.join(chosen.only or VERSIONS)} was found.", file=sys.stderr)
        return 1
    if chosen.list:
        return 0
    rows = []
    if chosen.suites or not chosen.dates:
        rows += [run("the fast tests", one, FAST_TESTS, chosen.workers) for one in pythons]
    if chosen.dates or not chosen.suites:
        rows += run_dates(pythons[-1], chosen.workers)
    print()
    for line in table(rows):
        print(line)
    return int(any(row.failed for row in rows))


if __name__ == "__main__":
    sys.exit(main())
