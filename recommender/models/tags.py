"""Tag vectors of films, three measures of the likeness of films, and the tags that films share.

A film's vector has one value for each tag: tag weight × inverse document frequency. It is scaled to
length 1 (Salton's vector space model). Two kinds of tag are left out. Tags of sensitive themes are
used only by filters. Verdicts (awards, critics' praise, "all-time great") say how good a film is,
not what it is like. Other tags of praise are used, because they say which people a film suits (such
as "cult" or "crowd-pleaser"). Two films can be compared by cosine, by weighted Jaccard (sum of the
minima of the tag weights, divided by the sum of the maxima), or by Pearson correlation.

If nobody has rated, a person's taste can only be expressed by tags, and `TagModel.plain_model` is
used. In this model, a film's score is the sum over its tags of tag weight × coefficient of the tag
for the person. All coefficients have the same prior. Therefore its vectors are the plain tag
weights, without inverse document frequency and without scaling to length 1.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from recommender.data import Catalogue, Query
from recommender.numeric.arrays import Sparse, sparse

Measure: TypeAlias = Literal["cosine", "jaccard", "pearson"]
RATING_NOISE = 1.0  # noise variance of a rating, relative to the variance that tags explain
EXCLUDED_FACETS = frozenset({"sensitive"})  # groups of tags that are used only by filters
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
"""The tags of the group "praise" that say how good a film is, not what it is like."""


@dataclass(frozen=True, eq=False)
class TagModel:
    """Tag vectors of films. `fit_tags` makes one.

    Attributes:
        vectors: (films, tags) rows of length 1, or empty rows for films without tags.
        weights: (films, tags) tag weight × inverse document frequency, before scaling to length 1.
        idf: (tags,) inverse document frequencies.
        mean: (tags,) mean vector of the films with tags.
        origin: (tags,) vector that is subtracted before two vectors are compared; None to subtract
            nothing.
    """

    vectors: Sparse
    weights: Sparse
    idf: npt.NDArray[np.float64]
    mean: npt.NDArray[np.float64]
    origin: npt.NDArray[np.float64] | None = None

    @cached_property
    def plain_model(self) -> "TagModel":
        """The model whose vectors are plain tag weights, without inverse document frequency.

        Its origin is the mean vector. All vectors are multiplied by one number, such that their
        mean squared distance from the origin is 1.
        """
        plain = self.weights.copy()
        plain.data = plain.data / self.idf.astype(np.float32)[plain.indices]
        tagged = max(1, int(self.tagged.sum()))
        mean = np.asarray(plain.sum(axis=0), np.float64).reshape(-1) / tagged
        square = float((plain.data.astype(np.float64) ** 2).sum()) / tagged - float(mean @ mean)
        scale = 1.0 / np.sqrt(square) if square > 0 else 1.0
        plain.data *= np.float32(scale)
        return TagModel(plain, self.weights, self.idf, mean * scale, mean * scale)

    def centred_vectors(self, films: npt.NDArray[np.integer]) -> npt.NDArray[np.float64]:
        """Returns (k, tags) the vectors of k films, from which `origin` is subtracted."""
        vectors = np.asarray(self.vectors[films].toarray(), np.float64)
        return vectors if self.origin is None else vectors - self.origin

    @property
    def tagged(self) -> npt.NDArray[np.bool_]:
        """(films,) True for a film with tags."""
        return np.asarray(np.diff(self.vectors.indptr) > 0)

    def rating_gains(self, query: Query) -> npt.NDArray[np.float64]:
        """Returns (n,) how much each of a person's n ratings raises the scores of films with the
        same tags.

        A negative value lowers the scores. A single rating has the value 1 for five stars, 0 for
        three and -1 for one. If a person rated several films with similar tags, each of these
        ratings has a smaller value (kernel ridge regression), so that they do not count several
        times.
        """
        rated = self.centred_vectors(query.films)
        alike = rated @ rated.T
        alike[np.diag_indices(len(alike))] += RATING_NOISE
        wants = (1.0 + RATING_NOISE) * (query.stars - 3.0) / 2.0
        return np.asarray(np.linalg.solve(alike, wants))

    def tag_gains(self, query: Query) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
        """Returns the tags that a person named in the quiz or as a mood, and their weights, both
        (t,).

        The first array has the columns of the tags. The second has a value above 0 for tags of the
        mood and for tags that the person liked in the quiz. It is below 0 for tags that they
        disliked. The values have the unit of `rating_gains`. As a vector they have length 2, so
        that together they count as much as two films with five stars.
        """
        wanted = np.concatenate([query.liked_tags, query.mood])
        columns = np.concatenate([wanted, query.disliked_tags]).astype(np.int64)
        signs = np.concatenate([np.ones(len(wanted)), -np.ones(len(query.disliked_tags))])
        fits = columns < len(self.idf)
        columns, signs = columns[fits], signs[fits]
        lengths = np.sqrt(max(1, len(columns)))
        return columns, np.asarray(2.0 * signs / lengths)

    def profile(self, query: Query) -> npt.NDArray[np.float64]:
        """Returns (tags,) how much the person likes each tag, from ratings, quiz answers and
        mood.
        """
        taste = np.zeros(len(self.idf))
        if len(query.films):
            taste += self.centred_vectors(query.films).T @ self.rating_gains(query)
        columns, gains = self.tag_gains(query)
        np.add.at(taste, columns, gains)
        return taste

    def score(self, query: Query) -> npt.NDArray[np.float64]:
        """Returns (films,) the scalar product of each film's vector and the person's `profile`.

        The score is NaN for films without tags, and for all films if the profile is 0.
        """
        taste = self.profile(query)
        if not taste.any():
            return np.full(self.vectors.shape[0], np.nan)
        return np.where(self.tagged, np.asarray(self.vectors @ taste), np.nan)

    def rating_parts(self, query: Query, films: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """Returns (k, n) what each of the person's n ratings adds to the scores of k films.

        What the rating adds on average to a film with tags is subtracted. films: (k,) film rows.
        """
        if not len(query.films):
            return np.zeros((len(films), 0))
        rated = self.centred_vectors(query.films)
        likeness = (self.vectors[films] @ rated.T) - rated @ self.mean
        return np.asarray(self.rating_gains(query) * likeness)

    def tag_parts(
        self, query: Query, films: npt.NDArray[np.int64]
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
        """Returns the tags of the quiz answers and the mood, and what each adds to k films' scores.

        The first array, (t,), has the tags' columns. The second, (k, t), has what each tag adds to
        a film's score, minus its mean over all films with tags. films: (k,) film rows.
        """
        columns, gains = self.tag_gains(query)
        away = self.vectors[films].toarray().astype(np.float64)[:, columns] - self.mean[columns]
        return columns, np.asarray(gains * away)

    def similar(self, film: int, measure: Measure = "cosine") -> npt.NDArray[np.float64]:
        """Returns (films,) the likeness of every film to one film, at most 1.

        It is NaN for films without tags, and for all films if the one film has no tags. film: row
        of the one film. measure: how tags are compared.
        """
        n = self.vectors.shape[0]
        if not self.tagged[film]:
            return np.full(n, np.nan)
        if measure == "cosine":
            own = np.asarray(self.vectors[[film]].toarray(), np.float64).reshape(-1)
            near = np.asarray(self.vectors @ own)
        elif measure == "jaccard":
            near = self._jaccard(film)
        else:
            near = self._pearson(film)
        return np.where(self.tagged, near, np.nan)

    def shared_tags(self, film: int, other: int) -> tuple[tuple[int, float], ...]:
        """Returns pairs (tag column, amount) for the tags that two films share, largest amount
        first.

        The amounts add up to the cosine of the two films. film, other: film rows.
        """
        a = self.vectors[[film]].toarray().reshape(-1).astype(np.float64)
        b = self.vectors[[other]].toarray().reshape(-1).astype(np.float64)
        product = a * b
        columns = np.flatnonzero(product)
        order = columns[np.argsort(-product[columns], kind="stable")]
        return tuple((int(column), float(product[column])) for column in order)

    def _jaccard(self, film: int) -> npt.NDArray[np.float64]:
        """Returns (films,) the weighted Jaccard likeness of every film to one film."""
        own = self.weights[[film]].toarray().reshape(-1)
        lesser = self.weights.copy()
        lesser.data = np.minimum(lesser.data, own[lesser.indices]).astype(np.float32)
        common = _row_sums(lesser)
        union = _row_sums(self.weights) + own.sum() - common
        return common / np.where(union > 0, union, 1.0)

    def _pearson(self, film: int) -> npt.NDArray[np.float64]:
        """Returns (films,) the Pearson correlation of every film's tag weights with one film's."""
        tags = self.weights.shape[1]
        own = np.asarray(self.weights[[film]].toarray(), np.float64).reshape(-1)
        own = own - own.mean()
        squares = self.weights.copy()
        squares.data = squares.data**2
        spread = np.sqrt(np.maximum(_row_sums(squares) - _row_sums(self.weights) ** 2 / tags, 0.0))
        scale = spread * np.linalg.norm(own)
        covariance = np.asarray(self.weights @ own)
        return np.where(scale > 1e-12, covariance / np.maximum(scale, 1e-12), 0.0)


def fit_tags(catalogue: Catalogue) -> TagModel:
    """Returns the tag vectors of a catalogue.

    The inverse document frequency of a tag is log((1 + films) / (1 + films with the tag)) + 1.
    """
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
    """Returns (rows,) the sum of each row."""
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    sums = np.bincount(rows, weights=matrix.data, minlength=matrix.shape[0])
    return np.asarray(sums, np.float64)
