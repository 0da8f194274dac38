"""How much an answer about one film reduces the uncertainty about the scores of other films.

A person's taste is uncertain, so the scores of films for them are uncertain too. Two models give
the covariances of these scores. In the newcomer model (`models.newcomer`), two films covary if the
same people like both. In the content model (`content.model`), they covary if they share facts such
as tags. Under each model, an answer about a film reduces the variance of the scores of the films
that may be recommended (A-optimal design for chosen predictions; Chaloner and Verdinelli 1995). The
reduction is expressed as a share of the variance. The shares of the two models are added, each
multiplied by the weight of its model.
"""

from dataclasses import dataclass

import numpy as np

from recommender.content.blocks import products
from recommender.content.model import ContentModel, ContentTaste
from recommender.models.newcomer import NewcomerModel, Posterior
from recommender.numeric.arrays import Array64, Rows

MIN_BLOCK_WEIGHT = 0.1  # blocks of facts with a lower weight for the person are left out, for speed


@dataclass(frozen=True, eq=False)
class Covariances:
    """Covariances of scores, for a person, between k films to ask about and t target films.

    Attributes:
        weight: the weight, 0 to 1, of the model that the covariances come from.
        among: (k, k) covariances of the films to ask about.
        toward: (k, t) their covariances with the target films.
        noise: (k,) noise variance of an answer about each film.
        total: the sum of the target films' variances.
        hears_unseen: True if the answer "haven't seen" also reduces the uncertainty in this model.
    """

    weight: float
    among: Array64
    toward: Array64
    noise: Array64
    total: float
    hears_unseen: bool

    def taught(self) -> Array64:
        """Returns (k,) how informative an answer about each film is.

        It is the share of the target films' variance that the answer removes, multiplied by the
        weight of the model.
        """
        own = self.among.diagonal() + self.noise
        return np.asarray(self.weight / self.total * (self.toward**2).sum(axis=1) / own)

    def after(self, film: int, chance: float) -> "Covariances":
        """Returns the covariances to be expected after one film has been asked about.

        An answer reduces them. The reduction is multiplied by the probability that there is an
        answer. film: position among the k films. chance: that probability, 0 to 1.
        """
        share = chance / (self.among[film, film] + self.noise[film])
        along = self.among[:, film]
        return Covariances(
            self.weight,
            self.among - np.outer(along, self.among[film]) * share,
            self.toward - np.outer(along, self.toward[film]) * share,
            self.noise,
            self.total,
            self.hears_unseen,
        )


def by_people(
    newcomer: NewcomerModel, place: Posterior, films: Rows, targets: Rows, weight: float
) -> Covariances:
    """Returns the covariances of films' scores for a person by the newcomer model.

    In this model, two films covary if the same people have seen and liked them. place: the
    distribution of the person's factors. films: rows of the films to ask about. targets: rows of
    the films that may be recommended. weight: the weight of this model, 0 to 1.
    """
    loadings = newcomer.loadings[films].astype(np.float64)
    aims = newcomer.loadings[targets].astype(np.float64)
    along = loadings @ place.covariance
    total = float(((aims @ place.covariance) * aims).sum())
    return Covariances(
        weight, along @ loadings.T, along @ aims.T, newcomer.rest[films], max(total, 1e-12), True
    )


def by_facts(
    content: ContentModel,
    taste: ContentTaste | None,
    rated: Rows,
    films: Rows,
    targets: Rows,
    weight: float,
) -> Covariances:
    """Returns the covariances of films' scores for a person by the content model.

    In this model, two films covary if they share facts such as tags. taste: what the model knows of
    the person; None for nothing. rated: (n,) rows of the films that they rated. films: rows of the
    films to ask about. targets: rows of the films that may be recommended. weight: the weight of
    this model, 0 to 1.
    """
    rows = np.concatenate([films, targets, rated])
    kernel = np.zeros((len(rows), len(rows)))
    for block, share in zip(content.blocks, _weights(content, taste), strict=True):
        if share >= MIN_BLOCK_WEIGHT:
            own = block.at(rows)
            kernel += share * products(block, own, own)
    known, asked = len(rows) - len(rated), len(films)
    if len(rated):
        seen = kernel[known:, known:] + content.config.noise * np.eye(len(rated))
        across = kernel[:known, known:]
        kernel = kernel[:known, :known] - across @ np.linalg.solve(seen, across.T)
    total = float(kernel.diagonal()[asked:].sum())
    noise = np.full(asked, content.config.noise)
    among, toward = kernel[:asked, :asked], kernel[:asked, asked:]
    return Covariances(weight, among, toward, noise, max(total, 1e-12), False)


def _weights(content: ContentModel, taste: ContentTaste | None) -> Array64:
    """Returns (blocks,) how much each kind of facts (tags, genres …) counts for the person; adds up
    to 1.

    taste: what the content model knows of the person; None for nothing.
    """
    if taste is not None and taste.interests:
        return np.asarray(np.mean([interest.weights for interest in taste.interests], axis=0))
    weights = np.array([content.config.weight(block.name) for block in content.blocks])
    return np.asarray(weights / max(float(weights.sum()), 1e-12))
