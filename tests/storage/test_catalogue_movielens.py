"""Years and genres of the starter catalogue held against MovieLens where both know a film.

MovieLens is evidence, not the truth: the named exceptions were settled by hand.
"""

import csv
import re
from collections import defaultdict
from dataclasses import dataclass

from storage.catalogue.loader import FilmRow, load_catalogue
from storage.titles import normalise_title
from tests.movielens import FOLDER, needs_movielens

OURS = {
    "Children": "Family",
    "Sci-Fi": "Science Fiction",
    "Film-Noir": "Film Noir",
}
NOT_GENRES = {"IMAX", "(no genres listed)"}
# Films that only share their title with the one film of that title in ml-latest-small.
NAMESAKES = {
    "possession-1981",  # theirs is Neil LaBute's
    "oldboy-2003",  # theirs is Spike Lee's remake
    "parasite-2019",  # theirs is a horror film of 1982
    "im-still-here-2024",  # theirs is a mock documentary of 2010
}
# MovieLens dates Andrei Rublev by its release abroad, in 1969; it was first shown in 1966.


@dataclass(frozen=True)
class Theirs:
    title: str
    year: int
    names: frozenset[str]
    genres: frozenset[str]


def names(title: str) -> frozenset[str]:
    """The keys of a MovieLens title and of the other titles it gives in brackets."""
    main, *others = re.split(r"\s*\((?:a\.k\.a\.\s*)?", title)
    parts = (main, *(other.rstrip(") ") for other in others))
    return frozenset(key for part in parts if (key := normalise_title(part)))


def their_films() -> list[Theirs]:
    films = []
    with (FOLDER / "movies.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            match = re.fullmatch(r"(.*\S)\s*\((\d{4})\)\s*", row["title"])
            if match is None:
                continue
            genres = {OURS.get(genre, genre) for genre in row["genres"].split("|")} - NOT_GENRES
            title, year = match[1], int(match[2])
            films.append(Theirs(title, year, names(title), frozenset(genres)))
    return films


def our_names(film: FilmRow) -> frozenset[str]:
    titles = (film.title, film.original_title or "", *film.aliases)
    return frozenset(key for title in titles if (key := normalise_title(title)))


def unique_pairs() -> list[tuple[FilmRow, Theirs]]:
    """Films whose main title alone, without the year, names one film on either side."""
    ours, theirs = defaultdict(list), defaultdict(list)
    for film in load_catalogue().films:
        ours[normalise_title(film.title)].append(film)
    for other in their_films():
        for name in other.names:
            theirs[name].append(other)
    return [
        (films[0], theirs[name][0])
        for name, films in ours.items()
        if len(films) == 1 and len(theirs[name]) == 1 and films[0].key not in NAMESAKES
    ]


def pairs() -> list[tuple[FilmRow, Theirs]]:
    """Films that share a title of any kind, at most one year apart."""
    theirs = defaultdict(list)
    for other in their_films():
        for name in other.names:
            theirs[name].append(other)
    found = []
    for film in load_catalogue().films:
        near = {
            other
            for name in our_names(film)
            for other in theirs[name]
            if abs(other.year - film.year) <= 1
        }
        if len(near) == 1:
            found.append((film, near.pop()))
    return found


@needs_movielens
def test_years_agree_where_a_title_is_unique():
    matched = unique_pairs()
    apart = [
        f"{ours.title}: {ours.year}, MovieLens {theirs.year}"
        for ours, theirs in matched
        if abs(ours.year - theirs.year) > 1
    ]

    assert len(matched) > 300
    assert len(apart) <= 0.01 * len(matched), apart


@needs_movielens
def test_most_films_are_known_to_movielens_too():
    found = pairs()
    old_enough = [film for film in load_catalogue().films if film.year <= 2015]
    assert len(found) > 0.8 * len(old_enough)


@needs_movielens
def test_genres_agree():
    overlaps = [
        len(set(ours.genres) & theirs.genres) / len(set(ours.genres) | theirs.genres)
        for ours, theirs in pairs()
        if theirs.genres
    ]
    assert sum(overlaps) / len(overlaps) >= 0.5
