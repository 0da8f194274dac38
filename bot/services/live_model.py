"""The model that answers now: one reference, swapped whole, so an answer sees one model only."""

import gc
import logging
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.services import arrays
from bot.services.library import Library
from recommender import artifacts, training
from recommender.data import Catalogue
from recommender.pipeline import Config, Recommender
from storage.films import Film, Tag
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


class LiveModel:
    """The holder of the one reference. Read `served` once for each answer."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self.refused: set[str] = set()  # versions found unusable, so that none is tried for ever

    def swap(self, served: Served) -> None:
        """From now on answers come from `served`."""
        self.served = served


def serve(model: Recommender, films: Sequence[Film], tags: Sequence[Tag]) -> Served:
    """A model with the films it was fitted or attached to, by id and name. What `/similar` needs of
    titles is worked out here rather than while somebody waits."""
    assert len(model.series) == len(model.editions)
    fame = {
        int(film): float(value)
        for film, value in zip(model.catalogue.films.ids_array, model.popularity.reach, strict=True)
    }
    return Served(
        model, Library({film.id: film for film in films}, {tag.slug: tag for tag in tags}, fame)
    )


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
        model = training.fit(world, None, Config(), seed=1, now=now)
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
    """Build much in one thread without making the answers of another late: an answer asks for
    Python's lock a hundred times, so it gets its turn after a fifth of a millisecond, not after
    five; and no collection of garbage walks through what is being built, nor ever after."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(0.0002)
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        gc.enable()
        sys.setswitchinterval(usual)


def _read(folder: Path, version: ModelVersion, world: Catalogue) -> Recommender | None:
    try:
        model = artifacts.read(folder / version.path, world)
    except artifacts.ArtifactError as error:
        log.warning("model %s cannot be used: %s", version.version, error)
        return None
    log.info("serving model %s", model.version)
    return model
