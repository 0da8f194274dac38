"""Sanity queries: requests that every fitted model must answer sensibly, whatever the data.

Every model gets the same queries. They use the catalogue's best-known films, so no query is adapted
to one data set. A query is left out if the catalogue is too small for it.
"""

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from recommender.data import Query
from recommender.metrics import popularity_percentile
from recommender.pipeline.recommend import recommend
from recommender.pipeline.recommender import Recommender
from recommender.remarks import Remark, remark

LIST_LENGTH = 10  # films of a list
MIN_FILMS = 100  # in a smaller catalogue there is too little choice for a sensible list
SANITY_LOVED_FILMS = 5
MAX_GENRES = 12  # at most this many genres, the largest, are asked about
MIN_GENRE_FILMS = 15
MIN_NEWCOMER_POPULARITY = 75.0  # median popularity percentile of a newcomer's list
MIN_NEWCOMER_GENRES = 4  # fewest genres in a newcomer's list


def failures(model: Recommender) -> dict[str, Remark]:
    """Returns what is wrong for each sanity query that the model fails, by the query's name.

    The result is empty if the model answers every query sensibly. If its scores are not finite, no
    other query is tried.
    """
    found: dict[str, Remark] = {}
    for name, question in QUESTIONS.items():
        problem = question(model)
        if problem is not None:
            found[name] = problem
            if name == "numbers":
                break
    return found


def _numbers(model: Recommender) -> Remark | None:
    """Returns a remark if any score for the simulated people of `_people` is not finite, else
    None.
    """
    for person, query in _people(model):
        scores = model.score(query)
        if scores.shape != (len(model.catalogue),) or not np.isfinite(scores).all():
            return remark("scores-not-finite", person=person)
    return None


def _unrated(model: Recommender) -> Remark | None:
    """Returns a remark if anybody gets no films, or gets films that they rated; otherwise None."""
    for person, query in _people(model):
        picks = [pick.film for pick in recommend(model, query, LIST_LENGTH).picks]
        if set(picks) & set(query.films.tolist()):
            return remark("rated-film-shown", person=person)
        if not picks and len(query.films) < int((~model.catalogue.adult).sum()):
            return remark("nothing-shown", person=person)
    return None


def _newcomer(model: Recommender) -> Remark | None:
    """Checks that a person without ratings gets well-known films of several genres.

    Returns a remark if they do not; otherwise None.
    """
    if len(model.catalogue) < MIN_FILMS:
        return None
    picks = np.array([pick.film for pick in recommend(model, Query(), LIST_LENGTH).picks], np.int64)
    popularity = float(np.median(popularity_percentile(model.popularity.reach)[picks]))
    if popularity < MIN_NEWCOMER_POPULARITY:
        return remark("newcomer-gets-little-known", percentile=popularity)
    kinds = int(np.count_nonzero(model.catalogue.genres[picks].sum(axis=0)))
    if kinds < min(MIN_NEWCOMER_GENRES, len(model.catalogue.genre_names)):
        return remark("newcomer-gets-few-genres", genres=kinds)
    return None


def _taste(model: Recommender) -> Remark | None:
    """Checks that people who love five films of a genre are recommended more films of this genre
    than a list of the most popular films has.

    All genres are tried, and the mean over genres is compared, since popular films belong to some
    genres anyway. Returns a remark if the mean is no larger; otherwise None.
    """
    if len(model.catalogue) < MIN_FILMS:
        return None
    with_taste: list[float] = []
    by_popularity: list[float] = []
    order = _best_known(model)
    for members in _genres(model):
        loved = order[members[order]][:SANITY_LOVED_FILMS]
        if len(loved) < SANITY_LOVED_FILMS:
            continue
        query = Query(films=loved, stars=np.full(SANITY_LOVED_FILMS, 5.0))
        picks = [pick.film for pick in recommend(model, query, LIST_LENGTH).picks]
        usual = order[~np.isin(order, loved)][:LIST_LENGTH]
        with_taste.append(float(members[picks].mean()))
        by_popularity.append(float(members[usual].mean()))
    if with_taste and np.mean(with_taste) <= np.mean(by_popularity):
        return remark(
            "genre-makes-no-difference",
            share=float(np.mean(with_taste)),
            usual=float(np.mean(by_popularity)),
        )
    return None


QUESTIONS: dict[str, Callable[[Recommender], Remark | None]] = {
    "numbers": _numbers,
    "unrated": _unrated,
    "newcomer": _newcomer,
    "taste": _taste,
}
"""The questions by name. Each returns what is wrong, or None if the model answers sensibly."""


def _best_known(model: Recommender) -> npt.NDArray[np.int64]:
    """Returns the rows of all films except adult films, the most popular first."""
    order = np.argsort(-model.popularity.score(Query()), kind="stable")
    return order[~model.catalogue.adult[order]]


def _genres(model: Recommender) -> Iterator[npt.NDArray[np.bool_]]:
    """Yields (films,) True for the films of a genre, for each of the largest genres."""
    members = model.catalogue.genres.toarray() > 0
    sizes = members.sum(axis=0)
    for column in np.argsort(-sizes, kind="stable")[:MAX_GENRES]:
        if sizes[column] >= MIN_GENRE_FILMS:
            yield members[:, column]


def _people(model: Recommender) -> Iterator[tuple[str, Query]]:
    """Yields (key, query) for simulated people without ratings, with one, and with many.

    One of the people with many ratings likes nothing.
    """
    order = _best_known(model)
    yield "no-ratings", Query()
    if len(order):
        yield "one-rating", Query(films=order[:1], stars=np.array([5.0]))
        bored = order[: min(50, len(order) // 2)]
        yield "likes-nothing", Query(films=bored, stars=np.full(len(bored), 0.5))
        many = order[: min(200, len(order) // 2)]
        stars = np.resize(np.array([5.0, 4.0, 3.5, 2.0, 1.0]), len(many))
        yield "many-ratings", Query(films=many, stars=stars)
