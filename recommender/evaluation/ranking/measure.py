"""One model on one split: fit, rank for everybody, measure, and what it cost.

The protocol is the published reference's: every film a person has not rated in what is known of
them is a candidate, none sampled; relevant is a held-out rating of at least four stars; people
without one are left out; means are over people. `measure` works where it is called;
`measure_apart` in a process of its own, so that memory is the model's and not its predecessors'.
"""

import resource
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from recommender import metrics
from recommender.data import Catalogue, Query
from recommender.data.preferences import preferences
from recommender.errors import DataError
from recommender.evaluation.ranking.candidates import Fit, Ranker
from recommender.evaluation.significance import Sample
from recommender.evaluation.splits import Split, few, matrix, revealed
from recommender.numeric.arrays import Sparse, sparse

Made = TypeVar("Made")

DEPTH = 100  # places of a ranking that count for the first hit
TIMED = 500  # people whose answers are timed
STATUS = Path("/proc/self/status")
KNOWN = (0, 1, 3, 5, 10)  # ratings revealed by people who are new
DIAL = (0.0, 0.25, 0.5, 0.75, 1.0)  # crowd-pleasers to deep cuts
DIALLED = ("ndcg@10", "coverage@10", "novelty", "long_tail")
MOST_KEPT = 5  # ratings of films counted as having few


@dataclass(frozen=True)
class Options:
    """people: at most so many, drawn at random, None all; dial, known: whether to measure along
    the popularity dial and by ratings revealed."""

    people: int | None = None
    dial: bool = False
    known: bool = False


@dataclass(frozen=True, eq=False)
class Measured:
    """A model on a split.

    people: (n,) rows; ndcg: (n,) theirs; figures: means by name; few: among films with few
    training ratings, nDCG and recall at 10 and the people, None where nobody liked one;
    dial: figures by adventurousness; known: nDCG@10 by ratings revealed; times in seconds, latency
    in milliseconds for one person's ten films on one thread, memory in MiB of the whole process.
    """

    name: str
    split: str
    seed: int
    people: npt.NDArray[np.int64]
    ndcg: npt.NDArray[np.float64]
    figures: Mapping[str, float]
    few: Mapping[str, float] | None
    fit_seconds: float
    search_seconds: float
    peak_mib: float
    latency_p50: float
    latency_p99: float
    dial: Mapping[float, Mapping[str, float]] = field(default_factory=dict)
    known: Mapping[int, float] = field(default_factory=dict)

    @property
    def sample(self) -> Sample:
        """Each person's nDCG@10."""
        return Sample(self.people, self.ndcg)


def measure(
    name: str, fit: Fit, catalogue: Catalogue, split: Split, options: Options = Options()
) -> Measured:
    """Fit and measure here. Films are the catalogue's rows. Raises DataError where nobody has a
    relevant film to find."""
    people = people_to_test(split, options.people)
    start = time.perf_counter()
    fitted = fit(catalogue, split.train, split.seed)
    took = time.perf_counter() - start
    peak = peak_mib()
    ranker, given = fitted.ranker, matrix(split.given)
    with threadpool_limits(1):  # as the bot serves
        p50, p99 = _latency(ranker, given, people)
        lists = _lists(ranker, catalogue, split, people, DEPTH)
        return Measured(
            name=name,
            split=split.name,
            seed=split.seed,
            people=people,
            ndcg=lists.ndcg,
            figures=lists.figures,
            few=few_ratings(ranker, split, people),
            fit_seconds=took - fitted.search_seconds,
            search_seconds=fitted.search_seconds,
            peak_mib=peak,
            latency_p50=p50,
            latency_p99=p99,
            dial=_along_the_dial(ranker, catalogue, split, people) if options.dial else {},
            known=_by_what_is_known(ranker, split, people) if options.known else {},
        )


def measure_apart(
    name: str, fit: Fit, catalogue: Catalogue, split: Split, options: Options = Options()
) -> Measured:
    """As `measure`, in a fresh process. `fit` must be importable by its module and name. Raises
    DataError too where that process was ended from outside."""
    return apart(name, measure, name, fit, catalogue, split, options)


def apart(what: str, work: Callable[..., Made], *arguments: Any) -> Made:
    """What `work` returns, done in a fresh process; its errors are raised here."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        try:
            return pool.submit(work, *arguments).result()
        except BrokenProcessPool:
            raise DataError(
                f"The process that measured {what} was ended from outside, most likely for want of "
                "memory; leave that model out or take a smaller data set."
            ) from None


def people_to_test(split: Split, most: int | None = None) -> npt.NDArray[np.int64]:
    """Rows of the people with something relevant to find, ascending; at most so many, drawn by the
    split's seed. Raises DataError where there are none."""
    people = np.flatnonzero(np.diff(split.relevant().indptr) > 0)
    if not len(people):
        raise DataError(
            f"Nobody in the {split.name} split has a liked film to find: people need enough "
            "ratings, and some of four stars or more. Take another split or a larger data set."
        )
    if most is not None and most < len(people):
        rng = np.random.default_rng(split.seed)
        people = np.sort(rng.choice(people, max(1, most), replace=False))
    return people


def rank_all(
    ranker: Ranker, given: Sparse, people: npt.NDArray[np.int64], depth: int, dial: float = 0.5
) -> npt.NDArray[np.int64]:
    """(people, depth) rows of films, best first, -1 where a list ends."""
    ranked = np.full((len(people), depth), -1, np.int64)
    for at, person in enumerate(people):
        films = ranker.rank(query_of(given, int(person), dial), depth)[:depth]
        ranked[at, : len(films)] = films
    return ranked


def query_of(given: Sparse, person: int, dial: float = 0.5) -> Query:
    """What one person, a row of stars (people, films), asks with: no clock, nothing excluded."""
    own = slice(int(given.indptr[person]), int(given.indptr[person + 1]))
    return Query(films=given.indices[own], stars=given.data[own], adventurousness=dial)


def peak_mib() -> float:
    """The most memory this process has held, MiB. Where the system tells, that of this program
    alone: a forked child's `ru_maxrss` starts from its parent's."""
    if STATUS.is_file():
        for line in STATUS.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    unit = 1024**2 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def few_ratings(
    ranker: Ranker, split: Split, people: npt.NDArray[np.int64], at_most: int = MOST_KEPT
) -> Mapping[str, float] | None:
    """nDCG@10 and recall@10 of the scores among films with at most so many training ratings only;
    ties in a fixed random order. None where nobody liked such a film."""
    rare = np.flatnonzero(few(_count(split), at_most))
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
    people: npt.NDArray[np.int64],
    depth: int,
    dial: float = 0.5,
) -> metrics.ListMeasures:
    given = matrix(split.given)
    ranked = rank_all(ranker, given, people, depth, dial)
    taste = sparse(given[people])
    taste.data = preferences(taste.data, 0.0).astype(np.float32)
    relevant = sparse(split.relevant()[people])
    return metrics.measure_lists(ranked, relevant, _count(split), catalogue.genres, taste)


def _latency(ranker: Ranker, given: Sparse, people: npt.NDArray[np.int64]) -> tuple[float, float]:
    """p50 and p99, milliseconds, of ten films for one person, over people spread evenly."""
    some = people[np.unique(np.linspace(0, len(people) - 1, TIMED).astype(np.int64))]
    queries = [query_of(given, int(person)) for person in some]
    ranker.rank(queries[0], 10)  # what is made at the first answer is no part of the others
    times = np.zeros(len(queries))
    for at, query in enumerate(queries):
        start = time.perf_counter()
        ranker.rank(query, 10)
        times[at] = time.perf_counter() - start
    p50, p99 = np.percentile(times * 1000, [50, 99])
    return float(p50), float(p99)


def _along_the_dial(
    ranker: Ranker, catalogue: Catalogue, split: Split, people: npt.NDArray[np.int64]
) -> dict[float, dict[str, float]]:
    curves = {}
    for dial in DIAL:
        figures = _lists(ranker, catalogue, split, people, 10, dial).figures
        curves[dial] = {name: figures[name] for name in DIALLED}
    return curves


def _by_what_is_known(
    ranker: Ranker, split: Split, people: npt.NDArray[np.int64]
) -> dict[int, float]:
    """nDCG@10 where only so many of a person's ratings are known; what else they rated is no
    candidate, so that every step is asked the same."""
    relevant, given = sparse(split.relevant()[people]), matrix(split.given)
    curve = {}
    for most in KNOWN:
        shown = matrix(revealed(split.given, most, split.seed))
        ranked = np.full((len(people), 10), -1, np.int64)
        for at, person in enumerate(people):
            rest = query_of(given, int(person)).films
            films = ranker.rank(replace(query_of(shown, int(person)), excluded=rest), 10)
            ranked[at, : len(films)] = films
        hits = metrics.find_hits(ranked, relevant)
        curve[most] = float(metrics.ndcg(hits, np.diff(relevant.indptr), 10).mean())
    return curve


def _count(split: Split) -> npt.NDArray[np.int64]:
    """(films,) ratings in training."""
    return np.bincount(split.train.film, minlength=len(split.train.films))
