"""A movie night tells nothing about a member who did not agree, who planned it or who came before.

In random worlds, what such a member rated, saw, declined or leaves out differs. The shortlist, how
well its films fit the others, and the announcement must not. The member was at earlier nights too,
where they may have been worst off.
"""

import random
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.services.app import App
from bot.services.nights import course, plan
from bot.services.nights.shortlist import make_shortlist
from bot.services.picks.consent import ServerMember
from bot.services.view_models import Requester
from bot.settings import Settings
from bot.views.nights import shortlist_view, winner_view
from bot.wiring import open_app
from bot.wording.nights import messages as words
from storage.people import profiles
from storage.servers import guilds, nights
from tests.bot.fitted import Time
from tests.bot.services.picks.lives import NOTHING, NOW, Life, live, random_life
from tests.house import stocked

WORLDS = 45
FILMS = 60
GUILD, CHANNEL = 7, 8
SILENT, OPEN, OTHER, OPTED_OUT, CAME_BACK = 1001, 1002, 1003, 1004, 1005
NAMES = {SILENT: "Sil", OPEN: "Ola", OTHER: "Otto", OPTED_OUT: "Opal", CAME_BACK: "Cam"}
ME = Requester(SILENT, GUILD, CHANNEL, NOW)


def members(*people: int) -> list[ServerMember]:
    """Returns these people as members. One of them has left the server and come back."""
    since = {CAME_BACK: NOW + timedelta(minutes=1)}
    return [ServerMember(one, NAMES[one], since.get(one, NOW)) for one in people]


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    settings = Settings(data=tmp_path / "data", cooldown_days=0)
    await stocked(settings.database, FILMS)
    async with open_app(settings, Time(NOW)) as app:
        async with app.db.write() as conn:
            await guilds.setup(conn, GUILD, now=NOW, family_safe=False)
            await profiles.ensure(conn, SILENT, now=NOW)
        await agree(app, OPEN, OTHER, OPTED_OUT, CAME_BACK)
        films = list(app.live.served.library.films.values())
        for person in (OPEN, OTHER):
            await live(app, person, replace(random_life(random.Random(person), films), shapes=True))
        yield app


async def agree(app: App, *people: int) -> None:
    async with app.db.write() as conn:
        for person in people:
            await profiles.show_taste(conn, person, GUILD, shown=True, now=NOW)


async def spend_night(app: App, film: int, *people: int) -> None:
    """Stores a night that is over, to which these people came."""
    async with app.db.write() as conn:
        night = await nights.create(
            conn,
            GUILD,
            channel_id=CHANNEL,
            person_id=people[0],
            voice_id=None,
            adult_ok=False,
            at=NOW - timedelta(days=3),
            guests=people,
            films=[(film, "")],
            now=NOW - timedelta(days=4),
        )
        for person in people:
            await nights.store_came(conn, night.id, person, "said", NOW - timedelta(days=3))
        await nights.move(conn, night.id, ["planned"], NOW, state="done", film_id=film)


async def answer(app: App) -> str:
    """Returns everything that people see of a night."""
    people = members(SILENT, OPEN, OTHER, OPTED_OUT, CAME_BACK)
    view = await plan.plan(app, ME, people, NOW + timedelta(hours=3))
    shown = [shortlist_view(replace(view, id=0))]
    again = await plan.read_view(app, view.id, people)
    shown.append(shortlist_view(replace(again, id=0)))
    await course.take_first(app, await plan.read_night(app, view.id), NOW)
    shown.append(winner_view(replace(await plan.read_view(app, view.id), id=0)))
    async with app.db.write() as conn:
        await conn.exec_driver_sql(f"delete from nights where id = {view.id}")
    return str([one.to_components() for one in shown])


async def test_nothing_is_learned_about_who_did_not_agree(app: App) -> None:
    rng = random.Random(21)
    films = list(app.live.served.library.films.values())
    watched = [film.id for film in films[:4]]
    for film in watched:
        await spend_night(app, film, SILENT, OPEN, OTHER, OPTED_OUT)
    hidden = (SILENT, OPTED_OUT, CAME_BACK)
    for person in hidden:
        await live(app, person, replace(NOTHING, shapes=person != OPTED_OUT))
    expected = await answer(app)
    assert NAMES[OPEN] in expected
    assert not any(NAMES[person] in expected for person in hidden)
    told = 0
    for world in range(WORLDS):
        person = hidden[world % len(hidden)]
        life = replace(random_life(rng, films), shapes=person != OPTED_OUT)
        rated = life.rated | dict.fromkeys(watched, rng.choice((0.5, 5.0)))
        await live(app, person, replace(life, rated=rated))
        if person == CAME_BACK:
            await agree(app, CAME_BACK)
        told += await answer(app) != expected
    assert told == 0, f"{told} of {WORLDS} worlds tell something"


async def test_a_member_who_agreed_counts(app: App) -> None:
    """Otherwise the test above would hold for a bot that ignores everybody."""
    rng, changed = random.Random(22), 0
    films = list(app.live.served.library.films.values())
    await live(app, OPEN, NOTHING)
    before = await answer(app)
    for _ in range(20):
        await live(app, OPEN, random_life(rng, films))
        changed += await answer(app) != before
    assert changed >= 15


async def test_what_anybody_who_agreed_has_seen_or_declined_is_not_on_the_list(app: App) -> None:
    first = await make_shortlist(app, ME, members(OPEN, OTHER))
    gone = [one.line.film_id for one in first.films][:2]
    marked = ((gone[0], "seen"), (gone[1], "declined"))
    await live(app, OTHER, Life({}, marked, ("Drama",), (), True))
    second = await make_shortlist(app, ME, members(OPEN, OTHER))
    left = [one.line for one in second.films]
    assert not {*gone} & {line.film_id for line in left}
    genres = {genre for line in left for genre in line.genres}
    assert "Drama" not in genres


async def test_what_the_planner_brought_in_and_does_not_share_tells_nothing(app: App) -> None:
    asking, people = replace(ME, person_id=OPEN), members(OPEN, OTHER)
    await live(app, OPEN, NOTHING)
    expected = await make_shortlist(app, asking, people)
    brought = [one.line.film_id for one in expected.films]
    marked = tuple((film, "seen") for film in brought[:2])
    await live(app, OPEN, Life(dict.fromkeys(brought[2:], 0.5), marked, (), (), True))
    assert await make_shortlist(app, asking, people) != expected
    async with app.db.write() as conn:
        for change in ("film_marks set imported = true", "ratings set source = 'import'"):
            await conn.exec_driver_sql(f"update {change} where person_id = {OPEN}")
    assert await make_shortlist(app, asking, people) == expected


async def test_films_of_earlier_nights_do_not_come_again(app: App) -> None:
    first = await make_shortlist(app, ME, members(OPEN, OTHER))
    watched = first.films[0].line.film_id
    await spend_night(app, watched, SILENT)
    second = await make_shortlist(app, ME, members(OPEN, OTHER))
    assert watched not in [one.line.film_id for one in second.films]


async def test_if_nobody_agreed_the_list_says_so(app: App) -> None:
    await live(app, OPTED_OUT, replace(NOTHING, shapes=False))
    view = await plan.plan(app, ME, members(SILENT, OPTED_OUT), NOW + timedelta(hours=3))
    assert view.counted is False
    assert len(view.films) == 5
    assert "nobody here lets me use their taste" in words.status(view)
    assert not any(one.fits for one in view.films)


async def test_whoever_was_worst_off_weighs_more(app: App) -> None:
    """Two people of opposite tastes: the list goes to whom the earlier nights did not suit."""
    library = list(app.live.served.library.films.values())
    romances = [film.id for film in library if "Romance" in film.genres and film.year]
    thrillers = [
        film.id for film in library if "Thriller" in film.genres and "Romance" not in film.genres
    ]
    shared = romances[:2]
    loves = dict.fromkeys(romances[2:8], 5.0) | dict.fromkeys(thrillers[:3], 1.0)
    hates = dict.fromkeys(thrillers[3:9], 5.0) | dict.fromkeys(romances[2:5], 1.0)
    for film in shared:
        await spend_night(app, film, OPEN, OTHER)
    lists = []
    for worst, other in ((OPEN, OTHER), (OTHER, OPEN)):
        for person, taste in ((OPEN, loves), (OTHER, hates)):
            stars = dict.fromkeys(shared, 0.5 if person == worst else 5.0)
            await live(app, person, Life(taste | stars, (), (), (), True))
        found = await make_shortlist(app, ME, members(worst, other))
        lists.append(
            [(one.line.film_id, {fit.name: fit.share for fit in one.fits}) for one in found.films]
        )
    first, second = lists
    assert first != second

    def mean(found: list[tuple[int, dict[str, float | None]]], person: int) -> float:
        return sum(fits[NAMES[person]] or 0.0 for _, fits in found) / len(found)

    assert mean(first, OPEN) >= mean(second, OPEN)
    assert mean(second, OTHER) >= mean(first, OTHER)
