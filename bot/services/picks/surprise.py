"""`/recommend surprise:True`: films that are on none of the person's usual shelves.

A shelf is a named set of films. It is usual for a person if they like films on it. The kinds of
films that they chose in the quiz count as usual too.
"""

from dataclasses import dataclass, replace

import numpy as np

from bot.services.app import App
from bot.services.catalogue import arrays
from bot.services.catalogue.arrays import Facts
from bot.services.notes import Note, note, quoted
from recommender.pipeline.filters import apply_filters
from recommender.shelves.outside import usual_shelves
from recommender.shelves.rows import SHELF_LIKED_STARS

LEAVE = 50
"""At least this number of films should remain, if there are as many."""

MAX_NAMED_SHELVES = 2


@dataclass(frozen=True)
class Surprise:
    """What a person's films are chosen from if they want a surprise.

    Attributes:
        facts: the facts of the request; the films that are usual for the person are excluded.
        known: True if anything is usual for the person.
        told: the sentence that says what is left out, or that nothing usual is known.
    """

    facts: Facts
    known: bool
    told: Note


async def surprise(app: App, facts: Facts) -> Surprise:
    """Returns the facts of a request, with the films on the person's usual shelves excluded.

    A shelf is a named set of films.

    facts: what is known about the person, and the filters.
    """
    shelving = await app.shelving.get(app.db, app.live, app.settings.corpus)
    world = shelving.served.model.catalogue
    query = arrays.query(world, facts)
    liked = query.films[query.stars >= SHELF_LIKED_STARS]
    chosen = np.zeros(len(world), np.bool_)
    for rows in query.chosen:
        chosen[rows] = True
    allowed = apply_filters(world, query).films & ~chosen
    found = usual_shelves(shelving.shelves, liked, allowed, LEAVE)
    ids = world.films.ids(np.flatnonzero(found.films | chosen))
    names = [shelving.shelves.shelves[at].name for at in found.shelves[:MAX_NAMED_SHELVES]]
    if names:
        told = note("usual-shelves-left-out", shelves=[quoted(name) for name in names])
    else:
        told = note("usual-kinds-left-out" if chosen.any() else "no-usual-shelves")
    excluded = frozenset(facts.excluded) | frozenset(int(film) for film in ids)
    return Surprise(replace(facts, excluded=excluded), bool(len(ids)), told)
