"""The cost of a fit compared with ALS of the `implicit` library, on made-up ratings.

    python -m tests.benchmarks.fitting 1m          # or 100k, 25m, PEOPLExFILMSxRATINGS
    python -m tests.benchmarks.fitting grid 1m     # tries settings of `implicit`

Every fit runs in a fresh process that loads the same training ratings from files. So its peak
memory is that of the data, the libraries and the fit. A fifth of each person's ratings is held out.
Held-out films with at least four stars are to be found (nDCG@10) among all films that the person
did not rate in the training ratings. Up to `MAX_SEARCHED_RATINGS` ratings, a search on the training
ratings chooses the settings first, in its own process. Beyond, the fit uses the default settings.
"""

import json
import pickle
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from recommender.data import Catalogue, Query
from recommender.datasets.synthetic import Shape, catalogue_of, world
from recommender.hybrid.config import RankingConfig
from recommender.hybrid.fit import fit_ranking
from recommender.hybrid.tuning import choose
from recommender.metrics import find_hits, ndcg
from recommender.numeric.arrays import Sparse, sparse

SIZES = {
    "100k": Shape(people=1_000, films=1_700, ratings=100_000),
    "1m": Shape(people=6_000, films=4_000, ratings=1_000_000),
    "25m": Shape(people=162_000, films=59_000, ratings=25_000_000),
}
SEED = 1
HELD_OUT_SHARE, MIN_LOVED_STARS, LIST_LENGTH = 0.2, 4.0, 10
MAX_JUDGED_PEOPLE = 3_000  # drawn by SEED
FACTORS, ITERATIONS = 64, 15
ALPHA, PENALTY = 8.0, 100.0
"""Settings of `implicit`: the best of the grid below at a million ratings.

The grid is judged on the held-out ratings themselves, which favours `implicit`.
"""
ALPHAS, PENALTIES = (2.0, 5.0, 8.0, 16.0), (0.01, 1.0, 10.0, 50.0, 100.0, 200.0)
MAX_SEARCHED_RATINGS = 2_000_000
SETTINGS_FILE = "settings.pickle"

Lists = Callable[[npt.NDArray[np.int64]], npt.NDArray[np.int64]]
"""(people,) rows of people -> (people, LIST_LENGTH) recommended films."""


@dataclass(frozen=True)
class Figures:
    """The cost and quality of one fit.

    Attributes:
        model: name of the model.
        wall: seconds of the fit by the clock.
        cpu: seconds of the fit on all processors.
        before: peak memory before the fit, in MiB.
        peak: peak memory after the fit, in MiB.
        ndcg: nDCG@10, mean over the judged people.
        error: standard error of `ndcg`.
    """

    model: str
    wall: float
    cpu: float
    before: float
    peak: float
    ndcg: float
    error: float


def shape_of(size: str) -> Shape:
    """Returns the shape of a size, given by name or as PEOPLExFILMSxRATINGS."""
    if size in SIZES:
        return SIZES[size]
    people, films, ratings = (int(each) for each in size.split("x"))
    return Shape(people, films, ratings)


def make(shape: Shape, folder: Path) -> None:
    """Writes training ratings, held-out films of the judged people, and the films' traits."""
    rng = np.random.default_rng(SEED)
    made = world(shape, rng)
    stars = made.stars
    lengths = np.diff(stars.indptr)
    held = rng.random(stars.nnz) < HELD_OUT_SHARE
    person = np.repeat(np.arange(shape.people, dtype=np.int32), lengths)
    judged = np.sort(rng.permutation(shape.people)[:MAX_JUDGED_PEOPLE])
    kept = np.concatenate([[0], np.cumsum(np.bincount(person[~held], minlength=shape.people))])
    wanted = held & (stars.data >= MIN_LOVED_STARS)
    one = np.ones(int(wanted.sum()), np.float32)
    relevant = sparse((one, (person[wanted], stars.indices[wanted])), stars.shape)[judged]
    files = {
        "judged": judged,
        "stars": stars.data[~held],
        "films": stars.indices[~held].astype(np.int32),
        "people": kept.astype(np.int64),
        "wanted_films": relevant.indices,
        "wanted_people": relevant.indptr,
        "traits": made.films,
    }
    for name, values in files.items():
        np.save(folder / f"{name}.npy", values)


@dataclass(frozen=True, eq=False)
class Task:
    """A task that `make` wrote.

    Attributes:
        train: (people, films) stars of the training ratings.
        judged: (judged,) rows of the judged people.
        relevant: (judged, films) 1 for each film to find.
        catalogue: the films.
        config: settings of the serving fit.
    """

    train: Sparse
    judged: npt.NDArray[np.int64]
    relevant: Sparse
    catalogue: Catalogue
    config: RankingConfig


def load(folder: Path) -> Task:
    """Reads a task."""
    read = {path.stem: np.load(path) for path in folder.glob("*.npy")}
    shape = (len(read["people"]) - 1, len(read["traits"]))
    train = sparse((read["stars"], read["films"], read["people"]), shape)
    one = np.ones(len(read["wanted_films"]), np.float32)
    wanted = (one, read["wanted_films"], read["wanted_people"])
    relevant = sparse(wanted, (len(read["judged"]), shape[1]))
    catalogue = catalogue_of(read["traits"], np.random.default_rng(SEED))
    found_settings = folder / SETTINGS_FILE
    config = RankingConfig()
    if found_settings.exists():
        config = pickle.loads(found_settings.read_bytes())
    return Task(train, read["judged"], relevant, catalogue, config)


def search(folder: Path) -> float:
    """Searches for settings on the training ratings and stores them. Returns its seconds."""
    task = load(folder)
    start = time.perf_counter()
    choice = choose(task.catalogue, task.train, task.config, np.random.default_rng(SEED))
    took = time.perf_counter() - start
    (folder / SETTINGS_FILE).write_bytes(pickle.dumps(choice.config))
    return took


def fit_matinee(task: Task) -> Lists:
    """Fits the ranking model as the bot does. Returns its lists."""
    model = fit_ranking(task.catalogue, task.train, task.config, np.random.default_rng(SEED))

    def lists(people: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        ranked = np.empty((len(people), LIST_LENGTH), np.int64)
        for row, person in enumerate(people):
            rated = slice(task.train.indptr[person], task.train.indptr[person + 1])
            films = task.train.indices[rated]
            scores = model.score(Query(films=films, stars=task.train.data[rated]))
            scores[films] = -np.inf
            best = np.argpartition(-scores, LIST_LENGTH)[:LIST_LENGTH]
            ranked[row] = best[np.argsort(-scores[best], kind="stable")]
        return ranked

    return lists


def fit_implicit(task: Task, alpha: float = ALPHA, penalty: float = PENALTY) -> Lists:
    """Fits ALS of `implicit`. Returns its lists.

    The confidence is 1 + alpha × preference. The preference is graded as in our model.
    """
    import scipy.sparse as sp
    from implicit.cpu.als import AlternatingLeastSquares

    weights = 1 + alpha * np.maximum((task.train.data - 1) / 4, 0.1)
    matrix = sp.csr_matrix((weights, task.train.indices, task.train.indptr), task.train.shape)
    model = AlternatingLeastSquares(
        factors=FACTORS,
        iterations=ITERATIONS,
        regularization=penalty,
        alpha=1.0,
        random_state=SEED,
        num_threads=0,
    )
    model.fit(matrix, show_progress=False)

    def lists(people: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        return np.asarray(model.recommend(people, matrix[people], N=LIST_LENGTH)[0], np.int64)

    return lists


MODELS: dict[str, Callable[[Task], Lists]] = {"implicit": fit_implicit, "matinee": fit_matinee}


def measure(name: str, task: Task, fit: Callable[[Task], Lists]) -> Figures:
    """Fits a model once and judges it."""
    before = _peak()
    wall, cpu = time.perf_counter(), time.process_time()
    lists = fit(task)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = _peak()
    count = np.diff(task.relevant.indptr)
    some = np.flatnonzero(count)
    hits = find_hits(lists(task.judged[some]), sparse(task.relevant[some]))
    gained = ndcg(hits, count[some], LIST_LENGTH)
    error = float(gained.std() / np.sqrt(len(gained)))
    return Figures(name, wall, cpu, before, peak, float(gained.mean()), error)


@dataclass(frozen=True)
class Comparison:
    """The fits of all models to the same ratings.

    Attributes:
        shape: size of the data.
        searched: seconds of the search for settings. None without a search.
        runs: all fits, one of each model in turn.
    """

    shape: Shape
    searched: float | None
    runs: tuple[Figures, ...]

    def of(self, model: str) -> Figures:
        """Returns the quickest run of a model."""
        return min((run for run in self.runs if run.model == model), key=lambda run: run.wall)


def compare(size: str, rounds: int = 1) -> Comparison:
    """Fits every model `rounds` times to the same ratings, each fit in its own process."""
    shape = shape_of(size)
    with tempfile.TemporaryDirectory() as place:
        _child("make", size, place)
        searched = float(_child("search", place)) if shape.ratings <= MAX_SEARCHED_RATINGS else None
        runs = tuple(
            Figures(**json.loads(_child("run", name, place)))
            for _ in range(rounds)
            for name in MODELS
        )
    return Comparison(shape, searched, runs)


def grid(size: str) -> Iterator[tuple[float, float, float]]:
    """Yields (alpha, penalty, nDCG@10) of `implicit` for every setting of the grid."""
    with tempfile.TemporaryDirectory() as place:
        make(shape_of(size), Path(place))
        task = load(Path(place))
    for alpha in ALPHAS:
        for penalty in PENALTIES:
            fitted = lambda t, a=alpha, p=penalty: fit_implicit(t, a, p)  # noqa: E731
            yield alpha, penalty, measure("implicit", task, fitted).ndcg


def _child(*words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.fitting", *words],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout


def _peak() -> float:
    """Returns the peak memory of this process in MiB."""
    unit = 1 << 20 if platform.system() == "Darwin" else 1 << 10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def main(words: Sequence[str]) -> None:
    match list(words):
        case ["make", size, place]:
            make(shape_of(size), Path(place))
        case ["run", name, place]:
            print(json.dumps(asdict(measure(name, load(Path(place)), MODELS[name]))))
        case ["search", place]:
            print(search(Path(place)))
        case ["grid", size]:
            for alpha, penalty, gained in grid(size):
                print(f"alpha {alpha:g}, regularization {penalty:g}: nDCG@10 {gained:.4f}")
        case [size]:
            print(compare(size))


if __name__ == "__main__":
    main(sys.argv[1:])
