"""The taste of a server, as far as at least three people share it.

A post is public, and a server is nobody in particular. So one person's ratings must not decide
what everybody is shown, and no reason may give away whose rating it was.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.services.serving.live_model import Served
from bot.services.serving.reasons import REASON_LIKED_STARS
from recommender.data import MIN_PEOPLE
from recommender.pipeline.alike import SAME_KIND
from storage.feedback.ratings import RatingRow

MAX_FILMS = 1000
"""Only this number of films, those rated last, are compared with each other."""


@dataclass(frozen=True)
class ServerTaste:
    """What people in a server like, with at least MIN_PEOPLE behind each film.

    Attributes:
        ratings: film id -> mean of the stars given in the server.
        named: ids of the films that at least MIN_PEOPLE people rated themselves. Only these may be
            named in public.
    """

    ratings: dict[int, float]
    named: frozenset[int]


def server_taste(served: Served, rows: Sequence[RatingRow]) -> ServerTaste:
    """Returns the taste of a server; without ratings if no taste has enough people behind it.

    A liked film counts if at least MIN_PEOPLE people liked it or films like it. A film that was
    not liked counts if as many people did not like it or films like it.

    rows: the ratings given in the server, oldest first.
    """
    films = served.model.catalogue.films
    stars: dict[int, dict[int, float]] = defaultdict(dict)  # film id -> person -> stars
    for row in reversed(rows):
        if films.row(row.film_id) >= 0 and (row.film_id in stars or len(stars) < MAX_FILMS):
            stars[row.film_id].setdefault(row.person_id, row.stars)
    ids = list(stars)
    people = {person: at for at, person in enumerate({row.person_id for row in rows})}
    if len(people) < MIN_PEOPLE or not ids:
        return ServerTaste({}, frozenset())
    liked, disliked = np.zeros((len(ids), len(people))), np.zeros((len(ids), len(people)))
    for at, film in enumerate(ids):
        for person, given in stars[film].items():
            (liked if given >= REASON_LIKED_STARS else disliked)[at, people[person]] = 1.0
    numbers = films.rows(np.array(ids, np.int64))
    alike = served.model.likeness.between(numbers, numbers) >= SAME_KIND
    np.fill_diagonal(alike, True)
    backed = np.zeros(len(ids), np.bool_)
    means = np.array([np.mean(list(stars[film].values())) for film in ids])
    for same_way, way in (
        (liked, means >= REASON_LIKED_STARS),
        (disliked, means < REASON_LIKED_STARS),
    ):
        backers = ((alike @ same_way) > 0).sum(axis=1)
        backed |= way & (backers >= MIN_PEOPLE)
    kept = {film: float(mean) for film, mean, ok in zip(ids, means, backed, strict=True) if ok}
    if not any(mean >= REASON_LIKED_STARS for mean in kept.values()):
        return ServerTaste({}, frozenset())
    named = frozenset(film for film in kept if len(stars[film]) >= MIN_PEOPLE)
    return ServerTaste(kept, named)
