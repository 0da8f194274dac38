"""The taste of a server, as far as at least three people share it.

A post is public and addresses everybody in the server. One person's ratings must therefore not
decide which film is posted, and no reason may reveal a person's rating.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.services.serving.live_model import Served
from bot.services.serving.reasons import REASON_LIKED_STARS
from recommender.content.model import ContentModel
from recommender.data import MIN_PEOPLE, Query
from recommender.numeric.arrays import Array64, Bools, Rows
from recommender.pipeline.alike import SAME_KIND
from storage.feedback.ratings import RatingRow

BACKED_PERCENTILE = 0.87
"""A person counts as liking a film that they did not rate if their taste ranks it above this share
of all films.
"""

SHARED_PART = 0.5
"""A person shares the server's taste if at least this part of the films that they like belongs to
it.
"""

MAX_PEOPLE = 60
"""Only this number of people, those who rated last, decide on the taste of a server."""

MAX_FILMS = 1000
"""Only this number of films that are not liked are compared with each other."""


@dataclass(frozen=True)
class ServerTaste:
    """What people in a server like.

    Each film in it is supported by the tastes of at least MIN_PEOPLE people.

    Attributes:
        ratings: mean of the stars given in the server, by film id.
        named: ids of the films that at least MIN_PEOPLE people rated themselves. Only these may be
            named in public.
    """

    ratings: dict[int, float]
    named: frozenset[int]


def server_taste(served: Served, rows: Sequence[RatingRow]) -> ServerTaste:
    """Returns the taste of a server; without ratings if too few people share one.

    A person likes a film if they rated it highly, or if the films that they rated suggest it by
    their facts, such as tags. A film belongs to the taste as liked if at least MIN_PEOPLE people
    like it. It belongs to the taste as not liked if at least MIN_PEOPLE people did not like it or
    similar films. A person shares the taste if at least SHARED_PART of the films that they like
    belong to it. The server has a taste if at least MIN_PEOPLE people share it.

    served: the model that answers.
    rows: the ratings given in the server, oldest first.
    """
    stars = _by_person(served, rows)
    ids = sorted({film for given in stars.values() for film in given})
    if len(stars) < MIN_PEOPLE or not ids:
        return ServerTaste({}, frozenset())
    films = served.model.catalogue.films.rows(np.array(ids, np.int64))
    given = np.array([[own.get(film, np.nan) for own in stars.values()] for film in ids])
    means = np.nanmean(given, axis=1)
    liked = given >= REASON_LIKED_STARS
    behind = np.where(np.isnan(given), _wanted(served.model.ranking.content, films, given), liked)
    kept = (means >= REASON_LIKED_STARS) & (behind.sum(axis=1) >= MIN_PEOPLE)
    part = (liked & kept[:, None]).sum(axis=0) / np.maximum(1, liked.sum(axis=0))
    if (part >= SHARED_PART).sum() < MIN_PEOPLE:
        return ServerTaste({}, frozenset())
    kept |= _disliked(served, films, given, means)
    ratings = {film: float(mean) for film, mean, ok in zip(ids, means, kept, strict=True) if ok}
    raters = (~np.isnan(given)).sum(axis=1)
    named = {film for film, count in zip(ids, raters, strict=True) if count >= MIN_PEOPLE}
    return ServerTaste(ratings, frozenset(named & ratings.keys()))


def _by_person(served: Served, rows: Sequence[RatingRow]) -> Mapping[int, dict[int, float]]:
    """Returns the stars of each person by film id, for the MAX_PEOPLE people who rated last.

    Films that the model does not know are left out.

    rows: the ratings, oldest first.
    """
    films = served.model.catalogue.films
    stars: dict[int, dict[int, float]] = defaultdict(dict)
    for row in reversed(rows):
        if films.row(row.film_id) >= 0 and (row.person_id in stars or len(stars) < MAX_PEOPLE):
            stars[row.person_id].setdefault(row.film_id, row.stars)
    return stars


def _wanted(content: ContentModel, films: Rows, given: Array64) -> Bools:
    """Returns (films, people) True if a film is among the films that suit a person best.

    How well films suit a person is judged by the facts (such as tags) of the films that they rated.
    The best films begin at the percentile BACKED_PERCENTILE.

    content: the model of what people like by the facts of films.
    films: (films,) catalogue rows.
    given: (films, people) stars, NaN without a rating.
    """
    wanted = np.zeros(given.shape, np.bool_)
    for person in range(given.shape[1]):
        rated = np.flatnonzero(~np.isnan(given[:, person]))
        scores = content.score(Query(films=films[rated], stars=given[rated, person]))
        usual = scores[content.sample_films]
        if len(usual):
            wanted[:, person] = scores[films] > np.quantile(usual, BACKED_PERCENTILE)
    return wanted


def _disliked(served: Served, films: Rows, given: Array64, means: Array64) -> Bools:
    """Returns (films,) True for films that at least MIN_PEOPLE people in the server did not like.

    Only films with a low mean of stars can be among them. A person did not like a film if they gave
    few stars to it, or to another film with a low mean that is much like it.

    films: (films,) catalogue rows.
    given: (films, people) stars, NaN without a rating.
    means: (films,) mean stars.
    """
    found = np.zeros(len(films), np.bool_)
    poor = np.flatnonzero(means < REASON_LIKED_STARS)[:MAX_FILMS]
    alike = served.model.likeness.between(films[poor], films[poor]) >= SAME_KIND
    np.fill_diagonal(alike, True)
    backers = ((alike @ (given[poor] < REASON_LIKED_STARS)) > 0).sum(axis=1)
    found[poor] = backers >= MIN_PEOPLE
    return found
