"""Guesses the tags of untagged films from their genres, their year and who liked them.

A ridge regression is fitted to the tagged films. It predicts their tags from genres, era and the
film factors of a model of ratings, which say who liked a film. The guesses are used only to compare
films and are never shown as facts. An uncertain guess has smaller values than the tags of a tagged
film, so that an untagged film needs stronger other reasons to be recommended.
"""

from dataclasses import replace

import numpy as np

from recommender.content.blocks import Block
from recommender.content.model import ContentModel, assemble_content
from recommender.numeric.arrays import Array32, Array64, Bools, Rows, sparse

MIN_TRAINING_FILMS = 200  # with fewer films that are tagged and rated, nothing is guessed
KEPT_FEATURES = 15  # features of a guess that are kept, those of the largest values
MAX_FEATURES = 3000  # with more kinds of tags, as in lists of free tags, nothing is guessed
PENALTY = 30.0  # ridge penalty, in films


def with_learned_tags(content: ContentModel, factors: Array32, rated: Bools) -> ContentModel:
    """Returns the content model (which scores films by facts) with guessed tags for untagged films.
    Tags are guessed for films that have ratings and no tags.

    Returns the same model if too few films have tags and ratings to learn from.

    content: the content model. factors: (films, factors) the films' factors in a model of ratings.
    rated: (films,) True for films that enough people rated (`MIN_PEOPLE`).
    """
    at = next((at for at, block in enumerate(content.blocks) if block.name == "tags"), -1)
    if at < 0:
        return content
    tags = content.blocks[at]
    learnt_from = np.flatnonzero((tags.known > 0) & rated)
    unknown = np.flatnonzero((tags.known == 0) & rated)
    if len(learnt_from) < MIN_TRAINING_FILMS or not len(unknown):
        return content
    if tags.rows.shape[1] > MAX_FEATURES:
        return content
    inputs = _inputs(content, np.asarray(factors, np.float64))
    guesses = _guesses(inputs, tags, learnt_from, unknown)
    blocks = list(content.blocks)
    blocks[at] = _with_rows(tags, unknown, guesses)
    films = len(content.known)
    return assemble_content(tuple(blocks), films, content.sample_films, content.config)


def _inputs(content: ContentModel, factors: Array64) -> Array64:
    """Returns (films, inputs) what tags are guessed from: genres, era, rating factors and a
    constant.

    The factors are scaled to standard deviation 1. content: the model that holds the films' genres
    and era. factors: (films, factors) the films' factors in a model of ratings.
    """
    parts = [
        np.asarray(block.rows.toarray(), np.float64)
        for block in content.blocks
        if block.name in ("genre", "era")
    ]
    spread = np.maximum(factors.std(axis=0), 1e-9)
    return np.hstack([*parts, factors / spread, np.ones((len(factors), 1))])


def _guesses(inputs: Array64, tags: Block, learnt_from: Rows, unknown: Rows) -> Array64:
    """Returns (m, features) guessed tag features of m films, less the mean row of the block of
    tags.

    inputs: (films, inputs) what tags are guessed from. tags: the block of the films' tags.
    learnt_from: rows of the films with tags. unknown: (m,) rows of the films to guess for.
    """
    known = inputs[learnt_from]
    away = np.asarray(tags.rows[learnt_from].toarray(), np.float64) - tags.origin
    gram = known.T @ known
    gram[np.diag_indices(len(gram))] += PENALTY
    return np.asarray(inputs[unknown] @ np.linalg.solve(gram, known.T @ away))


def _with_rows(block: Block, films: Rows, guesses: Array64) -> Block:
    """Returns the block of tags with guesses as the rows of k films that have no tags.

    The guesses are differences from the block's mean row, unlike the rows of other films.
    `Block.known` stays 0 for the k films, so that the mean row is not subtracted again.

    films: (k,) rows of the films. guesses: (k, features) of which the largest are kept.
    """
    kept = min(KEPT_FEATURES, guesses.shape[1])
    top = np.argpartition(-guesses, kept - 1, axis=1)[:, :kept]
    values = np.maximum(np.take_along_axis(guesses, top, axis=1), 0.0).astype(np.float32)
    rows = np.repeat(films, kept)
    more = sparse((values.reshape(-1), (rows, top.reshape(-1))), block.rows.shape)
    more.eliminate_zeros()
    whole = sparse(block.rows + more)
    return replace(block, rows=whole, along=np.asarray(whole @ block.origin, np.float64))
