"""What films are like: weighted tag vectors, three measures of likeness, and why two are alike.

Vectors are tag weight × inverse document frequency, of length one (Salton's vector space model).
Sensitive themes are for filters and take no part. Of praise, verdicts (awards, critics, the canon)
say how good a film is, not what it is like, and take none either; whose film it is (a cult, a
crowd's, an auteur's) is of its nature and does. Cosine, Jaccard (of weights: sum of minima over
sum of maxima) and Pearson are the lecture's measures.

Where nobody has rated, tags are all there is to a taste, and `TagModel.plain_model` stands for it:
the sum of a film's tags, each worth what it is worth to the person (a linear model of taste with
the same prior for every tag), so neither rarity nor the number of a film's tags is evened out.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from recommender.data import Catalogue, Query
from recommender.numeric.arrays import Sparse, sparse

Measure: TypeAlias = Literal["cosine", "jaccard", "pearson"]
RATING_NOISE = (
    1.0  # how much of a rating is taken to be noise, in units of what one film's tags say
)
EXCLUDED_FACETS = frozenset({"sensitive"})  # facets
VERDICT_TAGS = frozenset(
    {
        "acting-prize",
        "all-time-great",
        "award-winning",
        "best-international",
        "best-picture",
        "critically-acclaimed",
        "festival-winner",
    }
)
"""the tags of praise that are verdicts"""


@dataclass(frozen=True, eq=False)
class TagModel:
    """vectors: (films, tags) float32 rows of length one, or empty where a film has no tags;
    weights: the same before scaling to length one; idf: (tags,); mean: (tags,) the mean vector
    over films that have tags; origin: (tags,) what is taken off each vector before two are
    compared, None for nothing."""

    vectors: Sparse
    weights: Sparse
    idf: npt.NDArray[np.float64]
    mean: npt.NDArray[np.float64]
    origin: npt.NDArray[np.float64] | None = None

    @cached_property
    def plain_model(self) -> "TagModel":
        """Of plain tag weights about their mean, of length one on average."""
        plain = self.weights.copy()
        plain.data = plain.data / self.idf.astype(np.float32)[plain.indices]
        tagged = max(1, int(self.tagged.sum()))
        mean = np.asarray(plain.sum(axis=0), np.float64).reshape(-1) / tagged
        square = float((plain.data.astype(np.float64) ** 2).sum()) / tagged - float(mean @ mean)
        scale = 1.0 / np.sqrt(square) if square > 0 else 1.0
        plain.data *= np.float32(scale)
        return TagModel(plain, self.weights, self.idf, mean * scale, mean * scale)

    def centred_vectors(self, films: npt.NDArray[np.integer]) -> npt.NDArray[np.float64]:
        """(k, tags) the vectors of k films, from the origin."""
        theirs = np.asarray(self.vectors[films].toarray(), np.float64)
        return theirs if self.origin is None else theirs - self.origin

    @property
    def tagged(self) -> npt.NDArray[np.bool_]:
        """(films,) whether a film has any tag to go by."""
        return np.asarray(np.diff(self.vectors.indptr) > 0)

    def rating_gains(self, query: Query) -> npt.NDArray[np.float64]:
        """(n,) how far each of the person's ratings draws towards (or centred_vectors from) its
        film's tags: a lone one with five stars 1, three stars 0, one star -1. Ratings of films that
        are alike share what they say (kernel ridge regression), rather than saying it twice."""
        theirs = self.centred_vectors(query.films)
        alike = theirs @ theirs.T
        alike[np.diag_indices(len(alike))] += RATING_NOISE
        wants = (1.0 + RATING_NOISE) * (query.stars - 3.0) / 2.0
        return np.asarray(np.linalg.solve(alike, wants))

    def tag_gains(self, query: Query) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
        """Tag columns named in the quiz or as a mood, and the draw of each in the same units;
        together they weigh as much as two loved films."""
        wanted = np.concatenate([query.liked_tags, query.mood])
        columns = np.concatenate([wanted, query.disliked_tags]).astype(np.int64)
        signs = np.concatenate([np.ones(len(wanted)), -np.ones(len(query.disliked_tags))])
        fits = columns < len(self.idf)
        columns, signs = columns[fits], signs[fits]
        lengths = np.sqrt(max(1, len(columns)))
        return columns, np.asarray(2.0 * signs / lengths)

    def profile(self, query: Query) -> npt.NDArray[np.float64]:
        """(tags,) what the person's ratings and quiz answers say about each tag."""
        taste = np.zeros(len(self.idf))
        if len(query.films):
            taste += self.centred_vectors(query.films).T @ self.rating_gains(query)
        columns, gains = self.tag_gains(query)
        np.add.at(taste, columns, gains)
        return taste

    def score(self, query: Query) -> npt.NDArray[np.float64]:
        """(films,) likeness to the person's profile; NaN for films without tags and, for
        everything, where nothing is known of the person."""
        taste = self.profile(query)
        if not taste.any():
            return np.full(self.vectors.shape[0], np.nan)
        return np.where(self.tagged, np.asarray(self.vectors @ taste), np.nan)

    def rating_parts(self, query: Query, films: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """(k, n) share of each of the person's n ratings in the scores of k films above the mean
        film's."""
        if not len(query.films):
            return np.zeros((len(films), 0))
        theirs = self.centred_vectors(query.films)
        likeness = (self.vectors[films] @ theirs.T) - theirs @ self.mean
        return np.asarray(self.rating_gains(query) * likeness)

    def tag_parts(
        self, query: Query, films: npt.NDArray[np.int64]
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
        """Tag columns named in the quiz (t,), and their shares (k, t) in the scores of k films
        above the mean film's."""
        columns, gains = self.tag_gains(query)
        away = self.vectors[films].toarray().astype(np.float64)[:, columns] - self.mean[columns]
        return columns, np.asarray(gains * away)

    def similar(self, film: int, measure: Measure = "cosine") -> npt.NDArray[np.float64]:
        """(films,) likeness to one film, at most 1; NaN for films without tags, and for all where
        the film itself has none."""
        n = self.vectors.shape[0]
        if not self.tagged[film]:
            return np.full(n, np.nan)
        if measure == "cosine":
            mine = np.asarray(self.vectors[[film]].toarray(), np.float64).reshape(-1)
            near = np.asarray(self.vectors @ mine)
        elif measure == "jaccard":
            near = self._jaccard(film)
        else:
            near = self._pearson(film)
        return np.where(self.tagged, near, np.nan)

    def shared_tags(self, film: int, other: int) -> tuple[tuple[int, float], ...]:
        """(tag column, amount) of the tags two films share, the greatest first; the amounts add
        up to their cosine."""
        a = self.vectors[[film]].toarray().reshape(-1).astype(np.float64)
        b = self.vectors[[other]].toarray().reshape(-1).astype(np.float64)
        product = a * b
        columns = np.flatnonzero(product)
        order = columns[np.argsort(-product[columns], kind="stable")]
        return tuple((int(column), float(product[column])) for column in order)

    def _jaccard(self, film: int) -> npt.NDArray[np.float64]:
        mine = self.weights[[film]].toarray().reshape(-1)
        lesser = self.weights.copy()
        lesser.data = np.minimum(lesser.data, mine[lesser.indices]).astype(np.float32)
        common = _row_sums(lesser)
        union = _row_sums(self.weights) + mine.sum() - common
        return common / np.where(union > 0, union, 1.0)

    def _pearson(self, film: int) -> npt.NDArray[np.float64]:
        tags = self.weights.shape[1]
        mine = np.asarray(self.weights[[film]].toarray(), np.float64).reshape(-1)
        mine = mine - mine.mean()
        squares = self.weights.copy()
        squares.data = squares.data**2
        spread = np.sqrt(np.maximum(_row_sums(squares) - _row_sums(self.weights) ** 2 / tags, 0.0))
        scale = spread * np.linalg.norm(mine)
        covariance = np.asarray(self.weights @ mine)
        return np.where(scale > 1e-12, covariance / np.maximum(scale, 1e-12), 0.0)


def fit_tags(catalogue: Catalogue) -> TagModel:
    """Tag vectors of a catalogue; idf = log((1 + films) / (1 + films with the tag)) + 1."""
    used = np.array(
        [
            facet not in EXCLUDED_FACETS and not (facet == "praise" and tag in VERDICT_TAGS)
            for tag, facet in zip(catalogue.tag_names, catalogue.tag_facets, strict=True)
        ],
        np.float32,
    )
    tags = sparse(catalogue.tags)
    tags.data = tags.data * used[tags.indices]
    tags.eliminate_zeros()
    films = tags.shape[0]
    having = np.bincount(tags.indices, minlength=tags.shape[1])
    idf = np.log((1.0 + films) / (1.0 + having)) + 1.0
    weights = tags.copy()
    weights.data = (weights.data * idf[weights.indices]).astype(np.float32)
    squares = weights.copy()
    squares.data = squares.data**2
    length = np.sqrt(_row_sums(squares))
    rows = np.repeat(np.arange(films), np.diff(weights.indptr))
    vectors = weights.copy()
    vectors.data = (weights.data / length[rows]).astype(np.float32)
    tagged = max(1, int((length > 0).sum()))
    mean = np.bincount(vectors.indices, weights=vectors.data, minlength=tags.shape[1]) / tagged
    return TagModel(vectors, weights, np.asarray(idf), np.asarray(mean, np.float64))


def _row_sums(matrix: Sparse) -> npt.NDArray[np.float64]:
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    sums = np.bincount(rows, weights=matrix.data, minlength=matrix.shape[0])
    return np.asarray(sums, np.float64)
