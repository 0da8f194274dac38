"""Film histories that get in each other's way, and what a file says that is easily lost."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.errors import Sorry
from bot.services.app import App
from bot.services.imports.person import applying, preview, reading, settling
from bot.services.imports.person.preview import ImportProgress
from bot.services.nights.shortlist import read_counted
from bot.services.notes import to_text
from bot.services.people import privacy as privacy_service
from bot.services.people.compare import compare
from bot.services.people.profile import read_profile
from bot.services.picks.browse import browse
from bot.services.picks.consent import ServerMember
from bot.services.picks.recommend import recommend
from bot.services.scale import SCALE
from bot.services.view_models import Filters
from bot.settings import Settings
from bot.wiring import open_app
from storage.feedback import ratings
from storage.histories import drafts
from storage.people import profiles
from tests.bot.services.imports.test_histories import (
    HEADING,
    bring,
    bring_in,
    films,
    history,
    person,
    small_steps,
)
from tests.clock import NOW
from tests.house import FEW_FILMS, stocked

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
async def app(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[App]:
    folder = tmp_path_factory.mktemp("two-histories")
    await stocked(folder / "data" / "matinee.sqlite3", FEW_FILMS)
    async with open_app(Settings(data=folder / "data"), lambda: NOW) as app:
        yield app


async def stop(progress: ImportProgress) -> None:
    raise InterruptedError


async def test_a_file_that_comes_while_another_is_read_takes_its_place(app: App) -> None:
    (film,) = films(app, 1)
    who = person(301)
    content = f'{HEADING}"{film.title}",{film.year},4,2019-05-01\nZzyzx,1971,3,'.encode()
    newer: list[preview.ImportPreview] = []

    async def bring_another(progress: ImportProgress) -> None:
        if progress.done and not newer:
            newer.append(await bring(app, who, content, "newer.csv"))

    with pytest.raises(Sorry, match="no-such-import"):
        await preview.read_file(app, who, "older.csv", content, bring_another)
    await applying.apply(app, who, newer[0].import_id, applying.nobody)
    assert len((await history(app, 301))[0]) == 1


async def test_somebody_elses_answer_is_stored_before_the_next_rows_of_a_file(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All rows of the file are there already, so only the turn of others can hold them up."""
    monkeypatch.setattr(reading, "FILMS_A_MESSAGE", 2)
    content = (HEADING + "\n".join(f"Zzyzx {at},1971,3,2019-05-01" for at in range(20))).encode()
    stored_after: list[int] = []
    answers: list[asyncio.Task[None]] = []
    done = 0

    async def answer() -> None:
        async with app.db.write(quick=True) as conn:
            await profiles.ensure(conn, 308, now=NOW)
            stored_after.append(done)

    async def ask(progress: ImportProgress) -> None:
        nonlocal done
        if progress.stage == "reading" and progress.done == 2:
            answers.append(asyncio.create_task(answer()))
        done = progress.done

    await preview.read_file(app, person(307), "mine.csv", content, ask)
    await asyncio.gather(*answers)
    assert stored_after == [4], "the rows that were next when it asked, and no more"


async def test_a_file_comes_in_pieces_that_are_stored_in_milliseconds(app: App) -> None:
    content = (HEADING + "\n".join(f"Zzyzx {at},1971,3,2019-05-01" for at in range(700))).encode()
    task = reading.ReadingTask(app.db.address, "mine.csv", content, NOW.date())
    said = await asyncio.to_thread(lambda: list(reading.messages(task)))
    pieces = [one for one in said if isinstance(one, reading.ReadFilms)]
    sizes = [len(one.films) + len(one.questions) for one in pieces]
    assert sum(sizes) == 700
    assert max(sizes) <= 250


@pytest.mark.parametrize("undone", [False, True])
async def test_what_one_file_began_ends_before_another_begins(
    app: App, monkeypatch: pytest.MonkeyPatch, undone: bool
) -> None:
    some = films(app, 6)
    number = 303 + undone
    who = person(number)
    older, newer = [
        (HEADING + "\n".join(f'"{film.title}",{film.year},{stars},{day}' for film in some)).encode()
        for stars, day in ((2, "2019-05-01"), (4, "2020-05-01"))
    ]
    with small_steps(monkeypatch):
        first = (await bring(app, who, older)).import_id
        if undone:
            await applying.apply(app, who, first, applying.nobody)
            with pytest.raises(InterruptedError):
                await applying.undo(app, who, first, stop)
        else:
            with pytest.raises(InterruptedError):
                await applying.apply(app, who, first, stop)
        later = person(number, later=timedelta(hours=1))
        second = (await bring(app, later, newer)).import_id
        await applying.apply(app, later, second, applying.nobody)
        await applying.finish(app)
    assert {stars for _, stars, _ in (await history(app, number))[0]} == {4.0}
    await applying.undo(app, later, second, applying.nobody)
    left = (await history(app, number))[0]
    assert {stars for _, stars, _ in left} == (set() if undone else {2.0})
    async with app.db.read() as conn:
        kept = [one.id for one in await drafts.of_person(conn, number)]
    assert kept == ([] if undone else [first])


async def test_each_film_that_only_has_an_id_is_a_film(app: App) -> None:
    content = b"tmdbID,rating\n99999991,4\n99999992,2\n99999993,1\n"
    found = await bring(app, person(305), content)
    assert found.waiting == 3


async def test_two_films_of_one_title_and_year_keep_their_ratings(app: App) -> None:
    content = (
        "title,year,directors,rating\nZzyzx,1971,Ann Lee,5\nZzyzx,1971,Bob Ray,1\n"
        "zzyzx,1971,bob ray,2\n"
    )
    found = await bring(app, person(312), content.encode())
    made = await settling.unrecognised(app, person(312), found.import_id)
    assert [line.split(b",")[2:5:2] for line in made.splitlines()[1:]] == [
        [b"Ann Lee", b"5.0"],
        [b"Bob Ray", b"2.0"],
    ]


async def test_the_preview_counts_the_films_that_the_person_chose(app: App) -> None:
    one, two = films(app, 2)
    who = person(313)
    content = (
        f'{HEADING}Zzyzx,1971,4,2019-05-01\nZzyzy,1972,3,2019-05-01\n"{two.title}",{two.year},5,'
    )
    number = (await bring(app, who, content.encode())).import_id
    for place, film in ((0, one), (1, two)):
        await settling.settle(app, who, number, place, film.id)
    found = await preview.preview(app, who, number)
    assert (found.films, found.rated, found.waiting) == (2, 2, 0)
    done = await applying.apply(app, who, number, applying.nobody)
    assert done.rated == found.rated


async def test_the_file_of_unrecognised_films_keeps_likes(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "QUESTIONS_A_QUERY", 1)
    who = person(306)
    content = b"title,year,watched,liked\nZzyzx,1971,yes,yes\nZzyzy,1972,yes,\n"
    first = await bring(app, who, content)
    again = await settling.unrecognised(app, who, first.import_id)
    second = await bring(app, who, again, "unrecognised.csv")
    assert second.waiting == first.waiting
    assert await settling.unrecognised(app, who, second.import_id) == again
    assert again.splitlines()[1:] == [b"Zzyzx,1971,,,,,yes,,,,yes", b"Zzyzy,1972,,,,,yes,,,,"]


async def test_a_corrected_file_of_unrecognised_films_is_recognised(app: App) -> None:
    """Also where the catalogue knows the directors, and the first file said none."""
    film = next(one for one in films(app, 50) if one.directors)
    content = f"{HEADING}{film.title},{film.year - 9},4,2019-05-01".encode()
    first = await bring(app, person(309), content)
    assert (first.films, first.waiting) == (0, 1)
    made = await settling.unrecognised(app, person(309), first.import_id)
    corrected = made.replace(str(film.year - 9).encode(), str(film.year).encode())
    second = await bring(app, person(309), corrected, "unrecognised.csv")
    assert (second.films, second.waiting) == (1, 0)


async def test_what_a_person_shows_in_a_server_leaves_it_out_until_they_share_it(app: App) -> None:
    """A comparison or a profile that everybody in the channel reads."""
    some = films(app, 6)
    server = 7002
    lines = [f'"{film.title}",{film.year},5,2019-05-01' for film in some]
    await bring_in(app, person(307), (HEADING + "\n".join(lines)).encode())
    async with app.db.write() as conn:
        for film in some:
            await ratings.state(
                conn, person_id=308, film_id=film.id, source="command", stars=5.0, at=NOW,
                scale=SCALE,
            )  # fmt: skip
        for number in (307, 308):
            await profiles.show_taste(conn, number, server, shown=True, now=NOW)
    members = {number: ServerMember(number, f"member {number}", NOW - timedelta(days=9))
               for number in (307, 308)}  # fmt: skip

    async def find(number: int) -> ServerMember | None:
        return members.get(number)

    alone = replace(person(307), guild_id=server, member_since=NOW - timedelta(days=9))
    told = []
    for shares in (False, True):
        await privacy_service.set_shares_imports(app, alone, shares)
        for private in (True, False):
            asked = replace(alone, private=private)
            found = await compare(app, asked, 308, find)
            profile = await read_profile(app, asked, 307, find)
            told.append((bool(found.both_loved), profile.count))
    assert told == [(True, 6), (False, 0), (True, 6), (True, 6)]


async def test_a_card_that_others_see_names_no_film_of_a_private_history(app: App) -> None:
    some = films(app, 40)
    alone = replace(person(310), private=True)
    lines = [f'"{film.title}",{film.year},5,2019-05-01' for film in some]
    await bring_in(app, alone, (HEADING + "\n".join(lines)).encode())
    told = []
    for shares in (False, True):
        await privacy_service.set_shares_imports(app, alone, shares)
        for private in (True, False):
            asked = replace(alone, private=private)
            cards = [await recommend(app, asked, Filters()) for _ in range(3)]
            rows = (await browse(app, asked, find_nobody)).rows
            reasons = [line.reason for card in cards for line in (card.headline, *card.further)]
            for said in (reasons, [row.reason for row in rows]):
                text = "".join(map(to_text, said))
                told.append(any(film.title in text for film in some))
    assert told == [True, True, False, False, True, True, True, True]


async def find_nobody(number: int) -> ServerMember | None:
    return None


async def test_a_movie_night_leaves_the_planners_history_out_too(app: App) -> None:
    """Everybody sees the shortlist, so what the planner keeps private changes nothing in it."""
    (film,) = films(app, 1)
    server = 7003
    planner = replace(person(311), guild_id=server)
    await bring_in(app, planner, f'{HEADING}"{film.title}",{film.year},5,2019-05-01'.encode())
    async with app.db.write() as conn:
        await profiles.show_taste(conn, 311, server, shown=True, now=NOW)
    members = [ServerMember(311, "Planner", NOW - timedelta(days=9))]
    told = []
    for shares in (False, True):
        await privacy_service.set_shares_imports(app, planner, shares)
        counted = await read_counted(app, app.live.served, planner, members)
        told.append((dict(counted[311].facts.ratings), counted[311].facts.known_films))
    assert told == [({}, frozenset()), ({film.id: 5.0}, {film.id})]
