"""A person's interests: groups of loved films that are alike, and how well facts find each.

Each film that a person loves is left out in turn, and the catalogue is ranked by similarity to
their other loved films. The ranking is made with one block of facts at a time (tags, languages,
people …). The evidence of a block is the percentile that the film left out has in its ranking. A
block with more evidence gets more weight: languages for a lover of Korean films, tags for a lover
of heists. A loved film that ranks low, such as a hit that everybody loves, counts for less. If the
films rank much higher after they are divided into two groups, the person has two interests.
"""

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from recommender.content.blocks import Block, ContentConfig
from recommender.content.stacked import StackedBlocks, StackedRows
from recommender.numeric.arrays import Array64, Bools, Floats, Ints, Rows

CHANCE = 0.5  # the mean percentile of a film by a block that says nothing about the person
NEUTRAL_STARS = 3.0  # a film with more stars is loved
MIN_INTEREST_FILMS = 3  # an interest has at least this many loved films
ONE_INTEREST = 0.985  # films that find each other this well are one interest
MAX_SPLIT_FILMS = 24  # with more loved films, a person has one interest
MIN_TYPICAL_FILMS = 3  # with fewer loved films, nobody can tell which of them is the odd one
TYPICAL_POWER = 2.0  # how quickly a loved film counts for less the worse the others find it
MIN_TYPICAL = 0.1  # the share that every loved film keeps
LONE_TAG = 0.6  # factor on a tag that hardly any of a person's loved films have, if these are few
COMMON_TAG = 2.25  # factor on a tag that all of them have
EMPHASIS_HALF = 10.0  # with this number of loved films, the factors are half as far from 1
MAX_EMPHASIS_FILMS = 24  # with more loved films the factors would be near 1 and are left out


@dataclass(frozen=True, eq=False)
class Interest:
    """One of a person's interests: films that they love and that are like each other.

    Attributes:
        gains: (n,) for each of the person's n ratings, how much it raises the scores of films with
            the same features; negative if it lowers them. 0 for ratings that this interest does not
            use.
        weights: (blocks,) the weight of each block of facts; they add up to 1.
        found: mean percentile, 0 to 1, of the loved films. Each is left out in turn and ranked
            among the catalogue's films by similarity to the other loved films. One half if no film
            can be left out.
        typical: the mean of the same percentiles, in which a film with a low percentile counts for
            less.
        loved: number of the person's loved films in this interest.
        rated: the features of the person's rated films. Tags that many of the loved films share are
            emphasised (`emphasised`).
    """

    gains: Array64
    weights: Array64
    found: float
    typical: float
    loved: int
    rated: StackedRows


class KnownFacts(Protocol):
    """A model that holds the films' facts as feature matrices, one for each kind of facts.

    `content.model.ContentModel` is such a model.
    """

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks: for each kind of facts (tags, genres …) a feature matrix of the films."""

    @property
    def stacked(self) -> StackedBlocks | None:
        """The blocks side by side in one matrix; None if there is no block."""

    @property
    def config(self) -> ContentConfig:
        """The settings of the content model, which scores films by their facts."""


def interests_of(
    facts: KnownFacts, films: Ints, stars: Floats, rated: StackedRows, may_split: bool
) -> tuple[Interest, ...]:
    """Returns a person's interests, one or two: groups of loved films that are alike.

    Two are found if each group's films are found clearly better without the other group.

    Args:
        facts: the model that holds the blocks of films' facts.
        films: (n,) rows of the films that the person rated, at least one.
        stars: (n,) their stars.
        rated: the features of these films.
        may_split: True to look for two interests.
    """
    assert facts.stacked is not None, "whoever has ratings has films with facts"
    each, others = facts.stacked.products(rated), facts.stacked.sample_products(rated)
    whole = interest_of(facts, films, stars, rated, each, others, np.arange(len(films)))
    may_split &= whole.found < ONE_INTEREST
    parts = split(facts, stars, each) if may_split else []
    two = [interest_of(facts, films, stars, rated, each, others, keep) for keep in parts]
    one = whole.found
    enough = one + min(facts.config.split_margin, (1.0 - one) / 2.0)
    apart = [interest.found for interest in two]
    if two and mean_over(two, apart) > enough and min(apart) > one:
        return tuple(two)
    return (whole,)


def interest_of(
    facts: KnownFacts,
    films: Ints,
    stars: Floats,
    rated: StackedRows,
    each: Array64,
    others: Array64,
    keep: Rows,
) -> Interest:
    """Returns one interest of a person (loved films that are alike), fitted to some of their
    ratings.

    Args:
        facts: the model that holds the blocks of films' facts.
        films: (n,) rows of the films that the person rated.
        stars: (n,) the stars of these films.
        rated: the features of the rated films.
        each: (blocks, n, n) for each block, the scalar products of the rated films' features.
        others: (blocks, sample, n) for each block, the scalar products of the features of a sample
            of the catalogue's films with those of the rated films.
        keep: (m,) positions of the ratings to use, from 0 to n - 1.
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
    assert facts.stacked is not None, "whoever has ratings has films with facts"
    own_rated = emphasised(facts.stacked, rated, keep[loved])
    return Interest(gains, weights, found, typical, len(loved), own_rated)


def emphasised(stacked: StackedBlocks, rated: StackedRows, loved: Rows) -> StackedRows:
    """Returns the features of a person's films, with emphasis on the tags that loved films share.

    A tag that all loved films have says more of the person's taste than one film's own tags do.
    Each tag is therefore multiplied by a factor that grows in proportion to the share of the loved
    films that have it. With many loved films the factors are nearer to 1, because such a person
    loves films of several kinds.

    rated: the features of the person's n films. loved: positions of the loved films among them.
    """
    tags = next((at for at, block in enumerate(stacked.blocks) if block.name == "tags"), None)
    if tags is None or not 0 < len(loved) <= MAX_EMPHASIS_FILMS:
        return rated
    part = stacked.part(rated, tags)
    shared = (rated.values[loved, part] > 0).mean(axis=0)
    factor = LONE_TAG + (COMMON_TAG - LONE_TAG) * shared
    factor = 1.0 + (factor - 1.0) * EMPHASIS_HALF / (EMPHASIS_HALF + len(loved))
    values, along = rated.values.copy(), rated.along.copy()
    values[:, part] *= factor
    origin = stacked.blocks[tags].origin[rated.columns[part] - stacked.starts[tags]]
    along[:, tags] = values[:, part] @ origin
    return replace(rated, values=values, along=along)


def split(facts: KnownFacts, stars: Floats, each: Array64) -> list[Rows]:
    """Divides a person's n ratings into two parts that may be two interests (groups of similar
    films).

    The loved films are divided where they differ most: by the sign of the first eigenvector of
    their centred kernel matrix. Ratings of films that are not loved belong to both parts. Returns,
    for each part, the positions of its ratings. Returns an empty list if there are too few or too
    many loved films, or if a part would have too few.

    facts: the model that holds the blocks of films' facts. stars: (n,) the ratings. each: (blocks,
    n, n) for each block, the scalar products of the rated films' features.
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
    """Returns the mean of one value of each interest, weighted by the interests' numbers of loved
    films.

    An interest is a group of similar films that a person loves. Returns one half if no film is
    loved. values: one for each interest.
    """
    loved = np.array([interest.loved for interest in interests], np.float64)
    return float(loved @ values / loved.sum()) if loved.sum() else CHANCE


def shrunk(percentile: Array64, loved: int, config: ContentConfig) -> Array64:
    """Returns percentiles (0 to 1) that are moved towards one half, the percentile by chance.

    loved: number of loved films on which the percentiles were measured. The fewer there are, the
    closer the results are to one half.
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
    """Measures how well the facts of a person's loved films find other films that the person loves.

    Each of k loved films is left out in turn and ranked among a sample of the catalogue by its
    similarity to the person's other films. Returns two arrays. The first is (blocks,) new weights
    of the blocks of facts: a block weighs more if it alone ranks the films left out high. The
    second is (k,) the percentiles of these films if all blocks are used with the new weights.

    Args:
        c: the settings.
        wants: (n,) the person's ratings; above 0 for loved films, below 0 for disliked films.
        each: (blocks, n, n) for each block, the scalar products of the rated films' features.
        others: (blocks, sample, n) for each block, the scalar products of the sampled films'
            features with those of the rated films.
        weights: (blocks,) the weights in the settings.
        out: (k,) positions of the films to leave out, from 0 to n - 1.
        share: (k,) how much each of these films counts; adds up to 1.
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

    A sampled film with an equal score counts one half. found: (…, sample, k) scores of the sampled
    films when each of the k films is left out. own: (…, k) scores of the k films.
    """
    sample = found.shape[-2]
    # One film's scores side by side in memory: counting along them is several times faster.
    found, own = np.ascontiguousarray(np.swapaxes(found, -1, -2)), own[..., None]
    lower, not_higher = _count_true(found < own), _count_true(found <= own)
    return np.asarray((lower / sample + not_higher / sample) / 2.0)


def _count_true(cells: Bools) -> Ints:
    """Returns (…,) how many cells along the last axis are True, in less time than `sum` takes."""
    return np.asarray(np.add.reduce(cells.view(np.int8), axis=-1, dtype=np.int32))
