"""The house rules hold: walls, floors, sizes and names, read from the code itself.

import-linter checks who may import whom (`[tool.importlinter]` in pyproject.toml). One test breaks
each contract once, in a copy of the code, and checks that import-linter fails.
"""

import ast
import os
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("bot", "recommender", "storage")
MAX_MODULES = 14  # in one folder, without `__init__`
MAX_LINES = 300  # of one file
MAX_LONG_FILES = 8

LONG_FILES: set[str] = set()
"""Files above `MAX_LINES`. The docstring of each gives the reason."""

CROSSINGS = {
    "the floors of the recommender": (
        "recommender/numeric/top_k.py",
        "from recommender.models import als",
    ),
    "the floors of storage": ("storage/schema/base.py", "from storage.feedback import ratings"),
    "the floors of the bot": ("bot/views/cards.py", "from bot.client import reply"),
    "the floors of the services": (
        "bot/services/serving/live_model.py",
        "from bot.services.app import App",
    ),
    "the floors of the wording": (
        "bot/wording/speech/places.py",
        "from bot.wording.errors import said",
    ),
    "the wording knows no Discord and no SQL": ("bot/wording/feedback.py", "import discord"),
    "the floors of the playground": (
        "bot/playground/records/payloads.py",
        "from bot.playground.world.world import World",
    ),
    "the recommender is arithmetic: no bot, no storage, no SQL, no asyncio": (
        "recommender/metrics.py",
        "import asyncio",
    ),
    "the recommender reads no environment: one file may use os": (
        "recommender/models/als.py",
        "import os",
    ),
    "storage is facts: no bot, no models, no arrays": ("storage/registry.py", "import numpy"),
    "services know no Discord and no SQL": ("bot/services/picks/recommend.py", "import sqlalchemy"),
    "cogs reach facts and models through services alone": (
        "bot/cogs/operations/status.py",
        "from storage import registry",
    ),
    "the playground imports nothing of ours": (
        "bot/playground/connect.py",
        "from bot.settings import Settings",
    ),
}
"""Contract -> (file, import that the contract forbids there)."""


def modules() -> Iterator[Path]:
    """Yields every module of the three rooms, without migrations."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if "versions" not in path.parts:
                yield path


@cache
def tree(path: Path) -> ast.Module:
    """Returns the syntax tree of a module."""
    return ast.parse(path.read_text(encoding="utf-8"))


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """Runs import-linter on the packages of a folder, with the contracts of that folder."""
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_imports_run_one_way() -> None:
    found = lint_imports(ROOT)
    assert found.returncode == 0, found.stdout


def test_each_contract_fails_when_its_wall_is_crossed(tmp_path: Path) -> None:
    """Half of the crossings are under TYPE_CHECKING, since those imports count like any other."""
    for room in ROOMS:
        shutil.copytree(
            ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__", "*.csv")
        )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for number, (name, line) in enumerate(CROSSINGS.values()):
        path = tmp_path / name
        text = path.read_text(encoding="utf-8")
        guarded = f"from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    {line}\n"
        path.write_text(f"{text}\n{guarded if number % 2 else line}\n", encoding="utf-8")
    found = lint_imports(tmp_path)
    lines = found.stdout.splitlines()
    broken = {line.split(" BROKEN")[0] for line in lines if " BROKEN" in line}
    assert broken == set(CROSSINGS), found.stdout
    assert not [line for line in lines if " KEPT" in line]


def test_no_import_is_ignored_but_the_one_that_may_use_os() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    ignored = [line for line in text.splitlines() if line.startswith("ignore_imports")]
    assert ignored == ['ignore_imports = ["recommender.numeric.system -> os"]']
    assert "exclude_type_checking_imports" not in text


def test_no_circle_of_imports() -> None:
    """This check does not use import-linter. Imports under TYPE_CHECKING and in functions count."""
    names = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for path in modules()
    }
    graph = {
        name: {found for found in imported(path, names) if found != name}
        for name, path in names.items()
    }
    while leaves := {name for name, needs in graph.items() if not needs}:
        graph = {name: needs - leaves for name, needs in graph.items() if name not in leaves}
    assert not graph, sorted(graph)


def imported(path: Path, names: dict[str, Path]) -> Iterator[str]:
    """Yields the modules of the three rooms that a module imports, anywhere in its source."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                if inner in names:
                    yield inner
                elif node.module in names:
                    yield node.module


def test_no_folder_is_crowded() -> None:
    count: dict[Path, int] = defaultdict(int)
    for path in modules():
        count[path.parent] += path.name != "__init__.py"
    crowded = {str(folder.relative_to(ROOT)): n for folder, n in count.items() if n > MAX_MODULES}
    assert not crowded


def test_few_files_are_long_and_each_gives_its_reason() -> None:
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    long = {path.relative_to(ROOT).as_posix() for path, n in lines.items() if n > MAX_LINES}
    assert long == LONG_FILES
    assert len(long) <= MAX_LONG_FILES
    for name in sorted(long):
        assert "lines" in (ast.get_docstring(tree(ROOT / name)) or ""), name


def test_every_class_name_is_unique() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for path in modules():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(str(path.relative_to(ROOT)))
    twice = {name: found for name, found in places.items() if len(found) > 1}
    assert not twice


@pytest.mark.parametrize("path", [p for p in modules() if p.name == "__init__.py"], ids=str)
def test_a_package_init_only_exports_names(path: Path) -> None:
    """An `__init__` may only import and list names. The recommender's imports them at first use."""
    allowed = (ast.Import, ast.ImportFrom, ast.Expr)
    for node in tree(path).body:
        listed = isinstance(node, ast.Assign | ast.AnnAssign)
        lazy = path.parent.name == "recommender" and isinstance(node, ast.FunctionDef | ast.If)
        assert isinstance(node, allowed) or listed or lazy, f"{path}:{node.lineno}"
