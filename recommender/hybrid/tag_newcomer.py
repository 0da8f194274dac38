"""Makes a newcomer model from tags, for catalogues that few people have rated.

A newcomer model usually describes what people have seen and liked, and is fitted to ratings.
"""

import numpy as np

from recommender.models.newcomer import NewcomerConfig, NewcomerModel, assemble_newcomer
from recommender.models.tags import RATING_NOISE, TagModel
from recommender.numeric.arrays import Array64


def newcomer_from_tags(tags: TagModel, reach: Array64) -> NewcomerModel:
    """Returns a newcomer model that is made from tags instead of ratings.

    A newcomer model predicts which films a new person knows and likes; the quiz uses it to choose
    its questions. Here, the covariance of two films' scores is the scalar product of their tag
    vectors.

    tags: the tag vectors of the films. reach: (films,) how well known each film is, at least 0.
    """
    config = NewcomerConfig()
    away = tags.centred_vectors(np.arange(len(reach)))
    away[~tags.tagged] = 0.0
    _, vectors = np.linalg.eigh(away.T @ away)
    loadings = (away @ vectors[:, ::-1][:, : config.dimensions]).astype(np.float32)
    left = np.maximum((away**2).sum(axis=1) - (loadings.astype(np.float64) ** 2).sum(axis=1), 0.0)
    known = reach / max(float(reach.max(initial=0.0)), 1e-12)
    everyone = np.ones(len(reach))
    return assemble_newcomer(known, loadings, RATING_NOISE + left, everyone, tags.tagged, 0, config)
