"""Movie nights are stored with their films and guests, and move only from a state as expected."""

from dataclasses import fields

import pytest

from storage import retention
from storage.database.engine import Database
from storage.people import night_questions, profiles
from storage.retention import Cutoffs
from storage.servers import guilds, night_steps, nights
from storage.servers.nights import NightFilm, NightGuest
from tests.storage.samples import ANN, BEN, CAT, GUILD, NOW, add_night, later, set_stage


async def test_a_night_is_stored_whole(db: Database) -> None:
    await set_stage(db)
    async with db.write() as conn:
        night = await add_night(conn, ANN, BEN)
        assert await nights.get(conn, night.id) == night
        assert (night.state, night.pending, night.film_id) == ("planned", True, None)
        assert await nights.films(conn, night.id) == (
            NightFilm(0, 1, "warm", None),
            NightFilm(1, 2, "short", None),
        )
        assert await nights.guests(conn, night.id) == (
            NightGuest(ANN, True, None),
            NightGuest(BEN, True, None),
        )
        await nights.store_votes(conn, night.id, {0: 1, 1: 3})
        assert [film.votes for film in await nights.films(conn, night.id)] == [1, 3]
        assert await nights.of_server(conn, GUILD) == await nights.pending(conn) == (night,)
        assert await nights.of_server(conn, GUILD, "done") == ()
        assert await guilds.known(conn) == {GUILD}
        await guilds.erase(conn, GUILD)
        assert await nights.get(conn, night.id) is None
        assert await nights.films(conn, night.id) == ()


async def test_of_two_who_press_only_the_first_has_an_effect(db: Database) -> None:
    await set_stage(db)
    async with db.write() as conn:
        night = await add_night(conn, ANN)
        assert await nights.move(conn, night.id, ["planned"], later(1), state="polled")
        assert not await nights.move(conn, night.id, ["planned"], later(2), state="decided")
        found = await nights.get(conn, night.id)
        assert found is not None
        assert (found.state, found.updated_at) == ("polled", later(1))


async def test_who_came_is_stored_once(db: Database) -> None:
    await set_stage(db)
    async with db.write() as conn:
        night = await add_night(conn, ANN)
        assert await nights.store_came(conn, night.id, ANN, "voice", NOW)
        assert not await nights.store_came(conn, night.id, ANN, "said", NOW)
        assert await nights.store_came(conn, night.id, CAT, "said", NOW)
        assert await nights.guests(conn, night.id) == (
            NightGuest(ANN, True, "voice"),
            NightGuest(CAT, False, "said"),
        )
        await nights.forget_came(conn, night.id, CAT)
        assert (await nights.guests(conn, night.id))[1].came is None


async def test_a_message_is_claimed_once(db: Database) -> None:
    await set_stage(db)
    async with db.write() as conn:
        night = await add_night(conn, ANN)
        assert await night_steps.claim(conn, night.id, "poll", NOW)
        assert not await night_steps.claim(conn, night.id, "poll", later(1))
        await night_steps.record(conn, night.id, "poll", message_id=7)
        (found,) = (await night_steps.messages(conn, night.id)).values()
        assert (found.kind, found.claimed_at, found.message_id) == ("poll", NOW, 7)


async def test_presence_lasts_until_somebody_was_last_seen(db: Database) -> None:
    """Whoever is there before and after a gap was there all the time."""
    await set_stage(db)
    async with db.write() as conn:
        night = await add_night(conn, ANN)
        await night_steps.see(conn, night.id, [ANN, BEN], NOW)
        await night_steps.see(conn, night.id, [ANN, BEN], later(10))
        await night_steps.see(conn, night.id, [ANN], later(40))
        await night_steps.see(conn, night.id, [ANN, BEN], later(50))
        await night_steps.see(conn, night.id, [], later(60))
        found = await night_steps.presences(conn, night.id)
        assert [(one.person_id, one.at, one.until, one.open) for one in found] == [
            (ANN, NOW, later(50), False),
            (BEN, NOW, later(10), False),
            (BEN, later(50), later(50), False),
        ]
        await night_steps.forget_presences(conn, night.id)
        assert await night_steps.presences(conn, night.id) == ()


async def test_everybody_is_asked_once(db: Database) -> None:
    await set_stage(db)
    async with db.write() as conn:
        first, second = await add_night(conn, ANN), await add_night(conn, ANN)
        await night_questions.answer(conn, CAT, GUILD, "never", NOW)
        for _ in range(2):
            await night_questions.ask(conn, GUILD, [BEN, ANN, CAT], first.id, NOW)
        asked = await night_questions.waiting(conn)
        assert [(one.person_id, one.planner) for one in asked] == [(ANN, True), (BEN, False)]
        assert await night_questions.claim(conn, ANN, GUILD)
        assert not await night_questions.claim(conn, ANN, GUILD)
        assert [one.person_id for one in await night_questions.waiting(conn)] == [BEN]
        await night_questions.ask(conn, GUILD + 1, [ANN, CAT], second.id, NOW)
        assert len(await night_questions.waiting(conn)) == 2
        await night_questions.answer(conn, ANN, GUILD, "no", later(1))
        await night_questions.ask(conn, GUILD, [ANN], second.id, NOW)
        assert len(await night_questions.waiting(conn)) == 2


async def test_nobody_is_asked_in_vain(db: Database) -> None:
    """The bot could not send the questions for some time, as in an outage."""
    await set_stage(db)
    async with db.write() as conn:
        off, on = await add_night(conn, ANN), await add_night(conn, ANN)
        await night_questions.ask(conn, GUILD, [ANN, BEN], off.id, NOW)
        await nights.move(conn, off.id, ["planned"], NOW, state="cancelled", pending=False)
        assert await night_questions.waiting(conn) == ()
        await night_questions.ask(conn, GUILD, [ANN, BEN, CAT], on.id, NOW)
        assert [one.night_id for one in await night_questions.waiting(conn)] == [on.id] * 3
        await profiles.show_taste(conn, BEN, GUILD, shown=True, now=NOW)
        await night_questions.answer(conn, CAT, GUILD + 1, "never", NOW)
        assert [one.person_id for one in await night_questions.waiting(conn)] == [ANN]


async def test_old_nights_are_deleted_whole_once_they_are_finished(db: Database) -> None:
    await set_stage(db)
    at = later(180)
    times = {one.name: at for one in fields(Cutoffs) if one.name != "experiments"}
    cutoffs = Cutoffs(**times)
    async with db.write() as conn:
        old, unfinished = await add_night(conn, ANN, BEN), await add_night(conn, ANN)
        for night in (old, unfinished):
            await night_steps.see(conn, night.id, [ANN], NOW)
            await night_steps.claim(conn, night.id, "list", NOW)
        await nights.move(conn, old.id, ["planned"], NOW, state="done", pending=False)
        found = await retention.find_old(conn, "movie-nights", cutoffs, 10)
        assert found == ((old.id,),)
        assert await retention.delete_old(conn, "movie-nights", cutoffs, found) == 1
        assert await nights.guests(conn, old.id) == ()
        assert await night_steps.messages(conn, old.id) == {}
        assert len(await nights.guests(conn, unfinished.id)) == 1
        rule = "presences-at-movie-nights"
        seen = await retention.find_old(conn, rule, cutoffs, 10)
        assert await retention.delete_old(conn, rule, cutoffs, seen) == len(seen) == 1
        assert await night_steps.presences(conn, unfinished.id) == ()


@pytest.mark.parametrize(("person", "guild", "asked"), [(ANN, GUILD, True), (BEN, GUILD, False)])
async def test_who_was_asked(db: Database, person: int, guild: int, asked: bool) -> None:
    async with db.write() as conn:
        await night_questions.ask(conn, GUILD, [ANN], 1, NOW)
        assert await night_questions.was_asked(conn, person, guild) is asked
