"""/browse in the playground: rows that suit the requester, whole shelves, consent to be named."""

import asyncio
import re
from collections.abc import AsyncIterator, Coroutine, Sequence
from typing import Any

import pytest

from bot.client.client import Press
from bot.client.reply import await_or_defer
from bot.cogs import interaction
from bot.playground import Person
from bot.playground.testing import Outcome, buttons_of, selects_of, text_of
from bot.services.posts.post import preview
from bot.services.serving.live_model import Served
from bot.services.serving.live_shelves import Shelving
from bot.services.view_models import FilmCard, shelf_note
from bot.wording.errors.said import said
from storage.servers.schedules import Schedule
from tests.bot.fitted import nobody
from tests.house import House, Visit, running

HORROR = ("The Exorcist", "Halloween", "Hereditary", "Suspiria", "The Shining", "Ring")
FOREIGN = (
    "Tokyo Story",
    "A Separation",
    "Ida",
    "Shoplifters",
    "Bicycle Thieves",
    "Amour",
    "Drive My Car",
    "The Lives of Others",
    "Wild Strawberries",
    "Central Station",
)


@pytest.fixture(scope="module")
async def shared_house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A house with all films, since some are asked for by name."""
    async with running(tmp_path_factory.mktemp("house")) as house:
        yield house


@pytest.fixture
async def visit(shared_house: House) -> AsyncIterator[Visit]:
    app = shared_house.app
    await app.shelving.get(app.db, app.live, app.settings.corpus)
    found = shared_house.club()
    yield found
    found.leave()


def shelves_of(outcome: Outcome) -> list[tuple[str, str, tuple[str, ...]]]:
    """Returns name, reason and films of each row."""
    found = re.findall(r"### (.+)\n-# (.+)\n(.+)", outcome.text)
    return [(name, reason, tuple(films.split(" · "))) for name, reason, films in found]


SHELF = re.compile("On the shelf “(.*)”")


async def rate(person: Person, titles: Sequence[str], stars: float = 5.0) -> set[str]:
    """Rates the first film found for each title. Returns their names."""
    names = set()
    for title in titles:
        found = await person.autocomplete("films", "rate", "film", title)
        await person.command("films", "rate", film=found[0]["value"], stars=str(stars))
        names.add(found[0]["name"])
    return names


async def test_rows_suit_the_requester_and_give_a_reason(visit: Visit) -> None:
    async with visit.member("mira") as mira, visit.member("june") as june:
        first = shelves_of(await mira.command("films", "browse", private=True))
        assert len(first) == 5
        assert all(reason == "lots of people love it" for _, reason, _ in first)
        films = [film for _, _, row in first for film in row]
        assert len(films) == len(set(films)) >= 15
        rated = await rate(mira, HORROR)
        await rate(june, FOREIGN)
        fear = shelves_of(await mira.command("films", "browse", private=True))
        world = shelves_of(await june.command("films", "browse", private=True))
    assert not {name for name, _, _ in fear} & {name for name, _, _ in world}
    for name, reason, _ in (*fear, *world):
        assert re.match(r"because you loved |close to .+, which you loved$", reason), (name, reason)
    assert not {film for _, _, row in fear for film in row} & rated
    library = visit.app.live.served.library
    horror = [genres(library, film) for _, _, row in fear for film in row]
    assert sum("Horror" in each for each in horror) >= len(horror) / 2


def genres(library: Any, name: str) -> tuple[str, ...]:
    found: tuple[str, ...] = library.find(name.replace("\\", "")).genres
    return found


async def test_a_row_opens_a_film_and_a_shelf_whole(visit: Visit) -> None:
    async with visit.member("mira") as mira:
        rows = await mira.command("films", "browse")
        assert rows.message is not None
        first, *_, whole = selects_of(rows.message)
        opened = await mira.select(rows.message, 0, [first["options"][0]["value"]])
        assert "Why?" in buttons_of(opened.message or {})
        key = whole["options"][0]["value"]
        page = await mira.select(rows.message, whole["custom_id"], [key])
        assert whole["options"][0]["label"] in page.text
        more = await mira.click(rows.message, "More shelves")
        names = {name for name, _, _ in shelves_of(rows)}
        assert len(shelves_of(more)) == 5
        assert not names & {name for name, _, _ in shelves_of(more)}
        third = await mira.click(more.message, "More shelves")
        assert (third.message or {})["id"] == (more.message or {})["id"], "in the same message"


async def test_a_shelf_by_name_and_an_unknown_shelf(visit: Visit) -> None:
    async with visit.member("mira") as mira:
        choices = await mira.autocomplete("films", "browse", "shelf", "horror")
        assert choices
        assert all("horror" in choice["name"].lower() for choice in choices)
        page = await mira.command("films", "browse", shelf=choices[0]["value"], private=True)
        assert choices[0]["name"] in page.text
        typed = await mira.command("films", "browse", shelf=choices[0]["name"], private=True)
        assert typed.text == page.text
        none = await mira.command("films", "browse", shelf="films about tax forms")
        assert "don't have a shelf called" in none.text


async def test_only_present_members_who_agreed_are_named(visit: Visit) -> None:
    async with visit.member("mira") as mira, visit.member("june") as june:
        await mira.command("films", "setup server", family_safe=False)
        await rate(mira, HORROR)
        rows = await june.command("films", "browse")
        assert "favourites" not in rows.text
        asked = await mira.click(rows.message, "Show my taste here")
        assert "unless you let them" in asked.text
        await mira.click(asked.message, "Show my taste here")
        named = await june.command("films", "browse", private=True)
        assert re.search(r"### Mira\b.* favourites", named.text), named.text
        assert "favourites" not in (await mira.command("films", "browse")).text
        visit.guild.members.pop(int(mira.id))
        gone = await june.command("films", "browse", private=True)
        assert "favourites" not in gone.text


async def test_a_card_names_the_shelf_that_was_recorded(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The shelves become ready between the recording of a card and its drawing."""
    recorded = asyncio.Event()
    ready = visit.app.shelving.ready

    def late(served: Served) -> Shelving | None:
        return ready(served) if recorded.is_set() else None

    async def drawn_later(
        press: Press, work: Coroutine[object, object, FilmCard], *, private: bool
    ) -> FilmCard:
        card = await await_or_defer(press, work, private=private)
        recorded.set()
        return card

    monkeypatch.setattr(visit.app.shelving, "ready", late)
    monkeypatch.setattr(interaction, "await_or_defer", drawn_later)
    async with visit.member("mira") as mira:
        card = await mira.command("films", "recommend")
    shelves = "select distinct shelf from impressions where person_id = ?"
    keys = {shelf for (shelf,) in visit.rows(shelves, int(mira.id)) if shelf is not None}
    shelving = await visit.app.shelving.get(visit.app.db, visit.app.live, visit.app.settings.corpus)
    every = shelving.shelves.shelves
    named = {said(shelf_note(shelf)) for shelf in every if shelf.key in keys}
    assert set(SHELF.findall(text_of(card.message))) == named


async def test_a_card_and_the_post_name_their_shelf(visit: Visit) -> None:
    app = visit.app
    async with visit.member("mira") as mira:
        card = await mira.command("films", "recommend")
        assert card.message is not None
        shelving = await app.shelving.get(app.db, app.live, app.settings.corpus)
        names = {said(shelf_note(shelf)) for shelf in shelving.shelves.shelves}
        heading, *rows = text_of(card.message).splitlines()
        assert " · " not in heading, "a shelf there would read as what the card is about"
        (shelf_row,) = [row for row in rows if SHELF.search(row)]
        assert SHELF.findall(shelf_row)[0] in names
        similar = await mira.command("films", "similar", film="Casablanca")
        assert similar.text.splitlines()[0] == "-# Films like Casablanca (1942)"
        assert SHELF.search(similar.text)
    now = app.clock()
    daily = Schedule(
        id=1,
        guild_id=1,
        channel_id=2,
        theme="auto",
        staff_id=None,
        language=None,
        post_time="19:00",
        days="0123456",
        paused=False,
        disabled_reason=None,
        manager_id=None,
        next_at=now,
        created_at=now,
        updated_at=now,
    )
    post = await preview(app, daily, now, nobody, adult_ok=False)
    shelf = post.shelf
    assert shelf is not None
    shelf_films = app.live.served.model.catalogue.films.ids(list(shelf.films))
    on_shelf = [line.film_id in shelf_films for line in (post.headline, *post.further)]
    assert on_shelf[0]
    assert on_shelf == sorted(on_shelf, reverse=True), "films of the shelf come first"
