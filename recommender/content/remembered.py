"""A content model that finds the interests of each person once, for several models to share.

The judge asks each model for the picks of the same simulated people. The models have other ratings,
but most of them have the same facts about films. They then find the same interests for a person,
which takes about half of the time of an answer.
"""

from dataclasses import dataclass, field, fields

import numpy as np

from recommender.content.blocks import Block
from recommender.content.interests import Interest
from recommender.content.model import ContentModel
from recommender.content.stacked import StackedRows
from recommender.numeric.arrays import Floats, Ints, Sparse


@dataclass(frozen=True, eq=False)
class RememberingModel(ContentModel):
    """A content model (which scores films by facts) that remembers people's interests.

    It never forgets, so it is for a limited number of people.

    Attributes:
        remembered: the interests of the people so far, by their films and stars, and by whether
            they may have two interests.
    """

    remembered: dict[tuple[bytes, bytes, bool], tuple[Interest, ...]] = field(default_factory=dict)

    def interests(
        self, films: Ints, stars: Floats, rated: StackedRows, may_split: bool
    ) -> tuple[Interest, ...]:
        """Returns the same as `ContentModel.interests`."""
        key = films.tobytes(), stars.tobytes(), may_split
        found = self.remembered.get(key)
        if found is None:
            found = self.remembered[key] = super().interests(films, stars, rated, may_split)
        return found


def remembering(content: ContentModel) -> RememberingModel:
    """Returns the content model (which scores films by facts) with a memory of people's interests.

    It gives the same answers.
    """
    return RememberingModel(**{each.name: getattr(content, each.name) for each in fields(content)})


def same_facts(one: ContentModel, other: ContentModel) -> bool:
    """Returns True if two content models (which score films by facts) give the same answers."""
    return (
        one.config == other.config
        and np.array_equal(one.known, other.known)
        and np.array_equal(one.sample_films, other.sample_films)
        and len(one.blocks) == len(other.blocks)
        and all(map(_same_block, one.blocks, other.blocks))
    )


def _same_block(one: Block, other: Block) -> bool:
    """Returns True if two blocks (features of one kind of facts) are equal."""
    return one is other or (
        one.name == other.name
        and np.array_equal(one.columns, other.columns)
        and np.array_equal(one.known, other.known)
        and _same_cells(one.rows, other.rows)
    )


def _same_cells(one: Sparse, other: Sparse) -> bool:
    """Returns True if two sparse matrices store the same cells."""
    return (
        one.shape == other.shape
        and np.array_equal(one.indptr, other.indptr)
        and np.array_equal(one.indices, other.indices)
        and np.array_equal(one.data, other.data)
    )
