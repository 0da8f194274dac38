"""A first rating is acknowledged once, privately. After /unrate, a reaction left counts no more."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.playground import Person
from bot.playground.testing import buttons_of, text_of
from bot.services.catalogue.search import film_value
from tests.house import Visit, until


@pytest.fixture
async def june(visit: Visit) -> AsyncIterator[Person]:
    async with visit.member("june") as person:
        yield person


def film_of(message: dict[str, Any] | None) -> int:
    return int(buttons_of(message or {})["Why?"]["custom_id"].split(":")[2])


def ratings(visit: Visit, person: Person) -> dict[int, float]:
    found = "select film_id, stars from ratings where person_id = ?"
    return dict(visit.rows(found, int(person.id)))  # type: ignore[arg-type]


async def told(person: Person) -> list[str]:
    """What the bot wrote to a person by itself."""
    return [text_of(one) for one in await person.messages("dm") if one["author"].get("bot")]


async def react(visit: Visit, person: Person, emoji: str) -> dict[str, Any] | None:
    before = len(ratings(visit, person))
    card = (await person.command("films", "recommend")).message
    await person.react(card, emoji)
    await until(lambda: len(ratings(visit, person)) == before + 1, "rated")
    return card


async def test_the_first_reaction_is_acknowledged_once(visit: Visit, june: Person) -> None:
    card = await react(visit, june, "❤️")
    name = visit.app.live.served.library.name(film_of(card))

    async def one_message() -> bool:
        return len(await told(june)) == 1

    await until(one_message, "June is told")
    (text,) = await told(june)
    assert "That's your first rating" in text
    assert "❤️ loved" in text
    assert name.split(" (")[0] in text.replace("\\", "")
    await june.unreact(card, "❤️")
    await until(lambda: ratings(visit, june) == {}, "taken back")
    await june.react(card, "👍")
    await until(lambda: len(ratings(visit, june)) == 1, "rated again")
    await react(visit, june, "👎")
    await react(visit, june, "❤️")
    async with visit.member("olek") as olek:  # after whose message none for June is waiting
        await react(visit, olek, "👍")

        async def olek_too() -> bool:
            return len(await told(olek)) == 1

        await until(olek_too, "Olek is told")
    assert len(await told(june)) == 1


async def test_who_takes_no_messages_is_left_alone(visit: Visit, june: Person) -> None:
    visit.club.people["june"].dms_open = False
    card = await react(visit, june, "❤️")
    assert ratings(visit, june) == {film_of(card): 5.0}


async def test_a_command_says_it_in_its_answer(visit: Visit, june: Person) -> None:
    films = [film_value(film) for film in (2, 3)]
    first = await june.command("films", "rate", film=films[0], stars=4.0)
    second = await june.command("films", "rate", film=films[1], stars=4.0)
    assert "That's your first rating" in first.text
    assert "I'll keep that in mind for your next picks" in second.text
    assert "first rating" not in second.text
    assert await told(june) == []


async def test_a_reaction_left_after_unrate_is_explained(visit: Visit, june: Person) -> None:
    card = await react(visit, june, "❤️")
    film = film_of(card)
    answer = await june.command("films", "unrate", film=film_value(film))
    assert "The ❤️ you left on a card doesn't count any more" in answer.text
    assert ratings(visit, june) == {}
    await june.unreact(card, "❤️")
    await june.react(card, "❤️")
    await until(lambda: ratings(visit, june) == {film: 5.0}, "what the answer says is true")
    await june.unreact(card, "❤️")
    await until(lambda: ratings(visit, june) == {}, "taken back")
    again = await june.command("films", "unrate", film=film_value(film))
    assert "a card" not in again.text
