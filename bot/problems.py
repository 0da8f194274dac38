"""Which errors have a sentence for the operator: each room's own family, and nothing else."""

from bot.errors import Sorry
from bot.run import CannotConnect
from recommender.datasets.movielens_films import DatasetError
from recommender.errors import DataError
from recommender.training.artifacts import ArtifactError
from storage.catalogue.loader import CatalogueError
from storage.errors import StorageError

WITH_A_SENTENCE = (
    ArtifactError,
    CannotConnect,
    CatalogueError,
    DataError,
    DatasetError,
    Sorry,
    StorageError,
)


def sentence_of(error: BaseException) -> str | None:
    """What to tell the operator, or None where only a traceback helps."""
    if isinstance(error, BaseExceptionGroup):
        said = [sentence_of(inner) for inner in error.exceptions]
        return said[0] if said and all(said) else None
    return str(error) if isinstance(error, WITH_A_SENTENCE) else None
