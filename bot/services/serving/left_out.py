"""Says whether a list would have other films if nobody had chosen content to leave out."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from bot.services.notes import Note, note
from recommender.data import Catalogue, Query


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
