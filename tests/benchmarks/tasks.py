"""Made-up ratings for the comparison of fits, and the films to find in them.

A fifth of each person's ratings is held out. Held-out films with at least four stars are to be
found (nDCG@10) among all films that the person did not rate in the training ratings.
"""

import json
import pickle
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from recommender.data import Catalogue
from recommender.datasets.synthetic import Shape, catalogue_of, world
from recommender.hybrid.config import RankingConfig
from recommender.numeric.arrays import Sparse, sparse

MILLION = {"people": 6_000, "films": 4_000, "ratings": 1_000_000}
SIZES = {
    "100k": Shape(people=1_000, films=1_700, ratings=100_000),
    "1m": Shape(**MILLION),
    "1m-hits": Shape(**MILLION, exponent=3.0, offset=200.0),
    "1m-tastes": Shape(**MILLION, activity_spread=1.3, liking_strength=1.5, noise=0.5),
    "25m": Shape(people=162_000, films=59_000, ratings=25_000_000),
}
HELD_OUT_SHARE, MIN_LOVED_STARS = 0.2, 4.0
MAX_JUDGED_PEOPLE = 3_000  # drawn at random
ALPHA, PENALTY = 8.0, 100.0  # settings of `implicit` if none were searched for
SETTINGS_FILE, IMPLICIT_FILE = "settings.pickle", "implicit.json"


def shape_of(size: str) -> Shape:
    """Returns the shape of a size, given by name or as PEOPLExFILMSxRATINGS."""
    if size in SIZES:
        return SIZES[size]
    people, films, ratings = (int(each) for each in size.split("x"))
    return Shape(people, films, ratings)


def make(shape: Shape, seed: int, folder: Path) -> None:
    """Writes training ratings, held-out films of the judged people, and the films' traits."""
    rng = np.random.default_rng(seed)
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
        "seed": np.array(seed),
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
        seed: seed of the ratings and of the fit.
        config: settings of the serving fit.
        alpha: setting of `implicit`: weight of a rating.
        penalty: setting of `implicit`: its regularization.
    """

    train: Sparse
    judged: npt.NDArray[np.int64]
    relevant: Sparse
    catalogue: Catalogue
    seed: int
    config: RankingConfig
    alpha: float
    penalty: float


def load(folder: Path) -> Task:
    """Reads a task, and the settings that were chosen if there are any."""
    read = {path.stem: np.load(path) for path in folder.glob("*.npy")}
    shape = (len(read["people"]) - 1, len(read["traits"]))
    train = sparse((read["stars"], read["films"], read["people"]), shape)
    one = np.ones(len(read["wanted_films"]), np.float32)
    wanted = (one, read["wanted_films"], read["wanted_people"])
    relevant = sparse(wanted, (len(read["judged"]), shape[1]))
    seed = int(read["seed"])
    catalogue = catalogue_of(read["traits"], np.random.default_rng(seed))
    ours, theirs = folder / SETTINGS_FILE, folder / IMPLICIT_FILE
    config = pickle.loads(ours.read_bytes()) if ours.exists() else RankingConfig()
    alpha, penalty = json.loads(theirs.read_text()) if theirs.exists() else (ALPHA, PENALTY)
    return Task(train, read["judged"], relevant, catalogue, seed, config, alpha, penalty)
