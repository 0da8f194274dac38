"""Chooses the ratings on which a newly fitted model is compared with the live model.

The live model is the one that answers requests now. If enough people have rated since it was
fitted, both models are judged on ratings made since then, as far as they belong to the newest tenth
of a person's ratings. Otherwise they are judged on the newest tenth of each person's ratings. The
live model learned from most of these ratings, which would be an unfair advantage. A model with the
settings of the live one is therefore fitted without them and judged in its place; the new model is
fitted without them too. If most ratings have no time, a random tenth of each person's ratings is
held out.
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
        kind: "since" for ratings made after the live model was fitted, "newest" for the newest
            tenth of each person's ratings, "random" for a random tenth.
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
    """Returns the ratings to compare models on; None if too few people have enough ratings.

    live_at: Unix seconds at which the live model (the one that answers requests now) was fitted;
    None if there is no such model or it cannot be read. seed: seed of random choices.
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

    People are used only if they have a rating that a model may use and a relevant held-out film.
    People with the same ratings count once, since copies of one person would seem to agree beyond
    chance. Returns None if there are fewer than `MIN_PEOPLE` such people or no ratings to learn
    from. kind: how the ratings of the split are held out.
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
    """Returns the people whose ratings differ from those of all people before them.

    people: rows of people. stars: (people, films) their ratings.
    """
    stars.sort_indices()
    first: dict[tuple[bytes, bytes], int] = {}
    for person in people.tolist():
        own = slice(int(stars.indptr[person]), int(stars.indptr[person + 1]))
        first.setdefault((stars.indices[own].tobytes(), stars.data[own].tobytes()), person)
    return np.array(list(first.values()), people.dtype)
