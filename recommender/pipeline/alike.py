"""How alike films are by their tags and facts, for reasons that name another film.

Two films are alike if they share tags that say what a film is like: its moods, themes, style and
setting. Praise, occasions, warnings and where the story comes from do not count. The same director,
the same genres and the same language add a little; a language counts less the more films are in it.
Ratings play no part, so anybody who knows both films can check the likeness.
"""

from dataclasses import dataclass

import numpy as np

from recommender.data import Catalogue
from recommender.models.tags import TagModel
from recommender.numeric.arrays import Array64, Rows, Sparse
from recommender.numeric.sparse_rows import compact_rows, dense_rows

TELLING = {"mood": 1.0, "theme": 1.0, "style": 1.0, "setting": 0.5}
"""Groups of tags that say what a film is like, and the weight of each in the likeness of films."""

ALIKE = 0.35
"""Films of at least this likeness are alike: one pair of 200 in the starter catalogue."""

SAME_KIND = 0.25
"""Films of at least this likeness are of one kind: one pair of 40 in the starter catalogue."""

FACT_WORTH = 0.1
"""What a shared fact adds to two films' likeness: the same director, all genres the same, or a
rare language."""

MIN_COMMON_GENRES = 0.5
"""Genres add to the likeness if at least this share of both films' genres is common to both."""

USUAL_SHARE = 0.25
"""A language that this share of the films has adds nothing to the likeness."""


@dataclass(frozen=True, eq=False)
class ContentLikeness:
    """The likeness of a catalogue's films by their tags and facts. `content_likeness` makes one.

    Attributes:
        catalogue: the films.
        vectors: (films, tags) the tag model's vectors.
        telling: (tags,) weight of each tag, 0 to 1; higher for tags that say more about what a film
            is like.
        facts: (films, values) for each further kind of facts that adds to the likeness, a matrix
            with values from 0 to 1.
    """

    catalogue: Catalogue
    vectors: Sparse
    telling: Array64
    facts: tuple[Sparse, ...]

    def between(self, films: Rows, others: Rows) -> Array64:
        """Returns (k, m) the likeness of k films to m other films, from 0 to a little above 1.

        films: (k,) catalogue rows. others: (m,) catalogue rows.
        """
        both, count = np.concatenate([films, others]), len(films)
        columns, tags = compact_rows(self.vectors, both)
        alike = (tags[:count] * self.telling[columns]) @ tags[count:].T
        alike += FACT_WORTH * _common_genres(self.catalogue.genres, films, others)
        for fact in self.facts:
            _, values = compact_rows(fact, both)
            shared = values[:count] @ (values[count:] > 0).T
            alike += FACT_WORTH * np.minimum(shared, 1.0)
        return np.asarray(alike)

    def shared(self, films: Rows) -> Array64:
        """Returns (k, tags) the tag vectors of k films, multiplied by the weights of the tags.

        films: (k,) catalogue rows.
        """
        return np.asarray(dense_rows(self.vectors, films) * self.telling)


def content_likeness(catalogue: Catalogue, tags: TagModel) -> ContentLikeness:
    """Returns the model of how alike a catalogue's films are. tags: the tag vectors of the
    films.
    """
    telling = np.array([TELLING.get(facet, 0.0) for facet in catalogue.tag_facets])
    facts = []
    for name in ("director", "language"):
        fact = catalogue.fact(name)
        if fact is not None:
            leading = fact.matrix.copy()
            leading.data = (leading.data >= 1).astype(np.float32)
            usual = np.asarray(leading.sum(axis=0)).reshape(-1) / max(1, len(catalogue))
            worth = np.clip(1.0 - usual / USUAL_SHARE, 0.0, 1.0).astype(np.float32)
            leading.data *= worth[leading.indices]
            facts.append(leading)
    return ContentLikeness(catalogue, tags.vectors, telling, tuple(facts))


def _common_genres(genres: Sparse, films: Rows, others: Rows) -> Array64:
    """Returns (k, m) the share of two films' genres that both films have.

    It is 0 if it is below MIN_COMMON_GENRES. genres: (films, genres). films: (k,) rows. others:
    (m,) rows.
    """
    one, two = dense_rows(genres, films), dense_rows(genres, others)
    common = np.asarray(one @ two.T, np.float64)
    union = one.sum(axis=1)[:, None] + two.sum(axis=1)[None, :] - common
    share = common / np.maximum(union, 1.0)
    return np.where(share >= MIN_COMMON_GENRES, share, 0.0)
