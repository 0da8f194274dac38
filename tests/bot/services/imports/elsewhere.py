"""Histories of MovieLens's people as they would come from Letterboxd and from IMDb.

Titles are MovieLens's own, so they are often not the catalogue's: it has the research data's form
("Matrix, The"), and other titles in brackets.
"""

import csv
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from storage.imports.history import HistoryRow

_NAME = re.compile(r"(?P<title>.*?)(?P<others>(?: \([^()]*\))*) \((?P<year>\d{4})\)\s*$")
_ARTICLE = re.compile(r"(.*), ([A-Z][a-zé]{0,2}|L')$")


@dataclass(frozen=True)
class Written:
    """A film of a history.

    Attributes:
        movielens: the film's id at MovieLens, which the row does not have.
        row: the row.
    """

    movielens: str
    row: HistoryRow


def written(folder: Path, count: int, seed: int = 20) -> Iterator[Written]:
    """Yields `count` films that MovieLens's people rated, half in each of two forms.

    Letterboxd gives title and year. IMDb also gives its id and the original title. Some rows have
    another title of the film, some titles lack their article, and a fifth of the years is too high
    or too low by one.

    folder: MovieLens's small data set.
    """
    chance = random.Random(seed)
    with (folder / "links.csv").open(encoding="utf-8") as file:
        imdb = {row["movieId"]: f"tt{row['imdbId']}" for row in csv.DictReader(file)}
    with (folder / "ratings.csv").open(encoding="utf-8") as file:
        rated = sorted({row["movieId"] for row in csv.DictReader(file)})
    with (folder / "movies.csv").open(encoding="utf-8") as file:
        named = {row["movieId"]: row["title"] for row in csv.DictReader(file)}
    for number in chance.sample(rated, count):
        found = _NAME.match(named[number])
        if found is None:
            continue
        others = [_in_order(name) for name in re.findall(r"\(([^()]*)\)", found["others"])]
        others = [name.removeprefix("a.k.a. ") for name in others]
        title, year = _in_order(found["title"]), int(found["year"])
        dice = chance.random()
        if others and dice < 0.4:  # half of the films have a second title
            title = chance.choice(others)
        elif dice < 0.5:
            title = re.sub(r"^(The|A|An) (?=\S)", "", title)
        if chance.random() < 0.2:
            year += chance.choice((-1, 1))
        row = HistoryRow("ratings.csv", 1, title, year, kind="film", stars=4.0, seen=True)
        if chance.random() < 0.5:
            row = replace(row, imdb=imdb[number], original_title=others[0] if others else None)
        yield Written(number, row)


def title_and_year(name: str) -> tuple[str, int | None]:
    """Returns the title that a film has at other places, and its year. name: MovieLens's."""
    found = _NAME.match(name)
    if found is None:
        return name.strip(), None
    return _in_order(found["title"]), int(found["year"])


def _in_order(title: str) -> str:
    """Returns a title with its article in front ("Matrix, The")."""
    found = _ARTICLE.match(title)
    if found is None:
        return title
    gap = "" if found[2].endswith("'") else " "
    return f"{found[2]}{gap}{found[1]}"
