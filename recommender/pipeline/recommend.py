"""Recommends films to one person.

It filters and scores the films, adjusts the scores to time and mood, and re-ranks the best films.
Each pick is explained by the parts of its score.

Modules next to this one answer other questions: `group` finds films for a group, `similar` films
like one film, and `trending` films that people rate now. No query changes the model. A person's
newest rating counts at once, because the query contains all ratings of the person.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from recommender.context.adjustment import lifted_places
from recommender.data import Part, Pick, Query
from recommender.errors import DataError
from recommender.hybrid.explanation import explain
from recommender.numeric.arrays import Bools, Rows
from recommender.pipeline.contextual_scores import (
    CatalogueScores,
    ContextualScores,
    candidate_scores,
    catalogue_scores,
    contextual_scores,
)
from recommender.pipeline.filters import Loosen, apply_filters
from recommender.pipeline.recommender import Recommender
from recommender.pipeline.shortlist import reranking_depth, shortlist
from recommender.pipeline.wild_card import (
    LEAST_CHANCE,
    WildPool,
    card_chance,
    draw_chance,
    draw_wild_card,
    has_wild_card,
    suiting,
)


@dataclass(frozen=True)
class Recommendations:
    """The films recommended for a query, or the filters to drop if no film passes them.

    Attributes:
        picks: the films, best first.
        loosen: sets of filters that could be dropped; empty if any film passes.
        relaxed: True if films of unknown runtime may be shown because no other film passes.
        passing: number of films that pass the filters.
    """

    picks: tuple[Pick, ...]
    loosen: tuple[Loosen, ...] = ()
    relaxed: bool = False
    passing: int = 0


@dataclass(frozen=True, eq=False)
class RankedFilms:
    """Given films in the order in which they suit a person, and some of them with reasons.

    Attributes:
        films: (k,) rows of all the films, best first.
        picks: the films of the places that were asked for, best first.
    """

    films: Rows
    picks: tuple[Pick, ...]


@dataclass(frozen=True, eq=False)
class WildDraw:
    """What is needed to draw a wild card, a random pick that gives a new or little-known film a
    chance.

    Attributes:
        pool: the films that may be drawn, with a belief about how often people accept each.
        rng: the random generator of the draw.
    """

    pool: WildPool
    rng: np.random.Generator


def recommend(
    model: Recommender, query: Query, n: int = 10, wild: WildDraw | None = None
) -> Recommendations:
    """Returns up to n films for a person, without films that they rated or that the query excludes.

    The last pick is sometimes a wild card, which is a new or little-known film drawn at random.
    wild: the films that may be drawn; None for no wild card. Raises DataError if the query names
    rows or columns that the catalogue does not have.
    """
    allowed = apply_filters(model.catalogue, query)
    count = int(np.count_nonzero(allowed.films))
    if not count or n < 1:
        return Recommendations((), allowed.loosen, False, count)
    scores = candidate_scores(model, query, allowed.films, reranking_depth(model, n))
    shown = shortlist(
        model, query, scores.final, scores.films, n, scores.blended.content, scores.blended.gate
    )
    places = shown.places.tolist()
    if shown.placed >= 0:  # count its place among all allowed films, not among the candidates
        plain = scores.plain[shown.chosen[shown.placed]]
        places[shown.placed] = int((scores.blended.score[allowed.films] > plain).sum())
    moved = [place - rank for rank, place in enumerate(places)]
    films = scores.films[shown.chosen]
    film, chance = -1, 1.0
    if wild is not None and len(films) > 1:
        film, chance = _last_film(query, scores, allowed.films, films, wild)
    if film < 0:
        picks = _explained(model, query, scores, shown.chosen, moved, shown.long_tail)
        if chance != 1.0:
            picks = (*picks[:-1], replace(picks[-1], chance=chance))
        return Recommendations(picks, (), allowed.relaxed, count)
    reasons = explain(model.ranking, scores.blended, query, np.append(films[:-1], film))
    picks = _picks(model, scores, shown.chosen[:-1], moved, shown.long_tail, reasons[:-1])
    last = _wild_pick(model, query, scores, allowed.films, film, len(picks), reasons[-1])
    return Recommendations((*picks, replace(last, chance=chance)), (), allowed.relaxed, count)


def recommended_films(model: Recommender, query: Query, n: int = 10) -> Rows:
    """Returns the rows of the films that `recommend` returns without a random film, best first.

    This is faster than `recommend`, because nothing is explained. Raises DataError if the query
    names rows or columns that the catalogue does not have.
    """
    allowed = apply_filters(model.catalogue, query).films
    if not allowed.any() or n < 1:
        return np.zeros(0, np.int64)
    scores = candidate_scores(model, query, allowed, reranking_depth(model, n))
    blended = scores.blended
    shown = shortlist(model, query, scores.final, scores.films, n, blended.content, blended.gate)
    return scores.films[shown.chosen]


def score_films(model: Recommender, query: Query) -> CatalogueScores:
    """Returns the scores of all films for a person, from which `rank_films` orders given films.

    Raises DataError if the query names rows or columns that the catalogue does not have.
    """
    allowed = apply_filters(model.catalogue, query).films
    everything = allowed if allowed.any() else np.ones(len(model.catalogue), np.bool_)
    return catalogue_scores(model, query, everything)


def rank_films(
    model: Recommender,
    query: Query,
    scored: CatalogueScores,
    films: Rows,
    first: int = 0,
    n: int = 10,
) -> RankedFilms:
    """Returns the given films in the order in which they suit a person at the query's time.

    The query's filters do not apply to them, and nothing re-ranks them. `Pick.lifted` counts places
    among these films. scored: what `score_films` returned for the query. films: (k,) rows, each
    once. first: the place, from 0, of the first film that becomes a pick. n: the largest number of
    picks.
    """
    ids = model.catalogue.films.ids_array[films]
    rows = films[np.argsort(ids, kind="stable")]  # so that ties do not depend on the order of rows
    blended, centre, spread = scored.blended, scored.centre, scored.spread
    scores = contextual_scores(model, query, blended, rows, centre, spread)
    order = np.argsort(-scores.final, kind="stable")
    chosen = order[first : first + n]
    picks = _explained(model, query, scores, chosen, [0] * len(chosen)) if len(chosen) else ()
    return RankedFilms(rows[order], picks)


def _last_film(
    query: Query, candidates: ContextualScores, allowed: Bools, films: Rows, wild: WildDraw
) -> tuple[int, float]:
    """Returns the random film (wild card) that takes the last place, and the chance of that place.

    The film is -1 if the last place keeps its film. The chance is that with which the same request
    shows the film of the last place. candidates: the scored films. allowed: (films,) True if a film
    may be shown. films: (n,) rows of the list without a wild card. wild: the films that may be
    drawn.
    """
    config = wild.pool.config
    draws = card_chance(query.adventurousness, config)
    if not draws:
        return -1, 1.0
    drawn = has_wild_card(query.adventurousness, config, wild.rng)
    scores, spread = candidates.blended.score, candidates.spread
    suited = suiting(scores, allowed, films[:-1], spread, wild.pool)
    if not suited.films.any():
        return -1, 1.0
    film = draw_wild_card(suited, wild.pool, wild.rng) if drawn else -1
    last = int(films[-1])
    shown = film if film >= 0 else last
    chance = draws * draw_chance(shown, suited, wild.pool)
    if shown == last:
        chance += 1.0 - draws
    return film, min(1.0, max(LEAST_CHANCE, chance))


def _wild_pick(
    model: Recommender,
    query: Query,
    candidates: ContextualScores,
    allowed: Bools,
    film: int,
    rank: int,
    reasons: tuple[Part, ...],
) -> Pick:
    """Returns the random film (wild card) of a list as a pick.

    candidates: the scored films. allowed: (films,) True if a film may be shown. film: its row.
    rank: its place in the list, from 0. reasons: the parts of its score without time and mood.
    """
    scores = candidates.blended.score
    centre, spread = candidates.centre, candidates.spread
    alone = contextual_scores(model, query, candidates.blended, np.array([film]), centre, spread)
    moved = int((scores[allowed] > scores[film]).sum()) - rank
    (pick,) = _picks(model, alone, np.zeros(1, np.int64), [moved], -1, [reasons])
    return replace(pick, wild=True)


def explain_one(model: Recommender, query: Query, film: int) -> Pick:
    """Returns one film as a pick, with its score for a person and the parts of this score.

    The query's filters do not apply to the film. film: its row. Raises DataError if the catalogue
    has no such row.
    """
    if not 0 <= film < len(model.catalogue):
        raise DataError("film-row-unknown", row=film)
    allowed = apply_filters(model.catalogue, query).films
    everything = allowed if allowed.any() else np.ones(len(model.catalogue), np.bool_)
    depth = reranking_depth(model, len(model.catalogue))
    scores = candidate_scores(model, query, everything, depth, film)
    return _explained(model, query, scores, np.flatnonzero(scores.films == film), [0])[0]


def _explained(
    model: Recommender,
    query: Query,
    scores: ContextualScores,
    chosen: Rows,
    moved: Sequence[int],
    long_tail: int = -1,
) -> tuple[Pick, ...]:
    """Returns the films of a list as picks, with the parts of their scores.

    scores: the scores of the candidates. chosen: (n,) positions of the list's films among the
    candidates. moved: for each film, by how many places re-ranking raised it. long_tail: index in
    `chosen` of the film that took the last place because it has few ratings; -1 for no film.
    """
    reasons = explain(model.ranking, scores.blended, query, scores.films[chosen])
    return _picks(model, scores, chosen, moved, long_tail, reasons)


def _picks(
    model: Recommender,
    scores: ContextualScores,
    chosen: Rows,
    moved: Sequence[int],
    long_tail: int,
    reasons: Sequence[tuple[Part, ...]],
) -> tuple[Pick, ...]:
    """Returns what `_explained` returns, for the same arguments.

    reasons: the parts of each film's score without time and mood.
    """
    plain, final = scores.plain, scores.final
    films = scores.films[chosen]
    picks = []
    for rank, (at, film, parts) in enumerate(
        zip(chosen.tolist(), films.tolist(), reasons, strict=True)
    ):
        context = scores.adjustment.parts(model.lift, at, film)
        lifted = lifted_places(plain, final, at) if context else 0
        own = float(plain[at] - scores.centre) / scores.spread if scores.spread > 0 else 0.0
        in_place = rank == long_tail
        picks.append(
            Pick(film, float(final[at]), parts + context, moved[rank], in_place, lifted, own=own)
        )
    return tuple(picks)
