"""Holds the model that answers requests now. A new model replaces it in one step.

There is one reference to the model. The code that prepares an answer reads the reference once, so
that the whole answer comes from one model.
"""

import gc
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path

from bot.services.catalogue import arrays
from bot.services.catalogue.library import Library
from bot.services.catalogue.tastes import OFFERED, example_titles
from recommender.data import Catalogue
from recommender.errors import ArtifactError
from recommender.hybrid.blend_cache import BlendCache
from recommender.pipeline.recommender import Config, Recommender
from recommender.training import artifacts, fit
from storage.catalogue.films import Film, Tag
from storage.registry import ModelVersion

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Served:
    """A model that is ready to answer requests, and its films and tags.

    Attributes:
        model: the fitted model, in which films and tags are rows and columns of arrays.
        library: the same films and tags by id and name.
    """

    model: Recommender
    library: Library

    @property
    def version(self) -> str:
        """The name of the model's version, which is stored with every shown film."""
        return self.model.version

    @cached_property
    def examples(self) -> Mapping[str, str]:
        """The titles of a few well-known films of each taste, as one text, by taste key.

        A taste is one of the ten kinds of films that the quiz offers.
        """
        fame = self.library.fame
        films = self.library.shown(adult_ok=False).films.values()
        world = self.model.catalogue
        members = {
            taste.key: set(world.films.ids(arrays.taste_films(world, taste)).tolist())
            for taste in OFFERED
        }
        famous = sorted(films, key=lambda film: (-fame.get(film.id, 0.0), film.id))
        return example_titles(famous, members)

    def prepared(self) -> "Served":
        """Computes the cached values, so that the first answer is as quick as all others; returns
        itself.
        """
        assert len(self.model.series) == len(self.model.editions)
        assert self.examples
        assert self.model.ranking.elicitation_model
        assert len(self.model.well_loved) == len(self.model.likeness.catalogue)
        self.library.prepare()
        return self

    def forget_tastes(self) -> None:
        """Forgets what is remembered of people's tastes. Their next answers are computed again."""
        if self.model.blends is not None:
            self.model.blends.clear()


class LiveModel:
    """Holds the one reference to the model that answers. Read `served` once for each answer.

    Attributes:
        served: the model that answers now.
        unusable: names of versions that could not be loaded; they are not tried again.
    """

    def __init__(self, served: Served) -> None:
        self.served = served
        self.unusable: set[str] = set()
        self._subscribers: list[Callable[[Served], None]] = []

    def subscribe(self, callback: Callable[[Served], None]) -> None:
        """Calls `callback` with the new model after every swap, in the thread of the swap.

        Callbacks run in the order of their subscription. They must return quickly: longer work must
        be started elsewhere, such as in a task.
        """
        self._subscribers.append(callback)

    def swap(self, served: Served) -> None:
        """Makes `served` the model that answers from now on, then calls the subscribers.

        Call it in the event loop's thread. An error of a subscriber is logged. It does not undo the
        swap, and the other subscribers are still called.
        """
        self.served.forget_tastes()  # the shelves keep the model before for some time
        self.served = served
        for callback in self._subscribers:
            try:
                callback(served)
            except Exception:
                log.exception("a subscriber failed on model %s", served.version)


def serve(model: Recommender, films: Sequence[Film], tags: Sequence[Tag]) -> Served:
    """Returns a model ready to answer, with its films and tags by id and name."""
    fame = {
        int(film): float(value)
        for film, value in zip(model.catalogue.films.ids_array, model.popularity.reach, strict=True)
    }
    library = Library({film.id: film for film in films}, {tag.slug: tag for tag in tags}, fame)
    return Served(replace(model, blends=BlendCache()), library).prepared()


def from_disk(
    folder: Path,
    versions: Sequence[ModelVersion],
    films: Sequence[Film],
    tags: Sequence[Tag],
    *,
    now: datetime,
) -> Served:
    """Returns the first of `versions` that can be read from `folder`, joined with the given films.

    If no version can be read, returns a model that needs no ratings: it ranks by tags.
    """
    world = arrays.catalogue(films, tags)
    models = (_read(folder, version, world) for version in versions)
    model = next((model for model in models if model is not None), None)
    if model is None:
        model = fit.fit(world, None, Config(), seed=1, now=now)
        log.info("serving without ratings until the first fit")
    served = serve(model, films, tags)
    # What is loaded by now stays loaded, so the garbage collector need not examine it again.
    gc.collect()
    gc.freeze()
    return served


def load_version(
    folder: Path, version: ModelVersion, films: Sequence[Film], tags: Sequence[Tag]
) -> Served:
    """Returns the model of a version, joined with the given films and tags.

    Raises ArtifactError if its files are damaged.
    """
    world = arrays.catalogue(films, tags)
    return serve(artifacts.read(folder / version.path, world), films, tags)


def _read(folder: Path, version: ModelVersion, world: Catalogue) -> Recommender | None:
    try:
        model = artifacts.read(folder / version.path, world)
    except ArtifactError as error:
        log.warning("model %s cannot be used: %s", version.version, error)
        return None
    log.info("serving model %s", model.version)
    return model
