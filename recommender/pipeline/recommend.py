"""A fitted recommender, and what it answers: score, mask, tilt by the clock, re-rank, explain.

Re-ranking is for variety and for the genres a person loves, and now and then gives the last place
to a film of the long tail; none of that changes a score, and a pick says what it did to it.

`recommend` picks for a person, `similar` from a film, `trending` from what people rate now. None
of them ever changes the model: a person's newest rating counts because the query carries it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from recommender.context.adjustment import ContextAdjustment
from recommender.context.editorial import BOUND
from recommender.context.lift import BOUND as LIFT_BOUND
from recommender.data import Pick, Query
from recommender.errors import DataError
from recommender.hybrid.explanation import explain
from recommender.hybrid.model import Blend
from recommender.numeric.arrays import Array64, Bools
from recommender.numeric.top_k import top_k
from recommender.pipeline.diversity import rerank_for
from recommender.pipeline.filters import Loosen, passing
from recommender.pipeline.recommender import Recommender, contextual_adjustment
from recommender.pipeline.wild_card import WildPool, draw_wild_card, has_wild_card

SPREAD_OVER = 200  # best films over which the spread of scores is taken
LEAST = np.finfo(np.float64).min  # below every score, above what stands for none


@dataclass(frozen=True)
class Recommendations:
    """picks, best first; loosen: what to give up where nothing is left; relaxed: whether films of
    unknown runtime were let in; passing: how many films the filters let through."""

    picks: tuple[Pick, ...]
    loosen: tuple[Loosen, ...] = ()
    relaxed: bool = False
    passing: int = 0


@dataclass(frozen=True, eq=False)
class WildDraw:
    """What a wild card may be drawn from, and by which chance."""

    pool: WildPool
    rng: np.random.Generator


def recommend(
    model: Recommender, query: Query, n: int = 10, wild: WildDraw | None = None
) -> Recommendations:
    """Up to n films for a person, never one they rated or that is excluded; now and then with a
    wild card in the last place, where one may be drawn. Raises DataError for rows the catalogue
    does not have."""
    allowed = passing(model.catalogue, query)
    count = int(np.count_nonzero(allowed.films))
    if not count or n < 1:
        return Recommendations((), allowed.loosen, False, count)
    timely = _at_this_hour(model, query, allowed.films, n)
    shown = shortlist(model, query, timely.final, timely.films, n)
    places = shown.places.tolist()
    if shown.tail >= 0:  # from further below than the films in question
        plain = timely.plain[shown.chosen[shown.tail]]
        places[shown.tail] = int((timely.blended.score[allowed.films] > plain).sum())
    moved = [place - rank for rank, place in enumerate(places)]
    picks = _explained(model, query, timely, shown.chosen, moved, shown.tail)
    if wild is not None and (odd := _wild_card(model, query, timely, allowed.films, picks, wild)):
        picks = (*picks[:-1], odd)
    return Recommendations(picks, (), allowed.relaxed, count)


def _wild_card(
    model: Recommender,
    query: Query,
    timely: "_ContextualScores",
    allowed: Bools,
    picks: Sequence[Pick],
    wild: WildDraw,
) -> Pick | None:
    """What stands in the last place instead; None where the card holds none, or none suits."""
    if len(picks) < 2 or not has_wild_card(query.adventurousness, wild.pool.config, wild.rng):
        return None
    scores = timely.blended.score
    others = np.array([pick.film for pick in picks[:-1]], np.int64)
    film = draw_wild_card(scores, allowed, others, wild.pool, wild.rng)
    if film < 0:
        return None
    centre, spread = timely.centre, timely.spread
    alone = _contextual_scores(model, query, timely.blended, np.array([film]), centre, spread)
    place = int((scores[allowed] > scores[film]).sum())
    only = np.zeros(1, np.int64)
    (pick,) = _explained(model, query, alone, only, [place - (len(picks) - 1)], -1)
    return replace(pick, wild=True)


@dataclass(frozen=True, eq=False)
class Shortlist:
    """What re-ranking chose. chosen: (n,) positions, in order of showing; places: (n,) the place
    each has by score alone; tail: which of them, counted from 0, has the place of the long tail,
    -1 for none."""

    chosen: npt.NDArray[np.int64]
    places: npt.NDArray[np.int64]
    tail: int


def shortlist(
    model: Recommender,
    query: Query,
    scores: npt.NDArray[np.float64],
    films: npt.NDArray[np.int64],
    n: int,
) -> Shortlist:
    """Re-rank for variety and genre calibration, then for the long tail. scores, films: (k,) of the
    films that come into question."""
    best = top_k(scores, _looked_at(model, n))
    world, variety = model.catalogue, model.config.variety
    places = rerank_for(world, model.tags, query, films[best], scores[best], n, variety).places
    last = -1
    if len(query.films):
        last = model.tail.candidate(scores, films, best[places], query.adventurousness)
    if last < 0:
        return Shortlist(best[places], places, -1)
    behind = int((scores > scores[last]).sum())
    chosen, at = np.append(best[places[:-1]], last), np.append(places[:-1], behind)
    return Shortlist(chosen, at, len(chosen) - 1)


def explain_one(model: Recommender, query: Query, film: int) -> Pick:
    """One film's score for a person and its parts, whether or not it would be shown to them."""
    if not 0 <= film < len(model.catalogue):
        raise DataError(f"The catalogue has no film row {film}.")
    allowed = passing(model.catalogue, query).films
    everything = allowed if allowed.any() else np.ones(len(model.catalogue), np.bool_)
    timely = _at_this_hour(model, query, everything, len(model.catalogue), film)
    return _explained(model, query, timely, np.flatnonzero(timely.films == film), [0])[0]


@dataclass(frozen=True, eq=False)
class _ContextualScores:
    """A blend, and what the moment makes of the films that come into question.

    films: (k,) rows, in ascending order of id so that ties fall alike whatever the rows; plain:
    (k,) their scores; moment: its say about them; centre, spread: of the best allowed films'
    scores.
    """

    blended: Blend
    films: npt.NDArray[np.int64]
    plain: Array64
    moment: ContextAdjustment
    centre: float
    spread: float

    @cached_property
    def final(self) -> Array64:
        """(k,) scores with the moment's say."""
        return np.asarray(self.plain + self.moment.total)


def _at_this_hour(
    model: Recommender, query: Query, allowed: Bools, n: int, also: int = -1
) -> _ContextualScores:
    """Scores, and the moment's say in spreads of the best allowed films' scores.

    Of the films allowed, those come into question that could be among the best which re-ranking
    looks at, however the moment falls, and the best of the long tail; `also`: one more.
    """
    blended = model.ranking.blend(query)
    scores = blended.score
    among = scores.copy()
    among[~allowed] = -np.inf
    looked_at = _looked_at(model, n)
    best = among[top_k(among, max(looked_at, SPREAD_OVER))]
    best = best[: np.count_nonzero(allowed)]
    centre, spread = float(best[:SPREAD_OVER].mean()), float(best[:SPREAD_OVER].std())
    lowest = best[:looked_at][-1] - 2 * _reach(model, query) * spread
    some = np.flatnonzero(among >= max(lowest, LEAST))
    if not model.tail.tail[some].any():  # else the best of the long tail is there already
        tail = int(np.argmax(np.where(model.tail.tail, among, -np.inf)))
        if model.tail.tail[tail] and among[tail] > LEAST:  # else there is none
            some = np.append(some, tail)
    if also >= 0 and also not in some:
        some = np.append(some, also)
    some = some[np.argsort(model.catalogue.films.ids_array[some], kind="stable")]
    return _contextual_scores(model, query, blended, some, centre, spread)


def _contextual_scores(
    model: Recommender,
    query: Query,
    blended: Blend,
    films: npt.NDArray[np.int64],
    centre: float,
    spread: float,
) -> _ContextualScores:
    now = contextual_adjustment(model, query, films, spread)
    return _ContextualScores(blended, films, blended.score[films], now, centre, spread)


def _reach(model: Recommender, query: Query) -> float:
    """How far the moment can move a film, in spreads of the best films' scores."""
    timed = query.hour is not None and query.weekday is not None
    reach = BOUND * model.config.clock if timed and query.editorial else 0.0
    if model.lift.active and (timed or query.mood_number >= 0):
        reach += LIFT_BOUND * model.lift.worth
    return reach


def _looked_at(model: Recommender, n: int) -> int:
    """How many of the best films re-ranking looks at for a list of n."""
    return max(model.config.variety.least, model.config.variety.candidates * n)


def _explained(
    model: Recommender,
    query: Query,
    timely: _ContextualScores,
    chosen: npt.NDArray[np.int64],
    moved: Sequence[int],
    tail: int = -1,
) -> tuple[Pick, ...]:
    """Picks with their parts. chosen: positions among the films in question; moved: of each, by how
    many places; tail: which of them has the place of the long tail."""
    plain, final = timely.plain, timely.final
    films = timely.films[chosen]
    reasons = explain(model.ranking, timely.blended, query, films)
    found = []
    chosen_now = zip(chosen.tolist(), films.tolist(), reasons, strict=True)
    for rank, (at, film, parts) in enumerate(chosen_now):
        swayed = timely.moment.parts(model.lift, at, film)
        lifted = int((plain > plain[at]).sum() - (final > final[at]).sum()) if swayed else 0
        own = float(plain[at] - timely.centre) / timely.spread if timely.spread > 0 else 0.0
        found.append(
            Pick(film, float(final[at]), parts + swayed, moved[rank], rank == tail, lifted, own=own)
        )
    return tuple(found)
