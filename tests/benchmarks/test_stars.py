"""The cost of the rating model: a fit with and without it, and answers that use it.

    pytest -m benchmark_run -s tests/benchmarks/test_stars.py

Writes its part of docs/performance.md. Everything runs in this process, on one thread.
"""

import platform
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from recommender.data import Catalogue, Interactions, Query, interactions
from recommender.datasets.folder import folder_of
from recommender.datasets.movielens import read_movielens
from recommender.datasets.synthetic import catalogue_of, world
from recommender.evaluation.ranking.candidates import NOW
from recommender.pipeline.groups.group import recommend_for_group
from recommender.pipeline.recommender import Config, Recommender
from recommender.training.fit import fit
from recommender.training.served_stars import fit_served_stars
from recommender.training.stored_stars import star_arrays
from tests.benchmarks.page import put
from tests.benchmarks.tasks import SIZES
from tests.movielens import FOLDER, needs_movielens
from tests.starter import starter

pytestmark = [pytest.mark.benchmark_run, needs_movielens]

SEED, ROUNDS, MEMBERS, RATED = 1, 20, 4, 40


@dataclass(frozen=True)
class Cost:
    """What the rating model costs on one data set.

    Attributes:
        data: what the data are.
        without: processor seconds of a fit of everything that ranks.
        stars: processor seconds of the fit of the rating model.
        mib: size of its arrays in the model folder.
        film_ms: milliseconds to predict one film's stars for a person, median.
        group_ms: milliseconds of group picks with it, and without it; medians.
    """

    data: str
    without: float
    stars: float
    mib: float
    film_ms: float
    group_ms: tuple[float, float]


def made_up(size: str) -> tuple[str, Catalogue, Interactions]:
    """Returns made-up ratings: the name, the films and the ratings."""
    shape = SIZES[size]
    rng = np.random.default_rng(SEED)
    made = world(shape, rng)
    catalogue = catalogue_of(made.films, rng)
    person = np.repeat(np.arange(shape.people), np.diff(made.stars.indptr))
    ids = catalogue.films.ids(made.stars.indices)
    given = interactions(person, ids, made.stars.data, films=catalogue.films)
    name = f"{shape.ratings:,} made-up ratings ({shape.people:,} × {shape.films:,})"
    return name, catalogue, given


def movielens() -> tuple[str, Catalogue, Interactions]:
    """Returns ml-latest-small with the tags and facts of the starter catalogue."""
    data = read_movielens(FOLDER)
    folder = folder_of(data, starter().joined(data)[0])
    return f"{folder.name}, with the catalogue's facts", folder.catalogue, folder.ratings


def measured(data: str, catalogue: Catalogue, given: Interactions) -> Cost:
    began = time.process_time()
    plain = fit(catalogue, given, Config(), SEED, NOW)
    without = time.process_time() - began
    began = time.process_time()
    stars = fit_served_stars(catalogue, given, SEED)
    assert stars is not None
    took = time.process_time() - began
    model = replace(plain, stars=stars)
    rng = np.random.default_rng(SEED)
    queries = [member(model, rng) for _ in range(MEMBERS)]
    size = sum(array.nbytes for array in star_arrays(stars).values()) / 2**20
    film = median_ms(lambda: stars.predict_place(stars.fold_in(queries[0]), [3]))
    groups = tuple(
        median_ms(lambda each=each: recommend_for_group(each, queries, 5))  # type: ignore[misc]
        for each in (model, plain)
    )
    return Cost(data, without, took, size, film, (groups[0], groups[1]))


def member(model: Recommender, rng: np.random.Generator) -> Query:
    """Returns the query of a person who rated some well-known films."""
    known = np.argsort(-model.popularity.count)[:400]
    films = rng.choice(known, RATED, replace=False)
    return Query(films=films, stars=rng.integers(2, 11, RATED) / 2)


def median_ms(call: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        began = time.process_time()
        call()
        times.append(time.process_time() - began)
    return 1000 * float(np.median(times))


def page(costs: list[Cost]) -> str:
    rows = [
        f"| {cost.data} | {cost.without:.1f} | {cost.without + cost.stars:.1f} | {cost.stars:.1f} "
        f"| {cost.mib:.0f} | {cost.film_ms:.1f} | {cost.group_ms[0]:.0f} ({cost.group_ms[1]:.0f}) |"
        for cost in costs
    ]
    return "\n".join(
        [
            "## The cost of predicted stars",
            "",
            "Written by `pytest -m benchmark_run -s tests/benchmarks/test_stars.py`.",
            "",
            "The rating model is fitted once with every retrain, after everything that ranks. "
            "Processor seconds of one thread: a fit without it, a fit with it, and the difference. "
            "Its arrays in the model folder, MiB. Milliseconds to predict one film's stars for "
            f"somebody with {RATED} ratings, as for *Why?*, and of five picks for {MEMBERS} such "
            "people with predicted stars (without).",
            "",
            "| data | without, s | with, s | stars, s | MiB | one film, ms | group picks, ms |",
            "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
            *rows,
            "",
            "From 400,000 ratings on the rating model has fewer factors and a shorter chain; of "
            "more than a million ratings it sees a sample of the people.",
            "",
            f"Measured on one thread ({platform.machine()}), Python {platform.python_version()}.",
        ]
    )


def test_the_cost_of_predicted_stars() -> None:
    with threadpool_limits(1):
        costs = [measured(*each) for each in (made_up("100k"), movielens(), made_up("1m"))]
    text = page(costs)
    print(f"\n{text}")
    put("stars", text)
