"""The catalogue: everything known about films apart from ratings."""

from collections.abc import Sized
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.data.vocabulary import Vocabulary
from recommender.errors import DataError
from recommender.numeric.arrays import Bools, Sparse

FREE_FACET = "free"  # the facet of tags that people typed as they liked, without a vocabulary
MIN_HAND_TAGGED_SHARE = 0.1  # share of the films that must have tags of a vocabulary
UNKNOWN_AUDIENCE, EVERYONE, TEENS, ADULTS = -1, 0, 1, 2


@dataclass(frozen=True, eq=False)
class FactBlock:
    """One kind of facts about films, such as their languages.

    Attributes:
        name: what the facts are: "language", "country", "director" or "cast".
        values: (k,) the languages, countries or names.
        matrix: (films, k) above 0 where a value belongs to a film, at most 1 (1 for the leading
            value, less for the others). The row of a film without this fact is empty: it is
            unknown, not absent.
    """

    name: str
    values: tuple[str, ...]
    matrix: Sparse


@dataclass(frozen=True, eq=False)
class Catalogue:
    """Everything known about films apart from ratings, one row for each film.

    Raises DataError if the shapes do not fit together or a tag's weight is negative or not finite.

    Attributes:
        films: the vocabulary that maps ids of films to rows.
        titles: (films,) titles.
        years: (films,) years of release; NaN is unknown.
        runtimes: (films,) running times in minutes; NaN is unknown.
        genres: (films, genres) 1 for a genre that the film belongs to, else 0.
        genre_names: (genres,) names.
        tags: (films, tags) weights from 0 to 3.
        tag_names: (tags,) names.
        tag_facets: (tags,) the facet (group) that each tag belongs to, such as "mood" or "theme".
        audience: (films,) the people for whom a film is suitable: `EVERYONE`, `TEENS`, `ADULTS` or
            `UNKNOWN_AUDIENCE`.
        adult: (films,) True for a film that may only be shown in age-restricted channels.
        facts: further kinds of facts, each under its own name; empty if none are known.
    """

    films: Vocabulary
    titles: tuple[str, ...]
    years: npt.NDArray[np.float64]
    runtimes: npt.NDArray[np.float64]
    genres: Sparse
    genre_names: tuple[str, ...]
    tags: Sparse
    tag_names: tuple[str, ...]
    tag_facets: tuple[str, ...]
    audience: npt.NDArray[np.int8]
    adult: Bools
    facts: tuple[FactBlock, ...] = ()

    def __post_init__(self) -> None:
        n = len(self.films)
        columns: tuple[Sized, ...] = (
            self.titles,
            self.years,
            self.runtimes,
            self.audience,
            self.adult,
        )
        shapes_agree = (
            all(len(column) == n for column in columns)
            and self.genres.shape == (n, len(self.genre_names))
            and self.tags.shape == (n, len(self.tag_names))
            and len(self.tag_facets) == len(self.tag_names)
            and all(each.matrix.shape == (n, len(each.values)) for each in self.facts)
        )
        if not shapes_agree:
            raise DataError("catalogue-differs-in-length")
        weights = np.asarray(self.tags.data)
        if weights.size and not (np.isfinite(weights).all() and weights.min() >= 0):
            raise DataError("tag-weight")

    def __len__(self) -> int:
        return len(self.films)

    @property
    def hand_tagged(self) -> Bools:
        """(films,) True for films with tags from editors, as opposed to the free tags of users.

        A tag comes from an editor if it has a facet (a group such as "mood" or "theme").
        """
        columns = np.array([facet != FREE_FACET for facet in self.tag_facets], np.bool_)
        by_hand = columns[self.tags.indices] & (self.tags.data > 0)
        films = np.repeat(np.arange(len(self)), np.diff(self.tags.indptr))[by_hand]
        return np.bincount(films, minlength=len(self)) > 0

    @property
    def has_hand_tags(self) -> bool:
        """True if at least a tenth of the films have tags that editors gave (`hand_tagged`)."""
        return int(self.hand_tagged.sum()) >= max(1.0, MIN_HAND_TAGGED_SHARE * len(self))

    def fact(self, name: str) -> FactBlock | None:
        """Returns the facts of this name; None if the catalogue has no such facts."""
        return next((block for block in self.facts if block.name == name), None)
