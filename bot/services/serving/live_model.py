"""The model that answers now: one reference, swapped whole, so an answer sees one model only."""

import gc
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from bot.services.catalogue import arrays
from bot.services.catalogue.library import Library
from bot.services.catalogue.tastes import example_titles
from recommender.data import Catalogue
from recommender.pipeline.recommender import Config, Recommender
from recommender.training import artifacts, fit
from storage.catalogue.films import Film, Tag
from storage.registry import ModelVersion

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Served:
    """A fitted model and the catalogue it speaks of."""

    model: Recommender
    library: Library

    @property
    def version(self) -> str:
        """The version that every impression names."""
        return self.model.version

    @cached_property
    def examples(self) -> Mapping[str, str]:
        """Returns for each taste of the quiz: key -> the titles of a few well-known films."""
        fame = self.library.fame
        films = self.library.films.values()
        return example_titles(sorted(films, key=lambda film: (-fame.get(film.id, 0.0), film.id)))

    def prepared(self) -> "Served":
        """The same, with all made that would otherwise be made while the first to ask waits."""
        assert len(self.model.series) == len(self.model.editions)
        assert self.examples
        assert self.model.ranking.asking
        self.library.prepare()
        return self


class LiveModel:
    """The holder of the one reference. Read `served` once for each answer."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self.refused: set[str] = set()  # versions found unusable, so that none is tried for ever

    def swap(self, served: Served) -> None:
        """From now on answers come from `served`."""
        self.served = served


def serve(model: Recommender, films: Sequence[Film], tags: Sequence[Tag]) -> Served:
    """A model with the films it was fitted or attached to, by id and name, ready to answer."""
    fame = {
        int(film): float(value)
        for film, value in zip(model.catalogue.films.ids_array, model.popularity.reach, strict=True)
    }
    library = Library({film.id: film for film in films}, {tag.slug: tag for tag in tags}, fame)
    return Served(model, library).prepared()


def from_disk(
    folder: Path,
    known: Sequence[ModelVersion],
    films: Sequence[Film],
    tags: Sequence[Tag],
    *,
    now: datetime,
) -> Served:
    """The first of the versions that can be read, attached to today's catalogue; without one, a
    model that needs no ratings."""
    world = arrays.catalogue(films, tags)
    model = next((one for each in known if (one := _read(folder, each, world))), None)
    if model is None:
        model = fit.fit(world, None, Config(), seed=1, now=now)
        log.info("serving without ratings until the first fit")
    served = serve(model, films, tags)
    # What has been loaded by now stays: the collector need not look through it at every answer.
    gc.collect()
    gc.freeze()
    return served


def loaded(
    folder: Path, version: ModelVersion, films: Sequence[Film], tags: Sequence[Tag]
) -> Served:
    """One version, attached to today's catalogue. Raises ArtifactError."""
    world = arrays.catalogue(films, tags)
    return serve(artifacts.read(folder / version.path, world), films, tags)


@contextmanager
def gently() -> Iterator[None]:
    """Build much in one thread without making the answers of another late: no collection of
    garbage walks through what is being built, nor ever after."""
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        gc.enable()


def _read(folder: Path, version: ModelVersion, world: Catalogue) -> Recommender | None:
    try:
        model = artifacts.read(folder / version.path, world)
    except artifacts.ArtifactError as error:
        log.warning("model %s cannot be used: %s", version.version, error)
        return None
    log.info("serving model %s", model.version)
    return model
