"""The cost of a fit beside that of the `implicit` library's ALS, on made-up ratings.

    python -m tests.benchmarks.fitting 1m          # or 100k, 25m, PEOPLExFILMSxRATINGS
    python -m tests.benchmarks.fitting grid 1m     # the settings of `implicit` that were tried

Every fit runs in a fresh process that loads the same training ratings from files, so that its peak
memory is that of the data, the libraries and the fit. A fifth of each person's ratings is held
out; a held-out film with at least four stars is one to find (nDCG@10) among all films but those in
the training ratings. Up to `SEARCHED` ratings the settings are first searched for, on the training
ratings and in a process of its own; beyond, the serving fit has the settings it has without a
search.
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
HELD, LOVED, SHOWN = 0.2, 4.0, 10
JUDGED = 3_000  # people at most, drawn by seed
FACTORS, ITERATIONS = 64, 15
ALPHA, PENALTY = 8.0, 100.0
"""Of `implicit`: the best of the grid below at a million ratings, judged on the held-out ratings
themselves, which is in its favour."""
ALPHAS, PENALTIES = (2.0, 5.0, 8.0, 16.0), (0.01, 1.0, 10.0, 50.0, 100.0, 200.0)
SEARCHED = 2_000_000
SETTINGS = "settings.pickle"

Lists = Callable[[npt.NDArray[np.int64]], npt.NDArray[np.int64]]  # people to (people, SHOWN) films


@dataclass(frozen=True)
class Figures:
    """wall, cpu: seconds of the fit; peak: MiB of the process after it; before: MiB before it;
    ndcg: mean over the people judged, and its standard error."""

    model: str
    wall: float
    cpu: float
    before: float
    peak: float
    ndcg: float
    error: float


def shape_of(size: str) -> Shape:
    """A size by name or as PEOPLExFILMSxRATINGS."""
    if size in SIZES:
        return SIZES[size]
    people, films, ratings = (int(each) for each in size.split("x"))
    return Shape(people, films, ratings)


def make(shape: Shape, folder: Path) -> None:
    """Write training ratings, what is held out for the people judged, and the films' traits."""
    rng = np.random.default_rng(SEED)
    made = world(shape, rng)
    stars = made.stars
    lengths = np.diff(stars.indptr)
    held = rng.random(stars.nnz) < HELD
    person = np.repeat(np.arange(shape.people, dtype=np.int32), lengths)
    judged = np.sort(rng.permutation(shape.people)[:JUDGED])
    kept = np.concatenate([[0], np.cumsum(np.bincount(person[~held], minlength=shape.people))])
    wanted = held & (stars.data >= LOVED)
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
    """What `make` wrote. train: (people, films) stars; judged: (n,) people; relevant: (n, films) 1
    where a film is to be found; config: of the serving fit."""

    train: Sparse
    judged: npt.NDArray[np.int64]
    relevant: Sparse
    catalogue: Catalogue
    config: RankingConfig


def load(folder: Path) -> Task:
    """Read a task back."""
    read = {path.stem: np.load(path) for path in folder.glob("*.npy")}
    shape = (len(read["people"]) - 1, len(read["traits"]))
    train = sparse((read["stars"], read["films"], read["people"]), shape)
    one = np.ones(len(read["wanted_films"]), np.float32)
    wanted = (one, read["wanted_films"], read["wanted_people"])
    relevant = sparse(wanted, (len(read["judged"]), shape[1]))
    catalogue = catalogue_of(read["traits"], np.random.default_rng(SEED))
    found_settings = folder / SETTINGS
    config = RankingConfig()
    if found_settings.exists():
        config = pickle.loads(found_settings.read_bytes())
    return Task(train, read["judged"], relevant, catalogue, config)


def search(folder: Path) -> float:
    """Search for settings on the training ratings and leave them in the folder; seconds it took."""
    task = load(folder)
    start = time.perf_counter()
    choice = choose(task.catalogue, task.train, task.config, np.random.default_rng(SEED))
    took = time.perf_counter() - start
    (folder / SETTINGS).write_bytes(pickle.dumps(choice.config))
    return took


def fit_matinee(task: Task) -> Lists:
    """The ranking model as it serves."""
    model = fit_ranking(task.catalogue, task.train, task.config, np.random.default_rng(SEED))

    def lists(people: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        ranked = np.empty((len(people), SHOWN), np.int64)
        for row, person in enumerate(people):
            rated = slice(task.train.indptr[person], task.train.indptr[person + 1])
            films = task.train.indices[rated]
            scores = model.score(Query(films=films, stars=task.train.data[rated]))
            scores[films] = -np.inf
            best = np.argpartition(-scores, SHOWN)[:SHOWN]
            ranked[row] = best[np.argsort(-scores[best], kind="stable")]
        return ranked

    return lists


def fit_implicit(task: Task, alpha: float = ALPHA, penalty: float = PENALTY) -> Lists:
    """`implicit`'s ALS; confidence 1 + alpha × preference, the preference graded as ours is."""
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
        return np.asarray(model.recommend(people, matrix[people], N=SHOWN)[0], np.int64)

    return lists


MODELS: dict[str, Callable[[Task], Lists]] = {"implicit": fit_implicit, "matinee": fit_matinee}


def measure(name: str, task: Task, fit: Callable[[Task], Lists]) -> Figures:
    """Fit once and judge what was fitted."""
    before = _peak()
    wall, cpu = time.perf_counter(), time.process_time()
    lists = fit(task)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = _peak()
    count = np.diff(task.relevant.indptr)
    some = np.flatnonzero(count)
    hits = find_hits(lists(task.judged[some]), sparse(task.relevant[some]))
    gained = ndcg(hits, count[some], SHOWN)
    error = float(gained.std() / np.sqrt(len(gained)))
    return Figures(name, wall, cpu, before, peak, float(gained.mean()), error)


@dataclass(frozen=True)
class Comparison:
    """runs: of every model, turn by turn; searched: seconds of the search, None where there was
    none."""

    shape: Shape
    searched: float | None
    runs: tuple[Figures, ...]

    def of(self, model: str) -> Figures:
        """The quickest of a model's runs."""
        return min((run for run in self.runs if run.model == model), key=lambda run: run.wall)


def compare(size: str, rounds: int = 1) -> Comparison:
    """Every model on one world, each fit in a process of its own, turn by turn."""
    shape = shape_of(size)
    with tempfile.TemporaryDirectory() as place:
        _child("make", size, place)
        searched = float(_child("search", place)) if shape.ratings <= SEARCHED else None
        runs = tuple(
            Figures(**json.loads(_child("run", name, place)))
            for _ in range(rounds)
            for name in MODELS
        )
    return Comparison(shape, searched, runs)


def grid(size: str) -> Iterator[tuple[float, float, float]]:
    """(alpha, penalty, nDCG@10) of `implicit` for every setting tried."""
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
    """MiB this process has held at most."""
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
