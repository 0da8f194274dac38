"""What a person hid is listed with its reason, and comes back one by one."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import Sorry
from bot.services.app import App
from bot.services.people import hidden
from bot.services.people.hidden import ITEMS_PER_PAGE, HiddenItem
from bot.services.picks.facts import read_facts
from bot.services.view_models import Requester
from bot.settings import Settings
from bot.wiring import open_app
from storage.people import film_marks, preferences, quiz_answers
from tests.bot.fitted import Time, rate
from tests.direct import run
from tests.house import FEWEST_FILMS, stocked

NOW = datetime(2026, 3, 10, 20, tzinfo=UTC)
people = iter(range(1001, 2000))


@pytest.fixture(scope="module")
async def app(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[App]:
    """A bot with one film flagged adult: the last one."""
    settings = Settings(data=tmp_path_factory.mktemp("hidden") / "data")
    await stocked(settings.database, FEWEST_FILMS)
    async with open_app(settings, Time(NOW)) as app, app.db.write() as conn:
        last = max(app.live.served.library.films)
        await run(conn, "update films set adult = true where id = ?", (last,))
    async with open_app(settings, Time(NOW)) as app:
        yield app


@pytest.fixture
def somebody() -> Requester:
    return Requester(next(people), None, 1, NOW, private=True)


async def test_everything_that_hides_is_listed_newest_first(app: App, somebody: Requester) -> None:
    library = app.live.served.library
    seen, declined, unwanted, rated, *_ = sorted(library.films)
    adult, person = max(library.films), somebody.person_id
    async with app.db.write() as conn:
        await film_marks.mark(conn, person, seen, "seen", now=NOW)
        await film_marks.mark(conn, person, adult, "seen", now=NOW)
        await film_marks.mark(conn, person, rated, "later", now=NOW)
        await film_marks.mark(conn, person, declined, "declined", now=NOW + timedelta(minutes=1))
        later = NOW + timedelta(minutes=2)
        await quiz_answers.set_film_answer(conn, person, unwanted, "unwanted", now=later)
        await preferences.set_values(conn, person, "never", ["Western", "Horror"], now=NOW)
    found = await hidden.read_hidden(app, somebody)
    items = [(item.kind, item.name) for item in found.items]
    assert items == [
        ("genre", "Horror"),
        ("genre", "Western"),
        ("unwanted", library.name(unwanted)),
        ("declined", library.name(declined)),
        ("seen", library.name(seen)),
    ]
    assert (found.page, found.pages, found.count, found.unnamed) == (0, 1, 5, 1)
    restricted = await hidden.read_hidden(app, replace(somebody, adult_ok=True))
    assert (restricted.count, restricted.unnamed) == (6, 0)
    before = await read_facts(app, somebody)
    for item in found.items:
        assert await hidden.bring_back(app, somebody, item.kind, item.key) == item
    facts = await read_facts(app, somebody)
    assert (facts.never, facts.known_films, facts.unseen) == ((), {adult}, frozenset())
    assert (await hidden.read_hidden(app, somebody)).count == 0
    for item in found.items:
        assert await hidden.hide_again(app, somebody, item.kind, item.key) == item
    again = await read_facts(app, somebody)
    assert (set(again.never), again.known_films) == (set(before.never), before.known_films)


async def test_a_rated_film_is_not_listed_and_pages_hold_ten(app: App, somebody: Requester) -> None:
    await rate(app, somebody.person_id, 3)
    films = sorted(app.live.served.library.films)[3:28]
    async with app.db.write() as conn:
        for at, film in enumerate(films):
            when = NOW + timedelta(minutes=at)
            await film_marks.mark(conn, somebody.person_id, film, "seen", now=when)
    pages = [await hidden.read_hidden(app, somebody, page) for page in range(4)]
    assert [len(page.items) for page in pages] == [ITEMS_PER_PAGE, ITEMS_PER_PAGE, 5, 5]
    assert pages[3] == pages[2], "beyond the last page is the last page"
    assert [int(item.key) for page in pages[:3] for item in page.items] == films[::-1]


@pytest.mark.parametrize(
    ("kind", "key", "error"),
    [
        ("later", "1", "unknown-button"),
        ("", "", "unknown-button"),
        ("seen", "x", "no-such-film"),
        ("seen", "999999999", "no-such-film"),
        ("genre", "polka", "no-such-genre-near|no-such-genre"),
    ],
)
async def test_what_does_not_exist_is_refused(
    app: App, somebody: Requester, kind: str, key: str, error: str
) -> None:
    for work in (hidden.bring_back, hidden.hide_again):
        with pytest.raises(Sorry, match=error):
            await work(app, somebody, kind, key)


async def test_a_genre_is_understood_by_its_beginning(app: App, somebody: Requester) -> None:
    """A custom_id has room for 40 characters, and none of them may be a colon."""
    name = "Doku: Natur & Technik, lang und breit und noch länger als das"
    async with app.db.write() as conn:
        await preferences.set_values(conn, somebody.person_id, "never", [name], now=NOW)
    for typed in (name, name[:40], name.replace(":", " ")[:40]):
        found = await hidden.hide_again(app, somebody, "genre", typed)
        assert found == HiddenItem("genre", name, name)
    await hidden.bring_back(app, somebody, "genre", name[:90])
    assert (await hidden.read_hidden(app, somebody)).count == 0


async def test_a_genre_is_not_taken_for_a_longer_one(app: App, somebody: Requester) -> None:
    genres = {"Music", "Musical", "Musical Theatre"}
    assert "Musical" in app.live.served.library.genres
    for genre in sorted(genres):
        async with app.db.write() as conn:
            await preferences.set_values(conn, somebody.person_id, "never", genres, now=NOW)
        back = await hidden.bring_back(app, somebody, "genre", genre)
        assert back == HiddenItem("genre", genre, genre)
        assert set((await read_facts(app, somebody)).never) == genres - {genre}
    await hidden.bring_back(app, somebody, "genre", "Music")
    await hidden.hide_again(app, somebody, "genre", "Music")
    assert set((await read_facts(app, somebody)).never) == {"Music", "Musical"}
    with pytest.raises(Sorry, match="no-such-genre"):
        await hidden.bring_back(app, somebody, "genre", "")
