"""/similar compares films by tags, by people or by both, and says when it cannot."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from bot.services.app import App
from bot.services.notes import Note, note
from bot.services.picks.similar import By, Measure, recommend_similar
from bot.services.view_models import FilmCard, Requester
from bot.settings import Settings
from bot.wiring import open_app
from bot.wording.errors.said import said
from recommender.data import interactions
from recommender.training.fit import fit
from tests.bot.fitted import Time
from tests.house import stocked

NOW = datetime(2026, 3, 10, 20, tzinfo=UTC)
PEOPLE = 12
LOVED = ("Casablanca", "Alien", "Amélie", "Toy Story")
"""Half of the people love these films, which share no tags to speak of; the others love none."""


@pytest.fixture(scope="module")
async def opened(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[App]:
    settings = Settings(data=tmp_path_factory.mktemp("similar") / "data")
    await stocked(settings.database)
    async with open_app(settings, Time(NOW)) as app:
        yield app


@pytest.fixture
def app(opened: App) -> Iterator[App]:
    """The application of the module, which serves a model without ratings when a test begins."""
    unrated = opened.live.served
    yield opened
    opened.live.swap(unrated)


def rated(app: App) -> None:
    """Swaps the served model for one that is fitted to ratings."""
    served = app.live.served
    world = served.model.catalogue
    films = [world.films.ids_array[world.titles.index(title)] for title in LOVED]
    others = world.films.ids_array[1000:1008]
    rows = [
        (person, film, 5.0)
        for person in range(1, PEOPLE + 1)
        for film in (films if person % 2 else others)
    ]
    person, film, stars = np.array(rows).T
    given = interactions(person.astype(int), film.astype(int), stars, films=world.films)
    model = fit(world, given, served.model.config, seed=1, now=NOW)
    app.live.swap(replace(served, model=replace(model, version=served.version)))


async def like(
    app: App, title: str, by: By | None = None, measure: Measure | None = None, person: int = 1001
) -> FilmCard:
    requester = Requester(person, None, 1, NOW)
    return await recommend_similar(app, requester, title, by=by, measure=measure)


def names(card: FilmCard) -> list[str]:
    return [line.name for line in (card.headline, *card.further)]


async def test_people_who_love_a_film_name_other_films(app: App) -> None:
    rated(app)
    card = await like(app, "Casablanca", "people")
    assert card.notes == ()
    assert {name.split(" (")[0] for name in names(card)[:3]} == {*LOVED} - {"Casablanca"}
    reasons = [line.reason for line in (card.headline, *card.further)]
    keys = {main_reason(reason).key for reason in reasons if reason}
    assert len(reasons) >= 1
    assert keys <= {"in-common", "loved-by-the-same-people"}
    tags = await like(app, "Casablanca", "tags", person=1002)
    assert names(tags)[0].startswith("To Have and Have Not")
    assert not {name.split(" (")[0] for name in names(tags)} & {*LOVED}


async def test_without_a_choice_tags_are_compared(app: App) -> None:
    rated(app)
    plain = await like(app, "Casablanca")
    tags = await like(app, "Casablanca", "tags", person=1002)
    assert names(plain) == names(tags)
    measured = await like(app, "Casablanca", measure="jaccard", person=1003)
    assert measured.notes == ()
    assert names(measured) != names(plain)


@pytest.mark.parametrize("by", ["people", "both"])
async def test_a_film_that_nobody_rated_goes_by_tags_and_says_so(app: App, by: By) -> None:
    card = await like(app, "Casablanca", by)
    assert card.notes == (note("compared-by-tags", title="Casablanca (1942)"),)
    assert names(card) == names(await like(app, "Casablanca", "tags", person=1002))


def main_reason(reason: Note) -> Note:
    """Returns a reason without the words about the time."""
    inner = reason.data["reason"] if reason.key == "reason-and-moment" else reason
    assert isinstance(inner, Note)
    return inner


async def test_praise_is_no_reason(app: App) -> None:
    praise = {tag.name for tag in app.live.served.library.tags.values() if tag.facet == "praise"}
    for title in ("Casablanca", "The Godfather", "Parasite"):
        card = await like(app, title)
        for line in (card.headline, *card.further):
            assert line.reason is not None
            reason = main_reason(line.reason)
            assert reason.key == "in-common"
            assert not [name for name in praise if name in said(reason).split(", ")]
