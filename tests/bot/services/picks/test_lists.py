"""/similar and /trending are the same for everybody, and say what is left out."""

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from bot.services.app import App
from bot.services.feedback import mark
from bot.services.notes import note
from bot.services.picks.similar import recommend_similar
from bot.services.picks.trending import Scope, Window, recommend_trending
from bot.services.scale import SCALE
from bot.services.view_models import FilmCard, Requester
from bot.settings import Settings
from bot.wiring import open_app
from storage.feedback import ratings
from storage.people import preferences, profiles
from storage.servers import guilds
from tests.bot.fitted import Time
from tests.house import stocked

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOW = datetime(2026, 3, 10, 20, tzinfo=UTC)
HERE, THERE = 7, 8
WINDOWS: tuple[Window, ...] = ("day", "week", "month")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def app(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[App]:
    settings = Settings(data=Path(tmp_path_factory.mktemp("lists")) / "data")
    await stocked(settings.database)
    async with open_app(settings, Time(NOW)) as app:
        async with app.db.write() as conn:
            for guild in (HERE, THERE):
                await guilds.setup(conn, guild, now=NOW, family_safe=False)
        yield app


def names(card: FilmCard) -> list[str]:
    return [line.name for line in (card.headline, *card.further)]


async def like(app: App, title: str, person: int, guild: int | None = HERE) -> FilmCard:
    return await recommend_similar(app, Requester(person, guild, 1, NOW), title)


@pytest.mark.parametrize("title", ["The Shining", "Jaws", "Casablanca"])
async def test_asking_again_gives_the_same_films_to_everybody(app: App, title: str) -> None:
    first = await like(app, title, 1)
    assert first.notes == ()
    for _ in range(4):
        assert names(await like(app, title, 1)) == names(first)
    library = app.live.served.library
    for name in names(first)[:3]:
        await rated(app, library.find(name).id, [2], timedelta(days=90))
    seen = Requester(3, HERE, 1, NOW)
    await mark.mark_seen(app, seen, library.find(names(first)[0]).id)
    for person in (2, 3):
        assert names(await like(app, title, person)) == names(first), "rated and seen ones too"


async def test_what_somebody_does_not_want_is_left_out_and_said(app: App) -> None:
    async with app.db.write() as conn:
        await profiles.ensure(conn, 4, now=NOW)
        await preferences.set_values(conn, 4, "never", ["Horror", "Musical"], now=NOW)
    library = app.live.served.library
    card = await like(app, "The Shining", 4)
    assert not [name for name in names(card) if "Horror" in library.find(name).genres]
    assert card.notes == (note("genres-left-out", genres=["Horror"]),)
    assert (await like(app, "Casablanca", 4)).notes == (), "none of its films is a horror film"
    gone = names(await like(app, "Casablanca", 5))[1]
    await mark.mark_declined(app, Requester(5, HERE, 1, NOW), library.find(gone).id)
    card = await like(app, "Casablanca", 5)
    assert gone not in names(card)
    assert card.notes == (note("declined-left-out"),)


async def test_a_family_safe_server_says_so(app: App) -> None:
    async with app.db.write() as conn:
        await guilds.setup(conn, 9, now=NOW, family_safe=True)
    card = await like(app, "The Shining", 6, 9)
    assert card.notes == (note("unsafe-left-out"),)
    library = app.live.served.library
    assert {library.find(name).audience for name in names(card)} <= {"everyone", "teens"}


# --- trending ---------------------------------------------------------------------------------


async def rated(
    app: App, film: int, people: Iterable[int], ago: timedelta, guild: int = HERE
) -> None:
    async with app.db.write() as conn:
        for person in people:
            await profiles.ensure(conn, person, now=NOW)
            await ratings.state(
                conn,
                person_id=person,
                film_id=film,
                source="command",
                stars=5.0,
                at=NOW - ago,
                guild_id=guild,
                scale=SCALE,
            )


async def trend(
    app: App, scope: Scope | None = None, window: Window = "week", person: int = 100
) -> FilmCard:
    return await recommend_trending(
        app, Requester(person, HERE, 1, NOW), scope=scope, window=window
    )


def title_of(app: App, film: int) -> str:
    return app.live.served.library.name(film)


def films_of(app: App, numbers: Sequence[int]) -> list[str]:
    return [title_of(app, number) for number in numbers]


async def test_scopes_and_windows_differ_and_raters_see_their_own_chart(app: App) -> None:
    quiet = await trend(app)
    assert [one.key for one in quiet.notes] == ["nothing-trends"]
    today, steady, old, there = 1001, 1002, 1003, 1004
    await rated(app, today, range(100, 103), timedelta(hours=3))
    await rated(app, steady, range(100, 104), timedelta(days=4))
    await rated(app, steady, range(110, 130), timedelta(days=20))
    await rated(app, old, range(100, 106), timedelta(days=21))
    await rated(app, there, range(200, 209), timedelta(hours=2), THERE)
    found = {window: names(await trend(app, window=window)) for window in WINDOWS}
    assert found["day"] == films_of(app, [today])
    assert sorted(found["week"]) == sorted(films_of(app, [today, steady]))
    assert sorted(found["month"]) == sorted(films_of(app, [today, steady, old]))
    assert names(await trend(app, person=999)) == found["week"], "the same for everybody"
    everywhere = await trend(app, "everywhere")
    assert title_of(app, there) in names(everywhere)
    assert title_of(app, there) not in found["week"]
    rising = await trend(app, "rising")
    assert rising.heading.key == "rising"
    assert names(rising)[0] == title_of(app, today), "the other one was rated more before"
    assert names(await trend(app, "everywhere"))[0] == title_of(app, there)


async def test_a_chart_says_which_genres_are_left_out(app: App) -> None:
    genre = app.live.served.library.films[1001].genres[0]
    async with app.db.write() as conn:
        await profiles.ensure(conn, 300, now=NOW)
        await preferences.set_values(conn, 300, "never", [genre], now=NOW)
    card = await trend(app, window="day", person=300)
    assert [one.key for one in card.notes] == ["nothing-trends", "genres-left-out"]
