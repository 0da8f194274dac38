"""Measures one model on one split: how well it ranks films for everybody, and what it costs.

The results are compared with published figures, so the protocol is the same. All films are ranked,
not only a sample, except the films whose ratings are in the person's query. A film is relevant if
its held-out rating has at least four stars. People without a relevant film are left out. Means are
over people. `measure` works in the process that calls it. `measure_in_new_process` uses a new
process, so that the memory measured is that of one model alone.
"""

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from typing import Any, TypeVar

import numpy as np
from threadpoolctl import threadpool_limits

from recommender import metrics
from recommender.data import Catalogue, Query
from recommender.data.preferences import preferences
from recommender.errors import DataError
from recommender.evaluation.memory import peak_mib
from recommender.evaluation.ranking.candidates import Fit, Ranker
from recommender.evaluation.significance import Sample
from recommender.evaluation.splits import FEW_RATINGS, Split, has_few_ratings, matrix, reveal
from recommender.numeric.arrays import Array64, Rows, Sparse, sparse

Result = TypeVar("Result")

DEPTH = 100  # places of a ranking in which the first relevant film is looked for (MRR)
TIMED_PEOPLE = 500  # most people whose lists are timed
REVEALED_RATINGS = (0, 1, 3, 5, 10)  # numbers of ratings that people new to a model show
DIAL_SETTINGS = (0.0, 0.25, 0.5, 0.75, 1.0)  # adventurousness, from crowd-pleasers to deep cuts
DIAL_FIGURES = ("ndcg@10", "coverage@10", "novelty", "long_tail")


@dataclass(frozen=True)
class Options:
    """What is measured besides the ranking, and for how many people.

    Attributes:
        people: at most this many people, drawn at random; None for all.
        dial: True to measure also at each setting of adventurousness (`DIAL_SETTINGS`), from
            well-known to little-known films.
        by_revealed: True to measure also with only some ratings of each person
            (`REVEALED_RATINGS`).
    """

    people: int | None = None
    dial: bool = False
    by_revealed: bool = False


@dataclass(frozen=True, eq=False)
class RankingMeasurement:
    """The measurements of one ranking model on one split of the ratings.

    Attributes:
        name: the model's name.
        split: the kind of split.
        seed: the split's seed.
        people: (n,) rows of the people ranked for.
        ndcg: (n,) their nDCG@10.
        figures: for each measure by its name, the mean over people.
        few_ratings: nDCG@10 and recall@10 when only films with few training ratings are ranked, and
            the number of people measured; None if nobody liked such a film.
        fit_seconds: seconds that the fit took, without the choice of hyper-parameters.
        search_seconds: seconds that the choice of hyper-parameters took.
        peak_mib: the largest memory of the whole process, MiB.
        latency_p50: median time for one person's ten films on one thread, milliseconds.
        latency_p99: 99th percentile of that time, milliseconds.
        dial: the figures named by `DIAL_FIGURES` at each setting of adventurousness, from
            well-known (0) to little-known films (1); empty if not measured.
        by_revealed: nDCG@10 by the number of ratings that each person reveals to the model; empty
            if not measured.
    """

    name: str
    split: str
    seed: int
    people: Rows
    ndcg: Array64
    figures: Mapping[str, float]
    few_ratings: Mapping[str, float] | None
    fit_seconds: float
    search_seconds: float
    peak_mib: float
    latency_p50: float
    latency_p99: float
    dial: Mapping[float, Mapping[str, float]] = field(default_factory=dict)
    by_revealed: Mapping[int, float] = field(default_factory=dict)

    @property
    def sample(self) -> Sample:
        """Each person's nDCG@10."""
        return Sample(self.people, self.ndcg)


def measure(
    name: str, fit: Fit, catalogue: Catalogue, split: Split, options: Options = Options()
) -> RankingMeasurement:
    """Fits one model in this process and returns its measurements.

    The film rows of the split are rows of the catalogue.

    Raises DataError if nobody has a relevant film to find.
    """
    people = people_to_test(split, options.people)
    start = time.perf_counter()
    fitted = fit(catalogue, split.train, split.seed)
    took = time.perf_counter() - start
    peak = peak_mib()
    ranker, given = fitted.ranker, matrix(split.given)
    with threadpool_limits(1):  # the bot answers on one thread too
        p50, p99 = _latency(ranker, given, people)
        lists = _lists(ranker, catalogue, split, people, DEPTH)
        return RankingMeasurement(
            name=name,
            split=split.name,
            seed=split.seed,
            people=people,
            ndcg=lists.ndcg,
            figures=lists.figures,
            few_ratings=measure_few_ratings(ranker, split, people),
            fit_seconds=took - fitted.search_seconds,
            search_seconds=fitted.search_seconds,
            peak_mib=peak,
            latency_p50=p50,
            latency_p99=p99,
            dial=_along_the_dial(ranker, catalogue, split, people) if options.dial else {},
            by_revealed=_by_revealed(ranker, split, people) if options.by_revealed else {},
        )


def measure_in_new_process(
    name: str, fit: Fit, catalogue: Catalogue, split: Split, options: Options = Options()
) -> RankingMeasurement:
    """Returns what `measure` returns, measured in a new process.

    `fit` must be a function of a module, because the new process imports it by its name. Raises
    DataError also if that process was killed, most likely for lack of memory.
    """
    return run_in_new_process(name, measure, name, fit, catalogue, split, options)


def run_in_new_process(what: str, work: Callable[..., Result], *arguments: Any) -> Result:
    """Calls a function in a new process. Returns what it returns there, and raises what it raises.

    what: a name for the error message. work: the function. arguments: its arguments. Raises
    DataError if the process was killed.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        try:
            return pool.submit(work, *arguments).result()
        except BrokenProcessPool:
            raise DataError("measuring-killed", what=what) from None


def people_to_test(split: Split, most: int | None = None) -> Rows:
    """Returns the rows of the people who have a relevant held-out film, ascending.

    most: largest number of people, drawn by the split's seed; None for all. Raises DataError if
    there is nobody."""
    people = np.flatnonzero(np.diff(split.relevant().indptr) > 0)
    if not len(people):
        raise DataError("nothing-to-find", split=split.name)
    if most is not None and most < len(people):
        rng = np.random.default_rng(split.seed)
        people = np.sort(rng.choice(people, max(1, most), replace=False))
    return people


def rank_all(ranker: Ranker, given: Sparse, people: Rows, depth: int, dial: float = 0.5) -> Rows:
    """Returns (people, depth) the film rows of each person's list, best first; -1 fills a short
    list.

    given: (people, films) stars that the ranker may use. people: rows of the people. depth: length
    of a list. dial: adventurousness, from 0 (well-known films) to 1 (little-known films)."""
    ranked = np.full((len(people), depth), -1, np.int64)
    for at, person in enumerate(people):
        films = ranker.rank(query_of(given, int(person), dial), depth)[:depth]
        ranked[at, : len(films)] = films
    return ranked


def query_of(given: Sparse, person: int, dial: float = 0.5) -> Query:
    """Returns a query with all ratings of one person.

    given: (people, films) stars. person: row of the person. dial: adventurousness, from 0
    (well-known films) to 1 (little-known films)."""
    own = slice(int(given.indptr[person]), int(given.indptr[person + 1]))
    return Query(films=given.indices[own], stars=given.data[own], adventurousness=dial)


def measure_few_ratings(
    ranker: Ranker, split: Split, people: Rows, at_most: int = FEW_RATINGS
) -> Mapping[str, float] | None:
    """Returns nDCG@10 and recall@10 when only films with few ratings are ranked.

    The result also has the number of people measured. The films have at most `at_most` training
    ratings. They are ranked by score; equal scores are in a fixed random order. The result is None
    if nobody liked such a film. split: the training ratings and the held-out ratings. people: rows
    of the people."""
    rare = np.flatnonzero(has_few_ratings(_count(split), at_most))
    given, wanted = matrix(split.given), sparse(split.relevant()[:, rare])
    people = people[np.diff(wanted.indptr)[people] > 0]
    if not len(people):
        return None
    jitter = np.random.RandomState(0).rand(len(rare))
    ranked = np.full((len(people), 10), -1, np.int64)
    for at, person in enumerate(people):
        query = query_of(given, int(person))
        scores = np.asarray(ranker.score(query), np.float64)[rare]
        scores = np.where(np.isnan(scores) | np.isin(rare, query.films), -np.inf, scores)
        top = np.lexsort((jitter, -scores))[:10]
        ranked[at, : len(top)] = top
    relevant = sparse(wanted[people])
    hits, count = metrics.find_hits(ranked, relevant), np.diff(relevant.indptr)
    return {
        "ndcg@10": float(metrics.ndcg(hits, count, 10).mean()),
        "recall@10": float(metrics.recall(hits, count, 10).mean()),
        "people": len(people),
    }


def _lists(
    ranker: Ranker,
    catalogue: Catalogue,
    split: Split,
    people: Rows,
    depth: int,
    dial: float = 0.5,
) -> metrics.ListMeasures:
    given = matrix(split.given)
    ranked = rank_all(ranker, given, people, depth, dial)
    taste = sparse(given[people])
    taste.data = preferences(taste.data, 0.0).astype(np.float32)
    relevant = sparse(split.relevant()[people])
    return metrics.measure_lists(ranked, relevant, _count(split), catalogue.genres, taste)


def _latency(ranker: Ranker, given: Sparse, people: Rows) -> tuple[float, float]:
    """Returns the median and the 99th percentile of the time for one person's ten films,
    milliseconds.

    The people whose lists are timed are spread evenly over all people. given: (people, films) stars
    that the ranker may use."""
    some = people[np.unique(np.linspace(0, len(people) - 1, TIMED_PEOPLE).astype(np.int64))]
    queries = [query_of(given, int(person)) for person in some]
    ranker.rank(queries[0], 10)  # the first answer also computes what later ones reuse
    times = np.zeros(len(queries))
    for at, query in enumerate(queries):
        start = time.perf_counter()
        ranker.rank(query, 10)
        times[at] = time.perf_counter() - start
    p50, p99 = np.percentile(times * 1000, [50, 99])
    return float(p50), float(p99)


def _along_the_dial(
    ranker: Ranker, catalogue: Catalogue, split: Split, people: Rows
) -> dict[float, dict[str, float]]:
    curves = {}
    for dial in DIAL_SETTINGS:
        figures = _lists(ranker, catalogue, split, people, 10, dial).figures
        curves[dial] = {name: figures[name] for name in DIAL_FIGURES}
    return curves


def _by_revealed(ranker: Ranker, split: Split, people: Rows) -> dict[int, float]:
    """Returns nDCG@10 for several numbers of ratings that each person reveals to the ranker.

    The person's other rated films are excluded from the ranking, so that the films to choose from
    are the same for every number."""
    relevant, given = sparse(split.relevant()[people]), matrix(split.given)
    curve = {}
    for most in REVEALED_RATINGS:
        shown = matrix(reveal(split.given, most, split.seed))
        ranked = np.full((len(people), 10), -1, np.int64)
        for at, person in enumerate(people):
            rest = query_of(given, int(person)).films
            films = ranker.rank(replace(query_of(shown, int(person)), excluded=rest), 10)
            ranked[at, : len(films)] = films
        hits = metrics.find_hits(ranked, relevant)
        curve[most] = float(metrics.ndcg(hits, np.diff(relevant.indptr), 10).mean())
    return curve


def _count(split: Split) -> Rows:
    """Returns (films,) the number of training ratings of each film in a split."""
    return np.bincount(split.train.film, minlength=len(split.train.films))
