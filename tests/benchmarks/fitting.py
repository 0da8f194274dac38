"""The cost of a fit compared with ALS of the `implicit` library, on made-up ratings.

    python -m tests.benchmarks.fitting 1m     # or another of SIZES, or PEOPLExFILMSxRATINGS

The sizes are made by `tests.benchmarks.tasks`. Every fit runs in a fresh process that loads the
same training ratings from files. So its peak memory is that of the data, the libraries and the fit.
Libraries are imported before the time is taken.

Up to `MAX_SEARCHED_RATINGS` ratings, the settings of both models are chosen first, on ratings drawn
with a seed of their own: ours by the search of the bot, which sees the training ratings, those of
`implicit` by a grid that is judged on the held-out ratings. Beyond, the fit uses the default
settings, and `implicit` those that were best at a million ratings.

`implicit` is set up as its documentation and its own warning ask: OPENBLAS_NUM_THREADS=1, one of
its threads for each core, its native conjugate gradients, a float32 `csr_matrix` of people.
"""

import importlib
import json
import os
import pickle
import platform
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from recommender.data import Query
from recommender.datasets.synthetic import Shape
from recommender.hybrid.fit import fit_ranking
from recommender.hybrid.tuning import choose
from recommender.metrics import find_hits, ndcg
from recommender.numeric.arrays import sparse
from tests.benchmarks.tasks import IMPLICIT_FILE, SETTINGS_FILE, Task, load, make, shape_of

LIST_LENGTH = 10
FACTORS, ITERATIONS = 64, 15  # of `implicit`
ALPHAS, PENALTIES = (2.0, 5.0, 8.0, 16.0), (0.01, 1.0, 10.0, 50.0, 100.0, 200.0)  # the grid
MAX_SEARCHED_RATINGS = 2_000_000
SEARCH_SEED = 0

Lists = Callable[[npt.NDArray[np.int64]], npt.NDArray[np.int64]]
"""(people,) rows of people -> (people, LIST_LENGTH) recommended films."""


@dataclass(frozen=True)
class Figures:
    """The cost and quality of one fit.

    Attributes:
        model: name of the model.
        seed: seed of the ratings and of the fit.
        wall: seconds of the fit by the clock.
        cpu: seconds of the fit on all processors.
        before: peak memory before the fit, in MiB.
        peak: peak memory after the fit, in MiB.
        ndcg: nDCG@10, mean over the judged people.
        error: standard error of `ndcg`.
    """

    model: str
    seed: int
    wall: float
    cpu: float
    before: float
    peak: float
    ndcg: float
    error: float


def search(folder: Path) -> float:
    """Searches for settings on the training ratings and stores them. Returns its seconds."""
    task = load(folder)
    start = time.perf_counter()
    choice = choose(task.catalogue, task.train, task.config, np.random.default_rng(task.seed))
    took = time.perf_counter() - start
    (folder / SETTINGS_FILE).write_bytes(pickle.dumps(choice.config))
    return took


def search_grid(folder: Path) -> float:
    """Tries all settings of `implicit` and stores the best. Returns its seconds."""
    task = load(folder)
    start = time.perf_counter()
    found = {
        (alpha, penalty): measure(
            "implicit", replace(task, alpha=alpha, penalty=penalty), fit_implicit
        )
        for alpha in ALPHAS
        for penalty in PENALTIES
    }
    best = max(found, key=lambda setting: found[setting].ndcg)
    (folder / IMPLICIT_FILE).write_text(json.dumps(best))
    return time.perf_counter() - start


def fit_matinee(task: Task) -> Lists:
    """Fits the ranking model as the bot does. Returns its lists."""
    model = fit_ranking(task.catalogue, task.train, task.config, np.random.default_rng(task.seed))

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


def fit_implicit(task: Task) -> Lists:
    """Fits ALS of `implicit`. Returns its lists.

    The confidence is 1 + alpha × preference. The preference is graded as in our model. A warning
    of the library, for instance about the threads of OpenBLAS, is an error.
    """
    import scipy.sparse as sp
    from implicit.cpu.als import AlternatingLeastSquares

    weights = 1 + task.alpha * np.maximum((task.train.data - 1) / 4, 0.1)
    matrix = sp.csr_matrix((weights, task.train.indices, task.train.indptr), task.train.shape)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model = AlternatingLeastSquares(
            factors=FACTORS,
            iterations=ITERATIONS,
            regularization=task.penalty,
            alpha=1.0,
            random_state=task.seed,
            num_threads=0,
        )
        model.fit(matrix, show_progress=False)

    def lists(people: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        return np.asarray(model.recommend(people, matrix[people], N=LIST_LENGTH)[0], np.int64)

    return lists


MODELS: dict[str, Callable[[Task], Lists]] = {"implicit": fit_implicit, "matinee": fit_matinee}
LIBRARIES = {"implicit": "implicit.cpu.als", "matinee": "recommender.hybrid.fit"}
THREADS = {"OPENBLAS_NUM_THREADS": "1"}  # what `implicit` asks for


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
    return Figures(name, task.seed, wall, cpu, before, peak, float(gained.mean()), error)


@dataclass(frozen=True)
class Settings:
    """How the settings were chosen.

    Attributes:
        searched: seconds of the search for ours. None without a search.
        tried: seconds of the grid for `implicit`. None without a grid.
        alpha: setting of `implicit`.
        penalty: setting of `implicit`.
    """

    searched: float | None
    tried: float | None
    alpha: float
    penalty: float


@dataclass(frozen=True)
class Comparison:
    """The fits of all models to the same ratings.

    Attributes:
        shape: size of the data.
        settings: how the settings were chosen.
        runs: all fits, one of each model in turn.
    """

    shape: Shape
    settings: Settings
    runs: tuple[Figures, ...]

    def of(self, model: str) -> tuple[Figures, ...]:
        """Returns the quickest run of a model for each seed."""
        mine = [run for run in self.runs if run.model == model]
        seeds = sorted({run.seed for run in mine})
        return tuple(
            min((run for run in mine if run.seed == seed), key=lambda run: run.wall)
            for seed in seeds
        )

    def seconds(self, model: str) -> float:
        """Returns the mean over the seeds of the seconds by the clock."""
        return float(np.mean([run.wall for run in self.of(model)]))


def compare(size: str, seeds: Sequence[int] = (1,), rounds: int = 1) -> Comparison:
    """Fits every model `rounds` times for each seed, each fit in its own process."""
    shape = shape_of(size)
    with tempfile.TemporaryDirectory() as place:
        searched = tried = None
        if shape.ratings <= MAX_SEARCHED_RATINGS:
            _child("make", size, str(SEARCH_SEED), place)
            searched, tried = (
                float(_child("search", place)),
                float(_child("grid", place, **THREADS)),
            )
        runs: list[Figures] = []
        for seed in seeds:
            _child("make", size, str(seed), place)
            for _ in range(rounds):
                for name in MODELS:
                    threads = THREADS if name == "implicit" else {}
                    runs.append(Figures(**json.loads(_child("run", name, place, **threads))))
        task = load(Path(place))
    return Comparison(shape, Settings(searched, tried, task.alpha, task.penalty), tuple(runs))


def _child(*words: str, **variables: str) -> str:
    """Runs this file in a process of its own. variables: added to its environment."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.fitting", *words],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **variables},
    )
    return done.stdout


def _peak() -> float:
    """Returns the peak memory of this process in MiB."""
    unit = 1 << 20 if platform.system() == "Darwin" else 1 << 10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def main(words: Sequence[str]) -> None:
    match list(words):
        case ["make", size, seed, place]:
            make(shape_of(size), int(seed), Path(place))
        case ["run", name, place]:
            importlib.import_module(LIBRARIES[name])
            print(json.dumps(asdict(measure(name, load(Path(place)), MODELS[name]))))
        case ["search", place]:
            print(search(Path(place)))
        case ["grid", place]:
            print(search_grid(Path(place)))
        case [size]:
            print(compare(size))


if __name__ == "__main__":
    main(sys.argv[1:])
