"""A person's interests, and how well facts find the films of each.

Each film that a person loves is left out in turn. The evidence of a block of facts (tags,
languages, people …) is the percentile at which the other films find it. A block with more evidence
counts for more: a lover of Korean films is heard by the language, a lover of heists by the tags. A
person whose films find each other much better in two parts has two interests.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from recommender.content.blocks import Block, ContentConfig
from recommender.numeric.arrays import Array64, Floats, Ints, Rows

CHANCE = 0.5  # the mean percentile of a film by a block that says nothing about the person
NEUTRAL_STARS = 3.0  # a film with more stars is loved
MIN_INTEREST_FILMS = 3  # an interest has at least this many loved films
MAX_SPLIT_FILMS = 24  # with more loved films, a person has one interest


@dataclass(frozen=True, eq=False)
class Interest:
    """One of a person's interests: films that they love and that are like each other.

    Attributes:
        gains: (n,) gain of each of the person's ratings: how much it raises the worth of its film's
            features. 0 for ratings of another interest.
        weights: (blocks,) the weight of each block; they add up to 1.
        found: mean percentile, 0 to 1, at which the interest's films are found by its other films,
            with the blocks weighted; one half if no film can be left out.
        loved: number of loved films.
    """

    gains: Array64
    weights: Array64
    found: float
    loved: int


class KnownFacts(Protocol):
    """What is known about films: `recommender.content.model.ContentModel`."""

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks of facts."""

    @property
    def config(self) -> ContentConfig:
        """Settings."""


def interest_of(
    facts: KnownFacts,
    films: Ints,
    stars: Floats,
    each: Array64,
    others: Array64,
    keep: Rows,
) -> Interest:
    """Returns the interest that some of the ratings express.

    films, stars: (n,) the ratings. each: (blocks, n, n) products of the rated films. others:
    (blocks, sample, n) products of the sample's films and the rated films. keep: (m,) positions of
    the ratings.
    """
    c = facts.config
    wants = np.asarray((stars[keep] - NEUTRAL_STARS) / 2.0, np.float64)
    own = np.asarray(each[:, keep[:, None], keep])
    weights = np.array([c.weight(block.name) for block in facts.blocks])
    weights, found = _evidence(c, films[keep], wants, own, others[:, :, keep], weights)
    weights = weights / max(float(weights.sum()), 1e-12)
    kernel = np.tensordot(weights, own, 1)
    kernel[np.diag_indices(len(kernel))] += c.noise
    gains = np.zeros(len(films))
    gains[keep] = np.linalg.solve(kernel, (1.0 + c.noise) * wants)
    return Interest(gains, weights, found, int((wants > 0).sum()))


def split(facts: KnownFacts, stars: Floats, each: Array64) -> list[Rows]:
    """Returns two parts of the ratings that may be two interests, or nothing.

    The loved films are split where they differ most: by the sign of the first eigenvector of their
    centred products. Ratings of films that are not loved belong to both parts.

    stars: (n,). each: (blocks, n, n) products of the rated films.
    """
    loved = np.flatnonzero(stars > NEUTRAL_STARS)
    others = np.flatnonzero(stars <= NEUTRAL_STARS)
    if not 2 * MIN_INTEREST_FILMS <= len(loved) <= MAX_SPLIT_FILMS:
        return []
    weights = np.array([facts.config.weight(block.name) for block in facts.blocks])
    kernel = np.tensordot(weights, each[:, loved[:, None], loved], 1)
    kernel = kernel - kernel.mean(axis=0) - kernel.mean(axis=1)[:, None] + kernel.mean()
    side = np.linalg.eigh(kernel)[1][:, -1] > 0
    if min(side.sum(), (~side).sum()) < MIN_INTEREST_FILMS:
        return []
    return [np.sort(np.concatenate([loved[part], others])) for part in (side, ~side)]


def mean_found(interests: list[Interest]) -> Array64:
    """Returns the mean of `found` over interests, each weighted by its loved films."""
    loved = np.array([interest.loved for interest in interests], np.float64)
    found = np.array([interest.found for interest in interests])
    return np.asarray((loved @ found + CHANCE * (loved.sum() == 0)) / max(1.0, loved.sum()))


def shrunk(percentile: Array64, loved: int, config: ContentConfig) -> Array64:
    """Returns percentiles shrunk towards chance. loved: number of films left out in turn."""
    count = max(0, loved - 1)
    prior = config.evidence_prior
    return np.asarray((count * percentile + prior * CHANCE) / (count + prior))


def _evidence(
    c: ContentConfig,
    films: Ints,
    wants: Array64,
    each: Array64,
    others: Array64,
    weights: Array64,
) -> tuple[Array64, float]:
    """Returns (blocks,) the weights for the person, and `Interest.found`.

    films: (n,) the rated films. wants: (n,) above 0 for loved films. each: (blocks, n, n) and
    others: (blocks, sample, n), as in `interest_of`. weights: (blocks,) as configured.
    """
    loved = np.flatnonzero(wants > 0)
    if len(loved) < 2:
        return weights, CHANCE
    loved = loved[np.argsort(films[loved], kind="stable")]
    loved = loved[:: -(-len(loved) // c.evidence_films)]
    rest = np.repeat(wants[:, None], len(loved), axis=1)
    rest[loved, np.arange(len(loved))] = 0.0  # (n, loved): without the film left out
    found = others @ rest
    own = np.einsum("bij,ij->bj", each[:, :, loved], rest)
    alone = shrunk(_percentiles(found, own).mean(axis=1), len(loved), c)
    weights = weights * np.minimum(c.evidence_limit, np.exp(c.evidence_gain * (alone - CHANCE)))
    both = _percentiles(np.tensordot(weights, found, 1), weights @ own)
    return weights, float(both.mean())


def _percentiles(found: Array64, own: Array64) -> Array64:
    """Returns (…, k) the share of the sample that scores lower than each film; ties count half.

    found: (…, sample, k). own: (…, k).
    """
    own = own[..., None, :]
    return np.asarray(((found < own).mean(axis=-2) + (found <= own).mean(axis=-2)) / 2.0)
