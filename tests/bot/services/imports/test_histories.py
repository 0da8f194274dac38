"""Film histories from elsewhere as a service: out and in again, who benefits, and restarts."""

import io
import zipfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.errors import Sorry
from bot.services.app import App
from bot.services.catalogue.search import film_value
from bot.services.feedback import rate
from bot.services.imports.person import applying, leaving, preview, reading
from bot.services.operations import retention
from bot.services.people import privacy as privacy_service
from bot.services.people.profile import read_profile
from bot.services.picks import film_page
from bot.services.picks.consent import ServerMember
from bot.services.picks.facts import read_facts
from bot.services.picks.recommend import recommend
from bot.services.scale import SCALE
from bot.services.view_models import Filters, Requester
from bot.settings import Settings
from bot.wiring import open_app
from bot.wording.people import history_import as words
from storage.catalogue.films import Film
from storage.feedback import ratings
from storage.histories import applying as steps
from storage.histories import drafts
from storage.people import film_marks, privacy, profiles, watchlist
from tests.clock import NOW
from tests.house import FEW_FILMS, stocked

pytestmark = pytest.mark.asyncio(loop_scope="module")
HEADING = "title,year,rating,date\n"


@pytest.fixture(scope="module")
async def app(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[App]:
    folder = tmp_path_factory.mktemp("histories")
    await stocked(folder / "data" / "matinee.sqlite3", FEW_FILMS)
    async with open_app(Settings(data=folder / "data"), lambda: NOW) as app:
        yield app


def person(number: int, *, later: timedelta = timedelta()) -> Requester:
    return Requester(number, None, 5, NOW + later)


def films(app: App, count: int) -> list[Film]:
    """Returns films whose title no other film has."""
    every = sorted(app.live.served.library.films.values(), key=lambda film: film.id)
    names = [name.casefold() for film in every for name in {film.title, *film.aliases}]
    return [
        film
        for film in every
        if film.year
        and film.title.isascii()
        and len(film.title) > 7
        and names.count(film.title.casefold()) == 1
    ][:count]


async def bring(
    app: App, who: Requester, content: bytes, name: str = "mine.csv"
) -> preview.ImportPreview:
    return await preview.read_file(app, who, name, content, applying.nobody)


async def bring_in(app: App, who: Requester, content: bytes, name: str = "mine.csv") -> int | None:
    found = await bring(app, who, content, name)
    done = await applying.apply(app, who, found.import_id, applying.nobody)
    return done.import_id


async def history(
    app: App, number: int
) -> tuple[set[tuple[int, float, date]], dict[int, date], set[int]]:
    """Returns a person's ratings with days, the films they saw with days, and those for later."""
    async with app.db.read() as conn:
        rated = await ratings.of_person(conn, number)
        seen = (await film_marks.of_person(conn, number))["seen"]
        kept = await watchlist.kept(conn, number)
    return (
        {(one.film_id, one.stars, one.at.date()) for one in rated},
        {film: at.date() for film, at in seen.items()},
        set(kept),
    )


async def test_what_is_exported_can_be_brought_in_again(app: App) -> None:
    some = films(app, 9)
    mira, tomas = person(101), person(102)
    lines = [f'"{film.title}",{film.year},{at % 9 / 2 + 0.5},2019-0{at + 1}-01'
             for at, film in enumerate(some[:5])]  # fmt: skip
    await bring_in(app, mira, (HEADING + "\n".join(lines)).encode())
    await rate.rate_by_command(app, mira, film_value(some[5].id), 3.5)
    async with app.db.write() as conn:
        await film_marks.mark(conn, 101, some[6].id, "seen", now=NOW)
        await film_marks.mark(conn, 101, some[7].id, "later", now=NOW)
        await film_marks.mark(conn, 101, some[5].id, "later", now=NOW + timedelta(days=1))
    files = await leaving.for_letterboxd(app, 101)
    assert files.rounded == 0
    await bring_in(app, tomas, leaving.zipped(files), "letterboxd.zip")
    assert await history(app, 102) == await history(app, 101)


async def test_looking_at_a_file_keeps_the_one_that_waits(app: App) -> None:
    one, two, three = films(app, 3)
    who = person(118)
    await bring_in(app, who, f'{HEADING}"{one.title}",{one.year},5,2019-05-01'.encode())
    waits = await bring(app, who, f'{HEADING}"{two.title}",{two.year},5,2019-05-01'.encode())
    lines = [f'"{film.title}",{film.year},4,2020-05-01' for film in (one, two)]
    content = "\n".join([HEADING.strip(), *lines, f"{three.title},,3,", "Zzyzx,1971,3,"]).encode()
    looked = await preview.look(app, who, "other.csv", content)
    assert (looked.changed, looked.rated, looked.waiting, looked.likely) == (1, 1, 2, 1)
    assert await preview.preview(app, who, waits.import_id) == waits
    stored = await bring(app, who, content, "other.csv")
    assert looked == replace(stored, import_id=0)


async def test_stars_of_another_scale_are_rounded_and_both_say_so(app: App) -> None:
    (film,) = films(app, 1)
    async with app.db.write() as conn:
        await ratings.state(
            conn, person_id=103, film_id=film.id, source="command", stars=3.7, at=NOW, scale=SCALE
        )
    exported = await privacy_service.export(app, person(103), str)
    assert exported.rounded == 1
    (name, content) = exported.letterboxd[0]
    assert name == "letterboxd-watched.csv"
    assert b",3.5," in content
    found = await bring(app, person(104), exported.ratings, "ratings.csv")
    assert "I rounded 1 rating to the nearest half star." in words.previewed(found, 7)


async def test_a_newcomer_with_a_history_gets_the_picks_of_somebody_who_rated_it_here(
    app: App,
) -> None:
    some = films(app, 200)
    given = [(film, (at * 7) % 10 / 2 + 0.5) for at, film in enumerate(some)]
    lines = [f'"{film.title}",{film.year},{stars},2019-05-01' for film, stars in given]
    brought, rated = [replace(person(number), private=True) for number in (105, 106)]
    await bring_in(app, brought, (HEADING + "\n".join(lines)).encode())
    async with app.db.write() as conn:
        for film, stars in given:
            await ratings.state(
                conn, person_id=106, film_id=film.id, source="command", stars=stars, at=NOW,
                scale=SCALE,
            )  # fmt: skip
    assert (await read_facts(app, brought)).ratings == (await read_facts(app, rated)).ratings
    for _ in range(3):
        one, other = [await recommend(app, who, Filters()) for who in (brought, rated)]
        shown = [[line.film_id for line in (card.headline, *card.further)] for card in (one, other)]
        assert shown[0] == shown[1]
        assert one.headline.reason == other.headline.reason


async def test_others_facts_leave_it_out_until_it_is_shared(app: App) -> None:
    (film,) = films(app, 1)
    who = person(107)
    await bring_in(app, who, f'{HEADING}"{film.title}",{film.year},5,2019-05-01'.encode())
    assert (await read_facts(app, who)).ratings == {film.id: 5.0}
    assert (await read_facts(app, who, for_others=True)).ratings == {}
    summary = await privacy_service.set_shares_imports(app, who, True)
    assert summary.shares_imports is True
    assert (await read_facts(app, who, for_others=True)).ratings == {film.id: 5.0}


@contextmanager
def small_steps(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setattr(steps, "FILMS_A_STEP", 2)
        yield


async def test_a_start_finishes_what_was_begun(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    some = films(app, 7)
    who = person(108)
    lines = [f'"{film.title}",{film.year},4,2019-05-01' for film in some]
    with small_steps(monkeypatch):
        found = await bring(app, who, (HEADING + "\n".join(lines)).encode())

        async def stop(progress: preview.ImportProgress) -> None:
            raise InterruptedError

        with pytest.raises(InterruptedError):
            await applying.apply(app, who, found.import_id, stop)
        assert len((await history(app, 108))[0]) == 2
        await applying.finish(app)
        assert len((await history(app, 108))[0]) == 7
        with pytest.raises(InterruptedError):
            await applying.undo(app, who, found.import_id, stop)
        await applying.finish(app)
    assert await history(app, 108) == (set(), {}, set())
    async with app.db.read() as conn:
        assert not any((await privacy.export(conn, 108)).values()), "not even a profile is left"


async def test_files_are_undone_newest_first_by_their_person_alone(app: App) -> None:
    one, two = films(app, 2)
    who = person(109)
    content = [f'{HEADING}"{film.title}",{film.year},4,2019-05-01'.encode() for film in (one, two)]
    first = await bring_in(app, who, content[0], "first.csv")
    second = await bring_in(app, person(109, later=timedelta(hours=1)), content[1], "second.csv")
    assert first is not None
    assert second is not None
    for number, whose, key in (
        (first, who, "newer-import-first"),
        (second, person(110), "no-such-import"),
    ):
        with pytest.raises(Sorry, match=key):
            await applying.undo(app, whose, number, applying.nobody)
    assert await bring_in(app, who, content[0]) is None, "nothing new, so nothing to undo"
    for number in (second, first):
        await applying.undo(app, who, number, applying.nobody)
    assert await history(app, 109) == (set(), {}, set())


async def test_the_process_and_the_thread_find_the_same(app: App, tmp_path: Path) -> None:
    some = films(app, 3)
    lines = [f'"{film.title}",{film.year},4,2019-05-01' for film in some] + ['"Zzyzx",1971,3,']
    content = (HEADING + "\n".join(lines)).encode()
    pack = io.BytesIO()
    with zipfile.ZipFile(pack, "w") as made:
        made.writestr("mine.csv", content)
    day = date(2026, 3, 1)
    found = [
        [
            one
            async for one in reading.read(reading.ReadingTask(app.db.address, name, data, day), 900)
        ]
        for name, data in (("mine.csv", content), ("mine.zip", pack.getvalue()))
    ]
    assert found[0][1:] == found[1][1:]
    damaged = reading.ReadingTask(app.db.address, "a.zip", pack.getvalue()[:40], day)
    with pytest.raises(Sorry, match="history-zip-damaged"):
        [one async for one in reading.read(damaged, 900)]


async def test_days_after_today_are_today(app: App) -> None:
    (film,) = films(app, 1)
    who = person(111)
    await bring_in(app, who, f'{HEADING}"{film.title}",{film.year},4,2999-05-01'.encode())
    ((_, _, day),) = (await history(app, 111))[0]
    assert day <= NOW.date()
    assert datetime(2019, 5, 1, tzinfo=UTC).date() < day


async def test_what_is_too_old_to_be_applied_or_undone_is_deleted(app: App) -> None:
    one, two = films(app, 2)
    content = [f'{HEADING}"{film.title}",{film.year},4,2019-05-01'.encode() for film in (one, two)]
    kept: list[int | None] = []
    for days, number, applied in (
        (8, 112, False),
        (6, 113, False),
        (91, 114, True),
        (89, 115, True),
    ):
        who = person(number, later=-timedelta(days=days))
        kept.append((await bring(app, who, content[0])).import_id)
        if applied:
            await applying.apply(app, who, kept[-1] or 0, applying.nobody)
    # A second file replaces the rating of the first, whose event is needed to undo that.
    await bring_in(app, person(115), content[0].replace(b",4,2019", b",3,2020"), "new.csv")
    await retention.run(app)
    async with app.db.read() as conn:
        found = [await drafts.get(conn, number or 0) for number in kept]
    assert [one is not None for one in found] == [False, True, False, True]
    assert len((await history(app, 114))[0]) == 1, "what was applied stays"
    async with app.db.read() as conn:
        (newest,) = [one.id for one in await drafts.of_person(conn, 115) if one.file == "new.csv"]
    await applying.undo(app, person(115), newest, applying.nobody)
    assert (await history(app, 115))[0] == {(one.id, 4.0, date(2019, 5, 1))}


async def test_nobody_else_sees_it_in_a_group_or_among_those_who_loved_it(app: App) -> None:
    (film,) = films(app, 1)
    ann, ben, server = person(116), person(117), 7001
    await bring_in(app, ann, f'{HEADING}"{film.title}",{film.year},5,2019-05-01'.encode())
    asked = replace(ben, guild_id=server, member_since=NOW - timedelta(days=9))
    members = {number: ServerMember(number, f"member {number}", NOW - timedelta(days=9))
               for number in (116, 117)}  # fmt: skip

    async def find(number: int) -> ServerMember | None:
        return members.get(number)

    async with app.db.write() as conn:
        for number in members:
            await profiles.show_taste(conn, number, server, shown=True, now=NOW)
    told = []
    for shares in (False, True):
        await privacy_service.set_shares_imports(app, ann, shares)
        page = await film_page.read_page(app, asked, film_value(film.id), find, alone=False)
        profile = await read_profile(app, asked, 116, find)
        told.append((page.loved_by, profile.count, profile.loved))
    assert told[0] == ((), 0, ())
    assert told[1] == (("member 116",), 1, (app.live.served.library.name(film.id),))
