"""The likeness of films by all their facts: tags, genres, language, country, era and people.

Tags count most. The other facts decide between films that share about as many tags, so that the
films most like a Bollywood epic are not space operas. Tags that praise a film or name an occasion
are not used. A missing fact makes a film neither more nor less alike.
"""

import numpy as np

from recommender.content.blocks import Block, BlockRows, scores
from recommender.numeric.arrays import Array64

WORTH = {
    "tags": 1.0,
    "genre": 0.15,
    "language": 0.1,
    "country": 0.1,
    "era": 0.07,
    "director": 0.06,
    "cast": 0.05,
}
"""The weight of each block of facts, relative to tags. The weights were chosen by triplets of films
(`test_triplets.py`), and by reading which films are most like each of forty well-known films.
"""

TELLING = frozenset({"tags", "genre", "director", "cast"})
"""Likeness is computed only for films with facts in at least one of these blocks. A film's year
and language alone say too little."""


def likeness_by_facts(blocks: tuple[Block, ...], film: int) -> Array64:
    """Returns (films,) how much every film is like one film, by their facts.

    The likeness is about 1 for the film itself, 0 for a film that shares as much with it as two
    random films share, and below 0 for a film that shares less. It is 0 for all films if too few
    facts of the one film are known.

    blocks: for each kind of facts (tags, genres …), a feature matrix of the films. film: catalogue
    row of the one film.
    """
    near = np.zeros(len(blocks[0].known) if blocks else 0)
    facts = {block.name: block.at(np.array([film])) for block in blocks}
    if not any(own.values.any() for name, own in facts.items() if name in TELLING):
        return near
    for block in blocks:
        own = facts[block.name]
        product = scores(block, own, np.ones((1, 1)))[:, 0]
        if block.name == "tags":
            product *= np.where(product > 0, _evidence(block, own), 1.0)
        near += WORTH[block.name] * product
    return near / sum(WORTH[block.name] for block in blocks)


def _evidence(block: Block, own: BlockRows) -> Array64:
    """Returns (films,) factors from 0 to 1 on the likeness of all films to one film by tags.

    A film that shares s tags with the one film gets s / (s + 1), so that a single shared tag counts
    for little. The factor is 1 if the tags of either film are guessed, because guesses have small
    values already. block: the tags of all films. own: the tags of the one film.
    """
    if not own.known[0]:
        return np.ones(len(block.known))
    has = np.zeros(block.rows.shape[1], np.float32)
    has[own.columns] = 1.0
    pattern = block.rows.copy()
    pattern.data = np.ones_like(pattern.data)
    common = np.asarray(pattern @ has, np.float64)
    return np.where(block.known > 0, common / (common + 1.0), 1.0)
