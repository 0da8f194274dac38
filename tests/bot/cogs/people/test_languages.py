"""The language that people and servers choose, over the wire.

The bot speaks the pseudo-locale (changed English) here, so English is a choice with an effect.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.playground import Person
from bot.playground.testing import selects_of, text_of
from bot.views.custom_ids import custom_id
from bot.wording.people import languages as words
from bot.wording.speech import speaking
from bot.wording.speech.pseudo import OPEN
from tests.clock import at, days_until
from tests.house import FEWEST_FILMS, House, running, until

MENU = custom_id("set-language")


@pytest.fixture(scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    folder: Path = tmp_path_factory.mktemp("languages")
    async with running(folder, max_films=FEWEST_FILMS, locale="pseudo", zone="UTC") as house:
        yield house


@pytest.fixture
async def mira(house: House) -> AsyncIterator[Person]:
    async with house.member("mira") as mira:
        yield mira


@pytest.fixture
async def june(house: House) -> AsyncIterator[Person]:
    async with house.member("june") as june:
        yield june


async def is_english(person: Person, command: str) -> bool:
    return OPEN not in (await person.command("films", command)).text


def chosen(panel: Any) -> list[str]:
    """Returns the chosen option of the panel's menu for the language."""
    (menu,) = (one for one in selects_of(panel) if one["custom_id"] == MENU)
    return [one["value"] for one in menu["options"] if one.get("default")]


async def test_a_person_chooses_the_language_of_private_answers(
    house: House, mira: Person, june: Person
) -> None:
    panel = (await june.command("films", "settings")).message
    assert chosen(panel) == ["discord"]
    panel = (await june.command("films", "settings", language="english")).message
    assert chosen(panel) == ["en"]
    text = text_of(panel or {})
    assert words.language_chosen("en") in text, "in that language at once"
    assert words.language_line("en") in text
    assert await is_english(june, "help")
    assert not await is_english(mira, "help"), "nobody else's"
    assert not await is_english(june, "recommend"), "public answers are the server's"
    await house.restart()
    assert await is_english(june, "help")
    offered = await june.autocomplete("films", "settings", "language", "eng")
    assert [choice["value"] for choice in offered] == ["en", "pseudo"]
    wrong = await june.command("films", "settings", language="Klingon")
    with speaking("pseudo"):
        pseudo = words.own_name("pseudo")
    assert pseudo not in wrong.text
    assert "I don't speak “Klingon” yet. Try English or Pseudo-English, for tests." in wrong.text
    panel = (await june.select(panel, MENU, ["discord"])).message
    assert chosen(panel) == ["discord"]
    assert not await is_english(june, "help")
    stored = "select count(*) from preferences where kind = 'language'"
    assert house.rows(stored) == [(0,)]


async def test_a_language_goes_with_everything_else_about_a_person(
    house: House, june: Person
) -> None:
    await june.command("films", "settings", language="en")
    assert house.app.languages.people == {int(june.id): "en"}
    told = (await june.command("films", "privacy")).message
    warning = (await june.click(told, "Delete everything")).message
    await june.click(warning, "Yes, delete everything")
    assert house.app.languages.people == {}
    assert not await is_english(june, "help")


async def test_a_server_chooses_the_language_of_public_answers_and_posts(
    house: House, mira: Person, june: Person
) -> None:
    lounge = mira.channel("lounge")
    saved = await mira.command("films", "setup server", language="English", digest=True)
    with speaking("pseudo"):
        assert words.public_language_line("en") in saved.text
    assert await is_english(june, "recommend")
    assert await is_english(june, "trending")
    assert await is_english(june, "browse")
    assert not await is_english(june, "help"), "private answers are the person's"
    await mira.command("films", "setup post", channel=lounge, time="19:00", zone="UTC")
    await house.restart()
    house.world.clock.set(at(1, "19:00:05", "UTC"))
    assert OPEN not in await told(mira, "lounge", 1)
    wrong = await mira.command("films", "setup server", language="Klingon")
    assert "Klingon" in wrong.text
    monday = days_until(0, "UTC")
    house.world.clock.set(at(monday, "10:00:05", "UTC"))
    assert OPEN not in await told(mira, "dm", 1), "the digest too, as she chose nothing"
    await mira.command("films", "settings", language="pseudo")
    house.world.clock.set(at(monday + 7, "10:00:05", "UTC"))
    assert OPEN in await told(mira, "dm", 2), "it is for her"
    await mira.command("films", "setup server", language="discord")
    assert not await is_english(june, "recommend")
    assert house.app.languages.servers == {}


async def told(person: Person, channel: str, count: int) -> str:
    """Waits until the bot has written `count` messages of its own; returns the newest."""
    found: list[str] = []

    async def came() -> bool:
        found[:] = [
            text_of(message)
            for message in await person.messages(channel)
            if message["author"].get("bot") and not message.get("interaction_metadata")
        ]
        return len(found) >= count

    await until(came, f"a message in {channel}")
    return found[-1]
