"""The five folds that ml-100k brings along, `u1.base` / `u1.test` to `u5`, for predicting stars.

Described in that data set's README; other layouts have none.
"""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from recommender.data import HIGHEST, LOWEST, Interactions, Vocabulary, interactions
from recommender.errors import DatasetError
from recommender.evaluation.splits import Fold

FOLDS = 5


def has_folds(folder: Path) -> bool:
    """Whether all five pairs are there."""
    names = [f"u{n}.{kind}" for n in range(1, FOLDS + 1) for kind in ("base", "test")]
    return all((folder / name).is_file() for name in names)


def read_folds(folder: Path, films: Vocabulary) -> tuple[Fold, ...]:
    """All pairs, over the given films and the people in any of them. Raises DatasetError."""
    pairs = [
        (_read(folder / f"u{n}.base", films), _read(folder / f"u{n}.test", films))
        for n in range(1, FOLDS + 1)
    ]
    ids = [half.people.ids_array for pair in pairs for half in pair]
    people = Vocabulary(np.unique(np.concatenate(ids)))
    return tuple(
        Fold(f"u{n}", _over(people, base), _over(people, test))
        for n, (base, test) in enumerate(pairs, start=1)
    )


def _over(people: Vocabulary, ratings: Interactions) -> Interactions:
    rows = people.rows(ratings.people.ids(ratings.person)).astype(np.int32)
    return Interactions(people, ratings.films, rows, ratings.film, ratings.stars, ratings.when)


def _read(path: Path, films: Vocabulary) -> Interactions:
    names = ["person", "film", "stars", "when"]
    try:
        table = pd.read_csv(
            path, sep="\t", header=None, names=names, dtype=np.float64, encoding="latin-1"
        )
    except (ValueError, pd.errors.ParserError, pd.errors.EmptyDataError):
        raise _complaint(path) from None
    values: npt.NDArray[np.float64] = table.to_numpy(np.float64)
    if np.isnan(values).any() or not len(values):
        raise _complaint(path)
    person, film, stars, when = values.T
    if not bool(((stars >= LOWEST) & (stars <= HIGHEST)).all()):
        raise _complaint(path)
    return interactions(person.astype(np.int64), film.astype(np.int64), stars, when, films=films)


def _complaint(path: Path) -> DatasetError:
    """The first line that is not four numbers with stars among the possible."""
    with path.open(encoding="latin-1") as file:
        for number, line in enumerate(file, start=1):
            fields = line.rstrip("\r\n").split("\t")
            try:
                person, film, stars, when = (float(field) for field in fields)
            except ValueError:
                said = f"{len(fields)} columns where four numbers should be"
            else:
                if LOWEST <= stars <= HIGHEST and np.isfinite((person, film, when)).all():
                    continue
                said = f"{fields[2]} stars; stars go from {LOWEST} to {HIGHEST}"
            return DatasetError(f"{path.name} line {number}: {said}; download the data set again.")
    return DatasetError(f"{path.name} is empty; download the data set again.")
