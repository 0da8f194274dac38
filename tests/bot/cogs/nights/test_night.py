"""A movie night over the wire: from the command to the card that is rated."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.playground.testing import text_of
from tests.bot.cogs.nights.evening import (
    FILMS,
    SCREEN,
    agree,
    found_message,
    found_poll,
    labels,
    members,
    plan,
    rate_taste,
    reaches,
    shows,
    state,
    titles,
)
from tests.house import FEW_FILMS, House, Visit, running, until

MINUTE = 60.0
LATE = 170 * MINUTE  # a poll of a night in three hours has ended


@pytest.fixture(scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    folder: Path = tmp_path_factory.mktemp("nights")
    async with running(folder, max_films=FEW_FILMS) as house:
        yield house


@pytest.fixture
def club(house: House) -> Visit:
    return house.club()


async def test_from_the_command_to_the_rating(club: Visit) -> None:
    async with members(club, "mira", "june", "tomas", "olek") as (mira, june, tomas, olek):
        await rate_taste(club.app, mira, "mira")
        await rate_taste(club.app, june, "june")
        await agree(mira)
        await agree(june)
        room = club.channel(SCREEN).id
        for person in (mira, june, tomas):
            await person.join_voice(room)
        planned = await plan(mira, june, olek, voice=str(room))
        assert planned.error is None
        listed = titles(planned.text)
        assert len(listed) == 5
        assert planned.text.count("Mira") == planned.text.count("June") == 5
        assert "Tomás" not in planned.text
        assert planned.text.count(" fit") + planned.text.count("a bit of a stretch") == 10
        assert labels(planned.message) == ["Start a poll", "Take the first film", "Cancel"]
        asked = await found_message(tomas, "Can I use your taste there", "dm")
        answered = await tomas.click(asked, "Count me in")
        assert "I'll use your taste" in answered.text
        refused = await june.click(planned.message, "Start a poll")
        assert "That's up to whoever planned this movie night" in refused.text

        polled = await mira.click(planned.message, "Start a poll")
        assert "Vote in the poll" in polled.text
        poll = await found_poll(june)
        await june.vote(poll, 2)
        await tomas.vote(poll, 2, 3)
        club.house.world.clock.advance(LATE)
        won = await found_message(mira, "It won with 2 votes")
        assert f"## **{listed[1]}" in text_of(won)
        assert labels(won) == ["Create an event", "Cancel"]
        scheduled = await mira.click(won, "Create an event")
        assert scheduled.error is None
        await shows(mira, won, "the server's events")
        (event,) = await june.scheduled_events()
        assert listed[1] in event["name"]
        assert event["channel_id"] == str(room)

        clock = club.house.world.clock
        clock.advance(11 * MINUTE)
        await reaches(club, "showing")
        await until(
            lambda: club.rows("select count(*) from night_presences")[0][0] >= 3, "they are seen"
        )
        clock.advance(20 * MINUTE)
        await tomas.leave_voice()
        await until(
            lambda: club.rows("select count(*) from night_presences where not open") == [(1,)],
            "tomas has left",
        )
        clock.advance(300 * MINUTE)
        await reaches(club, "done")
        card = await found_message(june, "How was the film?")
        assert listed[1] in text_of(card)
        film = club.rows("select film_id from nights where guild_id = ?", club.guild.id)[0][0]
        seen = "select person_id from film_marks where kind = 'seen' and film_id = ?"
        assert {str(one) for (one,) in club.rows(seen, film)} == {mira.id, june.id}
        assert club.rows("select count(*) from night_presences") == [(0,)]
        there = await olek.click(card, "I was there")
        assert "as seen. How did you like it?" in there.text
        assert {str(one) for (one,) in club.rows(seen, film)} == {mira.id, june.id, olek.id}
        rated = await olek.click(there.message, labels(there.message)[0])
        assert "Got it" in rated.text
        await june.react(card, "👍")
        await until(
            lambda: (
                club.rows(
                    "select count(*) from ratings where film_id = ? and person_id in (?, ?)",
                    film,
                    int(june.id),
                    int(olek.id),
                )
                == [(2,)]
            ),
            "both rated",
        )
        listed_nights = await june.command(FILMS, "movienight history")
        assert "you gave it ★ 4" in listed_nights.text
    club.leave()


async def test_a_tie_is_settled_openly(club: Visit) -> None:
    async with members(club, "mira", "june") as (mira, june):
        planned = await plan(mira, june)
        listed = titles(planned.text)
        await mira.click(planned.message, "Start a poll")
        poll = await found_poll(mira)
        await mira.vote(poll, 4)
        await june.vote(poll, 3)
        club.house.world.clock.advance(LATE)
        won = await found_message(mira, "In a tie, the one that's higher on my list wins")
        assert f"## **{listed[2]}" in text_of(won)
        assert state(club) == ("decided", "tie")
    club.leave()


async def test_cancel_undoes_a_night_whole(club: Visit) -> None:
    async with members(club, "mira", "june") as (mira, june):
        planned = await plan(mira, june)
        await mira.click(planned.message, "Take the first film")
        won = await found_message(mira, "the first film on my list")
        await mira.click(won, "Create an event")
        await shows(mira, won, "the server's events")
        assert len(await june.scheduled_events()) == 1
        cancelled = await mira.click(won, "Cancel")
        assert "This movie night has been cancelled" in cancelled.text
        await until(lambda: _pending(club) == 0, "all is taken down")
        assert await june.scheduled_events() == []
        await shows(mira, planned.message or {}, "This movie night has been cancelled")
        assert club.rows("select count(*) from film_marks where person_id = ?", mira.id) == [(0,)]
    club.leave()


async def test_cancel_ends_the_poll(club: Visit) -> None:
    async with members(club, "mira", "june") as (mira, june):
        planned = await plan(mira, june)
        polled = await mira.click(planned.message, "Start a poll")
        poll = await found_poll(mira)
        await mira.click(polled.message, "Cancel")
        await until(lambda: _pending(club) == 0, "all is taken down")

        async def ended() -> bool:
            now = await mira.message(poll)
            return now is not None and now["poll"]["results"]["is_finalized"]

        await until(ended, "the poll has ended")
    club.leave()


def _pending(club: Visit) -> int:
    ((count,),) = club.rows(
        "select count(*) from nights where guild_id = ? and pending", club.guild.id
    )
    return int(count)
