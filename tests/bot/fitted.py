"""A small world for retraining: the starter catalogue, a corpus of people with tastes, a clock."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from bot.services.app import App
from bot.services.catalogue import arrays
from bot.services.scale import SCALE
from bot.services.training import retrain
from bot.services.training.judged_fit import all_ratings
from bot.settings import Settings
from bot.wiring import open_app
from recommender.data import Interactions, interactions
from recommender.datasets.corpus import read_corpus, write_corpus
from recommender.training.served_stars import fit_served_stars
from storage.catalogue import films
from storage.feedback import ratings
from storage.people import profiles
from tests import postgres
from tests.house import stocked

START = datetime(2026, 3, 10, 12, tzinfo=UTC)
PEOPLE, RATINGS_PER_PERSON = 90, 30
RATED_FILMS, RATED_SHARE = 640, 0.8  # at most this many, and at most this share, of the catalogue


@dataclass
class Time:
    """A clock that a test sets."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **duration: float) -> None:
        self.now += timedelta(**duration)


def tasteful(film_ids: np.ndarray, genres: np.ndarray, seed: int = 1) -> Interactions:
    """Returns ratings of people with tastes.

    Each person rates mostly films of one genre, with high stars, and some others with low stars.
    film_ids: (films,) ids. genres: (films,) number of the genre of each film.
    """
    rng = np.random.default_rng(seed)
    rows = []
    for person in range(PEOPLE):
        loved = genres == person % 5
        chance = np.where(loved, 12.0, 1.0) / (1 + np.arange(len(film_ids)) / 60)
        for film in rng.choice(
            len(film_ids), RATINGS_PER_PERSON, replace=False, p=chance / chance.sum()
        ):
            stars = rng.choice([4.0, 4.5, 5.0] if loved[film] else [1.0, 2.0, 3.0])
            rows.append((-1 - person, film_ids[film], stars, rng.random() * 1e9))
    columns = np.array(rows)
    return interactions(
        columns[:, 0].astype(np.int64), columns[:, 1].astype(np.int64), columns[:, 2], columns[:, 3]
    )


def shuffled(corpus: Path) -> None:
    """Shuffles the films of a corpus among its ratings."""
    good = read_corpus(corpus)
    mixed = np.random.default_rng(9).permutation(good.film)
    write_corpus(corpus, replace(good, film=mixed))


@asynccontextmanager
async def opened(folder: Path, clock: Time, **chosen: int) -> AsyncIterator[App]:
    """Yields the application without Discord."""
    async with open_app(Settings(data=folder / "data", **chosen), clock) as app:
        yield app


async def rate(app: App, person_id: int, count: int, stars: float = 4.5) -> None:
    """Makes a person rate the first `count` films of the catalogue now."""
    async with app.db.write() as conn:
        await profiles.ensure(conn, person_id, now=app.clock())
        for film in (await films.all_films(conn))[:count]:
            await ratings.state(
                conn,
                person_id=person_id,
                film_id=film.id,
                source="command",
                stars=stars,
                at=app.clock(),
                scale=SCALE,
            )


async def write_background(app: App) -> None:
    """Writes a background corpus of people with tastes."""
    async with app.db.read() as conn:
        known = await films.all_films(conn)
    known = known[: min(RATED_FILMS, int(RATED_SHARE * len(known)))]
    ids = np.array([film.id for film in known])
    first = [film.genres[0] if film.genres else "" for film in known]
    number = {name: at for at, name in enumerate(sorted(set(first), key=first.count)[-5:])}
    genres = np.array([number.get(name, 9) for name in first])
    write_corpus(app.settings.corpus, tasteful(ids, genres))


async def learn_stars(app: App) -> None:
    """Gives the model that answers a rating model, fitted to a background corpus.

    It skips the fit of everything that ranks.
    """
    await write_background(app)
    served = app.live.served
    world = served.model.catalogue
    nobody = arrays.ratings([], world.films)
    everyone = all_ratings(nobody, read_corpus(app.settings.corpus), world)
    stars = fit_served_stars(world, everyone, 1)
    app.live.swap(replace(served, model=replace(served.model, stars=stars)))


async def make(
    folder: Path, start: datetime = START, max_films: int | None = None
) -> tuple[str, str]:
    """Fills a folder with a corpus and two model versions, a day apart. Returns the versions.

    Both versions have served. max_films: size of the catalogue. None means the whole starter
    catalogue.
    """
    clock = Time(start)
    await stocked(Settings(data=folder / "data").database, max_films)
    async with opened(folder, clock) as app:
        await write_background(app)
        one = await retrain.refit(app)
        clock.pass_(days=1)
        two = await retrain.refit(app)
        assert one.promoted, one.why
        assert two.promoted, two.why
    return one.version, two.version


def made(folder: Path, start: datetime = START, max_films: int | None = None) -> tuple[str, str]:
    """Does the same as `make`, for fixtures that are not async."""
    return asyncio.run(make(folder, start, max_films))


def copied(folder: Path, target: Path) -> Path:
    """Copies a data folder, so that a test may damage the copy. Returns the new folder."""
    shutil.copytree(folder / "data", target / "data")
    if postgres.chosen():
        name, template = postgres.name_of(target / "data"), postgres.name_of(folder / "data")
        postgres.running().create(name, template)
    return target


async def nobody(_: int) -> None:
    """Stands for a server without members, where a service asks Discord for one."""
