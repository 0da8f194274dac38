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
    "bot/services": {"discord", "bot.cogs", "bot.views.cards", "bot.views.buttons", "bot.client", "bot.client.reply"},
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


@pytest.mark.parametrize(("room", "path"), FILES)
def test_no_wall_is_crossed(room: str, path: Path) -> None:
    allowed = ALLOWED.get(room)
    crossed = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for line, name in imports(path)
        for wall in FORBIDDEN[room]
        if inside(name, wall) and not (allowed and inside(name, allowed))
    ]
    assert not crossed


def test_the_recommender_reads_no_environment() -> None:
    for path in (ROOT / "recommender").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert "os.environ" not in text, path
        assert "getenv" not in text, path


def test_every_room_is_looked_at() -> None:
    assert {room for room, _ in FILES} == set(FORBIDDEN)
