"""Docstrings and comments are plain English, without phrases of the old dialect."""

from pathlib import Path

from tests.voice import FOLDERS, ROOT, marks, prose


def test_no_dialect_is_left() -> None:
    found = [place for _, place in marks(tuple(ROOT / folder for folder in FOLDERS))]
    assert not found, "say it plainly (subject, verb, object):\n" + "\n".join(found)


def test_a_dialect_docstring_is_found(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text('"""The films of who asks, so many as there are."""\n', encoding="utf-8")
    found = [place for _, place in marks((tmp_path,))]
    assert len(found) == 3
    assert all(place.startswith(f"{module}:1: ") for place in found)


def test_comments_are_read_as_a_whole() -> None:
    source = "one = 1  # a note\n\n# The films\n# of it.\ntwo = 2\n"
    assert list(prose(source)) == [(1, "a note"), (3, "The films of it.")]
