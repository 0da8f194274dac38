"""The time to choose a screen of the quiz from 10,000 films, on one thread.

`pytest -m benchmark_run -s tests/benchmarks/test_quiz.py` prints the figures.
"""

import time
from dataclasses import replace

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from recommender.content.model import fit_content
from recommender.data import Query
from recommender.elicitation.questions import next_films
from recommender.hybrid.assembly import assemble_ranking
from recommender.hybrid.config import RankingConfig
from recommender.models.als import FactorModel
from recommender.models.item_item import ItemItemConfig, assemble_item_item
from recommender.models.newcomer import assemble_newcomer
from recommender.models.popularity import Popularity, praise_units
from recommender.models.tags import fit_tags
from recommender.pipeline.recommender import Recommender
from tests.benchmarks.test_serving import made_weights
from tests.recommender.worlds import catalogue, recommender

pytestmark = pytest.mark.benchmark_run

FILMS, SCREENS, MAX_MEDIAN_MS = 10_000, 50, 50.0


def made(rng: np.random.Generator) -> Recommender:
    """Returns a recommender over 10,000 films whose models hold random arrays of usual shapes."""
    small, world = recommender(), catalogue(FILMS)
    config = RankingConfig(item=replace(ItemItemConfig(), head=FILMS))
    count = np.floor(3e5 / (np.arange(FILMS) + 10.0))
    popularity = Popularity(count, count * 3.6, praise_units(world), config.popularity)
    mean = count / count.max() / 2
    loadings = (rng.standard_normal((FILMS, config.newcomer.dimensions)) * 0.05).astype(np.float32)
    loadings *= np.sqrt(mean)[:, None].astype(np.float32)
    every = np.ones(FILMS, np.bool_)
    newcomer = assemble_newcomer(
        mean,
        loadings,
        np.full(FILMS, 0.05),
        np.full(FILMS, 0.65),
        every,
        6000,
        config.newcomer,
    )
    factors = []
    for size in config.sizes:
        films = rng.normal(0, 0.1, (FILMS, size)).astype(np.float32)
        gram, usual = (films.T @ films).astype(np.float64), films.mean(axis=0).astype(np.float64)
        als = replace(config.als, factors=size)
        factors.append(FactorModel(films, every, gram, usual, FILMS, als))
    weights = made_weights(config, count, rng)
    item = assemble_item_item(np.arange(FILMS), FILMS, weights, config.item.floor)
    content = fit_content(world, config.content_facts)
    ranking = assemble_ranking(
        popularity, fit_tags(world), content, item, tuple(factors), config, newcomer
    )
    return replace(small, catalogue=world, ranking=ranking)


def test_a_screen_is_chosen_in_time() -> None:
    rng = np.random.default_rng(0)
    model = made(rng)
    took: dict[int, list[float]] = {1: [], 25: []}
    with threadpool_limits(1):
        for _ in range(SCREENS):
            films = rng.choice(500, 60, replace=False)
            query = Query(films=films[:20], stars=rng.integers(1, 6, 20), unseen=films[20:40])
            for n, times in took.items():
                begun = time.perf_counter()
                chosen = next_films(model, query, films[40:], n)
                times.append((time.perf_counter() - begun) * 1000)
                assert len(set(chosen.tolist())) == n
    for n, times in took.items():
        p50, p99 = np.percentile(times, [50, 99])
        print(f"\n{n} of {FILMS} films: p50 {p50:.1f} ms, p99 {p99:.1f} ms")
    assert np.percentile(took[25], 50) <= MAX_MEDIAN_MS
