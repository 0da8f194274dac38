"""The errors that the recommender raises, with one base class:

    RecommenderError
    ├── DataError            (also a ValueError)  input the models cannot use
    │   └── ExperimentError                       an experiment file that cannot be used
    ├── DatasetError         (also a ValueError)  a data set that cannot be read or written
    │   └── TenPoints                             its ratings go from 1 to 10, not to 5
    └── ArtifactError                             a model folder that cannot be read or written

Each error carries a key and data, with which the bot says what is wrong and what to do
(`bot/wording/errors`). str() is for the log. If the recommender raises any other exception, that is
a bug in it.
"""

from collections.abc import Sequence

from recommender.remarks import told


class RecommenderError(Exception):
    """The base class of all errors that the recommender raises on purpose.

    Attributes:
        key: the name of the sentence for people, which `bot/wording` has.
        data: the values that the sentence contains, not formatted.
    """

    def __init__(self, key: str, /, **data: object) -> None:
        super().__init__(key)
        self.key = key
        self.data = data

    def __str__(self) -> str:
        return told(self.key, self.data)


class DataError(RecommenderError, ValueError):
    """Input that the models cannot use."""


class ExperimentError(DataError):
    """An experiment file that cannot be used.

    Attributes:
        problems: every problem, with its place in the file.
    """

    def __init__(self, problems: Sequence[DataError]) -> None:
        super().__init__("experiments-wrong", problems=tuple(problems))
        self.problems = tuple(problems)


class DatasetError(RecommenderError, ValueError):
    """A data set that cannot be read or written."""


class TenPoints(DatasetError):
    """A data set that was read with stars up to 5, but whose ratings plainly go from 1 to 10."""


class ArtifactError(RecommenderError):
    """A model folder that cannot be read or written."""
