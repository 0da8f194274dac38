"""The recommender's one family of errors."""

import pytest

from recommender.errors import (
    ArtifactError,
    DataError,
    DatasetError,
    ExperimentError,
    RecommenderError,
)


@pytest.mark.parametrize("kind", [ArtifactError, DataError, DatasetError, ExperimentError])
def test_every_error_is_of_the_family(kind: type[Exception]) -> None:
    assert issubclass(kind, RecommenderError)
    assert issubclass(kind, ValueError) == (kind is not ArtifactError)


def test_an_experiments_problems_are_kept() -> None:
    problems = (DataError("no-share"), DataError("no-such-place"))
    error = ExperimentError(problems)
    assert isinstance(error, DataError)
    assert error.problems == problems
    assert (error.key, error.data) == ("experiments-wrong", {"problems": problems})
