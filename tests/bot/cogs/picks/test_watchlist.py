"""/watchlist over the wire: in a server, in a direct message, and as a user-installed app."""

import re
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from bot.playground import Person
from bot.playground.testing import Outcome, buttons_of, selects_of, text_of
from bot.playground.world.stage import whole_world
from bot.wording.feedback import kept
from storage.people import film_marks
from tests.clock import NOW
from tests.house import FEW_FILMS, Visit, running

EPHEMERAL = 64


@pytest.fixture
async def mira(visit: Visit) -> AsyncIterator[Person]:
    async with visit.member("mira") as person:
        yield person


def titles(outcome: Outcome) -> list[str]:
    """Returns the films of the list, in its order."""
    return re.findall(r"^\*\*(.+?)\*\*", outcome.text, re.MULTILINE)


async def keep(person: Person, typed: Sequence[str], channel: str = "films") -> list[str]:
    """Keeps the first film that is suggested for each text. Returns their names."""
    names = []
    for text in typed:
        choice = (await person.autocomplete(channel, "watchlist", "add", text))[0]
        done = await person.command(channel, "watchlist", add=choice["value"])
        assert kept(choice["name"]) in done.text
        names.append(choice["name"])
    return names


async def test_later_says_where_the_list_is_and_the_list_has_the_film(
    visit: Visit, mira: Person
) -> None:
    card = (await mira.command("films", "recommend")).message
    said = await mira.click(card, "Later")
    (tapped,) = re.findall(r"</watchlist:(\d+)>", said.text)
    assert int(tapped) in visit.house.world.commands
    found = await mira.command("films", "watchlist")
    assert found.message is not None
    assert found.message["flags"] & EPHEMERAL
    assert "1 film for later." in found.text
    (headline,) = re.findall(r"^## (.+?)(?: \(\d+\))?$", text_of(card or {}), re.MULTILINE)
    assert titles(found) == [headline]
    await visit.house.restart()
    again = await mira.click(card, "Later")
    assert f"</watchlist:{tapped}>" in again.text, "known after a restart too"


async def test_taking_off_undoing_and_the_pages_survive_a_restart(
    visit: Visit, mira: Person
) -> None:
    library = visit.app.live.served.library.films.values()
    films = [film.id for film in library if film.audience == "everyone"][:23]
    async with visit.app.db.write() as conn:
        for film in films:
            await film_marks.mark(conn, int(mira.id), film, "later", now=NOW)
    first = await mira.command("films", "watchlist")
    await visit.house.restart()
    assert "Page 1 of 3" in first.text
    second = await mira.click(first.message, "Next page")
    assert (second.message or {})["id"] == (first.message or {})["id"], "in place"
    assert "Page 2 of 3" in second.text
    assert len(set(titles(first)) | set(titles(second))) == 20
    option = selects_of(second.message or {})[1]["options"][0]
    off = await mira.select(second.message, 1, [option["value"]])
    assert "is off your list." in off.text
    assert "22 films for later." in off.text
    back = await mira.click(off.message, "Undo")
    assert "is back on your list." in back.text
    assert "23 films for later." in back.text
    before = await mira.click(back.message, "Previous page")
    assert titles(before) == titles(first)
    pick = await mira.click(before.message, "Pick one for tonight")
    assert pick.message is not None
    assert pick.message["flags"] & EPHEMERAL
    assert "Tonight, from your list" in pick.text
    assert {"Why?", "Seen it", "Later", "Loved"} <= set(buttons_of(pick.message))
    option = selects_of(before.message or {})[0]["options"][0]
    opened = await mira.select(before.message, 0, [option["value"]])
    assert "Why?" in buttons_of(opened.message or {})


async def test_rating_or_seeing_a_film_takes_it_off(mira: Person) -> None:
    names = await keep(mira, ["th", "in", "of"])
    assert len(set(names)) == 3
    choice = (await mira.autocomplete("films", "rate", "film", names[0]))[0]
    await mira.command("films", "rate", film=choice["value"], stars=4.0)
    opened = await mira.command("films", "watchlist")
    option = selects_of(opened.message or {})[0]["options"][0]
    card = (await mira.select(opened.message, 0, [option["value"]])).message
    seen = await mira.click(card, "Seen it")
    left = await mira.command("films", "watchlist")
    assert len(titles(left)) == 1
    assert titles(left)[0] not in option["label"]
    await mira.click(seen.message, "Haven't seen it")
    await mira.command("films", "unrate", film=choice["value"])
    assert len(titles(await mira.command("films", "watchlist"))) == 3


async def test_remove_by_command_suggests_only_what_is_kept(mira: Person) -> None:
    empty = await mira.command("films", "watchlist")
    assert "You haven't kept anything for later yet." in empty.text
    assert set(buttons_of(empty.message or {})) == {"What several of us keep"}
    (name,) = await keep(mira, ["th"])
    choices = await mira.autocomplete("films", "watchlist", "remove", "")
    assert [choice["name"] for choice in choices] == [name]
    done = await mira.command("films", "watchlist", remove=choices[0]["value"])
    assert "is off your list." in done.text
    assert "Undo" in buttons_of(done.message or {})
    twice = await mira.command("films", "watchlist", remove=choices[0]["value"])
    assert "isn't on your list." in twice.text
    wrong = await mira.command("films", "watchlist", add="no such film at all")
    assert "I don't have “no such film at all” yet." in wrong.text


async def test_a_public_list_can_be_read_but_not_changed(visit: Visit, mira: Person) -> None:
    await keep(mira, ["th", "in"])
    shown = await mira.command("films", "watchlist", private=False)
    assert shown.message is not None
    assert not shown.message["flags"] & EPHEMERAL
    assert len(titles(shown)) == 2
    assert buttons_of(shown.message) == {}
    (menu,) = selects_of(shown.message)
    async with visit.member("june") as june:
        opened = await june.select(shown.message, 0, [menu["options"][0]["value"]])
        assert (opened.message or {})["flags"] & EPHEMERAL
        place = int(shown.message["channel_id"]), int(shown.message["id"])
        message = visit.house.world.message(*place)
        forged = {"type": 2, "id": 2, "style": 2, "label": "x", "custom_id": "mt1:list:0"}
        message.components = [{"type": 1, "id": 1, "components": [forged]}]
        own = await june.press(shown.message, "mt1:list:0")
        assert "You haven't kept anything for later yet." in own.text
        assert (own.message or {})["id"] != shown.message["id"], "June's list is hers alone"


async def test_what_three_others_keep_is_told_without_names(visit: Visit, mira: Person) -> None:
    name = ""
    for who in ("tomas", "june", "olek"):
        async with visit.member(who) as other:
            (name,) = await keep(other, ["th"])
            panel = (await other.command("films", "settings")).message
            listed = await mira.command("films", "watchlist")
            asked = await mira.click(listed.message, "What several of us keep")
            assert "Once at least three others keep a film for later" in asked.text
            await other.click(panel, "Show my taste here")
    asked = await mira.click(listed.message, "What several of us keep")
    assert asked.message is not None
    assert asked.message["flags"] & EPHEMERAL
    assert [title in name for title in titles(asked)] == [True]
    for person in visit.club.people.values():
        assert person.username not in asked.text.lower()
    assert "Show my taste here" in buttons_of(asked.message)
    async with visit.member("june") as june:
        listed = await june.command("films", "watchlist")
        own = await june.click(listed.message, "What several of us keep")
        assert "Once at least three others keep a film for later" in own.text, "two others do"
    visit.house.world.remove_member(visit.guild, visit.club.people["olek"])
    listed = await mira.command("films", "watchlist")
    asked = await mira.click(listed.message, "What several of us keep")
    assert "Once at least three others keep a film for later" in asked.text, "one has left"


async def test_in_a_direct_message_and_as_a_user_installed_app(tmp_path_factory: Any) -> None:
    folder = tmp_path_factory.mktemp("everywhere")
    async with (
        running(folder, world=whole_world(NOW), max_films=FEW_FILMS) as house,
        house.member("mira") as mira,
    ):
        for channel in ("dm", "general"):
            await keep(mira, ["th", "in"], channel)
            found = await mira.command(channel, "watchlist")
            assert len(titles(found)) == 2
            assert found.message is not None
            assert found.message["flags"] & EPHEMERAL
            pick = await mira.click(found.message, "Pick one for tonight")
            assert "Tonight, from your list" in pick.text
            shared = "What several of us keep" in buttons_of(found.message)
            assert shared == (channel == "general")
            if shared:
                asked = await mira.click(found.message, "What several of us keep")
                assert "Once at least three others keep a film for later" in asked.text


async def test_what_is_refused_changes_nothing(visit: Visit, mira: Person) -> None:
    def kept_films() -> set[int]:
        found = "select film_id from film_marks where kind = 'later' and person_id = ?"
        return {film for (film,) in visit.rows(found, int(mira.id))}

    library, before = visit.app.live.served.library, kept_films()
    free = [library.name(film) for film in sorted(library.films) if film not in before][:2]
    refused = await mira.command("films", "watchlist", add=free[0], remove=free[1])
    assert "isn't on your list" in refused.text
    assert kept_films() == before
    await keep(mira, free[:1])
    await mira.command("films", "watchlist", add="no such film", remove=free[0])
    assert len(kept_films()) == len(before) + 1
