"""Says what a film is like, for the reason why it is recommended: its praise, moods, genres and
tags.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.services.notes import Note, enumerated, note
from bot.services.serving.live_model import Served
from recommender.numeric.arrays import Array64, Bools, Rows
from recommender.numeric.sparse_rows import dense_rows

STRONG_TAG = 2
"""A film is described by its tags of at least this weight (0 to 3)."""

MAX_TAGS = 3
"""A reason names at most this number of tags."""

PRAISE = ("all-time-great", "classic", "critically-acclaimed", "cult", "hidden-gem")
"""Tags of praise that a reason may give, the strongest first."""


def described(praise: Note | None, moods: Sequence[Note], genres: Sequence[str]) -> Note:
    """Returns a description of a film: how well it is liked and its moods, else its genres.

    praise: how well people like it; None if nothing is known about that.
    """
    described_by = moods if praise or moods else [note("genre", name=name) for name in genres[:2]]
    words = enumerated(described_by)
    if praise is not None:
        return note("praise-and-moods", praise=praise, moods=words)
    return words or note("little-known")


def praise_of(served: Served, film: int) -> Note | None:
    """Returns how well a film is liked, such as "a cult film"; None if nothing is known."""
    if served.model.well_loved[film]:
        return note("widely-loved")
    tag_names = served.model.catalogue.tag_names
    slugs = {tag_names[column] for column in tag_columns(served, film, STRONG_TAG)}
    tags = served.library.tags
    found = (slug for slug in PRAISE if slug in slugs and slug in tags)
    return next((served.library.tag_note(slug) for slug in found), None)


def moods_of(served: Served, film: int) -> list[Note]:
    """Returns the names of a film's two strongest moods."""
    tags = served.library.tags
    found = served.library.films[int(served.model.catalogue.films.ids_array[film])].tags
    moods = [
        served.library.tag_note(slug)
        for slug, weight in sorted(found, key=lambda tag: -tag[1])
        if weight >= STRONG_TAG and slug in tags and tags[slug].facet == "mood"
    ]
    return moods[:2]


def genres_of(served: Served, film: int) -> tuple[str, ...]:
    """Returns a film's genres; empty if none are known."""
    film_id = int(served.model.catalogue.films.ids_array[film])
    return served.library.films[film_id].genres


def tag_columns(served: Served, film: int, least: int) -> set[int]:
    """Returns the columns of a film's tags of at least this weight."""
    weights = dense_rows(served.model.catalogue.tags, np.array([film]))[0]
    return set(np.flatnonzero(weights >= least).tolist())


def tag_note(served: Served, column: int) -> Note:
    """Returns the name of a tag, given by its column, which the reader's language makes."""
    return served.library.tag_note(served.model.catalogue.tag_names[column])


@dataclass(frozen=True, eq=False)
class FilmTags:
    """The tags of the films of an answer, and of the films that its reasons may name.

    Attributes:
        place: the place of each film in the other attributes, by its row.
        worth: (films, tags) how well a tag describes each film, at least 0.
        strong: (films, tags) True if the tag describes the film.
    """

    place: Mapping[int, int]
    worth: Array64
    strong: Bools


def tags_of(served: Served, films: Rows) -> FilmTags:
    """Returns the tags of some films. films: (k,) their rows; a row may be there twice."""
    world, alike = served.model.catalogue, served.model.likeness
    place = {film: at for at, film in enumerate(films.tolist())}
    return FilmTags(place, alike.shared(films), dense_rows(world.tags, films) >= STRONG_TAG)


def common_tags(served: Served, tags: FilmTags, film: int, other: int) -> list[Note]:
    """Returns the names of the tags that both films have, those that say most about the films
    first.

    film, other: the films' rows."""
    one, two = tags.place[film], tags.place[other]
    worth = tags.worth[one] * tags.worth[two] * (tags.strong[one] & tags.strong[two])
    return [tag_note(served, column) for column in first_columns(worth)]


def first_columns(worth: Array64) -> list[int]:
    """Returns the columns of the tags with the highest worth above 0, at most MAX_TAGS.

    worth: (tags,).
    """
    some = np.flatnonzero(worth > 0)
    found: list[int] = some[np.argsort(-worth[some], kind="stable")[:MAX_TAGS]].tolist()
    return found
