"""Wild cards: one further pick, now and then, that gives a new or little known film a chance.

What may be drawn is worked out once for each model that serves, from every wild card shown so far
and what came of it, and counted on in memory; so an answer asks the database nothing. Until it is
worked out, cards hold no wild card.
"""

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from bot.services.serving import evidence
from bot.services.serving.live_model import Served
from bot.services.view_models import Line, Requester
from recommender.pipeline.long_tail import long_tail_by_count
from recommender.pipeline.recommend import WildDraw
from recommender.pipeline.wild_card import WildPool, wild_pool
from storage.feedback import impressions

if TYPE_CHECKING:
    from bot.services.app import App

NEW_FOR = timedelta(days=90)  # how long a film that came later than the first ones counts as new


class WildCards:
    """The pool of the served model; swapped whole, so an answer sees one pool only."""

    def __init__(self) -> None:
        self._served: Served | None = None
        self._pool: WildPool | None = None

    def ready(self, served: Served) -> bool:
        """Whether the pool of this model is worked out."""
        return self._served is served

    async def prepare(self, app: "App") -> None:
        """Work out the pool of the model that serves now."""
        served, now = app.live.served, app.clock()
        came = {film.id: film.added_at for film in served.library.films.values()}
        began = min(came.values(), default=now)
        async with app.db.read() as conn:
            counts = await impressions.wild_counts(conn)
            found = await evidence.read(conn, now, since=began, wild=True)
        new = [film for film, at in came.items() if at > max(began, now - NEW_FOR)]
        rated = served.model.popularity.count
        unknown = long_tail_by_count(rated) | (
            rated == 0
        )  # what a data set brought is new, and well known
        self._pool = wild_pool(
            rated,
            (_column(served, dict.fromkeys(new, 1.0)) > 0) & unknown,
            _column(served, counts).astype(np.int64),
            _column(served, evidence.wild_rewards(found)),
        )
        self._served = served

    def draw(self, served: Served, requester: Requester) -> WildDraw | None:
        """What a card for who asks may draw from; the chance is that of the person and moment."""
        if self._pool is None or not self.ready(served):
            return None
        moment = int(requester.now.timestamp() * 1000)
        return WildDraw(self._pool, np.random.default_rng([requester.person_id, moment]))

    def shown(self, served: Served, line: Line) -> None:
        """A film is shown as a wild card once more."""
        if self._pool is not None and self.ready(served):
            self._pool = self._pool.after_impression(served.model.catalogue.films.row(line.film_id))


def _column(served: Served, values: "dict[int, float] | dict[int, int]") -> np.ndarray:
    """(films,) the value of each film id, 0 where there is none."""
    found = np.zeros(len(served.model.catalogue))
    rows = served.model.catalogue.films.rows(np.array(list(values), np.int64))
    known = rows >= 0
    found[rows[known]] = np.array(list(values.values()), np.float64)[known]
    return found
