"""Which of two films is more like a third: judged by hand, and by what people like together.

`triplets.csv` has a film, a film like it, and a film that shares at most a genre with it. It was
written from general knowledge of films before the tags were tuned, and nothing is fitted to it. The
other half of the triplets is built here from MovieLens. `pytest -s` prints the figures.
"""

import csv
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pytest
from scipy.stats import norm

from recommender.content.blocks import ContentConfig, content_blocks
from recommender.data import Interactions
from recommender.datasets.movielens import read_movielens
from recommender.evaluation.significance import Estimate, Sample, difference, estimate
from recommender.models.neighbours import Neighbours
from recommender.models.tags import Measure, fit_tags
from storage.catalogue.film_rows import named
from storage.catalogue.matching import Named, match
from tests.movielens import FOLDER, needs_movielens
from tests.starter import starter

HERE = Path(__file__).parent
MEASURES: tuple[Measure, ...] = ("cosine", "jaccard", "pearson")
FACTS = "tags and other facts"
LIKED = 4.0
MIN_LIKES = 40  # likes that a film needs; with fewer, what goes with it is chance
RISK = 0.05  # that the film most liked with another is so by chance, among all films
OTHERS = 3  # films of the same genre for each film
Array = npt.NDArray[np.float64]
Likeness = Callable[[int], Array]


class Triplet(NamedTuple):
    film: int
    similar: int
    same_genre: int


def by_hand() -> list[tuple[tuple[str, int], ...]]:
    with (HERE / "triplets.csv").open(encoding="utf-8", newline="") as lines:
        return [
            tuple((row[name], int(row[f"{name}_year"])) for name in Triplet._fields)
            for row in csv.DictReader(lines)
        ]


@cache
def hand_written() -> list[Triplet]:
    """Returns the triplets whose three films are in the catalogue. Years may differ by one."""
    names = list(dict.fromkeys(name for names in by_hand() for name in names))
    wanted = [Named(at, (title,), year) for at, (title, year) in enumerate(names)]
    found = match(wanted, [named(film) for film in starter().films])
    row = {names[at]: film for at, film in found.items()}
    return [
        Triplet(*(row[name] for name in names))
        for names in by_hand()
        if all(name in row for name in names)
    ]


@cache
def co_ratings() -> Interactions:
    """Returns MovieLens ratings of the films that are in the catalogue, over the catalogue's
    rows."""
    return starter().ratings(read_movielens(FOLDER))


def built() -> list[Triplet]:
    """Returns triplets for each film that many people liked: the film that the same people like
    most surely, and films of its genre that they like no more than other people do."""
    world = starter().world
    rated = co_ratings()
    likes = np.zeros((len(rated.people), len(world)))
    likes[rated.person, rated.film] = rated.stars >= LIKED
    liked = likes.sum(axis=0)
    chance = np.minimum(np.outer(likes.sum(axis=1), liked) / liked.sum(), 1.0)
    expected = chance.T @ chance
    surely = (likes.T @ likes - expected) / np.sqrt(expected + 1.0)
    genres = world.genres.toarray() > 0
    known = np.flatnonzero(liked >= MIN_LIKES)
    sure = norm.isf(RISK / len(known))  # standard errors; Bonferroni
    rng = np.random.default_rng(7)
    found: list[Triplet] = []
    for film in known.tolist():
        others = known[known != film]
        similar = int(others[np.argmax(surely[film, others])])
        if surely[film, similar] < sure:
            continue
        same = (genres[others] & genres[film]).any(axis=1) & (surely[film, others] <= 0)
        pool = others[same]
        for other in rng.permutation(pool)[:OTHERS].tolist():
            found.append(Triplet(film, similar, other))
    return found


def likenesses() -> Mapping[str, Likeness]:
    world = starter().world
    near = Neighbours(world, fit_tags(world), content_blocks(world, ContentConfig()))
    genres = world.genres.toarray()

    def by_tags(measure: Measure | None) -> Likeness:
        return lambda film: near.likeness(film, "tags", measure)[0]

    def by_genres(film: int) -> Array:
        common = genres @ genres[film]
        return np.asarray(common / (genres.sum(axis=1) + genres[film].sum() - common))

    ways: dict[str, Likeness] = {measure: by_tags(measure) for measure in MEASURES}
    return ways | {FACTS: by_tags(None), "genres": by_genres}


def right(triplets: Sequence[Triplet], likeness: Likeness) -> Sample:
    """Returns the share of each film's triplets that is ordered correctly. A tie counts half."""
    shares: dict[int, list[float]] = {}
    for film, similar, other in triplets:
        likeness_to_film = np.nan_to_num(likeness(film))
        gap = float(np.sign(likeness_to_film[similar] - likeness_to_film[other]))
        shares.setdefault(film, []).append(0.5 + gap / 2)
    films = sorted(shares)
    values = np.array([np.mean(shares[film]) for film in films])
    return Sample(np.array(films, np.int64), values)


def print_estimate(what: str, name: str, found: Estimate) -> None:
    print(f"{what}, {name}: {found.mean:.1%} ({found.low:.1%} to {found.high:.1%})")


def test_the_hand_written_triplets_are_of_one_genre() -> None:
    world = starter().world
    genres: Any = world.genres.toarray() > 0
    assert len(by_hand()) >= 100
    assert len(hand_written()) >= 0.85 * len(by_hand())
    for film, similar, other in hand_written():
        assert len({film, similar, other}) == 3
        assert (genres[film] & genres[other]).any(), (world.titles[film], world.titles[other])


def test_tags_find_what_is_alike_by_hand() -> None:
    triplets = hand_written()
    found = {name: estimate([right(triplets, way)]) for name, way in likenesses().items()}
    for name, figure in found.items():
        print_estimate(f"{len(triplets)} by hand", name, figure)
    assert max(found[measure].mean for measure in MEASURES) >= 0.9
    assert found[FACTS].mean >= found["cosine"].mean


@needs_movielens
@pytest.mark.soak  # measures
def test_tags_find_what_is_liked_together_better_than_genres_do() -> None:
    triplets = built()
    found = {name: right(triplets, way) for name, way in likenesses().items()}
    for name, sample in found.items():
        print_estimate(f"{len(triplets)} from co-ratings", name, estimate([sample]))
    ways = (*MEASURES, FACTS)
    gains = {way: difference([found[way]], [found["genres"]]) for way in ways}
    for way, gain in gains.items():
        print_estimate("gain on genres", way, gain)
    assert len(triplets) >= 100
    assert max(gain.mean for gain in gains.values()) >= 0.15
    assert gains[FACTS].mean > gains["cosine"].mean
