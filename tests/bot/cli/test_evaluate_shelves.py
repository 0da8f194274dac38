"""`matinee evaluate shelves`, as an operator types it."""

import json
from pathlib import Path

from tests.bot.command import matinee
from tests.bot.folders import Film, write_csv

TITLES = (
    "Alien (1979)",
    "Aliens (1986)",
    "The Thing (1982)",
    "Blade Runner (1982)",
    "The Terminator (1984)",
    "Casablanca (1942)",
    "Roman Holiday (1953)",
    "Amélie (2001)",
    "Before Sunrise (1995)",
    "Pride & Prejudice (2005)",
)


def test_a_table_with_intervals_and_the_figures_as_json(tmp_path: Path) -> None:
    films = [Film(at, title, ("Drama",)) for at, title in enumerate(TITLES, 1)]
    ratings = [
        (person, film, 5.0 if (film <= 5) == (person % 2 == 0) else 2.0, 900_000_000 + film)
        for person in range(1, 21)
        for film in range(1, len(TITLES) + 1)
    ]
    folder = write_csv(tmp_path / "set", films, ratings)
    path = tmp_path / "figures.json"
    ended = matinee(tmp_path, "evaluate", "shelves", "--data", folder, "--json", path)
    assert ended.code == 0, ended.err
    assert "200 ratings from 20 people" in " ".join(ended.out.split())
    found = json.loads(path.read_text(encoding="utf-8"))
    assert found["0"]["size"]["low"] <= found["0"]["size"]["mean"] <= found["0"]["size"]["high"]
    assert set(found["0"]) == {"groupings", "everybody's mean", "size", "tag counts", "own likes"}


def test_a_folder_that_holds_no_data_set(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert matinee(tmp_path, "evaluate", "shelves", "--data", "empty").sentence
