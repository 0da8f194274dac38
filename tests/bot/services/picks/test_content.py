"""Films with content that a person or a server leaves out are picked nowhere."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.errors import Sorry
from bot.services.app import App
from bot.services.people import preferences
from bot.services.picks import browse, recommend, similar, trending, watchlist
from bot.services.picks.consent import ServerMember
from bot.services.picks.group import recommend_for_group
from bot.services.posts import content, post
from bot.services.quiz import screens
from bot.services.scale import SCALE
from bot.services.view_models import FilmCard, Filters, Requester
from bot.settings import Settings
from bot.wiring import open_app
from bot.wording.errors.said import said
from bot.wording.shelves.languages import film_language
from storage.feedback import ratings
from storage.people import film_marks, profiles
from storage.servers import guilds
from tests.bot.fitted import Time
from tests.bot.services.picks.test_consent import STAFF
from tests.house import FEW_FILMS, stocked

NOW = datetime(2026, 3, 10, 20, tzinfo=UTC)
GUILD = 7
ASKER, FRIEND, QUIET = 1001, 1002, 1003
VIOLENCE = ("graphic-violence", "gore", "torture")
POST = replace(STAFF, theme="auto", staff_id=None)
Surface = Callable[[App, Requester], Awaitable[Iterable[int]]]


@pytest.fixture(scope="module")
async def app(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[App]:
    """Violent films are what everybody rates and loves just now, and they were never shown."""
    settings = Settings(data=tmp_path_factory.mktemp("data"), cooldown_days=0)
    await stocked(settings.database, FEW_FILMS)
    async with open_app(settings, Time(NOW)) as app:
        await app.shelving.get(app.db, app.live, app.settings.corpus)
        violent = sorted(film for film in app.live.served.library.films if is_violent(app, film))
        assert len(violent) > 60
        async with app.db.write() as conn:
            await guilds.setup(conn, GUILD, now=NOW, family_safe=False)
            await profiles.show_taste(conn, FRIEND, GUILD, shown=True, now=NOW)
            for person in (*range(1, 6), FRIEND):
                films = violent[-8:] if person == FRIEND else violent[:30]
                await profiles.ensure(conn, person, now=NOW)
                for film in films:
                    await ratings.state(
                        conn, person_id=person, film_id=film, source="command", stars=5.0, at=NOW,
                        scale=SCALE, guild_id=GUILD,
                    )  # fmt: skip
        yield app


@pytest.fixture(autouse=True)
async def nothing_left_out(app: App) -> None:
    async with app.db.write() as conn:
        for table in ("preferences", "impressions", "answers"):
            await conn.exec_driver_sql(f"delete from {table}")
        await guilds.setup(conn, GUILD, now=NOW, never_tags=[])


def is_violent(app: App, film: int) -> bool:
    return any(slug in VIOLENCE for slug, _ in app.live.served.library.films[film].tags)


async def find(person: int) -> ServerMember:
    return ServerMember(person, "Fay", NOW)


def shown(card: FilmCard) -> list[int]:
    return [line.film_id for line in (card.headline, *card.further)]


async def a_pick(app: App, who: Requester) -> list[int]:
    found = []
    for genre in ("Horror", "Action", "Crime", "War"):
        found += shown(await recommend.recommend(app, who, Filters(genre=genre)))
    return found


async def a_similar_film(app: App, who: Requester) -> list[int]:
    found = []
    for title in ("White Heat (1949)", "The Curse of Frankenstein (1957)", "The Killers (1946)"):
        found += shown(await similar.recommend_similar(app, who, title))
    return found


async def a_trend(app: App, who: Requester) -> list[int]:
    scopes: tuple[trending.Scope, ...] = ("server", "everywhere")
    found = []
    for scope in scopes:
        card = await trending.recommend_trending(app, who, scope=scope, window="week")
        found += shown(card)
    return found


async def a_shelf(app: App, who: Requester) -> list[int]:
    found = []
    for screen in range(4):
        rows = await browse.browse(app, who, find, screen)
        found += [line.film_id for row in rows.rows for line in row.films]
    shelving = await app.shelving.get(app.db, app.live, app.settings.corpus)
    language = film_language()
    for choice in shelving.choices("crime", language)[:4]:
        whole = await browse.open_shelf(app, who, choice.value, language)
        found += [line.film_id for line in whole.films]
    return found


async def a_pick_together(app: App, who: Requester) -> list[int]:
    friend = ServerMember(FRIEND, "Fay", NOW)
    return shown(await recommend_for_group(app, who, [friend], Filters(genre="Crime")))


async def a_screen_of_the_quiz(app: App, who: Requester) -> list[int]:
    return [film.film_id for film in (await screens.open_screen(app, who, 1)).films]


async def a_post(app: App, who: Requester) -> list[int]:
    found = []
    for schedule in (
        POST,
        replace(POST, theme="trending"),
        replace(POST, theme="wild"),
        replace(POST, theme="staff", staff_id=FRIEND),
    ):
        with suppress(Sorry):  # that member loves violent films only
            found += shown(await post.preview(app, schedule, NOW, find, adult_ok=True))
    return found


async def keep_some(app: App, *people: int) -> None:
    """Makes people keep violent and other films for later."""
    films = sorted(app.live.served.library.films)
    violent = [film for film in films if is_violent(app, film)][-6:]
    others = [film for film in films if not is_violent(app, film)][-6:]
    async with app.db.write() as conn:
        for person in people:
            for film in (*violent, *others):
                await film_marks.mark(conn, person, film, "later", now=NOW)


async def a_list_for_later(app: App, who: Requester) -> list[int]:
    await keep_some(app, who.person_id)
    try:
        listed = await watchlist.read_watchlist(app, who)
        tonight = shown(await watchlist.pick_for_tonight(app, who))
        return [*(line.film_id for line in listed.films), *tonight]
    finally:
        async with app.db.write() as conn:
            await conn.exec_driver_sql("delete from film_marks")


async def what_several_keep(app: App, who: Requester) -> list[int]:
    people = (2001, 2002, 2003)
    await keep_some(app, *people)
    async with app.db.write() as conn:
        for person in people:
            await profiles.show_taste(conn, person, GUILD, shown=True, now=NOW)
    found = await watchlist.shared_films(app, who, find)
    return [line.film_id for line in found.films]


EVERYWHERE: tuple[Surface, ...] = (
    a_pick, a_similar_film, a_trend, a_shelf, a_pick_together, a_screen_of_the_quiz, a_post,
    a_list_for_later, what_several_keep,
)  # fmt: skip


@pytest.mark.parametrize("surface", EVERYWHERE)
async def test_what_a_server_leaves_out_is_nowhere(app: App, surface: Surface) -> None:
    who = Requester(ASKER, GUILD, 1, NOW, adult_ok=True)
    before = await surface(app, who)
    assert any(is_violent(app, film) for film in before), "otherwise the test tells nothing"
    kinds = await content.set_server_content(app, who, VIOLENCE)
    assert [one.slug for one in kinds if one.left_out] == sorted(
        VIOLENCE, key=lambda slug: app.live.served.library.tags[slug].name
    )
    async with app.db.write() as conn:
        await conn.exec_driver_sql("delete from answers")  # the quiz keeps the films of a screen
    after = list(await surface(app, who))
    assert after
    assert not [film for film in after if is_violent(app, film)]


@pytest.mark.parametrize("surface", [one for one in EVERYWHERE if one is not a_post])
async def test_what_a_person_leaves_out_is_nowhere(app: App, surface: Surface) -> None:
    who = Requester(ASKER, GUILD, 1, NOW, adult_ok=True)
    await preferences.set_content(app, who, VIOLENCE)
    after = list(await surface(app, who))
    assert after
    assert not [film for film in after if is_violent(app, film)]
    other = await surface(app, replace(who, person_id=QUIET))
    assert any(is_violent(app, film) for film in other), "nobody else misses anything"


async def test_what_a_companion_leaves_out_counts_only_if_they_agreed(app: App) -> None:
    who = Requester(ASKER, GUILD, 1, NOW, adult_ok=True)
    for person, agreed in ((FRIEND, True), (QUIET, False)):
        companion = [ServerMember(person, "One", NOW)]
        await preferences.set_content(app, replace(who, person_id=person), VIOLENCE)
        card = await recommend_for_group(app, who, companion, Filters(genre="Crime"))
        assert any(is_violent(app, film) for film in shown(card)) != agreed


async def test_lists_say_in_one_line_that_something_is_left_out(app: App) -> None:
    who = Requester(ASKER, GUILD, 1, NOW, adult_ok=True)
    alone = replace(who, guild_id=None)
    await preferences.set_content(app, who, VIOLENCE)
    for place, sentence in (
        (
            who,
            "I left out films with content that you or this server don't want to see.",
        ),
        (alone, "I left out films with content that you don't want to see."),
    ):
        like = await similar.recommend_similar(app, place, "White Heat (1949)")
        trend = await trending.recommend_trending(app, place, scope="everywhere", window="week")
        for card in (like, trend):
            assert [said(one) for one in card.notes].count(sentence) == 1
    quiet = await similar.recommend_similar(app, who, "Singin' in the Rain (1952)")
    assert quiet.notes == (), "nothing like it has such content"
    await preferences.set_content(app, who, ())
    assert (await similar.recommend_similar(app, who, "White Heat (1949)")).notes == ()


async def test_only_kinds_of_content_can_be_left_out(app: App) -> None:
    who = Requester(ASKER, GUILD, 1, NOW)
    await preferences.set_content(app, who, ("gore", "funny", "nosuch"))
    panel = await preferences.read_panel(app, who)
    assert [one.slug for one in panel.content if one.left_out] == ["gore"]
    assert len(panel.content) >= 20
    assert all(one.definition for one in panel.content)
