"""The time of an answer: fold in 200 ratings, score 60,000 films, mask, re-rank, explain ten.

`pytest -m benchmark_run -s tests/benchmarks/test_serving.py` prints the table. The model consists
of random arrays with the shapes and the skew of a fit to 25 million ratings. The time does not
depend on the meaning of the numbers.
"""

import gc
import time
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from recommender.content.model import fit_content
from recommender.context.editorial import fit_context
from recommender.context.lift import LiftModel, features_of
from recommender.data import Catalogue, Query, Vocabulary
from recommender.hybrid.assembly import assemble_ranking
from recommender.hybrid.config import RankingConfig
from recommender.hybrid.fit import MIDDLE_RATINGS, plan
from recommender.models.als import FactorModel
from recommender.models.item_item import assemble_item_item
from recommender.models.popularity import Popularity, praise_units
from recommender.models.tags import fit_tags
from recommender.numeric.arrays import Sparse, sparse
from recommender.pipeline.long_tail import LongTailPlace, long_tail_by_count
from recommender.pipeline.recommend import recommend
from recommender.pipeline.recommender import Config, Recommender

pytestmark = pytest.mark.benchmark_run

FILMS, GENRES, TAGS, TAGS_PER_FILM = 60_000, 20, 400, 8
RATINGS, PEOPLE, ANSWERS = 200, 100, 1000
MAX_P50_MS, MAX_P99_MS = 3.0, 6.0
FACETS = ("mood", "theme", "style", "setting")


def made_catalogue(rng: np.random.Generator) -> Catalogue:
    """Returns a catalogue of 60,000 films with genres and tags."""
    rows = np.repeat(np.arange(FILMS), TAGS_PER_FILM)
    tags = (rng.integers(1, 4, len(rows)), (rows, rng.integers(0, TAGS, len(rows))))
    pairs = (np.repeat(np.arange(FILMS), 2), rng.integers(0, GENRES, 2 * FILMS))
    return Catalogue(
        films=Vocabulary(np.arange(FILMS) + 1),
        titles=tuple(f"Film {row}" for row in range(FILMS)),
        years=rng.integers(1920, 2025, FILMS).astype(np.float64),
        runtimes=rng.integers(60, 200, FILMS).astype(np.float64),
        genres=sparse((np.ones(2 * FILMS), pairs), (FILMS, GENRES)),
        genre_names=tuple(f"Genre {column}" for column in range(GENRES)),
        tags=sparse(tags, (FILMS, TAGS)),
        tag_names=tuple(f"tag-{column}" for column in range(TAGS)),
        tag_facets=tuple(FACETS[column % len(FACETS)] for column in range(TAGS)),
        audience=np.zeros(FILMS, np.int8),
        adult=np.zeros(FILMS, np.bool_),
    )


def made_weights(config: RankingConfig, count: np.ndarray, rng: np.random.Generator) -> Sparse:
    """Returns (head, head) weights.

    Each film (column) has `kept` weights, more often from well-known films.
    """
    head, kept = config.item.head, config.item.kept
    chance = np.sqrt(count[:head])
    rows = rng.choice(head, (head, kept), p=chance / chance.sum()).reshape(-1)
    columns = np.repeat(np.arange(head), kept)
    return sparse((rng.normal(0, 0.02, len(rows)), (rows, columns)), (head, head))


def made_model(config: RankingConfig, rng: np.random.Generator) -> Recommender:
    """Returns a recommender of the size that `plan` gives to the largest data.

    Its films are sorted by how well they are known.
    """
    world = made_catalogue(rng)
    count = np.floor(80_000 / (np.arange(FILMS) + 1.0) ** 0.8)
    popularity = Popularity(count, 3.5 * count, praise_units(world), config.popularity)
    rated = count > 0
    factors = []
    for size in sorted(config.sizes):
        films = (rng.normal(0, 0.1, (FILMS, size)) * rated[:, None]).astype(np.float32)
        wide = films.astype(np.float64)
        als = replace(config.als, factors=size)
        gram, mean = wide.T @ wide, wide[rated].mean(axis=0)
        factors.append(FactorModel(films, rated, gram, mean, int(rated.sum()), als))
    head = np.arange(config.item.head)
    item = assemble_item_item(head, FILMS, made_weights(config, count, rng), config.item.floor)
    return Recommender(
        version="made-up",
        trained_at=datetime(2024, 1, 1, tzinfo=UTC),
        ratings=int(count.sum()),
        people=160_000,
        catalogue=world,
        ranking=assemble_ranking(
            popularity,
            fit_tags(world),
            fit_content(world, config.content_facts),
            item,
            tuple(factors),
            config,
        ),
        long_tail=LongTailPlace(long_tail_by_count(count), 1.0),
        context=fit_context(world),
        lift=LiftModel(features_of(world)),
        config=Config(),
    )


def somebody(count: np.ndarray, rng: np.random.Generator) -> Query:
    """Returns a query: 200 ratings, mostly of well-known films, some films shown, an hour."""
    films = rng.choice(FILMS, RATINGS, replace=False, p=count / count.sum())
    return Query(
        films=films,
        stars=rng.integers(1, 11, RATINGS) / 2,
        excluded=rng.integers(0, FILMS, 40),
        hour=20,
        weekday=4,
    )


def test_an_answer_takes_three_milliseconds() -> None:
    rng = np.random.default_rng(1)
    model = made_model(plan(MIDDLE_RATINGS + 1, RankingConfig()), rng)
    people = [somebody(model.popularity.count, rng) for _ in range(PEOPLE)]
    with threadpool_limits(1):
        for query in people[:20]:  # warms up, not measured
            recommend(model, query, 10)
        gc.collect()
        gc.freeze()  # as the bot does after its start
        taken = np.zeros((ANSWERS, 2))
        for at in range(ANSWERS):
            query = people[at % PEOPLE]
            start = time.perf_counter(), time.process_time()
            answer = recommend(model, query, 10)
            taken[at] = time.perf_counter() - start[0], time.process_time() - start[1]
            assert len(answer.picks) == 10
            assert all(len(pick.parts) > 100 for pick in answer.picks)
        gc.unfreeze()
    p50, p99 = np.percentile(taken * 1000, [50, 99], axis=0)
    print(f"\nfold in {RATINGS}, score {FILMS:,} films, mask, re-rank, explain 10; one thread, ms")
    for name, at in (("wall clock", 0), ("processor", 1)):
        print(f"  {name:10}  p50 {p50[at]:.2f}  p99 {p99[at]:.2f}")
    assert p50[1] <= MAX_P50_MS, "processor time: the wall clock of a busy machine tells little"
    assert p99[1] <= MAX_P99_MS
