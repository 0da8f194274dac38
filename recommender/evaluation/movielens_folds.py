"""Reads the five folds of the ml-100k data set, `u1.base` and `u1.test` to `u5.test`.

The data set's README describes them. Other MovieLens data sets have no folds.
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
    """True if the folder has the files of all five folds."""
    names = [f"u{n}.{kind}" for n in range(1, FOLDS + 1) for kind in ("base", "test")]
    return all((folder / name).is_file() for name in names)


def read_folds(folder: Path, films: Vocabulary) -> tuple[Fold, ...]:
    """Returns all five folds of ml-100k, each with training and test ratings.

    All folds have the same people, namely everybody who appears in any fold, and the same films,
    `films`. Raises DatasetError if a file cannot be read.
    """
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
    """Returns the same ratings, in which each person is given by their row in `people`.

    people: must contain everybody who rated.
    """
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
    """Returns the error that names the first bad line: not four numbers, or impossible stars."""
    with path.open(encoding="latin-1") as file:
        for number, line in enumerate(file, start=1):
            fields = line.rstrip("\r\n").split("\t")
            try:
                person, film, stars, when = (float(field) for field in fields)
            except ValueError:
                problem = DatasetError("not-four-numbers", count=len(fields))
            else:
                if LOWEST <= stars <= HIGHEST and np.isfinite((person, film, when)).all():
                    continue
                problem = DatasetError(
                    "stars-out-of-range", given=fields[2], least=LOWEST, most=HIGHEST
                )
            return DatasetError(
                "fold-line-wrong", file=path.name, line=str(number), problem=problem
            )
    return DatasetError("fold-empty", file=path.name)
