"""The walls between the rooms hold: who may import whom, read from the imports themselves."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

FORBIDDEN = {
    "recommender": {
        "bot", "storage", "discord", "sqlalchemy", "aiosqlite", "sqlite3", "asyncio", "alembic",
        "apscheduler", "aiohttp", "pydantic_settings", "dotenv",
    },
    "storage": {"bot", "recommender", "discord", "numpy", "scipy", "pandas", "apscheduler"},
    "bot/services": {"discord", "bot.cogs", "bot.cards", "bot.buttons", "bot.client", "bot.reply"},
    "bot/cogs": {"storage", "recommender", "sqlalchemy", "numpy", "scipy", "pandas"},
    "bot/playground": {"bot", "recommender", "storage", "discord"},
}  # fmt: skip
ALLOWED = {"bot/playground": "bot.playground"}
FILES = [
    (room, path)
    for room in FORBIDDEN
    for path in sorted((ROOT / room).rglob("*.py"))
    if "migrations" not in path.parts
]


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Line and dotted name of everything a file imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def inside(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def crossings(room: str, path: Path) -> Iterator[str]:
    """What a file imports that lies behind a wall of its room."""
    allowed = ALLOWED.get(room)
    for line, name in imports(path):
        for wall in FORBIDDEN[room]:
            if inside(name, wall) and not (allowed and inside(name, allowed)):
                yield f"{path}:{line} imports {name}"


@pytest.mark.parametrize(("room", "path"), FILES)
def test_no_wall_is_crossed(room: str, path: Path) -> None:
    assert not list(crossings(room, path))


def test_the_recommender_reads_no_environment() -> None:
    for path in (ROOT / "recommender").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert "os.environ" not in text, path
        assert "getenv" not in text, path


COMPOSING = ["bot"]
"""Folders whose own files may import anything: they put the rooms together."""


def test_every_file_is_in_a_room() -> None:
    """A folder that no wall is drawn around would be looked at by nobody."""
    looked_at = {path for _, path in FILES}
    outside = {
        path.parent.relative_to(ROOT).as_posix()
        for package in ("bot", "recommender", "storage")
        for path in (ROOT / package).rglob("*.py")
        if path not in looked_at and "migrations" not in path.parts
    }
    assert sorted(outside) == COMPOSING


@pytest.mark.parametrize("room", FORBIDDEN)
def test_a_wall_that_is_crossed_is_seen(room: str, tmp_path: Path) -> None:
    for wall in sorted(FORBIDDEN[room]):
        for line in (f"import {wall}", f"from {wall} import x", f"def f():\n    import {wall}.x"):
            path = tmp_path / "crossing.py"
            path.write_text(f"{line}\n", encoding="utf-8")
            assert list(crossings(room, path)), line
