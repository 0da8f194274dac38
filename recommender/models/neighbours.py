"""The likeness of films to one film: by tags and other facts, by the people who love them, or both.

By default, likeness by tags also uses the other facts (`recommender.content.likeness`). If a
measure (cosine, Jaccard or Pearson) is given, only tags are compared. A film without tags is
compared by its other facts and by the people who rated it. Likeness by tags is smaller the more
years lie between the two films. A love story of 1935 and one of 2015 may share every tag, but they
are watched by different people in different moods. For the same reason, likeness by all facts is
smaller if one film suits children and the other does not, or if only one is a documentary or
animated.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias

import numpy as np

from recommender.content.blocks import Block
from recommender.content.likeness import likeness_by_facts
from recommender.data import MIN_PEOPLE, UNKNOWN_AUDIENCE, Catalogue
from recommender.models.als import FactorModel
from recommender.models.tags import Measure, TagModel
from recommender.numeric.arrays import Array64, Bools, Ints64

LOSS_PER_DECADE = 0.15  # a likeness by facts is divided by 1 + 0.15 × decades apart
LOSS_PER_DECADE_OF_TAGS = 0.25  # the same for tags alone, which do not hear the era
LOSS_PER_AUDIENCE = 0.2  # the same for each step between everyone, teenagers and adults
LOSS_BY_FORM = 0.4  # the same if one film is a documentary and the other is not, or one animated
FORMS = ("Documentary", "Animation")  # genres that say how a film is made, not what it tells
UNKNOWN_DECADES_APART = 3.0  # decades assumed between two films if a year is unknown
PEOPLE_WORTH = 0.5  # of likeness by people in "both": its values are about twice as far apart
By: TypeAlias = Literal["tags", "people", "both"]


@dataclass(frozen=True, eq=False)
class Neighbours:
    """The models and data from which the likeness of films to one film is computed.

    Attributes:
        catalogue: the films.
        tags: their tag vectors.
        blocks: for each kind of facts (tags, genres …), a feature matrix of the films
            (`recommender.content.blocks`).
        factors: the factor model; None if there are no ratings.
        raters: (films,) number of people who rated each film; None if there are no ratings.
    """

    catalogue: Catalogue
    tags: TagModel
    blocks: tuple[Block, ...]
    factors: FactorModel | None = None
    raters: Array64 | None = None

    def likeness(
        self, film: int, by: By = "tags", measure: Measure | None = None
    ) -> tuple[Array64, str]:
        """Returns (films,) the likeness of every film to one film, and the name of what was
        compared.

        A likeness is NaN if it is unknown. The name is the measure if one is given. Otherwise it is
        "tags", "people" or "both", or "facts" for a film without tags that too few people rated.
        With `by` "tags", a film without tags is compared by both. With `by` "people", a film that
        too few people rated is compared by tags.

        film: row of the film. by: what to compare; "both" is a weighted mean of "tags" and
        "people". measure: how to compare tags alone; None to use all facts.
        """
        people = self._people(film)
        tagged = bool(self.tags.tagged[film])
        if people is None and not tagged:
            return self._content(film, None), "facts"
        if people is None:
            return self._content(film, measure), measure or "tags"
        if by == "people":
            return people, "people"
        content = self._content(film, measure if tagged else None)
        if by == "both" or not tagged:
            return _mean(content, people), "both"
        return content, measure or "tags"

    def _content(self, film: int, measure: Measure | None) -> Array64:
        """Returns (films,) the likeness to one film by all facts; by tags alone if a measure is
        given.

        film: row of the one film. measure: how to compare tags; None to use all facts.
        """
        if measure is None:
            alike = likeness_by_facts(self.blocks, film)
            if not len(alike):  # nothing is known of any film
                return np.full(len(self.catalogue), np.nan)
            factor = self._nearness(film, LOSS_PER_DECADE) * self._fitness(film)
            return np.where(alike > 0, alike * factor, alike)
        alike = self.tags.similar(film, measure) * _evidence(self.tags, film)
        return alike * self._nearness(film, LOSS_PER_DECADE_OF_TAGS)

    def _people(self, film: int) -> Array64 | None:
        """Returns (films,) the likeness to one film by the people who love the films.

        Returns None if too few people rated the film.
        """
        if self.factors is None or self.raters is None or self.raters[film] < MIN_PEOPLE:
            return None
        alike = np.where(self.raters >= MIN_PEOPLE, self.factors.similar(film), np.nan)
        return None if np.isnan(alike).all() else alike

    def _nearness(self, film: int, loss: float) -> Array64:
        """Returns (films,) a factor, 0 to 1, on the likeness of each film to one film, by their
        years.

        It is 1 if both films are of the same year, and smaller the more years lie between them.
        film: row of the one film. loss: by how much the factor falls for each decade.
        """
        apart = np.abs(self.catalogue.years - self.catalogue.years[film]) / 10
        decades = np.nan_to_num(apart, nan=UNKNOWN_DECADES_APART)
        return np.asarray(1.0 / (1.0 + loss * decades))

    def _fitness(self, film: int) -> Array64:
        """Returns (films,) a factor, 0 to 1, on the likeness of each film to one film, by the
        people whom both suit and by how both are made.

        It is 1 if both films are for the same people and of the same form, such as animation. What
        is unknown lowers nothing. film: row of the one film.
        """
        audience = self.catalogue.audience
        known = (audience != UNKNOWN_AUDIENCE) & (audience[film] != UNKNOWN_AUDIENCE)
        steps = np.where(known, np.abs(audience - audience[film]), 0)
        forms, has_genres = self._forms
        differ = (forms != forms[film]) & has_genres & has_genres[film]
        return np.asarray(1.0 / (1.0 + LOSS_PER_AUDIENCE * steps) / (1.0 + LOSS_BY_FORM * differ))

    @cached_property
    def _forms(self) -> tuple[Ints64, Bools]:
        """Two arrays: (films,) a number for each film's form, the same for films of the same form;
        (films,) True for films with genres."""
        genres = self.catalogue.genres
        forms = np.zeros(len(self.catalogue), np.int64)
        for at, name in enumerate(FORMS):
            if name in self.catalogue.genre_names:
                column = self.catalogue.genre_names.index(name)
                forms += (genres[:, [column]].toarray().reshape(-1) > 0) << at
        return forms, np.diff(genres.indptr) > 0


def _mean(content: Array64, people: Array64) -> Array64:
    """Returns (films,) the weighted mean of two likenesses; where one is NaN (unknown), the other.

    content: (films,) likeness by facts. people: (films,) likeness by the people who love the films.
    """
    both = (content + PEOPLE_WORTH * people) / (1.0 + PEOPLE_WORTH)
    return np.where(np.isnan(people), content, np.where(np.isnan(content), people, both))


def _evidence(tags: TagModel, film: int) -> Array64:
    """Returns (films,) s / (s + 1) for films that share s tags with one film.

    A likeness is multiplied by it, because a single shared tag is a weak reason to call films
    alike. film: row of the one film.
    """
    pattern = tags.vectors.copy()
    pattern.data = np.ones_like(pattern.data)
    own = pattern[[film]].toarray().reshape(-1)
    common = np.asarray(pattern @ own, np.float64)
    return np.asarray(common / (common + 1.0))
