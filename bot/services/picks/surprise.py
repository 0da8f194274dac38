"""`/recommend surprise:True`: films that are on none of the person's usual shelves.

A shelf is a named set of films. It is usual for a person if they like films on it. The kinds of
films that they chose in the quiz count as usual too. Shelves are narrow, so what they have in
common with the films outside is left out as well: a lover of horror would get horror again.
"""

from dataclasses import dataclass, replace

import numpy as np

from bot.services.app import App
from bot.services.catalogue import arrays
from bot.services.catalogue.arrays import Facts
from bot.services.notes import Note, note, quoted
from bot.services.view_models import shelf_note
from recommender.pipeline.filters import apply_filters
from recommender.shelves.outside import usual_shelves
from recommender.shelves.rows import SHELF_LIKED_STARS

LEAVE = 50
"""At least this number of films should remain, if there are as many."""

STRANGE_SHARE = 0.3
"""This share of the films outside the usual shelves remains: those least like the taste."""

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
    """Returns the facts of a request, with everything that is usual for the person excluded.

    Films outside their usual shelves (named sets of films) remain if their facts are least like the
    person's taste. If every film that passes the filters is of a kind that they chose in the quiz,
    the kinds exclude nothing: somebody who chose horror may ask for a surprise in the genre horror.
    If no film passes the filters, nothing is excluded, so that the error names the filters.

    facts: what is known about the person, and the filters.
    """
    shelving = await app.shelving.get(app.db, app.live, app.settings.corpus)
    model = shelving.served.model
    world = model.catalogue
    query = arrays.query(world, facts)
    liked = query.films[query.stars >= SHELF_LIKED_STARS]
    passing = apply_filters(world, query).films
    chosen = np.zeros(len(world), np.bool_)
    for rows in query.chosen:
        chosen[rows] = True
    unchosen = passing & ~chosen
    told = note("usual-kinds-left-out" if unchosen.any() and query.chosen else "no-usual-shelves")
    if not passing.any() or (not len(liked) and told.key == "no-usual-shelves"):
        return Surprise(facts, False, note("no-usual-shelves"))
    allowed = unchosen if unchosen.any() else passing
    found = usual_shelves(shelving.shelves, liked, allowed, LEAVE)
    outside = np.flatnonzero(allowed & ~found.films)
    taste = model.ranking.content.score(query)[outside]
    strange = outside[np.argsort(taste, kind="stable")]
    stay = strange[: max(LEAVE, int(STRANGE_SHARE * len(strange)))]
    usual = np.ones(len(world), np.bool_)
    usual[stay] = False
    excluded = frozenset(int(film) for film in world.films.ids(np.flatnonzero(usual)))
    named = [shelving.shelves.shelves[at] for at in found.shelves[:MAX_NAMED_SHELVES]]
    if named:
        shelves = [quoted(shelf_note(shelf)) for shelf in named]
        told = note("usual-shelves-left-out", shelves=shelves)
    return Surprise(replace(facts, excluded=frozenset(facts.excluded) | excluded), True, told)
