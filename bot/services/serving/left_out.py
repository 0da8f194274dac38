"""Says which films are left out of a list because a person or a server does not want them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np

from bot.services.catalogue.arrays import Facts
from bot.services.catalogue.library import Library
from bot.services.notes import Note, note
from recommender.data import Catalogue, Query
from recommender.pipeline.filters import apply_filters

FAMILY_AUDIENCES = ("everyone", "teens")
"""The audiences for which a film is fit for families."""


def without_wishes(facts: Facts) -> Facts:
    """Returns the facts of a list without what the person or the server does not want."""
    return replace(facts, excluded=(), never=(), family_safe=False)


def left_out(library: Library, facts: Facts, film_ids: Iterable[int]) -> tuple[Note, ...]:
    """Returns a sentence for each reason for which films are left out of a list.

    library: the films that may be named.
    facts: the facts of the list.
    film_ids: the films that the list would have without these wishes.
    """
    films = [library.films[film_id] for film_id in map(int, film_ids) if film_id in library.films]
    genres = [name for name in facts.never if any(name in film.genres for film in films)]
    rest = [film for film in films if not set(film.genres) & set(genres)]
    declined = [film for film in rest if film.id in facts.excluded]
    unsafe = [film for film in rest if film.audience not in FAMILY_AUDIENCES]
    notes = [note("genres-left-out", genres=genres)] if genres else []
    notes += [note("declined-left-out")] if declined else []
    notes += [note("unsafe-left-out")] if unsafe and facts.family_safe else []
    return tuple(notes)


def content_notes(
    world: Catalogue, query: Query, find: Callable[[Query], Sequence[int]], *, here: bool
) -> tuple[Note, ...]:
    """Returns a sentence that films are left out of a list for their content, if there are any.

    The sentence does not say which content, because others may read it.

    query: the question that the list answers.
    find: returns the rows of the list's films for a query.
    here: True in a server, which may leave out content too.
    """
    if not len(query.never_tags):
        return ()
    rows = list(find(replace(query, never_tags=np.zeros(0, np.int64))))
    if not world.tags[rows][:, query.never_tags].nnz:
        return ()
    return (note("content-left-out", here=here),)


def shelf_notes(
    world: Catalogue, query: Query, films: Sequence[int], *, here: bool
) -> tuple[Note, ...]:
    """Returns the same for a whole shelf (a named set of films). films: the rows of its films."""

    def find(asked: Query) -> Sequence[int]:
        passing = apply_filters(world, asked).films
        return [film for film in films if passing[film]]

    return content_notes(world, query, find, here=here)
