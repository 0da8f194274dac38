"""*Another*, moods and opened films change a card in place while nobody has reacted to it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.playground import Person
from bot.playground.records import permissions
from bot.playground.testing import buttons_of, selects_of
from tests.house import Visit, until

EPHEMERAL = 64


@pytest.fixture
async def mira(visit: Visit) -> AsyncIterator[Person]:
    async with visit.member("mira") as person:
        yield person


@pytest.fixture
async def june(visit: Visit) -> AsyncIterator[Person]:
    async with visit.member("june") as person:
        yield person


def film_of(message: dict[str, Any] | None) -> int:
    return int(buttons_of(message or {})["Why?"]["custom_id"].split(":")[2])


async def in_channel(person: Person) -> list[dict[str, Any]]:
    """The public messages of the bot in #films."""
    return [one for one in await person.messages("films") if not one["flags"] & EPHEMERAL]


def ratings(visit: Visit, person: Person) -> dict[int, float]:
    found = "select film_id, stars from ratings where person_id = ?"
    return dict(visit.rows(found, int(person.id)))  # type: ignore[arg-type]


async def seeded(person: Person, message: dict[str, Any] | None) -> None:
    async def four() -> bool:
        return len(((await person.message(message)) or {}).get("reactions", [])) == 4

    await until(four, "the four reactions of the bot")


async def test_six_presses_leave_one_message_whose_reactions_rate_what_it_shows(
    visit: Visit, mira: Person, june: Person
) -> None:
    card = (await mira.command("films", "recommend")).message
    await seeded(mira, card)
    shown = [film_of(card)]
    now = card
    for label in ("Another", "Strange", "Another", "Strange", "Light", "Another"):
        pressed = await mira.click(now, label)
        assert pressed.error is None
        now = pressed.message
        assert (now or {})["id"] == (card or {})["id"], label
        shown.append(film_of(now))
    assert len(await in_channel(mira)) == 1
    assert len(set(shown)) == len(shown)
    seen = await mira.message(card)
    assert film_of(seen) == shown[-1]
    assert len((seen or {})["reactions"]) == 4, "the bot's reactions stay"
    await june.react(card, "❤️")
    await until(lambda: ratings(visit, june) == {shown[-1]: 5.0}, "the film that is shown")
    of_card = "select film_id from impressions where message_id = ? and position = 0 order by id"
    assert [film for (film,) in visit.rows(of_card, int((card or {})["id"]))] == shown


@pytest.mark.parametrize("label", ["Another", "Strange"])
async def test_a_card_with_a_reaction_stays_and_the_answer_is_private(
    visit: Visit, mira: Person, june: Person, label: str
) -> None:
    card = (await mira.command("films", "recommend")).message
    await june.react(card, "👍")
    await until(lambda: ratings(visit, june) == {film_of(card): 4.0}, "liked")
    other = (await mira.click(card, label)).message
    assert (other or {})["flags"] & EPHEMERAL
    assert film_of(other) != film_of(card)
    assert film_of(await mira.message(card)) == film_of(card)
    third = (await mira.click(other, "Another")).message
    assert (third or {})["id"] == (other or {})["id"], "a private card is changed in place"
    assert len(await in_channel(mira)) == 1


async def test_an_emoji_that_rates_nothing_keeps_the_card_too(mira: Person, june: Person) -> None:
    card = (await mira.command("films", "recommend")).message
    await june.react(card, "🎉")
    other = (await mira.click(card, "Another")).message
    assert (other or {})["flags"] & EPHEMERAL


async def test_in_a_direct_message_a_rated_card_is_followed_by_a_new_one(
    visit: Visit, june: Person
) -> None:
    card = (await june.command("dm", "recommend")).message
    await june.react(card, "❤️")
    await until(lambda: ratings(visit, june) == {film_of(card): 5.0}, "loved")
    other = (await june.click(card, "Another")).message
    assert not (other or {})["flags"] & EPHEMERAL
    assert (other or {})["id"] != (card or {})["id"]


async def test_an_opened_film_takes_the_place_of_the_main_film(
    visit: Visit, mira: Person, june: Person
) -> None:
    card = (await mira.command("films", "recommend", mood="strange", max_runtime=130)).message
    films = [option["value"] for option in selects_of(card or {})[0]["options"]]
    private = (await june.select(card, 0, [films[0]])).message
    assert (private or {})["flags"] & EPHEMERAL, "others see it alone"
    opened = (await mira.select(card, 0, [films[2]])).message
    assert (opened or {})["id"] == (card or {})["id"]
    assert film_of(opened) == int(films[2])
    left = [option["value"] for option in selects_of(opened or {})[0]["options"]]
    assert left == [str(film_of(card)), films[0], films[1], films[3]]
    assert buttons_of(opened or {}).keys() == buttons_of(card or {}).keys()
    again = (await mira.click(opened, "Another")).message
    assert (again or {})["id"] == (card or {})["id"]
    rows = "select mood from impressions where message_id = ? and position = 0 order by id desc"
    assert visit.rows(rows, int((card or {})["id"]))[0] == ("strange",), "the filters are kept"
    await june.react(again, "👎")
    await until(lambda: ratings(visit, june) == {film_of(again): 1.5}, "disliked")
    after = (
        await mira.select(again, 0, [selects_of(again or {})[0]["options"][0]["value"]])
    ).message
    assert (after or {})["flags"] & EPHEMERAL, "somebody has reacted"


async def test_a_card_where_the_bot_sees_nothing_is_followed_too(
    visit: Visit, mira: Person
) -> None:
    world, channel = visit.house.world, visit.channel("films")
    world.set_overwrite(channel, world.bot, deny=permissions.VIEW_CHANNEL)
    card = (await mira.command("films", "recommend")).message
    assert "Loved" in buttons_of(card or {}), "reactions do not reach the bot"
    other = (await mira.click(card, "Another")).message
    assert (other or {})["id"] == (card or {})["id"]
    await until(lambda: film_in_database(visit, card) == film_of(other), "followed")


async def test_a_card_that_discord_did_not_change_keeps_its_film(
    visit: Visit, mira: Person, june: Person
) -> None:
    card = (await mira.command("films", "recommend")).message
    first = film_of(card)
    visit.house.local.faults.answer("POST", r"/callback$", 400, code=50035)
    await mira.click(card, "Another", wait=3)
    await june.react(card, "❤️")
    await until(lambda: ratings(visit, june) == {first: 5.0}, "the film that is shown")


async def test_what_discord_shows_decides_if_the_bot_does_not_know(
    visit: Visit, mira: Person, june: Person
) -> None:
    card = (await mira.command("films", "recommend")).message
    first = film_of(card)
    visit.house.local.faults.cut("POST", r"/callback$", carried_out=True)
    await mira.click(card, "Another", wait=3)
    second = film_of(await mira.message(card))
    assert second != first
    await until(lambda: film_in_database(visit, card) == second, "the gateway tells")
    async with visit.app.db.write() as conn:  # as if the bot had been away
        number = int((card or {})["id"])
        await conn.exec_driver_sql(
            f"update cards set film_id = {first} where message_id = {number}"
        )
    await visit.house._close()
    await june.react(card, "❤️")
    await visit.house._open()
    await until(lambda: ratings(visit, june) == {second: 5.0}, "the film that is shown")


def film_in_database(visit: Visit, message: dict[str, Any] | None) -> int:
    ((found,),) = visit.rows(
        "select film_id from cards where message_id = ?", int((message or {})["id"])
    )
    return int(found)
