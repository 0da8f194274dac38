"""Wild cards: sometimes a message of recommended films also shows a new or little known film, to
give it a chance.

The films to draw from (the pool) are computed once for each model that answers requests. They
depend on the wild cards of the last WILD_WINDOW and on how people responded. Wild cards shown later
are counted in memory, so that a draw does not need the database. Until the pool is computed, no
wild cards are shown.
"""

from datetime import timedelta

import numpy as np

from bot.clock import Clock
from bot.services.serving import evidence
from bot.services.serving.live_model import LiveModel, Served
from bot.services.view_models import Line, Requester
from recommender.pipeline.long_tail import long_tail_by_count
from recommender.pipeline.recommend import WildDraw
from recommender.pipeline.wild_card import WildPool, wild_pool
from storage.database.engine import Database
from storage.feedback import impressions

NEW_FILM_AGE = timedelta(days=90)
"""A film counts as new for this long after it was added to the catalogue.

The films that the catalogue began with never count as new."""


class WildCards:
    """Holds the pool (the films to draw wild cards from) for the model that answers now.

    A wild card is a new or little known film that is shown to give it a chance. A new pool replaces
    the old one in one step.
    """

    def __init__(self) -> None:
        self._served: Served | None = None
        self._pool: WildPool | None = None

    def ready(self, served: Served) -> bool:
        """True if the films that may be drawn as wild cards (the pool) are computed for this
        model.
        """
        return self._served is served

    async def prepare(self, db: Database, clock: Clock, live: LiveModel) -> None:
        """Computes the pool for the model that answers now.

        The pool holds the new or little known films that may be drawn as wild cards.
        """
        served, now = live.served, clock()
        added_at = {film.id: film.added_at for film in served.library.films.values()}
        began = min(added_at.values(), default=now)
        async with db.read() as conn:
            since = max(began, now - evidence.WILD_WINDOW)
            counts = await impressions.wild_counts(conn, since)
            found = await evidence.read_evidence(conn, now, since=since, wild=True)
        new = [film for film, at in added_at.items() if at > max(began, now - NEW_FILM_AGE)]
        rated = served.model.popularity.count
        # Films of an imported data set are new here, but they may be well known.
        little_known = long_tail_by_count(rated) | (rated == 0)
        self._pool = wild_pool(
            rated,
            (_column(served, dict.fromkeys(new, 1.0)) > 0) & little_known,
            _column(served, counts).astype(np.int64),
            _column(served, evidence.wild_rewards(found)),
        )
        self._served = served

    def draw(self, served: Served, requester: Requester) -> WildDraw | None:
        """Returns what is needed to draw a wild card for the requester: the pool and a random
        generator.

        The pool has the new or little known films that may be drawn. The generator's seed is the
        person's id and the time of the request in milliseconds. Returns None if no pool is computed
        for `served`.
        """
        if self._pool is None or not self.ready(served):
            return None
        moment = int(requester.now.timestamp() * 1000)
        return WildDraw(self._pool, np.random.default_rng([requester.person_id, moment]))

    def count_shown(self, served: Served, line: Line) -> None:
        """Counts that a film was shown once more as a wild card.

        A wild card is a new or little known film that is shown to give it a chance.
        """
        if self._pool is not None and self.ready(served):
            self._pool = self._pool.after_impression(served.model.catalogue.films.row(line.film_id))


def _column(served: Served, values: "dict[int, float] | dict[int, int]") -> np.ndarray:
    """Returns (films,) the values in the order of the catalogue; 0 for a film without a value.

    served: the model whose catalogue gives the order.
    values: the values by film id.
    """
    found = np.zeros(len(served.model.catalogue))
    rows = served.model.catalogue.films.rows(np.array(list(values), np.int64))
    known = rows >= 0
    found[rows[known]] = np.array(list(values.values()), np.float64)[known]
    return found
