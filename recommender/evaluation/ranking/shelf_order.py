"""How well shelves are put in order for a person, by what they like of it later.

People are split into folds; a model learns from all other folds. Of each person's ratings a few,
drawn at random, are shown; the films they liked among the rest say what each shelf was worth. An
order is judged by its nDCG at 10, where a shelf gains as many points as it holds liked films.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.data import Interactions
from recommender.evaluation.significance import Estimate, Sample, difference, estimate
from recommender.evaluation.splits import part
from recommender.numeric.arrays import Floats, Ints, Sparse
from recommender.shelves.affinity import AFFINITY_LIKED_STARS, AffinityConfig, fit_affinity
from recommender.shelves.catalogue_words import CatalogueWords
from recommender.shelves.shelves import Shelves

DEPTH = 10  # shelves of an order that count
SHOWN = (0, 1, 4, 10, 20)  # ratings shown
FOLDS = 5
USUAL = AffinityConfig()
LEAST = 5  # films liked later, below which a person is not asked
GROUPINGS, EVERYBODY = "groupings", "everybody's mean"
SIZE, TAGS, LIKES = "size", "tag counts", "own likes"
Order = Callable[[Ints, Floats], npt.NDArray[np.float64]]
"""From the ratings shown, (n,) film rows and (n,) stars, to (shelves,) the greater the earlier."""


@dataclass(frozen=True, eq=False)
class Orders:
    """samples: by ratings shown and by way of ordering, each person's nDCG@10."""

    samples: Mapping[int, Mapping[str, Sample]]
    shelves: int

    def mean(self, shown: int, name: str) -> Estimate:
        """A way's mean over people."""
        return estimate([self.samples[shown][name]])

    def gain(self, shown: int, against: str) -> Estimate:
        """What groupings gain on another way, person by person."""
        ways = self.samples[shown]
        return difference([ways[GROUPINGS]], [ways[against]])


def measure_orders(
    ratings: Interactions,
    shelves: Shelves,
    words: CatalogueWords,
    config: AffinityConfig = USUAL,
    shown: Sequence[int] = SHOWN,
    seed: int = 42,
) -> Orders:
    """Measure on ratings whose film rows are those of the shelves."""
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
            theirs = order[begins[person] : begins[person + 1]]
            for k in shown:
                known, later = theirs[:k], theirs[k:]
                liked = one.film[later][one.stars[later] >= AFFINITY_LIKED_STARS]
                if len(liked) < LEAST:
                    continue
                points = _held(shelves, liked)
                for name, way in ways.items():
                    value = _ndcg(way(one.film[known], one.stars[known]), points)
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
    """By size; by how often the shelf's words fit the films liked so far; by how many of these
    stand on it. Ties fall by size."""
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
        return _held(shelves, liked) + size / 1e4

    return {SIZE: _always(size), TAGS: by_tags, LIKES: by_likes}


def _held(shelves: Shelves, films: Ints) -> npt.NDArray[np.float64]:
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


def standing_over(standing: Sparse, rows: Ints) -> Sparse:
    """The shelves over another list of films: rows (films,) of theirs in ours, -1 for none."""
    places = np.asarray(rows, np.int64)
    picked = standing[np.maximum(places, 0)]
    keep = np.repeat(places >= 0, np.diff(picked.indptr))
    picked.data = picked.data * keep
    picked.eliminate_zeros()
    return picked
