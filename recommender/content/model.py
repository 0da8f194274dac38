"""What a person likes about films, heard from the facts of the films that they rated.

A film's score is linear in its features. The worth of a feature to a person follows from their
ratings by kernel ridge regression: films with similar facts do not count several times. How much
each block of facts counts for a person, and whether they have one interest or two, is decided in
`recommender.content.interests`.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from recommender.content.blocks import (
    Block,
    BlockRows,
    ContentConfig,
    StackedBlocks,
    content_blocks,
    products,
    scores,
    stacked_blocks,
)
from recommender.content.interests import (
    CHANCE,
    NEUTRAL_STARS,
    Interest,
    interest_of,
    mean_over,
    shrunk,
    split,
)
from recommender.data import Catalogue, Query
from recommender.numeric.arrays import Array64, Bools, Rows, Sparse
from recommender.numeric.sparse_rows import dense_rows

MAX_HEARD = 60  # more ratings of one person say little more about which facts they like
ONE_INTEREST = 0.985  # films that find each other this well are one interest
LEVEL_FILMS = 10  # interests are compared by this many of their best films
MIN_LEVEL = 0.05  # with a lower mean score of these films, interests are not compared


@dataclass(frozen=True, eq=False)
class ContentTaste:
    """What the content model knows of one person.

    Attributes:
        heard: (m,) positions of the ratings that count here: all of a person's ratings, or
            the most decided ones if there are many.
        ratings: n, the number of the person's ratings.
        rated: each block's features of the films of the m ratings.
        interests: the person's interests, one or two; empty for a person without ratings.
        scores: for each interest, (films,) the score that it gives every film.
        columns: (t,) columns of the tags that the quiz answers and the mood name.
        tag_gains: (t,) the gain of each.
        evidence: how well facts find the person's films: the mean of `found` and `typical` over the
            interests, shrunk towards one half.
    """

    heard: Rows
    ratings: int
    rated: tuple[BlockRows, ...]
    interests: tuple[Interest, ...]
    scores: tuple[Array64, ...]
    columns: npt.NDArray[np.int64]
    tag_gains: Array64
    evidence: float


@dataclass(frozen=True, eq=False)
class ContentModel:
    """The blocks of a catalogue's facts. `fit_content` and `assemble_content` make one.

    Attributes:
        blocks: the blocks.
        stacked: the same side by side; None if there is no block.
        known: (films,) True for films about which any block says something.
        sample_films: rows of the films that a person's films are compared with.
        sample: the blocks of these films.
        config: settings.
    """

    blocks: tuple[Block, ...]
    stacked: StackedBlocks | None
    known: Bools
    sample_films: Rows
    sample: tuple[Block, ...]
    config: ContentConfig

    @property
    def described(self) -> Array64:
        """(films,) 1 for films with tags, 0 for the others."""
        tags = next((block.known for block in self.blocks if block.name == "tags"), None)
        return np.zeros(len(self.known)) if tags is None else tags

    def taste(self, query: Query, may_split: bool = True) -> ContentTaste:
        """Returns what a query says about the person's taste.

        may_split: False to give the person one interest without looking for two.
        """
        heard = _heard(query)
        films, stars = np.asarray(query.films, np.int64)[heard], query.stars[heard]
        rated = tuple(block.at(films) for block in self.blocks)
        columns, tag_gains = self._named_tags(query)
        n = len(query.films)
        if not len(films) or not self.blocks:
            return ContentTaste(heard, n, rated, (), (), columns, tag_gains, CHANCE)
        each = np.array([products(b, one, one) for b, one in zip(self.blocks, rated, strict=True)])
        others = np.array([scores(b, one) for b, one in zip(self.sample, rated, strict=True)])
        everything = np.arange(len(films))
        whole = interest_of(self, films, stars, each, others, everything)
        interests = [whole]
        may_split &= whole.found < ONE_INTEREST
        parts = split(self, stars, each) if may_split else []
        two = [interest_of(self, films, stars, each, others, keep) for keep in parts]
        one = whole.found
        enough = one + min(self.config.split_margin, (1.0 - one) / 2.0)
        apart = [interest.found for interest in two]
        if two and mean_over(two, apart) > enough and min(apart) > one:
            interests = two
        found = [self._scores(rated, interest) for interest in interests]
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

    def score(self, query: Query, taste: ContentTaste | None = None) -> Array64:
        """Returns (films,) scores; NaN for a film about which nothing is known.

        A film is scored by the interest that likes it best. taste: what `taste` returns for the
        query; None to ask for it.
        """
        taste = self.taste(query) if taste is None else taste
        score = np.where(self.known, 0.0, np.nan)
        if taste.scores:
            score += np.max(taste.scores, axis=0)
        if len(taste.columns):
            score += self._tag_products(taste, None) @ taste.tag_gains
        return np.asarray(score)

    def rating_parts(self, taste: ContentTaste, films: Rows) -> Array64:
        """Returns (k, n) what each of the person's n ratings adds to the scores of k films."""
        whole = np.zeros((len(films), taste.ratings))
        if not taste.interests:
            return whole
        parts = np.array(
            [self._near(taste, interest, films) * interest.gains for interest in taste.interests]
        )
        best = parts.sum(axis=2).argmax(axis=0)
        whole[:, taste.heard] = parts[best, np.arange(len(films))]
        return whole

    def tag_parts(self, taste: ContentTaste, films: Rows) -> Array64:
        """Returns (k, t) what each tag that the quiz answers and the mood name adds to the scores
        of k films."""
        return self._tag_products(taste, films) * taste.tag_gains

    def likeness(self, taste: ContentTaste, films: Rows) -> Array64:
        """Returns (k, n) the likeness of k films to each of the n films that the person rated.

        It is the product of their rows, the blocks weighted as for the interest that the rating
        belongs to: about 1 for a film and itself, 0 for films that have no more in common than any
        two.
        """
        near = np.zeros((len(films), taste.ratings))
        for interest in taste.interests:
            own = np.flatnonzero(interest.gains)
            near[:, taste.heard[own]] = self._near(taste, interest, films)[:, own]
        return near

    def _scores(self, rated: tuple[BlockRows, ...], interest: Interest) -> Array64:
        """Returns (films,) the score that an interest gives every film."""
        assert self.stacked is not None, "whoever has interests has films with facts"
        return self.stacked.scores(rated, interest.gains, interest.weights)

    def _levelling(self, found: list[Array64], rated_films: Rows) -> list[float]:
        """Returns the factor for each interest that gives the best films of all the same score.

        Otherwise an interest with more films, or with films more alike, would fill the list.
        Compared are the described films that the person has not rated.

        found: for each interest, (films,) scores. rated_films: rows of the rated films.
        """
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
        """Returns the columns of the tags that the quiz answers and the mood name, and their gains.

        Only tags that say what films are like count. The vector of gains has length 2, which is as
        much as two films with five stars. A tag that is named twice counts once.
        """
        wanted = np.unique(np.concatenate([query.liked_tags, query.mood]).astype(np.int64))
        unwanted = np.setdiff1d(query.disliked_tags.astype(np.int64), wanted)
        columns = np.concatenate([wanted, unwanted])
        signs = np.concatenate([np.ones(len(wanted)), -np.ones(len(unwanted))])
        tags = next((block.columns for block in self.blocks if block.name == "tags"), None)
        heard = np.isin(columns, [] if tags is None else tags)
        columns, signs = columns[heard], signs[heard]
        return columns, np.asarray(2.0 * signs / np.sqrt(max(1, len(columns))))

    def _near(self, taste: ContentTaste, interest: Interest, films: Rows) -> Array64:
        """Returns (k, n) the products of k films with the rated films, as one interest weighs
        them."""
        near = np.zeros((len(films), len(interest.gains)))
        for block, rated, weight in zip(self.blocks, taste.rated, interest.weights, strict=True):
            near += weight * products(block, block.at(films), rated)
        return near

    def _tag_products(self, taste: ContentTaste, films: Rows | None) -> Array64:
        """Returns (k, t) the rows of k films at the features of t tags, less the origin.

        films: rows of the films; None for all films.
        """
        for block in self.blocks:
            if block.name == "tags" and len(taste.columns):
                at = np.searchsorted(block.columns, taste.columns)
                known = block.known if films is None else block.known[films]
                own = _cells(block.rows, films, at) - np.outer(known, block.origin[at])
                return np.asarray(own * self.config.named_weight)
        return np.zeros((len(self.known if films is None else films), len(taste.columns)))


def fit_content(catalogue: Catalogue, config: ContentConfig) -> ContentModel:
    """Returns the content model of a catalogue."""
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
    """Returns the content model of blocks. films: number of films. sample_films: as in
    `ContentModel`."""
    return ContentModel(
        blocks,
        stacked_blocks(blocks) if blocks else None,
        _known(blocks, films),
        sample_films,
        tuple(block.over(sample_films) for block in blocks),
        config,
    )


def _known(blocks: tuple[Block, ...], films: int) -> Bools:
    """Returns (films,) True for films about which any block says something."""
    known = np.zeros(films, np.bool_)
    for block in blocks:
        known |= block.known > 0
    return known


def _cells(matrix: Sparse, rows: Rows | None, columns: Rows) -> Array64:
    """Returns (k, t) the cells of a matrix in these rows and columns. rows: None for all rows."""
    if rows is None:
        return np.asarray(matrix[:, columns].toarray(), np.float64)
    return np.asarray(dense_rows(matrix, rows)[:, columns], np.float64)


def _heard(query: Query) -> Rows:
    """Returns the positions of the ratings that count: at most `MAX_HEARD`, the most decided."""
    n = len(query.films)
    if n <= MAX_HEARD:
        return np.arange(n)
    order = np.lexsort((query.films, -np.abs(query.stars - NEUTRAL_STARS)))
    return np.sort(order[:MAX_HEARD])
