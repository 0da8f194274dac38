"""Films that IMDb's tables added can be found, named and rated, and are picked nowhere before they
have ratings or tags.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import Sorry
from bot.services.app import App
from bot.services.catalogue import arrays
from bot.services.feedback import mark
from bot.services.imports import imdb
from bot.services.picks import browse, explain, film_page, recommend, similar, trending, watchlist
from bot.services.picks.group import recommend_for_group
from bot.services.posts import post
from bot.services.quiz import named, one_film, screens
from bot.services.scale import SCALE
from bot.services.training import versions
from bot.services.view_models import FilmCard, Filters, Requester
from bot.settings import Settings
from bot.wiring import open_app, open_stored
from storage.catalogue import films
from storage.feedback import ratings
from storage.people import profiles
from storage.servers import guilds
from tests.bot.fitted import Time
from tests.bot.imdb_tables import Row, write_tables
from tests.bot.services.picks.test_consent import STAFF
from tests.bot.services.picks.test_content import GUILD, NOW, find
from tests.direct import run
from tests.house import FEWEST_FILMS, stocked

IMPORTED = 300
RATER = 1001
QUIET = range(1, 7)
"""People whose ratings do not shape what others are shown."""

SHORT, EARLY = 12, 1905  # minutes and a year that no film of the catalogue has
Surface = Callable[[App, Requester], Awaitable[Iterable[int]]]


def rows() -> list[Row]:
    """Returns films that everybody voted for, and that fit filters that no other film fits."""
    return [
        Row(
            f"tt{70_000_000 + number}",
            f"Quietmoor Heights {number}",
            year=str(EARLY),
            runtime=str(SHORT),
            genres="Crime,Drama",
            votes=3_000_000 - number,
        )
        for number in range(IMPORTED)
    ]


@pytest.fixture(scope="module")
async def app(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[App]:
    """The imported films are what quiet people rated and love just now."""
    folder = tmp_path_factory.mktemp("named")
    settings = Settings(data=folder / "data", cooldown_days=0)
    await stocked(settings.database, FEWEST_FILMS)
    tables = write_tables(folder / "tables", rows())
    async with open_stored(settings, Time(NOW)) as (db, _):
        done = await imdb.import_folder(
            db, settings, Time(NOW), tables, imdb.ImdbChoice(), lambda *_: None
        )
    assert done.added == IMPORTED
    async with open_app(settings, Time(NOW)) as app:
        named_films = sorted(names_of(app))
        known = sorted(app.live.served.library.films.keys() - set(named_films))
        async with app.db.write() as conn:
            await guilds.setup(conn, GUILD, now=NOW, family_safe=False)
            for person in (*QUIET, RATER):
                await profiles.ensure(conn, person, now=NOW)
                if person != RATER:
                    await profiles.set_shapes_others(conn, person, False, now=NOW)
                for film in known[:8] if person == RATER else named_films[:30]:
                    await ratings.state(
                        conn, person_id=person, film_id=film, source="command", stars=5.0, at=NOW,
                        scale=SCALE, guild_id=GUILD,
                    )  # fmt: skip
        app.live.swap(await versions.unfitted_model(app))
        await app.shelving.get(app.db, app.live, app.settings.corpus)
        await app.wild.prepare(app.db, app.clock, app.live)
        yield app


def names_of(app: App) -> set[int]:
    """Returns the ids of the films that are only named."""
    return {film.id for film in app.live.served.library.films.values() if film.only_named}


def shown(card: FilmCard) -> list[int]:
    return [line.film_id for line in (card.headline, *card.further)]


async def picks(app: App, who: Requester) -> list[int]:
    found = []
    for filters in (
        Filters(),
        Filters(max_runtime=SHORT),
        Filters(decade=1900),
        Filters(genre="Crime"),
        Filters(surprise=True),
    ):
        for _ in range(6):  # some have a wild card
            with suppress(Sorry):
                found += shown(await recommend.recommend(app, who, filters))
    return found


async def trends(app: App, who: Requester) -> list[int]:
    found = []
    windows: tuple[trending.Window, ...] = ("week", "all-time")
    for window in windows:
        found += shown(await trending.recommend_trending(app, who, scope=None, window=window))
    return found


async def likes(app: App, who: Requester) -> list[int]:
    film = min(app.live.served.library.films)
    title = app.live.served.library.name(film)
    return shown(await similar.recommend_similar(app, who, title, by="both"))


async def shelves(app: App, who: Requester) -> list[int]:
    found = await browse.browse(app, who, find)
    return [line.film_id for row in found.rows for line in row.films]


async def quiz(app: App, who: Requester) -> list[int]:
    asked = [film.film_id for film in (await screens.open_screen(app, who, 1)).films]
    question = await one_film.next_question(app, who)
    return [*asked, *([question.film.film_id] if question else [])]


async def together(app: App, who: Requester) -> list[int]:
    return shown(await recommend_for_group(app, who, [], Filters()))


async def posts(app: App, who: Requester) -> list[int]:
    found = []
    themes: tuple[str, ...] = ("auto", "trending", "wild")
    for theme in themes:
        schedule = replace(STAFF, theme=theme, staff_id=None)  # type: ignore[arg-type]
        with suppress(Sorry):
            found += shown(await post.preview(app, schedule, NOW, find, adult_ok=True))
    return found


@pytest.mark.parametrize("surface", [picks, trends, likes, shelves, quiz, together, posts])
async def test_no_surface_shows_a_film_that_is_only_named(app: App, surface: Surface) -> None:
    found = await surface(app, Requester(RATER, GUILD, 2, NOW, adult_ok=True))
    assert found
    assert not names_of(app) & set(found)


async def test_only_named_films_have_no_row_and_offer_no_filter(app: App) -> None:
    library = app.live.served.library
    rows_of = app.live.served.model.catalogue.films.rows(sorted(names_of(app)))
    assert (rows_of == -1).all()
    known = [film for film in library.films.values() if not film.only_named]
    assert set(library.genres) == {genre for film in known for genre in film.genres}


async def test_a_film_that_is_only_named_can_be_found_looked_at_and_kept(app: App) -> None:
    who = Requester(RATER, GUILD, 2, NOW, private=True)
    page = await film_page.read_page(app, who, "quietmoor heights 7", find, alone=True)
    assert page.film.only_named
    assert page.imdb == "tt70000007"
    assert page.for_you == film_page.ForYou(None, None)
    assert (await named.name_loved(app, who, "Quietmoor Heights 9")).note.key == "film-added"
    for asked in (
        similar.recommend_similar(app, who, page.name),
        explain.explain_film(app, who, page.film.id),
    ):
        with pytest.raises(Sorry) as refused:
            await asked
        assert refused.value.key == "only-named"
    with pytest.raises(Sorry):
        await watchlist.pick_for_tonight(app, who)
    known = min(app.live.served.library.films) + 50
    for film in (page.film.id, known):
        await mark.mark_later(app, who, film)
    listed = await watchlist.read_watchlist(app, who)
    assert [line.film_id for line in listed.films] == [known, page.film.id]
    assert (listed.count, listed.hidden) == (2, 0)
    assert shown(await watchlist.pick_for_tonight(app, who))[0] == known


async def test_a_film_with_ratings_or_tags_is_a_film_like_all_others(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data")
    await stocked(settings.database, 20)
    tables = write_tables(tmp_path / "tables", rows()[:5])
    async with open_stored(settings, Time(NOW)) as (db, _):
        await imdb.import_folder(
            db, settings, Time(NOW), tables, imdb.ImdbChoice(), lambda *_: None
        )
        async with db.write() as conn:
            before = await films.all_films(conn)
            vocabulary = await films.all_tags(conn)
            rated, tagged, listed, quiet, never = (film.id for film in before[-5:])
            await profiles.ensure(conn, 6, now=NOW)
            await profiles.set_shapes_others(conn, 6, False, now=NOW)
            for person, film in ((5, rated), (6, quiet)):
                await ratings.state(
                    conn, person_id=person, film_id=film, source="command", stars=4.0, at=NOW,
                    scale=SCALE,
                )  # fmt: skip
            await run(conn, "insert into film_tags values (?, ?, 2)", (tagged, vocabulary[0].slug))
            await run(conn, "insert into external_ids values ('movielens', '9', ?)", (listed,))
            after = await films.all_films(conn)
    assert {film.id for film in before if film.only_named} == {rated, tagged, listed, quiet, never}
    assert {film.id for film in after if film.only_named} == {quiet, never}
    world = arrays.catalogue(after, vocabulary)
    assert set(world.films.ids_array.tolist()) == {film.id for film in after} - {quiet, never}
