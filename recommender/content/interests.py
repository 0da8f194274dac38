"""A person's interests, and how well facts find the films of each.

Each film that a person loves is left out in turn. The evidence of a block of facts (tags,
languages, people …) is the percentile at which the other films find it. A block with more evidence
counts for more: a lover of Korean films is heard by the language, a lover of heists by the tags. A
loved film that the others do not find, such as a hit that everybody loves, counts for less. A
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
MIN_TYPICAL_FILMS = 3  # with fewer loved films, nobody can tell which of them is the odd one
TYPICAL_POWER = 2.0  # how quickly a loved film counts for less the worse the others find it
MIN_TYPICAL = 0.1  # the share that every loved film keeps


@dataclass(frozen=True, eq=False)
class Interest:
    """One of a person's interests: films that they love and that are like each other.

    Attributes:
        gains: (n,) gain of each of the person's ratings: how much it raises the worth of its film's
            features. 0 for ratings of another interest.
        weights: (blocks,) the weight of each block; they add up to 1.
        found: mean percentile, 0 to 1, at which the interest's films are found by its other films,
            with the blocks weighted; one half if no film can be left out.
        typical: the same mean, in which films count for less that the others do not find.
        loved: number of loved films.
    """

    gains: Array64
    weights: Array64
    found: float
    typical: float
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
    own, others = np.asarray(each[:, keep[:, None], keep]), others[:, :, keep]
    weights = np.array([c.weight(block.name) for block in facts.blocks])
    loved = np.flatnonzero(wants > 0)
    found = typical = CHANCE
    if len(loved) > 1:
        out = loved[np.argsort(films[keep][loved], kind="stable")]
        out = out[:: -(-len(out) // c.evidence_films)]
        share = np.full(len(out), 1.0 / len(out))
        own_weights, percentiles = _evidence(c, wants, own, others, weights, out, share)
        found = typical = float(percentiles.mean())
        if MIN_TYPICAL_FILMS <= len(loved) == len(out):
            counts = percentiles / max(float(percentiles.max()), 1e-9)
            counts = np.maximum(MIN_TYPICAL, counts**TYPICAL_POWER)
            wants[out] *= counts
            share = counts / counts.sum()
            own_weights, percentiles = _evidence(c, wants, own, others, weights, out, share)
            typical = float(percentiles @ share)
        weights = own_weights
    weights = weights / max(float(weights.sum()), 1e-12)
    kernel = np.tensordot(weights, own, 1)
    kernel[np.diag_indices(len(kernel))] += c.noise
    gains = np.zeros(len(stars))
    gains[keep] = np.linalg.solve(kernel, (1.0 + c.noise) * wants)
    return Interest(gains, weights, found, typical, len(loved))


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


def mean_over(interests: list[Interest], values: list[float]) -> float:
    """Returns the mean of one value for each interest, weighted by the interests' loved films;
    one half if no film is loved."""
    loved = np.array([interest.loved for interest in interests], np.float64)
    return float(loved @ values / loved.sum()) if loved.sum() else CHANCE


def shrunk(percentile: Array64, loved: int, config: ContentConfig) -> Array64:
    """Returns percentiles shrunk towards chance. loved: number of films left out in turn."""
    count = max(0, loved - 1)
    prior = config.evidence_prior
    return np.asarray((count * percentile + prior * CHANCE) / (count + prior))


def _evidence(
    c: ContentConfig,
    wants: Array64,
    each: Array64,
    others: Array64,
    weights: Array64,
    out: Rows,
    share: Array64,
) -> tuple[Array64, Array64]:
    """Returns (blocks,) the weights for the person, and (k,) the percentile of each film left out.

    wants: (n,) above 0 for loved films. each: (blocks, n, n) and others: (blocks, sample, n), as in
    `interest_of`. weights: (blocks,) as configured. out: (k,) positions of the loved films that are
    left out in turn. share: (k,) how much each counts; they add up to 1.
    """
    rest = np.repeat(wants[:, None], len(out), axis=1)
    rest[out, np.arange(len(out))] = 0.0  # (n, k): without the film left out
    found = others @ rest
    own = np.einsum("bij,ij->bj", each[:, :, out], rest)
    alone = shrunk(_percentiles(found, own) @ share, len(out), c)
    weights = weights * np.minimum(c.evidence_limit, np.exp(c.evidence_gain * (alone - CHANCE)))
    return weights, _percentiles(np.tensordot(weights, found, 1), weights @ own)


def _percentiles(found: Array64, own: Array64) -> Array64:
    """Returns (…, k) the share of the sample that scores lower than each film; ties count half.

    found: (…, sample, k). own: (…, k).
    """
    own = own[..., None, :]
    return np.asarray(((found < own).mean(axis=-2) + (found <= own).mean(axis=-2)) / 2.0)
