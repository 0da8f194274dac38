"""A fit gives the same result on any number of cores."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from recommender.data import Query
from recommender.datasets.synthetic import Shape, world
from recommender.hybrid.config import RankingConfig
from recommender.hybrid.fit import fit_ranking
from recommender.models import als, item_item_solver
from recommender.models.als import AlsConfig
from recommender.models.item_item import ItemItemConfig
from recommender.numeric import parallel
from recommender.numeric.parallel import Share, runs, shared


def test_runs_cover_everything_once() -> None:
    assert [list(range(10))[part] for part in runs(10, 4)] == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
    assert runs(0, 4) == []


def test_results_stand_in_the_order_of_the_tasks_and_errors_come_through() -> None:
    with shared(3) as share:
        assert list(share(lambda n: n * n, range(50))) == [n * n for n in range(50)]
        assert {pool["num_threads"] for pool in threadpool_info()} <= {1}
        with pytest.raises(ZeroDivisionError):
            list(share(lambda n: 1 // n, [1, 0]))


@pytest.mark.parametrize("people", [120, 900])  # the dual form, and the primal form
def test_the_number_of_cores_changes_nothing(people: int, monkeypatch: pytest.MonkeyPatch) -> None:
    made = world(Shape(people, 700, people * 40, offset=20), np.random.default_rng(1))
    config = RankingConfig(als=AlsConfig(rounds=3), item=ItemItemConfig(kept=50), sizes=(8, 40))

    def fitted(workers: int) -> tuple[np.ndarray, ...]:
        @contextmanager
        def some(_: int | None = None) -> Iterator[Share]:
            with parallel.shared(workers) as share:
                yield share

        for module in (als, item_item_solver):
            monkeypatch.setattr(module, "shared", some)
        model = fit_ranking(made.catalogue, made.stars, config, np.random.default_rng(2))
        assert model.item is not None
        score = model.score(Query(films=[3, 9, 27], stars=[5, 4, 1]))
        return model.item.weights.toarray(), model.stacked, score

    one, many = fitted(1), fitted(5)
    for a, b in zip(one, many, strict=True):
        assert np.array_equal(a, b)
