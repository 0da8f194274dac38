"""/watchlist: in the order of what suits now, with one scoring; nothing that may not be shown."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import Sorry
from bot.playground.testing import text_of
from bot.services.app import App
from bot.services.catalogue import arrays
from bot.services.feedback import mark
from bot.services.notes import note
from bot.services.picks import watchlist
from bot.services.picks.facts import read_facts
from bot.services.picks.watchlist import FILMS_PER_PAGE, Watchlist
from bot.services.view_models import Line, Requester
from bot.settings import Settings
from bot.views.cards import MAX_CHARACTERS
from bot.views.watchlist import watchlist_view
from bot.wiring import open_app
from bot.wording.feedback import kept
from bot.wording.picks.watchlist import removed
from recommender.hybrid.blend import Blend
from recommender.hybrid.model import RankingModel
from recommender.pipeline.recommend import explain_one
from storage.people import film_marks, preferences
from storage.servers import guilds
from tests.bot.fitted import Time, rate
from tests.direct import run
from tests.house import FEW_FILMS, stocked

NOW = datetime(2026, 3, 10, 20, tzinfo=UTC)
GUILD = 7
people = iter(range(1001, 2000))


@pytest.fixture(scope="module")
async def app(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[App]:
    """A bot with one film flagged adult: the last one."""
    settings = Settings(data=tmp_path_factory.mktemp("later") / "data")
    await stocked(settings.database, FEW_FILMS)
    async with open_app(settings, Time(NOW)) as app, app.db.write() as conn:
        last = max(app.live.served.library.films)
        await run(conn, "update films set adult = true where id = ?", (last,))
        await guilds.setup(conn, GUILD, now=NOW, family_safe=False)
    async with open_app(settings, Time(NOW)) as app:
        yield app


@pytest.fixture
def somebody() -> Requester:
    return Requester(next(people), GUILD, 1, NOW, private=True)


async def keep(app: App, requester: Requester, films: list[int]) -> None:
    async with app.db.write() as conn:
        for film in films:
            await film_marks.mark(conn, requester.person_id, film, "later", now=NOW)


def some(app: App, count: int) -> list[int]:
    """Returns every seventh film, since neighbours in the catalogue are of one kind."""
    return sorted(app.live.served.library.films)[: 7 * count : 7]


async def test_the_best_for_now_comes_first_on_every_page(app: App, somebody: Requester) -> None:
    films = some(app, 2 * FILMS_PER_PAGE + 3)
    await rate(app, somebody.person_id, 6)
    kept = [film for film in films if film not in set(some(app, 1))]
    await keep(app, somebody, kept)
    pages = [await watchlist.read_watchlist(app, somebody, page) for page in range(3)]
    assert [(one.page, one.pages, one.count, one.hidden) for one in pages] == [
        (page, 3, len(kept), 0) for page in range(3)
    ]
    shown = [line.film_id for one in pages for line in one.films]
    assert sorted(shown) == kept
    model = app.live.served.model
    facts = (await read_facts(app, somebody)).query_facts()
    query = arrays.query(model.catalogue, facts)
    scores = [explain_one(model, query, model.catalogue.films.row(film)).score for film in shown]
    assert scores == sorted(scores, reverse=True)
    assert all(line.reason for one in pages for line in one.films)
    beyond = await watchlist.read_watchlist(app, somebody, 99)
    assert beyond == pages[-1]


async def test_the_order_follows_the_clock_unless_it_is_off(app: App, somebody: Requester) -> None:
    kept = sorted(app.live.served.library.films)[:300:3]
    await keep(app, somebody, kept)

    async def order() -> set[tuple[int, ...]]:
        at = [replace(somebody, now=NOW + timedelta(hours=hours)) for hours in (0, 5, 12, 18)]
        found = [await watchlist.read_watchlist(app, one) for one in at]
        return {tuple(line.film_id for line in one.films) for one in found}

    assert len(await order()) > 1
    async with app.db.write() as conn:
        await preferences.set_values(conn, somebody.person_id, "clock", ["off"], now=NOW)
    assert len(await order()) == 1


async def test_one_page_takes_one_scoring(
    app: App, somebody: Requester, monkeypatch: pytest.MonkeyPatch
) -> None:
    await keep(app, somebody, some(app, 40))
    asked: list[object] = []
    blend = RankingModel.blend

    def counted(model: RankingModel, query: object) -> Blend:
        asked.append(query)
        return blend(model, query)

    monkeypatch.setattr(RankingModel, "blend", counted)
    for work in (
        watchlist.read_watchlist(app, somebody, 1),
        watchlist.pick_for_tonight(app, somebody),
    ):
        asked.clear()
        await work
        assert len(asked) <= 1


async def test_what_may_not_be_shown_is_counted_and_not_named(
    app: App, somebody: Requester
) -> None:
    library = app.live.served.library.films
    adult = max(library)
    grown = next(film.id for film in library.values() if film.audience == "adults")
    fine = next(film.id for film in library.values() if film.audience == "everyone")
    await keep(app, somebody, [adult, grown, fine])
    anywhere = replace(somebody, guild_id=None)
    restricted = replace(somebody, adult_ok=True)
    strict = replace(somebody, guild_id=GUILD + 1)  # family-safe until a manager says otherwise
    for where, films, hidden in (
        (anywhere, {grown, fine}, 1),
        (restricted, {adult, grown, fine}, 0),
        (somebody, {grown, fine}, 1),
        (strict, {fine}, 2),
    ):
        found = await watchlist.read_watchlist(app, where)
        assert ({line.film_id for line in found.films}, found.hidden) == (films, hidden), where
        card = await watchlist.pick_for_tonight(app, where)
        assert {line.film_id for line in (card.headline, *card.further)} == films
    assert adult not in await watchlist.kept_films(app, somebody)


@pytest.mark.parametrize("hour", [9, 20, 2])
async def test_the_pick_is_for_tonight_at_any_hour(
    app: App, somebody: Requester, hour: int
) -> None:
    await keep(app, somebody, some(app, 30))
    asked = replace(somebody, now=NOW.replace(hour=hour))
    card = await watchlist.pick_for_tonight(app, asked)
    assert card.heading == note("tonight-from-your-list")
    assert (card.private, card.impressions, len(card.further)) == (True, (), 4)
    if hour == 9:
        evening = await watchlist.pick_for_tonight(app, somebody)
        assert card.headline == evening.headline


async def test_taking_off_putting_back_and_what_is_not_on_the_list(
    app: App, somebody: Requester
) -> None:
    film, other = some(app, 2)
    with pytest.raises(Sorry, match="nothing-kept"):
        await watchlist.pick_for_tonight(app, somebody)
    await mark.mark_later(app, somebody, film)
    with pytest.raises(Sorry, match="not-kept"):
        await watchlist.remove(app, somebody, other)
    await watchlist.remove(app, somebody, film)
    assert (await watchlist.read_watchlist(app, somebody)).count == 0
    assert await watchlist.restore(app, somebody, film) == app.live.served.library.name(film)
    assert await watchlist.kept_films(app, somebody) == (film,)
    async with app.db.read() as conn:
        counted = "select count(*) from card_acts where person_id = ?"
        assert await run(conn, counted, (somebody.person_id,)) == [(1,)], (
            "putting it back is no second response to a card"
        )


def test_ten_long_lines_and_what_changed_fit_in_one_message() -> None:
    wild, reason = "*" * 300, note("close-to-loved", title="*" * 150)
    lines = tuple(Line(film, wild, 1999, 120, (), reason, None) for film in range(10))
    found = Watchlist(lines, 1, 3, 30, 4, by_clock=True)
    view = watchlist_view(found, here=True, done=f"{kept(wild)} {removed(wild)}", undo=1)
    assert len(text_of({"components": view.to_components()})) <= MAX_CHARACTERS
