"""The speed of the catalogue.

It measures the similarity among 10,000 films with reasons, the loading and checking of the
catalogue at the start, and the search for shelves. The figures are processor time of one thread, so
a busy machine gives the same as an idle one. `make benchmark` prints them.
"""

import csv
import time
from collections.abc import Callable
from dataclasses import replace
from importlib import resources
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from recommender.content.blocks import ContentConfig, content_blocks
from recommender.data import Query, Vocabulary
from recommender.models.neighbours import Neighbours
from recommender.models.tags import Measure, fit_tags
from recommender.numeric.arrays import sparse
from recommender.shelves.candidates import ShelfConfig
from recommender.shelves.rows import rows_for_person
from recommender.shelves.shelves import find_shelves
from storage.catalogue.linter import lint
from storage.catalogue.loader import load_catalogue
from tests.recommender.worlds import catalogue
from tests.starter import starter

pytestmark = pytest.mark.benchmark_run
FILMS, TAGS, TAGS_PER_FILM, LIST_LENGTH = 10_000, 350, 15, 10
ROUNDS = 31
STARTER_FILMS = 2_100


def median_ms(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Returns the median processor time of one call, in milliseconds."""
    work()
    took = []
    for _ in range(rounds):
        begun = time.process_time()
        work()
        took.append(1000 * (time.process_time() - begun))
    return float(np.median(took))


@pytest.mark.parametrize("measure", [None, "cosine", "jaccard", "pearson"])
def test_similarity_of_one_film_to_ten_thousand_with_reasons(measure: Measure | None) -> None:
    rng = np.random.default_rng(5)
    tags = np.zeros((FILMS, TAGS), np.float32)
    common = rng.zipf(1.6, TAGS).astype(float)  # some tags are far more common than others
    for row in tags:
        chosen = rng.choice(TAGS, TAGS_PER_FILM, replace=False, p=common / common.sum())
        row[chosen] = rng.integers(1, 4, TAGS_PER_FILM)
    world = replace(catalogue(FILMS, TAGS), films=Vocabulary(np.arange(FILMS)), tags=sparse(tags))
    world = replace(
        world,
        tag_names=tuple(f"tag-{at}" for at in range(TAGS)),
        tag_facets=("theme",) * TAGS,
    )
    model = fit_tags(world)
    near = Neighbours(world, model, content_blocks(world, ContentConfig()))

    def answer() -> list[tuple[tuple[int, float], ...]]:
        likeness, _ = near.likeness(7, "tags", measure)
        best = np.argpartition(-np.nan_to_num(likeness), LIST_LENGTH)[: LIST_LENGTH + 1]
        return [model.shared_tags(7, int(film)) for film in best if film != 7]

    with threadpool_limits(1):
        took = median_ms(answer)
    print(f"\n{measure or 'facts'}: {took:.2f} ms for {FILMS} films, {LIST_LENGTH} explained")
    assert took <= 5.0


def test_loading_and_checking_the_catalogue_at_the_start(tmp_path: Path) -> None:
    """The starter catalogue is filled up with copies if it has fewer than 2,100 films."""
    source = resources.files("storage.catalogue") / "films.csv"
    rows = list(csv.DictReader(source.read_text(encoding="utf-8").splitlines()))
    long = tmp_path / "films.csv"
    with long.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        for at in range(max(STARTER_FILMS, len(rows))):
            again = at // len(rows)
            row = rows[at % len(rows)]
            writer.writerow(row | ({"title": f"{row['title']} {again}"} if again else {}))
    loading = median_ms(lambda: load_catalogue(long), 5)
    films = load_catalogue(long)
    linting = median_ms(lambda: lint(films), 5)
    told = f"loaded and validated {loading:.0f} ms, linted {linting:.0f} ms"
    print(f"\n{len(films.films)} films: {told}")
    assert loading + linting <= 500


def test_finding_the_shelves() -> None:
    home = starter()
    words = home.words()
    took = median_ms(lambda: find_shelves(home.world, words, ShelfConfig()), 3)
    found = find_shelves(home.world, words, ShelfConfig())
    print(f"\n{len(found)} shelves of {len(home.films)} films in {took:.0f} ms")
    assert took <= 5_000


def test_rows_of_shelves_for_a_person() -> None:
    home = starter()
    shelves, model = home.shelves(), fit_tags(home.world)
    query = Query(films=np.arange(10), stars=np.full(10, 5.0))
    allowed = np.ones(len(home.films), bool)

    def rows() -> object:
        return rows_for_person(np.nan_to_num(model.score(query)), shelves, query, allowed)

    took = median_ms(rows)
    print(f"\n5 rows out of {len(shelves)} shelves: {took:.1f} ms")
    assert took <= 50.0
