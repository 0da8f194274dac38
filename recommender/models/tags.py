"""What films are like: weighted tag vectors, three measures of likeness, and shared tags.

A vector holds tag weight × inverse document frequency, scaled to length 1 (Salton's vector space
model). Sensitive themes only serve filters and are left out. Among the tags of praise, verdicts
(awards, critics, the canon) say how good a film is, not what it is like, and are left out too.
Praise that says who a film is for (a cult, a crowd, an auteur's audience) describes its nature and
is used. The measures of likeness are those of the lecture: cosine, Jaccard (of weights: sum of
minima over sum of maxima) and Pearson.

If nobody has rated, tags are all that is known about a taste, and `TagModel.plain_model` is used: a
film's score is the sum of its tags, each with its worth to the person (a linear model of taste with
the same prior for every tag). So neither the rarity nor the number of tags is normalised.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from recommender.data import Catalogue, Query
from recommender.numeric.arrays import Sparse, sparse

Measure: TypeAlias = Literal["cosine", "jaccard", "pearson"]
RATING_NOISE = 1.0  # variance of a rating's noise, divided by what one film's tags explain
EXCLUDED_FACETS = frozenset({"sensitive"})  # facets of tags that only serve filters
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
"""The tags of the facet "praise" that are verdicts."""


@dataclass(frozen=True, eq=False)
class TagModel:
    """Tag vectors of films. `fit_tags` makes one.

    Attributes:
        vectors: (films, tags) rows of length 1, or empty rows for films without tags.
        weights: (films, tags) the same before scaling to length 1.
        idf: (tags,) inverse document frequencies.
        mean: (tags,) mean vector of the films with tags.
        origin: (tags,) vector that is subtracted before two vectors are compared, or None.
    """

    vectors: Sparse
    weights: Sparse
    idf: npt.NDArray[np.float64]
    mean: npt.NDArray[np.float64]
    origin: npt.NDArray[np.float64] | None = None

    @cached_property
    def plain_model(self) -> "TagModel":
        """The model of tag weights without inverse document frequency, around their mean. The
        vectors have length 1 on average."""
        plain = self.weights.copy()
        plain.data = plain.data / self.idf.astype(np.float32)[plain.indices]
        tagged = max(1, int(self.tagged.sum()))
        mean = np.asarray(plain.sum(axis=0), np.float64).reshape(-1) / tagged
        square = float((plain.data.astype(np.float64) ** 2).sum()) / tagged - float(mean @ mean)
        scale = 1.0 / np.sqrt(square) if square > 0 else 1.0
        plain.data *= np.float32(scale)
        return TagModel(plain, self.weights, self.idf, mean * scale, mean * scale)

    def centred_vectors(self, films: npt.NDArray[np.integer]) -> npt.NDArray[np.float64]:
        """Returns (k, tags) the vectors of k films minus the origin."""
        vectors = np.asarray(self.vectors[films].toarray(), np.float64)
        return vectors if self.origin is None else vectors - self.origin

    @property
    def tagged(self) -> npt.NDArray[np.bool_]:
        """(films,) True for a film with tags."""
        return np.asarray(np.diff(self.vectors.indptr) > 0)

    def rating_gains(self, query: Query) -> npt.NDArray[np.float64]:
        """Returns (n,) how strongly each rating pulls towards its film's tags, or away from them.

        The gain of a single rating is 1 for five stars, 0 for three and -1 for one. Ratings of
        films that are alike share their effect (kernel ridge regression) and do not count twice.
        """
        rated = self.centred_vectors(query.films)
        alike = rated @ rated.T
        alike[np.diag_indices(len(alike))] += RATING_NOISE
        wants = (1.0 + RATING_NOISE) * (query.stars - 3.0) / 2.0
        return np.asarray(np.linalg.solve(alike, wants))

    def tag_gains(self, query: Query) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
        """Returns the tag columns (t,) named in the quiz or by a mood, and their gains (t,).

        The gains have the unit of `rating_gains`. Together they weigh as much as two loved films.
        """
        wanted = np.concatenate([query.liked_tags, query.mood])
        columns = np.concatenate([wanted, query.disliked_tags]).astype(np.int64)
        signs = np.concatenate([np.ones(len(wanted)), -np.ones(len(query.disliked_tags))])
        fits = columns < len(self.idf)
        columns, signs = columns[fits], signs[fits]
        lengths = np.sqrt(max(1, len(columns)))
        return columns, np.asarray(2.0 * signs / lengths)

    def profile(self, query: Query) -> npt.NDArray[np.float64]:
        """Returns (tags,) the worth of each tag to the person, from ratings and quiz answers."""
        taste = np.zeros(len(self.idf))
        if len(query.films):
            taste += self.centred_vectors(query.films).T @ self.rating_gains(query)
        columns, gains = self.tag_gains(query)
        np.add.at(taste, columns, gains)
        return taste

    def score(self, query: Query) -> npt.NDArray[np.float64]:
        """Returns (films,) likenesses to the person's profile. NaN for films without tags, and for
        all films if nothing is known about the person's taste."""
        taste = self.profile(query)
        if not taste.any():
            return np.full(self.vectors.shape[0], np.nan)
        return np.where(self.tagged, np.asarray(self.vectors @ taste), np.nan)

    def rating_parts(self, query: Query, films: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """Returns (k, n) what each of the person's n ratings adds to the scores of k films,
        compared with the mean film."""
        if not len(query.films):
            return np.zeros((len(films), 0))
        rated = self.centred_vectors(query.films)
        likeness = (self.vectors[films] @ rated.T) - rated @ self.mean
        return np.asarray(self.rating_gains(query) * likeness)

    def tag_parts(
        self, query: Query, films: npt.NDArray[np.int64]
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
        """Returns the tag columns (t,) named in the quiz or by a mood, and what they add (k, t) to
        the scores of k films, compared with the mean film."""
        columns, gains = self.tag_gains(query)
        away = self.vectors[films].toarray().astype(np.float64)[:, columns] - self.mean[columns]
        return columns, np.asarray(gains * away)

    def similar(self, film: int, measure: Measure = "cosine") -> npt.NDArray[np.float64]:
        """Returns (films,) likenesses to one film, at most 1. NaN for films without tags, and for
        all films if this film has no tags."""
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
        """Returns the (tag column, amount) pairs of the tags that two films share, largest first.
        The amounts add up to the cosine of the films."""
        a = self.vectors[[film]].toarray().reshape(-1).astype(np.float64)
        b = self.vectors[[other]].toarray().reshape(-1).astype(np.float64)
        product = a * b
        columns = np.flatnonzero(product)
        order = columns[np.argsort(-product[columns], kind="stable")]
        return tuple((int(column), float(product[column])) for column in order)

    def _jaccard(self, film: int) -> npt.NDArray[np.float64]:
        """Returns (films,) weighted Jaccard likenesses to one film."""
        own = self.weights[[film]].toarray().reshape(-1)
        lesser = self.weights.copy()
        lesser.data = np.minimum(lesser.data, own[lesser.indices]).astype(np.float32)
        common = _row_sums(lesser)
        union = _row_sums(self.weights) + own.sum() - common
        return common / np.where(union > 0, union, 1.0)

    def _pearson(self, film: int) -> npt.NDArray[np.float64]:
        """Returns (films,) correlations of the tag weights with those of one film."""
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
    """Returns the tag vectors of a catalogue. The inverse document frequency of a tag is
    log((1 + films) / (1 + films with the tag)) + 1."""
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
