"""`make matrix` runs on the newest Python of each version that starts."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests import matrix


def a_python(path: Path, version: str, *, virtual: bool = False, broken: bool = False) -> Path:
    """Writes a file that answers like a Python, or that fails if `broken`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    said = json.dumps([str(path), version, "CPython", virtual, False])
    does = "echo no such library >&2; exit 127" if broken else f"echo '{said}'"
    path.write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


@pytest.fixture
def home_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Returns a home folder. Pythons elsewhere on this machine are hidden."""
    real = matrix.places

    def below(environ: dict[str, str], home: Path) -> object:
        return [(x, y) for x, y in real(environ, home) if x.is_relative_to(tmp_path)]

    monkeypatch.setattr(matrix, "places", below)
    return tmp_path


def test_the_newest_python_of_each_version_is_used(home_only: Path) -> None:
    home = home_only
    managed = home / ".pyenv" / "versions"
    a_python(managed / "3.12.9" / "bin" / "python3.12", "3.12.9")
    newest = a_python(managed / "3.12.10" / "bin" / "python3.12", "3.12.10")
    a_python(managed / "3.13.1" / "bin" / "python3.13", "3.13.1", broken=True)
    kept = home / ".local" / "share" / "uv" / "python" / "cpython-3.13.0rc2-linux" / "bin"
    other = a_python(kept / "python3.13", "3.13.0rc2")
    a_python(managed / "3.10.1" / "bin" / "python3.10", "3.10.1")
    on_path = a_python(home / "bin" / "python3", "3.11.4")
    a_python(home / "venv" / "bin" / "python3", "3.11.9", virtual=True)
    path = f"{home / 'venv' / 'bin'}:{home / 'bin'}"
    found, refused = matrix.found_interpreters({"PATH": path}, home)
    assert [(one.minor, one.path) for one in found] == [
        ("3.11", on_path), ("3.12", newest), ("3.13", other),
    ]  # fmt: skip
    assert sorted(why for _, why in refused) == [
        "it does not start: no such library", "it is a virtual environment",
    ]  # fmt: skip


def test_no_python_is_a_failure(
    home_only: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("HOME", str(home_only))
    assert matrix.main([]) == 1
    assert "No Python of 3.11, 3.12, 3.13 was found" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("results", "code"),
    [(["passed"], 0), (["failed (1)", "passed"], 0), (["failed (1)", "failed (1)"], 1)],
)
def test_a_run_that_fails_alone_too_fails_all(
    home_only: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    results: list[str],
    code: int,
) -> None:
    a_python(home_only / "bin" / "python3.12", "3.12.9")
    monkeypatch.setenv("PATH", str(home_only / "bin"))
    monkeypatch.setenv("HOME", str(home_only))
    asked: list[tuple[str, str]] = []
    coming = iter(results)

    def run(
        what: str,
        one: matrix.Interpreter,
        markers: str,
        _: int,
        files: Sequence[str] = (),
        **chosen: str,
    ) -> matrix.Row:
        assert ("tests/bot/services/test_localtime.py" in files) == ("TZ" in chosen)
        assert "tests/test_house.py" not in files, "it has no test about time"
        asked.append((markers, chosen.get("TZ", "")))
        failing = chosen.get("TZ") == "Pacific/Kiritimati"
        result = next(coming) if failing else "passed"
        return matrix.Row(what, one.version, result, "1 passed", 2.0)

    monkeypatch.setattr(matrix, "run", run)
    assert matrix.main([]) == code
    assert asked[0] == (matrix.FAST_TESTS, "")
    assert len(asked) == len(matrix.DATES) + len(results)
    assert all(markers.startswith("clock and ") for markers, _ in asked[1:])
    assert f"3.12.9  {results[-1]}" in capsys.readouterr().out
