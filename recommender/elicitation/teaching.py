"""How much the answers about films teach about the scores of other films.

Two models say how the scores of films hang together for a person whose taste is uncertain: the
newcomer model (people who like the one also like the other) and the content model (both have the
same facts). Under each, an answer about a film reduces the variance of the scores of the films that
the person may be recommended (A-optimal design for chosen predictions; Chaloner and Verdinelli
1995). The two reductions, each as a share of the variance, are added with the weight that each
model has for the person.
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
    """How the scores of k films to ask about and t target films hang together for a person.

    Attributes:
        weight: the weight of the model that says so, 0 to 1.
        among: (k, k) covariances of the films to ask about.
        toward: (k, t) their covariances with the target films.
        noise: (k,) noise variance of an answer about each film.
        total: the sum of the target films' variances.
        hears_unseen: True if the answer "haven't seen" teaches this model something too.
    """

    weight: float
    among: Array64
    toward: Array64
    noise: Array64
    total: float
    hears_unseen: bool

    def taught(self) -> Array64:
        """Returns (k,) the weighted share of the target films' variance that an answer removes."""
        own = self.among.diagonal() + self.noise
        return np.asarray(self.weight / self.total * (self.toward**2).sum(axis=1) / own)

    def after(self, film: int, chance: float) -> "Covariances":
        """Returns the covariances after an answer about a film, times the chance of an answer.

        film: position among the k films.
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
    """Returns the covariances under the newcomer model, given the person's posterior."""
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
    """Returns the covariances under the content model, given the films that the person rated.

    taste: what the content model knows of the person; None for nothing. rated: (n,) rows of the
    films that they rated.
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
    """Returns (blocks,) the weight of each block for the person; they add up to 1."""
    if taste is not None and taste.interests:
        return np.asarray(np.mean([interest.weights for interest in taste.interests], axis=0))
    weights = np.array([content.config.weight(block.name) for block in content.blocks])
    return np.asarray(weights / max(float(weights.sum()), 1e-12))
