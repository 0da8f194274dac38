"""`matinee import catalogue` shows the changes and imports all of a file or nothing.

Every mistake in a file gets one sentence with file and line.
"""

import asyncio
from pathlib import Path

import pytest

from bot.services.imports.film_list import read
from bot.settings import Settings
from bot.wording.errors.said import said
from storage.errors import CatalogueError
from tests.bot.command import Ended, files, matinee
from tests.direct import dump
from tests.house import FEW_FILMS, stocked

HEADING = "title,year,runtime,countries,languages,directors,genres,audience,tags"
LINES = (
    "Zzyzx Lantern,1971,88,IS,is,Ann One,Drama,everyone,bittersweet:3|family-bonds:2",
    "Qwert,1983,,,,Bob Two,Comedy,,witty:2",
    "Casablanca,1942,102,US,en,Michael Curtiz,Drama|Romance,everyone,romantic:3",
)


def listed(path: Path, *lines: str, heading: str = HEADING) -> Path:
    path.write_text("\n".join((heading, *lines)) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with a database of the starter catalogue."""
    asyncio.run(stocked(Settings(data=tmp_path / "data").database, FEW_FILMS))
    return tmp_path


def database_dump(folder: Path) -> list[str]:
    """Returns the content of the database."""
    return dump(Settings(data=folder / "data").database)


def import_list(folder: Path, *arguments: str | Path) -> Ended:
    return matinee(folder, "import", "catalogue", *arguments)


def test_a_dry_run_shows_what_the_import_then_does(home: Path) -> None:
    own_list, before = listed(home / "mine.csv", *LINES), database_dump(home)
    rehearsed = import_list(home, own_list, "--dry-run")
    assert rehearsed.code == 0, rehearsed.err
    assert database_dump(home) == before
    for text in (
        "+ Zzyzx Lantern (1971)",
        "+ Qwert (1983)",
        "what you'll get: 2 films added",
    ):
        assert text in rehearsed.out
    assert "= Casablanca (1942) stays as it is" in rehearsed.out
    done = import_list(home, own_list)
    assert "2 films added, 0 changed, 0 unchanged, 1 skipped" in done.out
    assert done.out.splitlines()[:3] == rehearsed.out.splitlines()[:3]
    assert any("Zzyzx Lantern" in line for line in database_dump(home))
    again, held = import_list(home, own_list), database_dump(home)
    assert "0 films added, 0 changed, 2 unchanged" in again.out
    listed(own_list, LINES[0].replace("88", "91").replace("|family-bonds:2", ""))
    changed = import_list(home, own_list, "--dry-run")
    assert "~ Zzyzx Lantern (1971)" in changed.out
    assert "runtime: 88 → 91" in changed.out
    assert "tags: bittersweet:3|family-bonds:2 → bittersweet:3" in changed.out
    assert database_dump(home) == held


def test_an_operators_own_tags(home: Path) -> None:
    words = home / "words.csv"
    words.write_text(
        "slug,facet,name,definition\ntax-forms,theme,tax forms,Paper and patience.\n",
        encoding="utf-8",
    )
    own_list = listed(home / "mine.csv", "The Form,1999,,,,Ann One,,,tax-forms:3|witty:1")
    assert "isn't in tags.csv" in import_list(home, own_list).sentence
    done = import_list(home, own_list, "--tags", words)
    assert done.code == 0, done.err
    assert "1 film added" in done.out
    assert "1 new tag" in done.out
    assert any("Paper and patience" in line for line in database_dump(home))


GOOD_LINE = LINES[0]
BAD_FILES = {
    "a broken line": (
        f"{HEADING}\n{GOOD_LINE}\nQwert,1983,witty:2\n".encode(),
        "line 3: This row has 3 cells",
    ),
    "a quotation mark left open": (
        f'{HEADING}\n{GOOD_LINE}\n"Qwert,1983,,,,Bob Two,Comedy,,witty:2\n'.encode(),
        "line 3:",
    ),
    "an unknown tag": (
        f"{HEADING}\n{GOOD_LINE}\n{LINES[1].replace('witty', 'witi')}\n".encode(),
        "line 3: The tag “witi” isn't in tags.csv. Did you mean witty",
    ),
    "another encoding": (
        f"{HEADING}\n{GOOD_LINE}\nMörk,1983,,,,Bob Two,Comedy,,witty:2\n".encode("latin-1"),
        "line 3: This file isn't saved as UTF-8",
    ),
    "a formula": (
        f"{HEADING}\n{GOOD_LINE}\n=1+1,1983,,,,Bob Two,Comedy,,witty:2\n".encode(),
        "line 3: The cell in the column “title” starts with “=”",
    ),
    "a film twice": (f"{HEADING}\n{GOOD_LINE}\n{GOOD_LINE}\n".encode(), "line 3:"),
    "an unknown column": (b"title,year,genres,tags,stars\n", "line 1:"),
    "50 MB": (f"{HEADING}\n".encode() + b"x" * 99 + b"\n" + b"y" * 50_000_000, "line 3:"),
}


@pytest.mark.parametrize("mistake", BAD_FILES)
def test_a_mistake_gets_a_sentence_with_file_and_line(tmp_path: Path, mistake: str) -> None:
    content, words = BAD_FILES[mistake]
    (tmp_path / "mine.csv").write_bytes(content)
    with pytest.raises(CatalogueError) as caught:
        read(tmp_path / "mine.csv")
    sentence = said(caught.value)
    assert sentence.startswith("mine.csv ")
    assert words in sentence
    assert sentence.endswith((".", "?"))


def test_a_file_with_a_mistake_imports_nothing(home: Path) -> None:
    before = files(home / "data")
    for mistake in ("an unknown tag", "50 MB"):
        content, words = BAD_FILES[mistake]
        (home / "mine.csv").write_bytes(content)
        sentence = import_list(home, "mine.csv").sentence
        assert words in sentence
        assert files(home / "data") == before
    assert "can't find that file" in import_list(home, "nowhere.csv").sentence
