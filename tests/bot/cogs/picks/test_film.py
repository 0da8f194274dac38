"""/film and the menus of a card over the wire: in a server, in a DM, and user-installed."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.playground import Person
from bot.playground.testing import Outcome, buttons_of, selects_of, text_of
from bot.playground.world.stage import whole_world
from storage.people import profiles
from tests.bot.fitted import learn_stars, rate
from tests.clock import NOW
from tests.house import FEW_FILMS, House, running, until

TITLE, WITH_ID = "Rashomon (1950)", "Casablanca (1942)"
PAGE_BUTTONS = {"Good for me?", "Later", "More like this", "Content warnings"}
LINKS = {"IMDb", "Letterboxd"}
RATING_BUTTONS = {"Loved", "Liked", "Fine", "Disliked"}
GIVE = "You'd probably give it ★ "


@pytest.fixture(scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A world in which Mira has installed the bot for herself; it predicts stars."""
    folder = tmp_path_factory.mktemp("house")
    async with running(folder, world=whole_world(NOW), max_films=FEW_FILMS) as house:
        await learn_stars(house.app)
        async with house.member("mira") as mira:
            await rate(house.app, int(mira.id), 40)
        yield house


@pytest.fixture
async def mira(house: House) -> AsyncIterator[Person]:
    async with house.member("mira") as person:
        yield person


@pytest.fixture
async def june(house: House) -> AsyncIterator[Person]:
    async with house.member("june") as person:
        yield person


def is_private(message: Any) -> bool:
    return bool(message["flags"] & 64)


def stars(house: House, person: Person, title: str = "Rashomon") -> list[float]:
    statement = (
        "select stars from ratings join films on films.id = film_id"
        " where person_id = ? and title = ?"
    )
    return [row[0] for row in house.rows(statement, int(person.id), title)]


async def test_in_a_server_the_page_is_a_card_for_everybody(
    house: House, mira: Person, june: Person
) -> None:
    page = await mira.command("films", "film", title=TITLE)
    message = page.message
    assert message is not None
    assert not is_private(message)
    assert "## Rashomon (1950)" in page.text
    assert "React to rate" in page.text
    assert GIVE not in page.text, "what concerns the person is for them alone"
    assert buttons_of(message).keys() == PAGE_BUTTONS | {"Rate it"}
    stored = "select film_id, surface, person_id from cards where message_id = ?"
    await until(lambda: bool(house.rows(stored, int(message["id"]))), "the card is stored")
    ((film, surface, person),) = house.rows(stored, int(message["id"]))
    assert (surface, person) == ("film", int(mira.id))
    assert house.rows("select * from impressions where film_id = ?", film) == [], "it is no pick"
    await june.react(message, "❤️")
    await until(lambda: stars(house, june) == [5.0], "the reaction rates the film")

    async def seeded() -> bool:
        now = await june.message(message)
        return len((now or {}).get("reactions") or []) == 4

    await until(seeded, "the legend under the page")
    mine = await mira.click(message, "Good for me?")
    assert is_private(mine.message)
    assert GIVE in mine.text
    assert "Content warnings" in buttons_of(mine.message or {})
    theirs = await june.click(message, "Good for me?")
    assert GIVE not in theirs.text, "June has rated one film"


async def test_the_buttons_of_a_page(house: House, june: Person) -> None:
    page = (await june.command("films", "film", title=TITLE)).message
    later = await june.click(page, "Later")
    assert "I'll keep **Rashomon (1950)** for later" in later.text
    like = await june.click(page, "More like this")
    assert "Films like Rashomon" in like.text
    assert is_private(like.message)
    warned = await june.click(page, "Content warnings")
    assert is_private(warned.message)
    assert "**sexual violence**. A rape or sexual assault is shown" in warned.text
    asked = await june.click(page, "Rate it")
    assert is_private(asked.message)
    assert buttons_of(asked.message or {}).keys() == RATING_BUTTONS
    await june.click(asked.message, "Liked")
    assert stars(house, june) == [4.0]
    half = await june.select(asked.message, 0, ["2.5"])
    assert "Got it: **Rashomon (1950)**, ★ 2.5" in half.text
    assert stars(house, june) == [2.5]
    again = await june.click(page, "Rate it")
    assert "Your rating of **Rashomon (1950)** is ★ 2.5. What would you say now?" in again.text
    chosen = [one["value"] for one in selects_of(again.message or {})[0]["options"]
              if one.get("default")]  # fmt: skip
    assert chosen == ["2.5"]
    forged = await june.select(asked.message, 0, ["5"])
    assert stars(house, june) == [5.0]
    assert forged.error is None


async def test_a_private_page_and_one_in_a_dm_say_what_concerns_the_person(mira: Person) -> None:
    private = await mira.command("films", "film", title=TITLE, private=True)
    direct = await mira.command("dm", "film", title=TITLE)
    for page in (private, direct):
        assert GIVE in page.text
        assert page.message is not None
        assert buttons_of(page.message).keys() == PAGE_BUTTONS | RATING_BUTTONS
    assert is_private(private.message)


async def test_user_installed_the_page_has_buttons_and_names_nobody(
    house: House, mira: Person, june: Person
) -> None:
    await _love(house, june, TITLE)
    page = await mira.command("general", "film", title=TITLE)
    assert page.message is not None
    assert buttons_of(page.message).keys() >= RATING_BUTTONS
    assert "React to rate" not in page.text
    assert GIVE not in page.text
    assert "Loved here" not in page.text
    loved = await mira.click(page.message, "Loved")
    assert "❤️ loved" in loved.text
    menu = await mira.menu("general", "Rate this film", page.message["id"])
    assert "Your rating of **Rashomon (1950)** is ❤️ loved." in menu.text


async def _love(house: House, person: Person, title: str) -> None:
    choices = await person.autocomplete("films", "rate", "film", title)
    await person.command("films", "rate", film=choices[0]["value"], stars="5.0")


async def test_who_loved_it_is_named_while_they_agree_and_are_here(
    house: House, mira: Person, june: Person
) -> None:
    await _love(house, june, TITLE)
    guild = next(iter(house.world.guilds.values()))
    assert "Loved here" not in (await mira.command("films", "film", title=TITLE)).text
    async with house.app.db.write() as conn:
        await profiles.show_taste(conn, int(june.id), guild.id, shown=True, now=NOW)
    named = await mira.command("films", "film", title=TITLE)
    assert "Loved here by June." in named.text
    assert "Loved here" not in (await june.command("films", "film", title=TITLE)).text
    assert "Loved here" not in (await mira.command("dm", "film", title=TITLE)).text
    member = guild.members.pop(int(june.id))
    assert "Loved here" not in (await mira.command("films", "film", title=TITLE)).text
    guild.members[int(june.id)] = member
    assert "Loved here" not in (await mira.command("films", "film", title=TITLE)).text


async def test_links_where_the_id_is_known(mira: Person) -> None:
    page = await mira.command("films", "film", title=WITH_ID)
    buttons = buttons_of(page.message or {})
    assert buttons.keys() >= LINKS
    assert buttons["Letterboxd"]["url"] == "https://letterboxd.com/imdb/tt0034583/"


async def test_an_unknown_title_is_answered_with_the_nearest(mira: Person) -> None:
    near = await mira.command("films", "film", title="Rashomon Returns")
    assert is_private(near.message)
    assert "“Rashomon (1950)”" in near.text
    choices = await mira.autocomplete("films", "film", "title", "rashom")
    assert choices[0]["name"] == TITLE
    assert "## Rashomon" in (await mira.command("films", "film", title=choices[0]["value"])).text


async def test_menus_of_cards(house: House, june: Person) -> None:
    card = (await june.command("films", "recommend")).message
    assert card is not None
    title = text_of(card).split("## ")[1].split("\n")[0]
    asked = await june.menu("films", "Rate this film", card["id"])
    assert is_private(asked.message)
    assert title in asked.text.replace("**", "")
    like = await june.menu("films", "More like this", card["id"])
    assert is_private(like.message)
    assert f"Films like {title}" in like.text


async def test_a_card_that_is_not_stored_any_more_is_still_known(
    house: House, june: Person
) -> None:
    card = (await june.command("films", "recommend")).message
    assert card is not None
    async with house.app.db.write() as conn:
        await conn.exec_driver_sql(f"delete from cards where message_id = {card['id']}")
    title = text_of(card).split("## ")[1].split("\n")[0]
    asked = await june.menu("films", "Rate this film", card["id"])
    assert title in asked.text.replace("**", "")


async def test_a_reaction_to_a_page_that_is_not_stored_counts(house: House, june: Person) -> None:
    page = (await june.command("films", "film", title=WITH_ID)).message
    assert page is not None
    stored = "select surface from cards where message_id = ?"
    await until(lambda: bool(house.rows(stored, int(page["id"]))), "the card is stored")
    async with house.app.db.write() as conn:
        await conn.exec_driver_sql(f"delete from cards where message_id = {page['id']}")
    await june.react(page, "👎")
    await until(lambda: stars(house, june, "Casablanca") == [1.5], "the reaction rates the film")


async def test_a_message_that_is_no_card_gets_a_clear_sentence(june: Person) -> None:
    said = await june.say("films", "What shall we watch?")
    help_text = await june.command("films", "browse")
    assert help_text.message is not None
    for message in (said, help_text.message):
        for name in ("Rate this film", "More like this"):
            answer = await june.menu("films", name, message["id"])
            assert "isn't one of my film cards" in answer.text
            assert is_private(answer.message)


async def test_buttons_still_work_after_a_restart(house: House, june: Person) -> None:
    page = await june.command("films", "film", title=TITLE)
    asked = await june.click(page.message, "Rate it")
    await house.restart()
    outcomes: list[Outcome] = [await june.click(page.message, one) for one in sorted(PAGE_BUTTONS)]
    outcomes.append(await june.select(asked.message, 0, ["3.5"]))
    assert all(one.error is None and "I don't know that button" not in one.text for one in outcomes)
    assert stars(house, june) == [3.5]
