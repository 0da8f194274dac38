"""Words are tested: what the bot offers stands in the README, and what is named exists."""

from pathlib import Path

import pytest

from bot.run import COGS
from bot.services.catalogue.tastes import TASTES
from bot.services.guide import HELP
from recommender.context.editorial import TILTS
from storage.catalogue.csv_rows import AUDIENCES, FACETS, FILM_COLUMNS, GENRES, TAG_COLUMNS
from storage.catalogue.loader import load_catalogue

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = sorted(command.name for cog in COGS for command in cog.__cog_app_commands__)
THE_OWNERS = {"lab", "status"}  # hidden from everybody else


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_stands_in_the_readme_and_in_help(command: str) -> None:
    assert f"`/{command}`" in README
    assert command in {"help", *THE_OWNERS} or f"`/{command}" in HELP


def test_there_are_commands() -> None:
    assert {"recommend", "similar", "trending", "start"} <= set(COMMANDS)


def test_the_quizs_tastes_and_the_clocks_tilts_name_real_tags_and_genres() -> None:
    catalogue = load_catalogue()
    tags = {tag.slug for tag in catalogue.tags}
    genres = {genre for film in catalogue.films for genre in film.genres} | {"Children"}
    for taste in TASTES.values():
        assert set(taste.tags) <= tags, taste.key
        stocked = [f for f in catalogue.films if {slug for slug, _ in f.tags} & set(taste.tags)]
        assert len(stocked) >= 20, taste.key
    for tilt in TILTS:
        assert set(tilt.tags) <= tags, tilt.phrase
        assert set(tilt.genres) <= genres, tilt.phrase


def test_files_the_readme_links_to_exist() -> None:
    for name in ("docs/card.png", ".env.example", "CHANGELOG.md", "storage/catalogue/films.csv"):
        assert name in README
        assert (ROOT / name).is_file()


def test_the_format_of_lists_is_documented() -> None:
    text = (ROOT / "docs" / "catalogue.md").read_text(encoding="utf-8")
    for column in (*FILM_COLUMNS, *TAG_COLUMNS):
        assert f"| `{column}` |" in text
    for word in (*GENRES, *AUDIENCES, *FACETS):
        assert word in text
