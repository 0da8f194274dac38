"""The time that the context adds to an answer on 10,000 films.

The context is the editorial tilt of the clock and the learned lift. The lift uses all of its levels
(everyone, mood, server, person). To print the table:
`pytest -m benchmark_run -s tests/benchmarks/test_context.py`.
"""

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from recommender.context.clock import DAY_KINDS, DAYPARTS
from recommender.context.editorial import fit_context
from recommender.context.lift import LEVELS, LearnedLevel, LiftModel, circumstance, features_of
from recommender.data import Query, Vocabulary
from recommender.pipeline.recommend import recommend
from recommender.training.fit import fit
from tests.recommender.worlds import NOW, SMALL, catalogue

pytestmark = pytest.mark.benchmark_run

FILMS, TAGS, PEOPLE, ANSWERS = 10_000, 150, 5000, 400
MAX_ADDED_MS = 1.0


def made_lift(rng: np.random.Generator) -> LiftModel:
    features = features_of(catalogue(FILMS, TAGS))
    times = {"always": 1, "daypart": len(DAYPARTS), "day": len(DAY_KINDS)}
    times["moment"] = times["daypart"] * times["day"]
    units = {"everyone": [0], "mood": [*range(20)], "server": [*range(1, 51)]}
    learned = {}
    for level in LEVELS:
        known = Vocabulary(units.get(level.scope, [*range(1, PEOPLE + 1)]))
        groups = len(known) * times[level.time]
        table = rng.normal(0, 0.05, (groups, len(features.names))).astype(np.float32)
        learned[level.name] = LearnedLevel(known, times[level.time], np.arange(groups), table)
    return LiftModel(features, learned, strength=0.75)


def milliseconds(work: Callable[[int], object]) -> np.ndarray:
    for at in range(20):
        work(at)
    taken = np.zeros(ANSWERS)
    for at in range(ANSWERS):
        start = time.process_time()
        work(at)
        taken[at] = time.process_time() - start
    return taken * 1000


def test_context_adds_less_than_a_millisecond() -> None:
    rng = np.random.default_rng(1)
    lift, tilt = made_lift(rng), fit_context(catalogue(FILMS, TAGS))
    bare = replace(lift, learned={})

    def learned(at: int, model: LiftModel = lift) -> object:
        when = circumstance(at % 24, at % 7, 1 + at % PEOPLE, 1 + at % 50, at % 20)
        return model.log_odds(when)

    def editorial(at: int) -> object:
        return tilt.parts(at % 24, at % 7)[0].sum(axis=0)

    def both(at: int) -> object:
        return learned(at), editorial(at)

    with threadpool_limits(1):
        print(f"\n{FILMS:,} films, {TAGS} tags, all {len(LEVELS)} levels; processor time, ms")
        for name, work in (
            ("nothing learned", lambda at: learned(at, bare)),
            ("learned lift", learned),
            ("editorial tilt", editorial),
            ("both", both),
        ):
            p50, p99 = np.percentile(milliseconds(work), [50, 99])
            print(f"  {name:16}  p50 {p50:.3f}  p99 {p99:.3f}")
        assert p50 <= MAX_ADDED_MS


def test_a_whole_answer_in_context() -> None:
    """A whole answer, as for `/recommend`: the films, and the parts and words of their reasons."""
    rng = np.random.default_rng(1)
    plain = fit(catalogue(FILMS, TAGS), None, SMALL, 1, NOW)
    learned = replace(plain, lift=made_lift(rng))
    rated = rng.permutation(FILMS)[:50]
    query = Query(films=rated, stars=rng.integers(4, 11, 50) / 2)
    at = replace(query, hour=20, weekday=1, person=5, server=3, mood_number=2)
    cases = (
        ("no hour, no mood", plain, query),
        ("editorial tilt", plain, at),
        ("both", learned, at),
    )
    with threadpool_limits(1):
        taken = [milliseconds(lambda _, m=m, q=q: recommend(m, q, 5)) for _, m, q in cases]
    print(f"\n/recommend's five of {FILMS:,} films; processor time, ms")
    for (name, *_), each in zip(cases, taken, strict=True):
        p50, p99 = np.percentile(each, [50, 99])
        print(f"  {name:16}  p50 {p50:.3f}  p99 {p99:.3f}")
    assert np.median(taken[2]) - np.median(taken[0]) <= MAX_ADDED_MS
