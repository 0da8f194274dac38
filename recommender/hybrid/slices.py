"""Validation slices of the training data: some ratings held out, for choosing settings.

A fifth of each person's ratings is held out. For some people (the judged people),
`hybrid.validation` compares the recommended films with their held-out ratings.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.data import Query
from recommender.numeric.arrays import Sparse, sparse

HELD_OUT_SHARE = 0.2  # share of each person's ratings that is held out
MIN_RATINGS = 10  # of a person with fewer ratings, none is held out
MAX_JUDGED_PEOPLE = 4000  # largest number of people whose lists are judged
MAX_SCORE_CELLS = 40_000_000  # people × films; the scores of one component then take 160 MB
VALIDATION_LOVED_STARS = 4.0  # a held-out film with at least these stars counts as loved


@dataclass(frozen=True, eq=False)
class Slice:
    """A slice of the training data with some ratings held out.

    Attributes:
        train: (people, films) stars, without the held-out ratings.
        people: (judged,) rows of the people whose lists are judged.
        wanted: for each judged person, the rows of the held-out films that they loved.
    """

    train: Sparse
    people: npt.NDArray[np.int64]
    wanted: tuple[npt.NDArray[np.int64], ...]

    def queries(self) -> list[Query]:
        """Returns a query for each judged person, with their ratings that are not held out."""
        ends = self.train.indptr
        parts = [slice(int(ends[person]), int(ends[person + 1])) for person in self.people]
        films, stars = self.train.indices, self.train.data
        return [Query(films=films[part], stars=stars[part]) for part in parts]


def hold_out(matrix: Sparse, rng: np.random.Generator) -> Slice:
    """Returns a slice in which a random fifth of each person's ratings is held out.

    A person with fewer than `MIN_RATINGS` ratings keeps every rating. matrix: (people, films)
    stars.
    """
    lengths = np.diff(matrix.indptr)
    person = np.repeat(np.arange(matrix.shape[0]), lengths)
    order = np.lexsort((rng.random(matrix.nnz), person))
    rank = np.empty(matrix.nnz, np.int64)
    rank[order] = np.arange(matrix.nnz) - np.repeat(matrix.indptr[:-1], lengths)
    each = np.where(lengths >= MIN_RATINGS, np.round(HELD_OUT_SHARE * lengths), 0)
    held = rank < each[person]
    kept = (matrix.data[~held], (person[~held], matrix.indices[~held]))
    loved = held & (matrix.data >= VALIDATION_LOVED_STARS)
    judged = np.unique(person[loved])
    most = min(MAX_JUDGED_PEOPLE, MAX_SCORE_CELLS // max(1, matrix.shape[1]))
    if len(judged) > most:
        judged = np.sort(rng.choice(judged, most, replace=False))
    films = matrix.indices[loved].astype(np.int64)
    starts = np.searchsorted(person[loved], np.stack([judged, judged + 1]))
    wanted = tuple(films[a:b] for a, b in starts.T)
    return Slice(sparse(kept, matrix.shape), judged, wanted)


def sample_people(matrix: Sparse, most: int, rng: np.random.Generator) -> Sparse:
    """Returns (people, films) all ratings of some randomly chosen people, at most `most` ratings in
    all.

    If the first person chosen has more ratings than that, the result has this person alone. matrix:
    (people, films) stars.
    """
    if matrix.nnz <= most:
        return matrix
    order = rng.permutation(matrix.shape[0])
    lengths = np.diff(matrix.indptr)[order]
    kept = order[: max(1, int(np.searchsorted(np.cumsum(lengths), most, side="right")))]
    return sparse(matrix[np.sort(kept)])
