"""/import over the wire: a file from elsewhere, from the upload to other picks, and back again."""

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from bot.playground import Person
from bot.playground.testing import Outcome, Refused, buttons_of, selects_of
from bot.playground.testing.files import chosen_file
from bot.services.picks.facts import read_facts
from bot.services.view_models import Requester
from bot.wording.people import history_import as words
from storage.catalogue.films import Film
from tests.bot.cogs.people.exports_elsewhere import EXPORTS, imdb, netflix, simkl, tmdb
from tests.clock import NOW
from tests.house import Visit, until

EPHEMERAL = 64
PROGRESS = re.compile("I'm (reading|comparing|bringing|undoing)")
TABLES = ("rating_events", "standing_acts", "ratings", "film_marks", "people")

pytestmark = pytest.mark.asyncio(loop_scope="module")


def letterboxd(films: list[Film], **more: str) -> bytes:
    """Returns Letterboxd's export: the first films rated, then one watched, then one wanted."""
    *rated, watched, wanted = films
    heading = "Date,Name,Year,Letterboxd URI"
    lines = {
        "ratings.csv": [f"{heading},Rating"]
        + [f'2024-03-0{at % 9 + 1},"{f.title}",{f.year},https://boxd.it/zz{at}a,{5 - at % 3}'
           for at, f in enumerate(rated)],
        "watched.csv": [heading, f'2024-03-01,"{watched.title}",{watched.year},https://boxd.it/zzxx'],
        "watchlist.csv": [heading, f'2024-04-01,"{wanted.title}",{wanted.year},https://boxd.it/zzyy'],
    }  # fmt: skip
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as pack:
        for name, rows in lines.items():
            pack.writestr(name, "\n".join(rows) + "\n" + more.get(name, ""))
    return made.getvalue()


def plain_films(visit: Visit, count: int) -> list[Film]:
    """Returns films whose title and year no other film has."""
    library = visit.app.live.served.library
    films = sorted(library.films.values(), key=lambda film: film.id)
    plain = [f for f in films if f.title.isascii() and '"' not in f.title and f.year]
    names = [f.title.casefold() for f in films] + [a.casefold() for f in films for a in f.aliases]
    return [f for f in plain if names.count(f.title.casefold()) == 1 and len(f.title) > 7][:count]


async def bring(person: Person, channel: str, name: str, content: bytes) -> Outcome:
    """Uses /import with a file."""
    file = await chosen_file(person, name, content)
    return await ended(person, await person.command(channel, "import", file=file))


async def press(person: Person, outcome: Outcome, button: str) -> Outcome:
    """Presses a button below an outcome."""
    return await ended(person, await person.click(outcome.message, button))


async def ended(person: Person, outcome: Outcome) -> Outcome:
    """Returns the outcome once its message does not show progress any more."""
    message = outcome.message

    async def is_final() -> bool:
        nonlocal message
        message = await person.message(message)
        return message is None or not PROGRESS.match(replace(outcome, message=message).text)

    if message is not None and PROGRESS.match(outcome.text):
        await until(is_final, "the file is read, applied or undone")
    return replace(outcome, message=message)


def stored(visit: Visit, person: Person) -> Mapping[str, list[tuple[Any, ...]]]:
    """Returns the person's rows of the tables that an import changes."""
    column = {"people": "id"}
    return {
        table: visit.rows(
            f"select * from {table} where {column.get(table, 'person_id')} = ? order by 1, 2, 3",
            int(person.id),
        )
        for table in TABLES
    }


def picked(outcome: Outcome) -> str:
    return outcome.text.split("\n")[1]


async def test_from_the_upload_to_other_picks_and_back(visit: Visit) -> None:
    films = plain_films(visit, 8)
    async with visit.member("tomas") as tomas:
        before = stored(visit, tomas)
        odd = "2024-03-09,Zzyzx Lantern,1971,https://boxd.it/zzq1,4\n"
        content = letterboxd(films, **{"ratings.csv": odd})
        shown = await bring(tomas, "films", "letterboxd-tomas.zip", content)
        assert shown.message is not None
        assert shown.message["flags"] & EPHEMERAL
        assert "## Your history from Letterboxd" in shown.text
        assert "• 6 new ratings" in shown.text
        assert "• 1 film you've seen" in shown.text
        assert "• 1 film to keep for later" in shown.text
        assert "I'm not sure about 1 film in this file." in shown.text
        assert stored(visit, tomas) == before, "nothing changes before it is applied"
        await visit.house.restart()
        asked = await press(tomas, shown, "Which ones?")
        assert "**Zzyzx Lantern** (1971)" in asked.text
        (menu,) = selects_of(asked.message or {})
        assert menu["options"][-1]["value"] == "skip"
        assert 1 <= len(menu["options"]) <= 6
        skipped = await tomas.select(asked.message, 0, ["skip"])
        assert "left out" in skipped.text
        back = await press(tomas, skipped, "Back")
        assert "I'm not sure" not in back.text
        done = await press(tomas, back, "Import")
        assert (
            "Done. I've imported 6 ratings, 1 film you've seen, and 1 film for later" in done.text
        )
        rated = {row[1]: row for row in stored(visit, tomas)["ratings"]}
        assert set(rated) == {film.id for film in films[:6]}
        assert {row[3] for row in rated.values()} == {"import"}
        kept = await tomas.command("films", "watchlist")
        assert films[7].title in kept.text
        card = await tomas.command("films", "recommend")
        assert not any(film.title in picked(card) for film in films[:7])
        again = await bring(tomas, "films", "letterboxd-tomas.zip", content)
        assert "• 6 ratings I already have" in again.text
        await press(tomas, again, "Forget this file")
        undone = await press(tomas, done, "Undo")
        assert "Everything is as it was before" in undone.text
        after = stored(visit, tomas)
        assert {name: after[name] for name in TABLES if name != "people"} == {
            name: before[name] for name in TABLES if name != "people"
        }


async def test_a_film_that_was_not_recognised_is_chosen(visit: Visit) -> None:
    film, other = plain_films(visit, 2)
    content = f"title,year,rating\n{film.title} X,{film.year},4.5\n{other.title},,3\n".encode()
    async with visit.member("june") as june:
        shown = await bring(june, "dm", "mine.csv", content)
        assert "I have a good guess for 1 of those films." in shown.text
        asked = await press(june, shown, "Which ones?")
        menus = selects_of(asked.message or {})
        choice = next(x["value"] for x in menus[0]["options"] if x["value"] == str(film.id))
        chosen = await june.select(asked.message, 0, [choice])
        assert "1 film to go." in chosen.text
        taken = await press(june, chosen, "Use the guesses")
        done = await press(june, taken, "Import")
        assert "I've imported 2 ratings" in done.text
        rows = visit.rows("select film_id, stars, guild_id from ratings where person_id = ?",
                          int(june.id))  # fmt: skip
        assert sorted(rows) == sorted([(film.id, 4.5, None), (other.id, 3.0, None)])


async def test_who_benefits_is_the_persons_choice(visit: Visit) -> None:
    (film,) = plain_films(visit, 1)
    content = f"title,year,rating\n{film.title},{film.year},4.5\n".encode()
    state = "select shares_imports from people where id = ?"
    async with visit.member("olek") as olek, visit.member("mira") as mira:
        shown = await bring(olek, "films", "mine.csv", content)
        assert "Nobody else sees any of it." in shown.text
        shared = await press(olek, shown, "Let my imports shape others' picks")
        assert "shapes other people's picks too" in shared.text
        assert visit.rows(state, int(olek.id)) == [(1,)]
        done = await press(olek, shared, "Import")
        private = await press(olek, done, "Keep my imports out of others' picks")
        assert "Nobody else sees" in private.text
        assert visit.rows(state, int(olek.id)) == [(0,)]
        panel = await olek.command("films", "privacy")
        await press(olek, panel, "Let my imports shape others' picks")
        assert visit.rows(state, int(olek.id)) == [(1,)]
        # What a custom_id names is not trusted: it is another person's file.
        assert "Undo" in buttons_of(done.message or {})
        mine = await mira.command("films", "privacy")
        assert "Let my imports shape others' picks" not in buttons_of(mine.message or {})


async def test_what_cannot_be_read_gets_a_sentence(visit: Visit) -> None:
    async with visit.member("mira") as mira:
        before = stored(visit, mira)
        nothing = await bring(mira, "films", "notes.txt", b"hello there")
        assert "notes.txt" in nothing.text
        picture = await bring(mira, "films", "a.png", b"\x89PNG\r\n\x1a\n" + bytes(64))
        assert "a.png" in picture.text
        with pytest.raises(Refused):
            await mira.command("films", "import", file="123")
        assert stored(visit, mira) == before
        assert visit.rows("select count(*) from imports where person_id = ?", int(mira.id)) == [
            (0,)
        ]


async def test_every_format_comes_in_and_goes_again(visit: Visit) -> None:
    rated, other = plain_films(visit, 2)
    async with visit.member("mira") as mira:
        before = stored(visit, mira)
        for export in EXPORTS:
            name, content = export(rated, other)
            shown = await bring(mira, "dm", name, content)
            service = words.PLACES.get(export.__name__)
            assert (service or "Your film history") in shown.text, export.__name__
            assert shown.text.count("I left out 1 ") == (export in (imdb, tmdb, simkl, netflix))
            assert "There's nothing new" not in shown.text, export.__name__
            if export is netflix:
                early = await press(mira, shown, "Import")
                assert "I'm not sure about any film in" in early.text
                shown = await press(mira, shown, "Use the guesses")
            done = await press(mira, shown, "Import")
            assert "Done. I've imported " in done.text, export.__name__
            facts = await read_facts(visit.app, Requester(int(mira.id), None, 1, NOW))
            assert {rated.id, other.id} <= facts.known_films, export.__name__
            assert facts.ratings.get(rated.id) == (None if export is netflix else 4.5)
            card = await mira.command("dm", "recommend")
            assert rated.title not in picked(card)
            undone = await press(mira, done, "Undo")
            assert "Everything is as it was before" in undone.text
            after = stored(visit, mira)
            assert all(after[table] == before[table] for table in TABLES if table != "people")
