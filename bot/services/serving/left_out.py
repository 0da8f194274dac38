"""Says which films are left out of a list because a person or a server does not want them."""

from collections.abc import Iterable, Sequence
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
    return replace(facts, excluded=(), never=(), never_tags=(), family_safe=False)


def left_out(
    library: Library, facts: Facts, film_ids: Iterable[int], *, here: bool
) -> tuple[Note, ...]:
    """Returns a sentence for each reason for which films are left out of a list.

    No sentence says which content is left out, because others may read it.

    library: the films that may be named.
    facts: the facts of the list.
    film_ids: the films that the list would have without these wishes.
    here: True in a server, which may leave out content too.
    """
    films = [library.films[film_id] for film_id in map(int, film_ids) if film_id in library.films]
    genres = [name for name in facts.never if any(name in film.genres for film in films)]
    rest = [film for film in films if not set(film.genres) & set(genres)]
    declined = [film for film in rest if film.id in facts.excluded]
    tags = {slug for film in rest for slug, _ in film.tags}
    unsafe = [film for film in rest if film.audience not in FAMILY_AUDIENCES]
    notes = [note("genres-left-out", genres=genres)] if genres else []
    notes += [note("declined-left-out")] if declined else []
    notes += [note("content-left-out", here=here)] if tags & set(facts.never_tags) else []
    notes += [note("unsafe-left-out")] if unsafe and facts.family_safe else []
    return tuple(notes)


def shelf_notes(
    world: Catalogue, query: Query, films: Sequence[int], *, here: bool
) -> tuple[Note, ...]:
    """Returns a sentence that films are left out of a shelf for their content, if there are any.

    query: the question that the shelf answers.
    films: the rows of all films of the shelf (a named set of films).
    here: True in a server, which may leave out content too.
    """
    passing = apply_filters(world, replace(query, never_tags=np.zeros(0, np.int64))).films
    rows = [film for film in films if passing[film]]
    if not world.tags[rows][:, query.never_tags].nnz:
        return ()
    return (note("content-left-out", here=here),)
