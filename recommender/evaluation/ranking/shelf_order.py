"""Measures how well shelves (named lists of films) are ordered for a person.

People are split into folds. A model of how much people like each shelf (their affinity) is fitted
to all other folds. It is given a few random ratings of a person and then orders the shelves. The
order is judged by nDCG@10. The gain of a shelf is the number of its films that the person liked
among their other ratings.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.data import Interactions
from recommender.evaluation.significance import Estimate, Sample, difference, estimate
from recommender.evaluation.splits import part
from recommender.numeric.arrays import Floats, Ints
from recommender.shelves.affinity import AFFINITY_LIKED_STARS, AffinityConfig, fit_affinity
from recommender.shelves.catalogue_words import CatalogueWords
from recommender.shelves.shelves import Shelves

DEPTH = 10  # the first shelves of an order, which nDCG counts
SHOWN_RATINGS = (0, 1, 4, 10, 20)  # numbers of ratings that a model is shown of a person
FOLDS = 5
DEFAULT_CONFIG = AffinityConfig()
MIN_LIKED_LATER = 5  # a person who liked fewer films later is not judged
GROUPINGS, EVERYBODY = "groupings", "everybody's mean"
SIZE, TAGS, LIKES = "size", "tag counts", "own likes"
Order = Callable[[Ints, Floats], npt.NDArray[np.float64]]
"""A function that orders shelves (named lists of films) for a person. It turns the ratings
shown, (n,) film rows and (n,) stars, into (shelves,) values. The shelf with the highest value
comes first."""


@dataclass(frozen=True, eq=False)
class Orders:
    """The figures of all ways of ordering shelves (named lists of films), on the same people.

    Attributes:
        samples: each person's nDCG@10, by the number of ratings shown and by the way of ordering.
        shelves: how many shelves there are.
    """

    samples: Mapping[int, Mapping[str, Sample]]
    shelves: int

    def mean(self, shown: int, name: str) -> Estimate:
        """Returns the mean nDCG@10 over people of one way of ordering. shown: number of ratings
        shown to the model. name: the way of ordering."""
        return estimate([self.samples[shown][name]])

    def gain(self, shown: int, against: str) -> Estimate:
        """Returns nDCG@10 of the order by learned affinity minus that of another way of ordering.

        The two are paired by person. shown: number of ratings shown to the model. against: the
        other way of ordering.
        """
        ways = self.samples[shown]
        return difference([ways[GROUPINGS]], [ways[against]])


def measure_orders(
    ratings: Interactions,
    shelves: Shelves,
    words: CatalogueWords,
    config: AffinityConfig = DEFAULT_CONFIG,
    shown: Sequence[int] = SHOWN_RATINGS,
    seed: int = 42,
) -> Orders:
    """Returns the nDCG@10 of all ways of ordering shelves (named lists of films) for a person.

    ratings: ratings whose film rows are the rows that the shelves use. words: the words that the
    names of the shelves are made of, and the films that each word fits. config: settings of the
    model of how much people like each shelf. shown: numbers of ratings shown to the model. seed:
    seed of the folds and of the ratings shown.
    """
    rng = np.random.default_rng(seed)
    one = ratings.newest()
    fold = rng.permutation(len(one.people)) % FOLDS
    draw = rng.random(len(one))
    order = np.lexsort((draw, one.person))
    begins = np.searchsorted(one.person[order], np.arange(len(one.people) + 1))
    found: dict[int, dict[str, list[tuple[int, float]]]] = {k: {} for k in shown}
    for number in range(FOLDS):
        model = fit_affinity(part(one, fold[one.person] != number), shelves.membership, config)
        ways = {GROUPINGS: model.affinity, EVERYBODY: _always(model.mean)} | _simple(shelves, words)
        for person in np.flatnonzero(fold == number).tolist():
            own = order[begins[person] : begins[person + 1]]
            for k in shown:
                given, later = own[:k], own[k:]
                liked = one.film[later][one.stars[later] >= AFFINITY_LIKED_STARS]
                if len(liked) < MIN_LIKED_LATER:
                    continue
                points = _films_on(shelves, liked)
                for name, way in ways.items():
                    value = _ndcg(way(one.film[given], one.stars[given]), points)
                    found[k].setdefault(name, []).append((person, value))
    return Orders(
        {
            k: {
                name: Sample(
                    np.array([person for person, _ in sorted(pairs)], np.int64),
                    np.array([value for _, value in sorted(pairs)]),
                )
                for name, pairs in ways.items()
            }
            for k, ways in found.items()
        },
        len(shelves),
    )


def _simple(shelves: Shelves, words: CatalogueWords) -> dict[str, Order]:
    """Returns the ways of ordering shelves (named lists of films) that need no model, by their
    names.

    The first orders by the size of a shelf. The second counts how often the words of the shelf's
    name fit films that the person liked. The third counts the films of the shelf that the person
    liked. The larger shelf wins a tie.
    """
    size = np.array([len(shelf.films) for shelf in shelves.shelves], np.float64)
    column = {word.key: at for at, word in enumerate(words.words)}
    says = np.zeros((len(words.words), len(shelves)), np.float32)
    for at, shelf in enumerate(shelves.shelves):
        for word in shelf.words:
            says[column[word.key], at] = 1 / len(shelf.words)

    def by_tags(films: Ints, stars: Floats) -> npt.NDArray[np.float64]:
        liked = films[stars >= AFFINITY_LIKED_STARS]
        return np.asarray(words.fits[liked].sum(axis=0) @ says + size / 1e4, np.float64)

    def by_likes(films: Ints, stars: Floats) -> npt.NDArray[np.float64]:
        liked = films[stars >= AFFINITY_LIKED_STARS]
        return _films_on(shelves, liked) + size / 1e4

    return {SIZE: _always(size), TAGS: by_tags, LIKES: by_likes}


def _films_on(shelves: Shelves, films: Ints) -> npt.NDArray[np.float64]:
    """Returns (shelves,) how many of the given films are on each shelf (named list of films).

    films: rows of the films.
    """
    ones = np.zeros(shelves.membership.shape[0])
    ones[films] = 1.0
    return np.asarray(shelves.membership.T @ ones, np.float64)


def _always(values: npt.NDArray[np.float64]) -> Order:
    return lambda films, stars: values


def _ndcg(scores: npt.NDArray[np.float64], points: npt.NDArray[np.floating]) -> float:
    discount = 1 / np.log2(np.arange(2, DEPTH + 2))
    top = np.argsort(-scores, kind="stable")[:DEPTH]
    ideal = np.sort(points)[::-1][:DEPTH]
    best = float((ideal * discount[: len(ideal)]).sum())
    return float((points[top] * discount[: len(top)]).sum()) / best if best else 0.0
