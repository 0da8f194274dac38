"""Recommends films: fits models to ratings, and returns ranked lists with reasons.

This module is the public face of the package; `recommender/README.md` has an example. Each name is
imported when it is first used (PEP 562), so that a process loads only what it needs. A process that
only answers requests never loads the code that samples, evaluates or writes reports.

    Catalogue, Interactions, Query, Vocabulary   the data that all models read
    interactions                                 makes an Interactions from columns, and checks it
    Config, fit, Recommender                     settings, fitting, the fitted model
    recommend, similar, trending                 the three questions a model answers
    read_model, write_model                      a fitted model as a folder
    RecommenderError                             the base class of all errors raised here
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from recommender.data import Catalogue, Interactions, Query, Vocabulary, interactions
    from recommender.errors import RecommenderError
    from recommender.pipeline.recommend import recommend
    from recommender.pipeline.recommender import Config, Recommender
    from recommender.pipeline.similar import similar
    from recommender.pipeline.trending import trending
    from recommender.training.artifacts import read as read_model
    from recommender.training.artifacts import write as write_model
    from recommender.training.fit import fit

__all__ = [
    "Catalogue",
    "Config",
    "Interactions",
    "Query",
    "Recommender",
    "RecommenderError",
    "Vocabulary",
    "fit",
    "interactions",
    "read_model",
    "recommend",
    "similar",
    "trending",
    "write_model",
]

_HOMES = {
    "Catalogue": ("recommender.data", "Catalogue"),
    "Config": ("recommender.pipeline.recommender", "Config"),
    "Interactions": ("recommender.data", "Interactions"),
    "Query": ("recommender.data", "Query"),
    "Recommender": ("recommender.pipeline.recommender", "Recommender"),
    "RecommenderError": ("recommender.errors", "RecommenderError"),
    "Vocabulary": ("recommender.data", "Vocabulary"),
    "fit": ("recommender.training.fit", "fit"),
    "interactions": ("recommender.data", "interactions"),
    "read_model": ("recommender.training.artifacts", "read"),
    "recommend": ("recommender.pipeline.recommend", "recommend"),
    "similar": ("recommender.pipeline.similar", "similar"),
    "trending": ("recommender.pipeline.trending", "trending"),
    "write_model": ("recommender.training.artifacts", "write"),
}
"""For each public name, the module that defines it and its name in that module."""


def __getattr__(name: str) -> object:
    """Imports and returns a public name of the package when it is first used.

    Raises AttributeError for any other name.
    """
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _HOMES[name]
    value: object = getattr(import_module(module), attribute)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
