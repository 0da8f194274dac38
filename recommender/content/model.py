"""A content model of a person's taste, fitted to the facts of the films that they rated.

A film's score is a weighted sum of its features. A person's weight of each feature follows from
their ratings by kernel ridge regression. In this method, several ratings of films that are nearly
the same count for about as much as one. `recommender.content.interests` decides how much each block
of facts (tags, genres, people …) counts for a person. It also decides whether the person has one
interest or two: groups of loved films that are alike.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from recommender.content.blocks import Block, ContentConfig, content_blocks
from recommender.content.interests import (
    CHANCE,
    NEUTRAL_STARS,
    Interest,
    interests_of,
    mean_over,
    shrunk,
)
from recommender.content.stacked import StackedBlocks, StackedRows, stacked_blocks
from recommender.data import Catalogue, Query
from recommender.numeric.arrays import Array64, Bools, Floats, Ints, Rows, Sparse
from recommender.numeric.sparse_rows import dense_rows

MAX_HEARD = 60  # more ratings of one person say little more about which facts they like
LEVEL_FILMS = 10  # interests are compared by this many of their best films
MIN_LEVEL = 0.05  # with a lower mean score of these films, interests are not compared


@dataclass(frozen=True, eq=False)
class ContentTaste:
    """What the content model knows of one person's taste.

    An interest is a group of films that the person loves and that are alike.

    Attributes:
        heard: (m,) positions in the query of the m ratings that the model uses. If a person has
            many ratings, only those furthest from neutral stars are used.
        ratings: n, the number of the person's ratings.
        rated: the features of the m rated films; None for a person without ratings.
        interests: the person's interests, one or two; empty for a person without ratings.
        scores: for each interest, (films,) the score that it gives every film.
        columns: (t,) columns of the tags that the person's quiz answers and mood name.
        tag_gains: (t,) how much each of these tags raises a score; negative if it lowers it.
        evidence: how well facts find a loved film from the person's other loved films, 0 to 1: the
            mean of `Interest.found` and `Interest.typical`, moved towards one half (chance) if
            there are few loved films."""

    heard: Rows
    ratings: int
    rated: StackedRows | None
    interests: tuple[Interest, ...]
    scores: tuple[Array64, ...]
    columns: npt.NDArray[np.int64]
    tag_gains: Array64
    evidence: float


@dataclass(frozen=True, eq=False)
class ContentModel:
    """A model that scores films by facts. `fit_content` and `assemble_content` make one.

    Attributes:
        blocks: for each kind of facts (tags, genres …), a feature matrix of the films.
        stacked: the blocks side by side in one matrix; None if there is no block.
        known: (films,) True for films with a fact of at least one kind.
        sample_films: rows of a fixed sample of films. How well facts describe a person's taste is
            measured by ranking their loved films among these.
        config: the settings that the model was fitted with."""

    blocks: tuple[Block, ...]
    stacked: StackedBlocks | None
    known: Bools
    sample_films: Rows
    config: ContentConfig

    @property
    def described(self) -> Array64:
        """(films,) 1 for films with tags, 0 for the others."""
        tags = next((block.known for block in self.blocks if block.name == "tags"), None)
        return np.zeros(len(self.known)) if tags is None else tags

    def taste(self, query: Query, may_split: bool = True) -> ContentTaste:
        """Returns a person's taste, from the ratings, quiz answers and mood in their query.

        may_split: True to look for two interests (two groups of similar loved films)."""
        heard = _heard(query)
        films, stars = np.asarray(query.films, np.int64)[heard], query.stars[heard]
        columns, tag_gains = self._named_tags(query)
        n = len(query.films)
        if not len(films) or self.stacked is None:
            return ContentTaste(heard, n, None, (), (), columns, tag_gains, CHANCE)
        rated = self.stacked.at(films)
        interests = list(self.interests(films, stars, rated, may_split))
        found = [self._scores(interest) for interest in interests]
        if len(interests) > 1:
            factors = self._levelling(found, films)
            interests = [
                replace(interest, gains=interest.gains * factor)
                for interest, factor in zip(interests, factors, strict=True)
            ]
            found = [scores * factor for scores, factor in zip(found, factors, strict=True)]
        loved = sum(interest.loved for interest in interests)
        # `typical` alone is too good: the films that count most in it are those that were found
        sure = [(interest.found + interest.typical) / 2.0 for interest in interests]
        evidence = float(shrunk(np.array(mean_over(interests, sure)), loved, self.config))
        return ContentTaste(
            heard, n, rated, tuple(interests), tuple(found), columns, tag_gains, evidence
        )

    def interests(
        self, films: Ints, stars: Floats, rated: StackedRows, may_split: bool
    ) -> tuple[Interest, ...]:
        """Returns a person's interests, one or two: groups of loved films that are alike.

        films: (m,) rows of the films that the person rated, at least one. stars: (m,) their stars.
        rated: the features of these films. may_split: True to look for two interests."""
        return interests_of(self, films, stars, rated, may_split)

    def score(self, query: Query, taste: ContentTaste | None = None) -> Array64:
        """Returns (films,) scores by facts; NaN for a film without any known fact.

        If a person has two interests (groups of similar loved films), each film gets the higher of
        its two scores. taste: what `ContentModel.taste` returns for the query; None to compute it
        here."""
        taste = self.taste(query) if taste is None else taste
        score = np.where(self.known, 0.0, np.nan)
        if taste.scores:
            score += np.max(taste.scores, axis=0)
        if len(taste.columns):
            score += self._tag_products(taste, None) @ taste.tag_gains
        return np.asarray(score)

    def rating_parts(self, taste: ContentTaste, films: Rows) -> Array64:
        """Returns (k, n) what each of the person's n ratings adds to the scores of k films.

        films: (k,) catalogue rows."""
        whole = np.zeros((len(films), taste.ratings))
        if not taste.interests:
            return whole
        parts = self._interest_parts(taste, films)
        best = parts.sum(axis=2).argmax(axis=0)
        whole[:, taste.heard] = parts[best, np.arange(len(films))]
        return whole

    def best_interests(self, taste: ContentTaste, films: Rows) -> Rows:
        """Returns (k,) for each of k films, the number (from 0) of the person's interest that gives
        it the highest score.

        An interest is a group of similar loved films. taste: has at least one interest. films: (k,)
        catalogue rows."""
        return np.asarray(self._interest_parts(taste, films).sum(axis=2).argmax(axis=0))

    def _interest_parts(self, taste: ContentTaste, films: Rows) -> Array64:
        """Returns (interests, k, m) what each of the m ratings that the model uses adds to the
        scores of k films by each interest (group of similar loved films)."""
        assert self.stacked is not None, "whoever has interests has films with facts"
        rows, near = self.stacked.at(films), self.stacked.near
        return np.array(
            [near(rows, each.rated, each.weights) * each.gains for each in taste.interests]
        )

    def tag_parts(self, taste: ContentTaste, films: Rows) -> Array64:
        """Returns (k, t) what each of the t tags that a person named adds to the scores of k films.

        A person names tags by quiz answers and by choosing a mood. films: (k,) catalogue rows."""
        return self._tag_products(taste, films) * taste.tag_gains

    def likeness(self, taste: ContentTaste, films: Rows) -> Array64:
        """Returns (k, n) how much k films are like each of the n films that the person rated, by
        facts.

        It is the scalar product of the two films' features. The blocks of facts are weighted as in
        the interest (group of similar loved films) to which the rated film belongs. The likeness is
        about 1 for a film and itself, and 0 for two films that share as much as two random films
        share."""
        likeness = np.zeros((len(films), taste.ratings))
        if taste.rated is None or self.stacked is None:
            return likeness
        rows = self.stacked.at(films)
        for interest in taste.interests:
            own = np.flatnonzero(interest.gains)
            near = self.stacked.near(rows, taste.rated, interest.weights)
            likeness[:, taste.heard[own]] = near[:, own]
        return likeness

    def _scores(self, interest: Interest) -> Array64:
        """Returns (films,) the scores by one interest (a group of similar loved films)."""
        assert self.stacked is not None, "whoever has interests has films with facts"
        return self.stacked.scores(interest.rated, interest.gains, interest.weights)

    def _levelling(self, found: list[Array64], rated_films: Rows) -> list[float]:
        """Returns a factor for each interest that makes the best films of all interests score the
        same. An interest is a group of similar loved films. Without these factors, an interest with
        more films, or with films more alike, would fill the whole list. Only films with tags that
        the person has not rated are compared. found: for each interest, (films,) scores.
        rated_films: catalogue rows of the person's films."""
        among = self.described > 0
        among[rated_films] = False
        count = min(LEVEL_FILMS, int(among.sum()))
        if not count:
            return [1.0] * len(found)
        levels = [float(np.partition(x[among], -count)[-count:].mean()) for x in found]
        if min(levels) < MIN_LEVEL:  # nothing is found that could be compared
            return [1.0] * len(found)
        common = float(np.mean(levels))
        return [float(np.clip(common / level, 1 / 3, 3.0)) for level in levels]

    def _named_tags(self, query: Query) -> tuple[npt.NDArray[np.int64], Array64]:
        """Returns the (t,) columns of the tags that a person named, and (t,) their weights. A
        person names tags by quiz answers and by choosing a mood. Disliked tags have negative
        weights. Tags that do not describe what a film is like are left out, and a tag named twice
        counts once. Together all weights count as much as two films with five stars: as a vector
        they have the length 2."""
        if not (len(query.liked_tags) or len(query.disliked_tags) or len(query.mood)):
            return np.zeros(0, np.int64), np.zeros(0)
        wanted = np.unique(np.concatenate([query.liked_tags, query.mood]).astype(np.int64))
        unwanted = np.setdiff1d(query.disliked_tags.astype(np.int64), wanted)
        columns = np.concatenate([wanted, unwanted])
        signs = np.concatenate([np.ones(len(wanted)), -np.ones(len(unwanted))])
        tags = next((block.columns for block in self.blocks if block.name == "tags"), None)
        heard = np.isin(columns, [] if tags is None else tags)
        columns, signs = columns[heard], signs[heard]
        return columns, np.asarray(2.0 * signs / np.sqrt(max(1, len(columns))))

    def _tag_products(self, taste: ContentTaste, films: Rows | None) -> Array64:
        """Returns (k, t) the features of k films for the t tags that the person named. The mean row
        of the block of tags is subtracted from the features, and they are multiplied by
        `ContentConfig.named_weight`. films: (k,) catalogue rows; None for all films."""
        for block in self.blocks:
            if block.name == "tags" and len(taste.columns):
                at = np.searchsorted(block.columns, taste.columns)
                known = block.known if films is None else block.known[films]
                own = _cells(block.rows, films, at) - np.outer(known, block.origin[at])
                return np.asarray(own * self.config.named_weight)
        return np.zeros((len(self.known if films is None else films), len(taste.columns)))


def fit_content(catalogue: Catalogue, config: ContentConfig) -> ContentModel:
    """Returns the content model of a catalogue, which scores films by their facts."""
    blocks = content_blocks(catalogue, config)
    tagged = next((block.known > 0 for block in blocks if block.name == "tags"), None)
    order = catalogue.films.by_id
    among = order[_known(blocks, len(catalogue))[order] if tagged is None else tagged[order]]
    count = min(len(among), config.evidence_sample)
    chosen = among[np.linspace(0, max(0, len(among) - 1), count).astype(np.int64)]
    return assemble_content(blocks, len(catalogue), chosen, config)


def assemble_content(
    blocks: tuple[Block, ...], films: int, sample_films: Rows, config: ContentConfig
) -> ContentModel:
    """Returns a content model made of the given blocks of facts. films: number of films in the
    catalogue. sample_films: rows of the films among which a person's loved films are ranked, to
    measure how well facts describe the person's taste."""
    return ContentModel(
        blocks,
        stacked_blocks(blocks, sample_films) if blocks else None,
        _known(blocks, films),
        sample_films,
        config,
    )


def _known(blocks: tuple[Block, ...], films: int) -> Bools:
    """Returns (films,) True for films with facts in at least one block. films: number of films."""
    known = np.zeros(films, np.bool_)
    for block in blocks:
        known |= block.known > 0
    return known


def _cells(matrix: Sparse, rows: Rows | None, columns: Rows) -> Array64:
    """Returns (k, t) the values of a sparse matrix in k rows and t columns, as a dense array. rows:
    None for all rows."""
    if rows is None:
        return np.asarray(matrix[:, columns].toarray(), np.float64)
    return np.asarray(dense_rows(matrix, rows)[:, columns], np.float64)


def _heard(query: Query) -> Rows:
    """Returns the positions in a query of the ratings that the content model uses. It uses all
    ratings, or, if there are more than `MAX_HEARD`, those whose stars are furthest from neutral. If
    fewer than `config.newcomer_people` people have rated, it is made from tags."""
    n = len(query.films)
    if n <= MAX_HEARD:
        return np.arange(n)
    order = np.lexsort((query.films, -np.abs(query.stars - NEUTRAL_STARS)))
    return np.sort(order[:MAX_HEARD])
