"""What a person likes about films, heard from the facts of the films that they rated.

A film's score is linear in its features. The worth of a feature to a person follows from their
ratings by kernel ridge regression: films with similar facts do not count several times. How much
each block of facts (tags, languages, people …) counts is decided for each person by its evidence:
each film that they love is left out in turn, and the block is asked how well the other films find
it. A lover of Korean films is heard by the language, a lover of heists by the tags.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.content.blocks import (
    Block,
    BlockRows,
    ContentConfig,
    content_blocks,
    products,
    scores,
)
from recommender.data import Catalogue, Query
from recommender.numeric.arrays import Array64, Bools, Rows
from recommender.numeric.sparse_rows import dense_rows

CHANCE = 0.5  # the mean percentile of a film by a block that says nothing about the person


@dataclass(frozen=True, eq=False)
class ContentTaste:
    """What the content model knows of one person.

    Attributes:
        rated: each block's features of the films that the person rated.
        gains: (n,) gain of each rating: how much it raises the worth of its film's features.
        weights: (blocks,) the weight of each block for this person; they add up to 1.
        evidence: mean percentile, 0 to 1, at which the person's loved films are found by their
            other films, with the blocks weighted; shrunk towards one half. One half if no
            film can be left out.
        columns: (t,) columns of the tags that the quiz answers and the mood name.
        tag_gains: (t,) the gain of each.
    """

    rated: tuple[BlockRows, ...]
    gains: Array64
    weights: Array64
    evidence: float
    columns: npt.NDArray[np.int64]
    tag_gains: Array64


@dataclass(frozen=True, eq=False)
class ContentModel:
    """The blocks of a catalogue's facts. `fit_content` makes one.

    Attributes:
        blocks: the blocks.
        known: (films,) True for films about which any block says something.
        sample: the blocks of the films that a person's films are compared with.
        config: settings.
    """

    blocks: tuple[Block, ...]
    known: Bools
    sample: tuple[Block, ...]
    config: ContentConfig

    def taste(self, query: Query) -> ContentTaste:
        """Returns what a query says about the person's taste."""
        films = np.asarray(query.films, np.int64)
        rated = tuple(block.at(films) for block in self.blocks)
        weights = np.array([self.config.weight(block.name) for block in self.blocks])
        gains, evidence = np.zeros(0), CHANCE
        if len(films):
            each = np.array([products(*pair) for pair in zip(self.blocks, rated, strict=True)])
            weights, evidence = self._evidence(query, rated, each, weights)
        weights = weights / max(float(weights.sum()), 1e-12)
        if len(films):
            kernel = np.tensordot(weights, each, 1)
            kernel[np.diag_indices(len(kernel))] += self.config.noise
            wants = (1.0 + self.config.noise) * (query.stars - 3.0) / 2.0
            gains = np.asarray(np.linalg.solve(kernel, wants))
        columns, tag_gains = _named_tags(query)
        return ContentTaste(rated, gains, weights, evidence, columns, tag_gains)

    def score(self, query: Query, taste: ContentTaste | None = None) -> Array64:
        """Returns (films,) scores; NaN for a film about which nothing is known.

        taste: what `taste` returns for the query; None to ask for it.
        """
        taste = self.taste(query) if taste is None else taste
        score = np.where(self.known, 0.0, np.nan)
        for block, rated, weight in zip(self.blocks, taste.rated, taste.weights, strict=True):
            if len(taste.gains):
                score += weight * scores(block, rated, taste.gains[:, None])[:, 0]
            if block.name == "tags" and len(taste.columns):
                worth = np.zeros(len(block.origin), np.float32)
                at, there = _places(block, taste.columns)
                np.add.at(worth, at[there], taste.tag_gains[there])
                own = np.asarray(block.rows @ worth, np.float64) - block.known * (
                    block.origin @ worth
                )
                score += weight * own
        return score

    def rating_parts(self, taste: ContentTaste, films: Rows) -> Array64:
        """Returns (k, n) what each of the person's n ratings adds to the scores of k films."""
        parts = np.zeros((len(films), len(taste.gains)))
        if len(taste.gains):
            for block, rated, weight in zip(self.blocks, taste.rated, taste.weights, strict=True):
                parts += weight * scores(block.over(films), rated, np.eye(len(taste.gains)))
        return np.asarray(parts * taste.gains)

    def tag_parts(self, taste: ContentTaste, films: Rows) -> Array64:
        """Returns (k, t) what each tag that the quiz answers and the mood name adds to the scores
        of k films."""
        parts = np.zeros((len(films), len(taste.columns)))
        for block, weight in zip(self.blocks, taste.weights, strict=True):
            if block.name == "tags" and len(taste.columns):
                at, there = _places(block, taste.columns)
                own = dense_rows(block.rows, films)[:, at] - np.outer(
                    block.known[films], block.origin[at]
                )
                parts += weight * own * there
        return np.asarray(parts * taste.tag_gains)

    def _evidence(
        self, query: Query, rated: tuple[BlockRows, ...], each: Array64, weights: Array64
    ) -> tuple[Array64, float]:
        """Returns (blocks,) the weights for the person, and the evidence of all blocks together.

        each: (blocks, n, n) products of the rated films. weights: (blocks,) as configured.
        """
        c = self.config
        wants = (query.stars - 3.0) / 2.0
        loved = np.flatnonzero(wants > 0)
        if len(loved) < 2:
            return weights, CHANCE
        loved = loved[np.argsort(query.films[loved], kind="stable")]
        loved = loved[:: -(-len(loved) // c.evidence_films)]
        others = np.repeat(wants[:, None], len(loved), axis=1)
        others[loved, np.arange(len(loved))] = 0.0  # (n, loved): without the film left out
        found = np.array(
            [scores(block, one, others) for block, one in zip(self.sample, rated, strict=True)]
        )
        own = np.einsum("bij,ij->bj", each[:, :, loved], others)
        alone = _shrunk(_percentiles(found, own).mean(axis=1), len(loved), c)
        weights = weights * np.minimum(c.evidence_limit, np.exp(c.evidence_gain * (alone - CHANCE)))
        both = _percentiles(np.tensordot(weights, found, 1), weights @ own)
        return weights, float(_shrunk(both.mean(), len(loved), c))


def fit_content(catalogue: Catalogue, config: ContentConfig) -> ContentModel:
    """Returns the content model of a catalogue."""
    blocks = content_blocks(catalogue, config)
    known = np.zeros(len(catalogue), np.bool_)
    for block in blocks:
        known |= block.known > 0
    tagged = next((block.known > 0 for block in blocks if block.name == "tags"), known)
    order = catalogue.films.by_id
    among = order[tagged[order]]
    chosen = among[:: max(1, len(among) // config.evidence_sample)][: config.evidence_sample]
    return ContentModel(blocks, known, tuple(block.over(chosen) for block in blocks), config)


def _shrunk(percentile: Array64, loved: int, config: ContentConfig) -> Array64:
    """Returns percentiles shrunk towards chance. loved: number of films left out in turn."""
    count = loved - 1
    prior = config.evidence_prior
    return np.asarray((count * percentile + prior * CHANCE) / (count + prior))


def _places(block: Block, columns: Rows) -> tuple[Rows, Bools]:
    """Returns the features of the tags in these columns, and True where a tag has a feature."""
    at = np.minimum(np.searchsorted(block.columns, columns), len(block.columns) - 1)
    return at, block.columns[at] == columns


def _named_tags(query: Query) -> tuple[npt.NDArray[np.int64], Array64]:
    """Returns the columns of the tags that the quiz answers and the mood name, and their gains.

    The vector of gains has length 2, which is as much as two films with five stars.
    """
    wanted = np.concatenate([query.liked_tags, query.mood])
    columns = np.concatenate([wanted, query.disliked_tags]).astype(np.int64)
    signs = np.concatenate([np.ones(len(wanted)), -np.ones(len(query.disliked_tags))])
    return columns, np.asarray(2.0 * signs / np.sqrt(max(1, len(columns))))


def _percentiles(found: Array64, own: Array64) -> Array64:
    """Returns (…, k) the share of the sample that scores lower than each film; ties count half.

    found: (…, sample, k). own: (…, k).
    """
    own = own[..., None, :]
    return np.asarray(((found < own).mean(axis=-2) + (found <= own).mean(axis=-2)) / 2.0)
