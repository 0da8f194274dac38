"""The page of a film: its facts, who here loved it, and what concerns the person alone."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import Sorry
from bot.playground.testing import buttons_of, text_of
from bot.services.app import App
from bot.services.catalogue.content import ContentOption
from bot.services.catalogue.posters import Offers
from bot.services.catalogue.search import film_value
from bot.services.picks import film_page
from bot.services.picks.consent import MemberNotKnown, ServerMember
from bot.services.picks.explain import explain_film
from bot.services.picks.film_page import FilmContent, FilmPage, ForYou, TagGroup
from bot.services.scale import SCALE
from bot.services.view_models import PredictedStars, Requester
from bot.settings import Settings
from bot.views.film import content_view, page_view
from bot.wiring import open_app
from storage.catalogue.films import Film
from storage.feedback import ratings
from storage.people import profiles
from tests.bot.fitted import Time, learn_stars
from tests.direct import run
from tests.house import FEW_FILMS, stocked

NOW = datetime(2026, 3, 10, 20, tzinfo=UTC)
DAY = timedelta(days=1)
GUILD, ASKER = 7, 1001
WHO = Requester(ASKER, GUILD, 1, NOW)
TITLE = "Rashomon (1950)"


@pytest.fixture(scope="module")
async def app(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[App]:
    settings = Settings(data=tmp_path_factory.mktemp("data"))
    await stocked(settings.database, FEW_FILMS)
    async with open_app(settings, Time(NOW)) as app:
        yield app


@pytest.fixture(autouse=True)
async def nobody_rated(app: App) -> None:
    async with app.db.write() as conn:
        for table in ("ratings", "standing_acts", "rating_events", "taste_consents"):
            await conn.exec_driver_sql(f"delete from {table}")


async def rate(app: App, person: int, film: int, stars: float, minutes: int = 0) -> None:
    async with app.db.write() as conn:
        await profiles.ensure(conn, person, now=NOW)
        at = NOW + timedelta(minutes=minutes)
        await ratings.state(
            conn, person_id=person, film_id=film, source="command", stars=stars, at=at, scale=SCALE
        )


async def agree(app: App, *people: int, guild: int = GUILD) -> None:
    async with app.db.write() as conn:
        for person in people:
            await profiles.show_taste(conn, person, guild, shown=True, now=NOW)


async def member(person: int) -> ServerMember | None:
    return ServerMember(person, f"Member {person}", NOW - DAY)


async def silent(_: int) -> ServerMember | None:
    raise MemberNotKnown


async def page(app: App, typed: str = TITLE, *, alone: bool = False) -> FilmPage:
    return await film_page.read_page(app, WHO, typed, member, alone=alone)


def text(found: FilmPage) -> str:
    return text_of({"components": page_view(found, reactable=True).to_components()})


def film_of(app: App, title: str = TITLE) -> Film:
    return app.live.served.library.find(title)


async def test_where_to_watch_is_shown_and_its_names_are_inert(app: App) -> None:
    """The names of services come from TMDB, which may say anything."""
    odd = ("<@1>", "@everyone", "**x** [a](https://x.org)", "# head")
    for offers in (Offers(odd), Offers((), odd), Offers(odd, odd)):
        shown = text(replace(await page(app), country="US", offers=offers))
        assert "(United States):** " in shown
        assert "TMDB and JustWatch" in shown
        assert not re.search(r"(?<!\\)(?:<@|@everyone|\*\*x|\[a\])", shown), shown


async def test_the_page_has_what_is_known_of_the_film(app: App) -> None:
    found = await page(app)
    shown = text(found)
    for line in (
        "## Rashomon (1950)",
        "*羅生門*",
        "88 min · Drama",
        "Japan · in Japanese",
        "**Directed by** Akira Kurosawa",
        "**With** Toshiro Mifune",
        "**Mood:** ",
        "**Style:** ",
    ):
        assert line in shown
    assert "sexual violence" not in shown, "what it warns of is folded away"
    assert "give it" not in shown
    assert "Loved here" not in shown


async def test_every_film_fits_and_no_page_warns_in_public(app: App) -> None:
    library = app.live.served.library
    warnings = {tag.name for tag in library.tags.values() if tag.facet == "sensitive"}
    for film in library.films.values():
        found = await page(app, film_value(film.id))
        shown = text(found)
        assert len(shown) <= 3000
        assert film.title.split()[0].strip("*_") in shown.replace("\\", "")
        assert not warnings & {name for group in found.tags for _, name in group.tags}
        assert len(found.tags) == len({group.facet for group in found.tags})


async def test_links_are_there_where_the_id_is_known(app: App) -> None:
    film = film_of(app)
    async with app.db.write() as conn:
        await run(conn, "delete from external_ids where film_id = ?", (film.id,))
    view = page_view(await page(app), reactable=True)
    assert not {"IMDb", "Letterboxd"} & buttons_of({"components": view.to_components()}).keys()
    async with app.db.write() as conn:
        for source, name in (("imdb", "not an id"), ("movielens", "5291"), ("imdb", "tt0042876")):
            await run(conn, "insert into external_ids values (?, ?, ?)", (source, name, film.id))
    view = page_view(await page(app), reactable=True)
    buttons = buttons_of({"components": view.to_components()})
    assert buttons["IMDb"]["url"] == "https://www.imdb.com/title/tt0042876/"
    assert buttons["Letterboxd"]["url"] == "https://letterboxd.com/imdb/tt0042876/"


async def test_only_members_who_agreed_are_named_and_at_most_three(app: App) -> None:
    film = film_of(app).id
    for person in range(1, 9):
        await rate(app, person, film, 4.0 if person == 4 else 4.5, minutes=person)
    await rate(app, ASKER, film, 5.0, minutes=60)
    await agree(app, 1, 2, 3, 4, ASKER)
    await agree(app, 5, 6, guild=GUILD + 1)
    assert (await page(app)).loved_by == ("Member 3", "Member 2", "Member 1"), "the newest first"
    await agree(app, 7, 8)
    found = await page(app)
    assert found.loved_by == ("Member 8", "Member 7", "Member 3")
    assert "Loved here by Member 8, Member 7, and Member 3." in text(found)
    elsewhere = replace(WHO, guild_id=None)
    outside = await film_page.read_page(app, elsewhere, TITLE, member, alone=True)
    assert outside.loved_by == ()


async def test_whoever_left_is_not_named_and_has_to_agree_again(app: App) -> None:
    film = film_of(app).id
    for person in (1, 2, 3):
        await rate(app, person, film, 5.0)
    await agree(app, 1, 2, 3)

    async def find(person: int) -> ServerMember | None:
        if person == 1:
            return None
        return ServerMember(person, f"Member {person}", NOW + DAY * (1 if person == 2 else -1))

    found = await film_page.read_page(app, WHO, TITLE, find, alone=False)
    assert found.loved_by == ("Member 3",)
    assert (await page(app)).loved_by == ("Member 3",), "the others' consent has ended"


async def test_if_discord_does_not_say_nobody_is_named_and_nothing_ends(app: App) -> None:
    film = film_of(app).id
    await rate(app, 1, film, 5.0)
    await agree(app, 1)
    found = await film_page.read_page(app, WHO, TITLE, silent, alone=False)
    assert found.loved_by == ()
    assert (await page(app)).loved_by == ("Member 1",)


async def test_a_page_does_not_wait_for_names(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    film = film_of(app).id
    await rate(app, 1, film, 5.0)
    await agree(app, 1)
    monkeypatch.setattr(film_page, "NAMING_SECONDS", 0.01)

    async def forever(_: int) -> ServerMember | None:
        await asyncio.Event().wait()
        return None

    found = await film_page.read_page(app, WHO, TITLE, forever, alone=False)
    assert found.loved_by == ()


async def test_stars_are_predicted_for_the_person_alone_as_why_does(app: App) -> None:
    served = app.live.served
    try:
        await learn_stars(app)
        ids = list(app.live.served.library.films)
        for film in ids[:40]:
            await rate(app, ASKER, film, 4.5)
        said = 0
        for film in ids[40:80]:
            why = await explain_film(app, WHO, film)
            found = await page(app, film_value(film), alone=True)
            assert found.for_you is not None
            assert found.for_you.predicted == why.predicted
            assert ("You'd probably give it ★ " in text(found)) == (why.predicted is not None)
            said += why.predicted is not None
            assert (await page(app, film_value(film))).for_you is None
        assert said
        rated = await page(app, film_value(ids[0]), alone=True)
        assert rated.for_you is not None
        assert (rated.for_you.stars, rated.for_you.predicted) == (4.5, None)
        assert "Your rating: ★ 4.5" in text(rated)
    finally:
        app.live.swap(served)


async def test_an_unknown_title_is_answered_with_the_nearest(app: App) -> None:
    with pytest.raises(Sorry, match="unknown-title-near"):
        await page(app, "Rashomon Returns")
    with pytest.raises(Sorry, match="no-such-film"):
        await page(app, film_value(10**9))


async def test_content_is_told_and_what_one_leaves_out_is_marked(app: App) -> None:
    film = film_of(app)
    found = await film_page.read_content(app, WHO, film.id)
    assert "sexual violence" in [one.name for one in found.warnings]
    assert not any(one.left_out for one in found.warnings)
    async with app.db.write() as conn:
        await run(
            conn,
            "insert into preferences values (?, 'never_tag', 'sexual-violence', ?)",
            (ASKER, NOW.isoformat(sep=" ")),
        )
    marked = await film_page.read_content(app, WHO, film.id)
    shown = text_of({"components": content_view(marked).to_components()})
    assert (
        "- **sexual violence**, which you asked me to leave out. A rape or sexual assault is shown"
        in shown
    )
    calm = replace(marked, warnings=())
    for described, sentence in (
        (True, "I don't know of anything to warn"),
        (False, "Nobody's told me what's in"),
    ):
        view = content_view(replace(calm, described=described))
        assert sentence in text_of({"components": view.to_components()})


async def test_the_longest_facts_fit_and_are_inert(app: App) -> None:
    """An operator's own list may have anything in it."""
    wild = "**<@900000000000000001>** [x](https://x.org) " * 5
    many = tuple(f"{wild} {at}" for at in range(40))
    film = replace(
        film_of(app), title=wild[:120], original_title=wild, directors=many, cast=many,
        genres=many, countries=many, languages=many, audience="nobody",
    )  # fmt: skip
    tags = tuple((name, name) for name in many[: film_page.MAX_TAGS])
    groups = tuple(TagGroup(facet, tags) for facet in film_page.FACETS)
    found = replace(
        await page(app), film=film, name=wild[:100], tags=groups, loved_by=many[:3],
        for_you=ForYou(None, PredictedStars(4.2, 0.6)),
    )  # fmt: skip
    options = tuple(ContentOption(str(at), name, name, True) for at, name in enumerate(many))
    content = FilmContent(wild[:100], options, True)
    for view in (page_view(found, reactable=False), content_view(content)):
        shown = text_of({"components": view.to_components()})
        assert len(shown) <= 4000
        assert not re.search(r"(?<!\\)<@|(?<!\\)\[x", shown)
