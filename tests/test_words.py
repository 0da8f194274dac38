"""The documents name every command, and the files they name or link to exist."""

import re
from pathlib import Path

import pytest

from bot.run import COGS
from bot.wording.picks.help import help_text
from recommender.context.editorial import TILTS
from storage.catalogue.csv_rows import AUDIENCES, FACETS, FILM_COLUMNS, GENRES, TAG_COLUMNS
from tests.starter import starter_catalogue

ROOT = Path(__file__).resolve().parent.parent
COMMANDS_PAGE = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
PAGES = sorted(
    path
    for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("*/**/README.md"))
    if not any(part.startswith(".venv") for part in path.parts)
)
LINK = re.compile(r"\]\((?!https?://)([^)#\s]+)(?:#[^)]*)?\)")
FILE = re.compile(r"`((?:bot|recommender|storage|tests|docs)/[\w./-]+\.(?:py|csv|md|toml))`")
COMMANDS = sorted(command.name for cog in COGS for command in cog.__cog_app_commands__)
OWNER_COMMANDS = {"lab", "status"}  # hidden from all other members


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_documented_and_in_help(command: str) -> None:
    assert f"`/{command}`" in COMMANDS_PAGE
    text = help_text(lambda name: f"`/{name}`")
    assert command in {"help", *OWNER_COMMANDS} or re.search(rf"`/{command}[` ]", text)


def test_there_are_commands() -> None:
    assert {"recommend", "similar", "trending", "start"} <= set(COMMANDS)


def test_tilts_name_existing_tags_and_genres() -> None:
    catalogue = starter_catalogue()
    tags = {tag.slug for tag in catalogue.tags}
    genres = {genre for film in catalogue.films for genre in film.genres} | {"Children"}
    for tilt in TILTS:
        assert set(tilt.tags) <= tags, tilt.key
        assert set(tilt.genres) <= genres, tilt.key


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_files_that_a_page_names_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    missing = [link for link in LINK.findall(text) if not (page.parent / link).exists()]
    if page.name != "CHANGELOG.md":  # which also names files that were removed
        missing += [name for name in FILE.findall(text) if not (ROOT / name).is_file()]
    assert not missing


def test_the_pages_are_found() -> None:
    assert {"README.md", "CONTRIBUTING.md", "architecture.md"} <= {page.name for page in PAGES}


def test_the_format_of_lists_is_documented() -> None:
    text = (ROOT / "docs" / "catalogue.md").read_text(encoding="utf-8")
    for column in (*FILM_COLUMNS, *TAG_COLUMNS):
        assert f"| `{column}` |" in text
    for word in (*GENRES, *AUDIENCES, *FACETS):
        assert word in text
