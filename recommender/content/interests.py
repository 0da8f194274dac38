"""A person's interests: groups of loved films that are alike, and how well facts find each.

Each film that a person loves is left out in turn, and the catalogue is ranked by similarity to
their other loved films. The percentile of the film left out in this ranking, computed with one
block of facts (tags, languages, people …), is the evidence of that block. A block with more
evidence gets more weight: languages for a lover of Korean films, tags for a lover of heists. A
loved film that ranks low, such as a hit that everybody loves, counts for less. If the films rank
much higher after they are divided into two groups, the person has two interests.
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
        gains: (n,) for each of the person's ratings, how much it raises the scores of films with
            the same features; negative if it lowers them. 0 for ratings of another interest.
        weights: (blocks,) the weight of each block of facts; they add up to 1.
        found: each loved film is left out in turn and ranked among the catalogue's films by
            similarity to the others. This is the mean of these percentiles, 0 to 1; one half if no
            film can be left out.
        typical: the same mean, but a film with a low percentile counts for less.
        loved: number of loved films.
    """

    gains: Array64
    weights: Array64
    found: float
    typical: float
    loved: int


class KnownFacts(Protocol):
    """The protocol of a model with blocks of films' facts, such as `content.model.ContentModel`."""

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks: for each kind of facts (tags, genres …) a feature matrix of the films."""

    @property
    def config(self) -> ContentConfig:
        """The settings of the content model."""


def interest_of(
    facts: KnownFacts,
    films: Ints,
    stars: Floats,
    each: Array64,
    others: Array64,
    keep: Rows,
) -> Interest:
    """Returns a person's interest (loved films that are alike), fitted to some of their n ratings.

    facts: the blocks of films' facts. films, stars: (n,) rows and stars of the rated films. each:
    (blocks, n, n) for each block, scalar products of the rated films' features. others: (blocks,
    sample, n) the same of a sample of the catalogue's films with the rated films. keep: (m,)
    positions of the ratings to use.
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
    """Returns two parts of a person's n ratings that may be two interests, or an empty list.

    A part is an array of positions of ratings. The loved films are divided where they differ most:
    by the sign of the first eigenvector of their centred kernel matrix. Ratings of films that are
    not loved belong to both parts.

    facts: the blocks of films' facts. stars: (n,). each: (blocks, n, n) for each block, scalar
    products of the rated films' features.
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
    """Returns the mean of one value for each interest (a group of similar loved films) of a person.

    Interests are weighted by their number of loved films. Returns one half if no film is loved.
    values: the value of each interest.
    """
    loved = np.array([interest.loved for interest in interests], np.float64)
    return float(loved @ values / loved.sum()) if loved.sum() else CHANCE


def shrunk(percentile: Array64, loved: int, config: ContentConfig) -> Array64:
    """Returns percentiles (0 to 1) shrunk towards one half, which is the percentile by chance.

    loved: number of loved films that they were measured on; with fewer, they are shrunk more.
    """
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
    """Returns two arrays: how much each block of facts counts for a person, and how it finds films.

    Each of k loved films is left out in turn and ranked by its similarity to the n - 1 others among
    a sample of the catalogue. The first array is (blocks,) the weights: a block counts more if the
    films rank high by it alone. The second is (k,) the films' percentiles by all blocks.

    wants: (n,) the ratings, above 0 for loved films. each: (blocks, n, n) scalar products of the
    rated films' features. others: (blocks, sample, n) the same with the sample's films. weights:
    (blocks,) as configured. out: (k,) positions of the k films. share: (k,) how much each of them
    counts; adds up to 1. c: settings.
    """
    rest = np.repeat(wants[:, None], len(out), axis=1)
    rest[out, np.arange(len(out))] = 0.0  # (n, k): without the film left out
    found = others @ rest
    own = np.einsum("bij,ij->bj", each[:, :, out], rest)
    alone = shrunk(_percentiles(found, own) @ share, len(out), c)
    weights = weights * np.minimum(c.evidence_limit, np.exp(c.evidence_gain * (alone - CHANCE)))
    return weights, _percentiles(np.tensordot(weights, found, 1), weights @ own)


def _percentiles(found: Array64, own: Array64) -> Array64:
    """Returns (…, k) the share of the sampled films that score lower than each of k films.

    Equal scores count half. found: (…, sample, k) scores of the sampled films. own: (…, k) scores
    of the k films.
    """
    sample = found.shape[-2]
    # One film's scores side by side in memory: counting along them is several times faster.
    found, own = np.ascontiguousarray(np.swapaxes(found, -1, -2)), own[..., None]
    lower, not_higher = (found < own).sum(axis=-1), (found <= own).sum(axis=-1)
    return np.asarray((lower / sample + not_higher / sample) / 2.0)
