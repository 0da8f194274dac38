"""Chooses the ratings on which a newly fitted model is compared with the live model.

The live model is the one that answers requests now. The ratings to compare on are held out: neither
model learns from them. There are three ways to choose them.

"since": ratings that are among the newest tenth of a person's ratings and were made after the live
model was fitted. This way is used if enough people have such ratings.

"newest": the newest tenth of each person's ratings. The live model learned from most of these
ratings, which would be an unfair advantage. A model with the settings of the live one is therefore
fitted without these ratings and judged in its place.

"random": a random tenth of each person's ratings. This way is used if most ratings have no time.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from recommender.data import Interactions
from recommender.evaluation.splits import Split, hold_out, matrix, newest, part, temporal
from recommender.numeric.arrays import Rows, Sparse, sparse

Kind: TypeAlias = Literal["since", "newest", "random"]

HELD_OUT_SHARE = 0.1  # largest share of each person's ratings that is held out
MIN_RATINGS = 5  # a person with fewer is not judged
MIN_PEOPLE = 20  # with fewer people nothing is judged
MAX_PEOPLE = 400  # more people are sampled down to this number


@dataclass(frozen=True, eq=False)
class HeldOut:
    """The ratings on which two models are compared, and the people whose ratings are held out.

    Attributes:
        kind: "since" for ratings made after the live model (which answers requests now) was fitted,
            "newest" for the newest tenth of each person's ratings, "random" for a random tenth.
        train: the ratings that models may learn from.
        people: (n,) rows of the people whose ratings are held out.
        given: (n, films) the stars of each person that a model may use to rank films for them.
        later: (n, films) the held-out stars of each person.
    """

    kind: Kind
    train: Interactions
    people: Rows
    given: Sparse
    later: Sparse


def select_held_out(ratings: Interactions, live_at: float | None, seed: int) -> HeldOut | None:
    """Chooses the ratings to compare two models on.

    Returns None if too few people have enough ratings.

    ratings: all ratings. live_at: Unix seconds at which the live model (the one that answers
    requests now) was fitted; None if there is no such model or it cannot be read. seed: seed of
    random choices.
    """
    latest = ratings.newest()
    timed = ~np.isnan(latest.when)
    rng = np.random.default_rng(seed)
    if len(latest) and timed.mean() >= 0.5:
        oldest = float(latest.when[timed].min()) - 1.0
        dated = Interactions(
            latest.people,
            latest.films,
            latest.person,
            latest.film,
            latest.stars,
            np.where(timed, latest.when, oldest),
        )
        if live_at is not None:
            split = temporal(dated, now=live_at, share=HELD_OUT_SHARE, least=MIN_RATINGS)
            held = _from_split("since", split, rng)
            if held is not None:
                return held
        return _from_split("newest", newest(dated, HELD_OUT_SHARE, MIN_RATINGS), rng)
    if not len(latest):
        return None
    out = hold_out(latest.person, HELD_OUT_SHARE, seed, MIN_RATINGS)
    train = part(latest, ~out)
    return _from_split("random", Split("random", seed, train, train, part(latest, out)), rng)


def _from_split(kind: Kind, split: Split, rng: np.random.Generator) -> HeldOut | None:
    """Returns the ratings to compare models on, from at most `MAX_PEOPLE` random people.

    A person is used if they have a rating for the models to use and a held-out film that they
    liked. If several people have the same ratings, only one person is used, because copies would
    make the result look more certain than it is. Returns None if fewer than `MIN_PEOPLE` people
    remain, or if there are no ratings to learn from. kind: the way in which the ratings were held
    out.
    """
    given, later = matrix(split.given), matrix(split.test)
    relevant = np.diff(split.relevant().indptr) > 0
    people = np.flatnonzero(relevant & (np.diff(given.indptr) > 0))
    people = _without_copies(people, sparse(given + later))
    if len(people) < MIN_PEOPLE or not len(split.train):
        return None
    if len(people) > MAX_PEOPLE:
        people = np.sort(rng.choice(people, MAX_PEOPLE, replace=False))
    return HeldOut(kind, split.train, people, sparse(given[people]), sparse(later[people]))


def _without_copies(people: Rows, stars: Sparse) -> Rows:
    """Returns the rows of the given people, but only the first of several people with the same
    ratings.

    people: rows of people. stars: (all people, films) their ratings.
    """
    stars.sort_indices()
    first: dict[tuple[bytes, bytes], int] = {}
    for person in people.tolist():
        own = slice(int(stars.indptr[person]), int(stars.indptr[person + 1]))
        first.setdefault((stars.indices[own].tobytes(), stars.data[own].tobytes()), person)
    return np.array(list(first.values()), people.dtype)
