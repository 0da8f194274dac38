"""The calls to the operating system, and the one file that makes them."""

import ast
from pathlib import Path

import recommender
from recommender.numeric.system import cores, partial_path, sync

ROOM = Path(recommender.__file__).parent


def test_one_file_alone_imports_os_and_none_asyncio() -> None:
    imports = {
        (path.relative_to(ROOM).as_posix(), name.split(".")[0])
        for path in ROOM.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
        )
    }
    assert {pair for pair in imports if pair[1] in {"os", "asyncio"}} == {
        ("numeric/system.py", "os")
    }


def test_a_file_is_written_next_to_its_place(tmp_path: Path) -> None:
    beside = partial_path(tmp_path / "corpus.npz")
    assert beside.parent == tmp_path
    assert beside.name.startswith(".corpus.npz.")
    with beside.open("wb") as file:
        file.write(b"1")
        file.flush()
        sync(file)
    assert beside.read_bytes() == b"1"


def test_there_is_at_least_one_core() -> None:
    assert cores() >= 1
