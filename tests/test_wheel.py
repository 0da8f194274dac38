"""The wheel holds every file that the code reads: a production install has nothing else."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("bot", "recommender", "storage")
SOURCES = (".py", ".po", ".pot")  # of code, and of catalogues of what people read
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def files(room: str) -> list[Path]:
    """Returns every file of a room that belongs to the source, relative to the room."""
    found = (path.relative_to(ROOT / room) for path in (ROOT / room).rglob("*") if path.is_file())
    return sorted(path for path in found if "__pycache__" not in path.parts)


def test_every_file_that_is_no_code_is_named() -> None:
    named = SETTINGS["tool"]["setuptools"]["package-data"]
    left_out = [
        Path(room, path)
        for room in ROOMS
        for path in files(room)
        if path.suffix not in SOURCES
        and path.name != "README.md"
        and not any(path in set(files_matching(room, pattern)) for pattern in named[room])
    ]
    assert left_out == []


def files_matching(room: str, pattern: str) -> list[Path]:
    """Returns the files that a pattern of setuptools' package data names."""
    return [path.relative_to(ROOT / room) for path in (ROOT / room).glob(pattern)]


def test_every_folder_with_code_is_a_package() -> None:
    folders = {
        ROOT / room / path.parent for room in ROOMS for path in files(room) if path.suffix == ".py"
    }
    assert [folder for folder in sorted(folders) if not (folder / "__init__.py").is_file()] == []


def test_production_leaves_out_what_only_the_playground_and_tests_need() -> None:
    needed = " ".join(SETTINGS["project"]["dependencies"])
    for name in ("trustme", "playwright", "simcord", "pytest", "hypothesis", "implicit"):
        assert name not in needed
