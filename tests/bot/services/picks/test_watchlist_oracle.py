"""/watchlist tells nothing about a member who did not agree, and of nobody alone.

In random worlds, members who did not agree to show their taste, who left the server, or who keep
their ratings out of others' picks, live random lives. The answers to somebody else must be the same
as if they had done nothing. Whether several others keep a film must not depend on what the asker
keeps: otherwise the asker could find out what exactly two others keep.
"""

import random
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.services.app import App
from bot.services.picks import watchlist
from bot.services.picks.consent import MemberNotKnown, ServerMember
from bot.services.view_models import Requester
from bot.settings import Settings
from bot.views.watchlist import shared_view, watchlist_view
from bot.wiring import open_app
from storage.people import film_marks, profiles
from storage.servers import guilds
from tests.bot.fitted import Time
from tests.bot.services.picks.lives import NOTHING, NOW, live, random_life
from tests.house import stocked

WORLDS = 60
FILMS = 60
GUILD, ASKER = 7, 1001
OPEN = (1011, 1012, 1013)
SILENT, LEFT, CAME_BACK, OPTED_OUT, UNKNOWN = 1021, 1022, 1023, 1024, 1025
NAMES = {person: f"Name{person}" for person in (*OPEN, SILENT, LEFT, CAME_BACK, OPTED_OUT, UNKNOWN)}
ME = Requester(ASKER, GUILD, 1, NOW, private=True)


async def find(person: int) -> ServerMember | None:
    """Discord's answers: one person has left, one came back, and about one it says nothing."""
    if person == UNKNOWN:
        raise MemberNotKnown
    if person == LEFT:
        return None
    since = NOW + timedelta(days=1) if person == CAME_BACK else NOW - timedelta(days=1)
    return ServerMember(person, NAMES[person], since)


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    settings = Settings(data=tmp_path / "data", cooldown_days=0)
    await stocked(settings.database, FILMS)
    async with open_app(settings, Time(NOW)) as app:
        async with app.db.write() as conn:
            await guilds.setup(conn, GUILD, now=NOW, family_safe=False)
        films = list(app.live.served.library.films.values())
        await live(app, ASKER, random_life(random.Random(0), films))
        yield app


async def agree(app: App, *people: int) -> None:
    async with app.db.write() as conn:
        for person in people:
            await profiles.show_taste(conn, person, GUILD, shown=True, now=NOW)


async def keep(app: App, film: int, *people: int) -> None:
    async with app.db.write() as conn:
        for person in people:
            await film_marks.mark(conn, person, film, "later", now=NOW)


async def shared(app: App) -> set[int]:
    found = await watchlist.shared_films(app, ME, find)
    return {line.film_id for line in found.films}


async def answer(app: App) -> str:
    """Returns everything that the asker sees of all answers."""
    own = await watchlist.read_watchlist(app, ME)
    found = await watchlist.shared_films(app, ME, find)
    views = [watchlist_view(own, here=True), shared_view(found)]
    if own.count:
        card = await watchlist.pick_for_tonight(app, ME)
        return str([view.to_components() for view in views]) + str((card.headline, card.further))
    return str([view.to_components() for view in views])


async def test_nothing_is_learned_about_who_did_not_agree_or_is_no_member(app: App) -> None:
    rng = random.Random(19)
    films = list(app.live.served.library.films.values())
    unseen = [film.id for film in films][-20:]
    await agree(app, *OPEN)
    for film in unseen[:4]:
        await keep(app, film, *OPEN[: rng.randint(1, 3)])
    hidden = (SILENT, LEFT, CAME_BACK, OPTED_OUT, UNKNOWN)
    for person in hidden:
        await live(app, person, NOTHING)
    expected = await answer(app)
    assert not any(name in expected for name in NAMES.values())
    told = 0
    for world in range(WORLDS):
        person = hidden[world % len(hidden)]
        life = replace(random_life(rng, films), shapes=person != OPTED_OUT)
        kept = tuple((film, "later") for film in unseen if film not in {*life.rated})
        await live(app, person, replace(life, marked=kept))
        if person != SILENT:
            await agree(app, person)
        told += await answer(app) != expected
    assert told == 0, f"{told} of {WORLDS} worlds tell something"


async def test_three_others_who_agreed_are_told_of_and_two_are_not(app: App) -> None:
    """Otherwise the test above would hold for a bot that ignores everybody."""
    await live(app, ASKER, NOTHING)
    film, other, *_ = sorted(app.live.served.library.films)
    await agree(app, *OPEN, ASKER)
    await keep(app, film, *OPEN)
    await keep(app, other, *OPEN[:2])
    assert await shared(app) == {film}
    await keep(app, other, ASKER)
    assert await shared(app) == {film}, "the asker's own mark says nothing about two others"
    await keep(app, film, ASKER)
    assert await shared(app) == {film}
    await keep(app, other, SILENT)
    assert await shared(app) == {film}
    await agree(app, SILENT)
    assert await shared(app) == {film, other}
    text = await answer(app)
    assert not any(name in text for name in NAMES.values())


async def test_what_the_asker_keeps_never_changes_what_several_others_keep(app: App) -> None:
    rng = random.Random(20)
    films = sorted(app.live.served.library.films)
    await live(app, ASKER, NOTHING)
    await agree(app, *OPEN, SILENT)
    for _ in range(WORLDS // 3):
        async with app.db.write() as conn:
            await conn.exec_driver_sql("delete from film_marks")
            for film in rng.sample(films, 12):
                for person in rng.sample((*OPEN, SILENT), rng.randint(1, 4)):
                    await film_marks.mark(conn, person, film, "later", now=NOW)
        before = await shared(app)
        async with app.db.write() as conn:
            for film in (rng.choice(films), *before):
                await film_marks.mark(conn, ASKER, film, "later", now=NOW)
        assert await shared(app) == before


async def test_consent_of_who_left_ends_and_is_asked_once(app: App) -> None:
    await live(app, ASKER, NOTHING)
    films = sorted(app.live.served.library.films)[:3]
    await agree(app, *OPEN, LEFT)
    for film in films:
        await keep(app, film, LEFT, *OPEN[:2])
    asked: list[int] = []

    async def counted(person: int) -> ServerMember | None:
        asked.append(person)
        return await find(person)

    assert (await watchlist.shared_films(app, ME, counted)).films == ()
    assert sorted(asked) == sorted((LEFT, *OPEN[:2]))
    async with app.db.read() as conn:
        assert set(await profiles.showing_taste(conn, GUILD)) == set(OPEN)
