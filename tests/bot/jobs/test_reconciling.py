"""Reactions that the bot did not hear of are found, whatever went wrong meanwhile.

Members act through `Away`, without waiting, so that they act while the bot has no session.
"""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.jobs import reactions as writing
from bot.playground import Person
from bot.playground.records.channels import Channel, Message, Reaction
from bot.playground.world.channels import messages, reactions
from bot.services.picks.impressions import MAX_DELAY
from bot.views.custom_ids import custom_id
from storage.database import revisions
from storage.feedback import impressions
from tests.house import FEW_FILMS, House, Visit, running, until

HEART, LIKE, FINE, DISLIKE = "❤️", "👍", "😐", "👎"


class Away:
    """What members do to a card at once, through the state of the local Discord."""

    def __init__(self, visit: Visit, shown: dict[str, Any] | None) -> None:
        assert shown is not None
        self.world = visit.house.world
        self.visit = visit
        self.channel: Channel = self.world.channels[int(shown["channel_id"])]
        self.message: Message = self.channel.messages[int(shown["id"])]

    def _id(self, name: str) -> int:
        return self.visit.club.people[name].id

    def add(self, name: str, emoji: str, *, burst: bool = False) -> None:
        place = (self.world, self.channel, self.message, self._id(name), Reaction(emoji))
        reactions.add(*place, burst=burst)

    def remove(self, name: str, emoji: str, *, burst: bool = False) -> None:
        person = self._id(name)
        place = (self.world, self.channel, self.message, person, person, Reaction(emoji))
        reactions.remove(*place, burst=burst)

    def clear(self) -> None:
        reactions.clear(self.world, self.channel, self.message, self._id("mira"))

    def delete(self) -> None:
        messages.delete(self.world, self.channel, self.message)


@pytest.fixture
async def mira(visit: Visit) -> AsyncIterator[Person]:
    async with visit.member("mira") as person:
        yield person


@pytest.fixture(autouse=True)
def _all_goes_right(visit: Visit) -> Any:
    yield
    visit.house.local.faults.clear()


def stars(visit: Visit, name: str) -> list[float]:
    """Returns the stars of a member's ratings, in the order of the films."""
    found = "select stars from ratings where person_id = ? order by film_id"
    return [row[0] for row in visit.rows(found, visit.club.people[name].id)]


async def shown(visit: Visit, mira: Person, command: str = "recommend", **options: Any) -> Away:
    """Returns a card that Mira was shown, once it is recorded."""
    # A session that an earlier test ended may not be back yet.
    await until(lambda: visit.house.world.bot_online, "the bot is connected")
    outcome = await mira.command("films", command, **options)
    assert outcome.error is None
    away = Away(visit, outcome.message)
    done = "select 1 from cards where message_id = ?"
    await until(lambda: visit.rows(done, away.message.id) != [], "recorded")
    return away


def lose_session(visit: Visit, how: str) -> None:
    """Ends the bot's session, so that it has to begin another one."""
    local = visit.house.local
    local.let_identify()
    if how == "op 9":
        local.invalidate_sessions()
    elif how == "away":
        local.faults.down("gateway")
    else:
        local.drop_gateway(int(how))
        # The gateway closes in its own task. What happens before that would still be replayed.
        local.gateway.sessions.clear()


async def test_what_happens_without_a_session_is_found(visit: Visit, mira: Person) -> None:
    """A1: added, removed, changed, cleared, deleted, all while the bot hears nothing."""
    cards = [await shown(visit, mira) for _ in range(5)]
    added, removed, changed, cleared, deleted = cards
    for card in (removed, changed, cleared, deleted):
        card.add("june", HEART)
    await until(lambda: stars(visit, "june") == [5.0] * 4, "rated")
    seeded = "select seeded from cards where message_id = ?"
    await until(lambda: visit.rows(seeded, cleared.message.id) == [(1,)], "the legend is complete")
    before = visit.house.local.faults.met
    lose_session(visit, "away")
    # Twice, since aiohttp tries again at once if a connection that it kept open is closed.
    await until(lambda: visit.house.local.faults.met > before + 1, "turned away")
    added.add("june", LIKE)
    removed.remove("june", HEART)
    changed.remove("june", HEART)
    changed.add("june", DISLIKE)
    cleared.clear()
    deleted.delete()
    visit.house.local.faults.up()
    await until(lambda: sorted(stars(visit, "june")) == [1.5, 4.0, 5.0, 5.0], "all is found")
    frozen = "select count(*) from standing_acts where message_id = ? and frozen_at is not null"
    assert visit.rows(frozen, cleared.message.id) == [(1,)]


async def test_a_post_that_a_moderator_cleared_keeps_every_rating(
    visit: Visit, mira: Person
) -> None:
    """A post has one reaction of the bot, so nothing tells which of the others were cleared."""
    post = await shown(visit, mira)
    seeded = "select seeded from cards where message_id = ?"
    await until(lambda: visit.rows(seeded, post.message.id) == [(1,)], "the legend is complete")
    async with visit.app.db.write() as conn:
        await conn.exec_driver_sql(
            f"update cards set surface = 'post' where message_id = {post.message.id}"
        )
    post.add("june", HEART)
    post.add("olek", LIKE)
    await until(lambda: stars(visit, "olek") == [4.0], "rated")
    before = visit.house.local.faults.met
    lose_session(visit, "away")
    await until(lambda: visit.house.local.faults.met > before + 1, "turned away")
    post.clear()
    visit.house.local.faults.up()
    frozen = "select count(*) from standing_acts where message_id = ? and frozen_at is not null"
    await until(lambda: visit.rows(frozen, post.message.id) == [(2,)], "seen")
    assert [stars(visit, name) for name in ("june", "olek")] == [[5.0], [4.0]]


@pytest.mark.parametrize("how", ["op 9", "4007", "4009"])
async def test_two_people_who_swap_are_told_apart(visit: Visit, mira: Person, how: str) -> None:
    """A1: the counts are equal, but one took a reaction back and another added one."""
    card = await shown(visit, mira)
    card.add("june", HEART)
    await until(lambda: stars(visit, "june") == [5.0], "rated")
    lose_session(visit, how)
    card.remove("june", HEART)
    card.add("olek", HEART)
    await until(lambda: stars(visit, "olek") == [5.0], "Olek's is found")
    assert stars(visit, "june") == []


async def test_what_was_heard_afterwards_is_newer(visit: Visit, mira: Person) -> None:
    card = await shown(visit, mira)
    visit.house.local.faults.cut("GET", "/messages", times=2)
    lose_session(visit, "op 9")
    card.add("june", HEART)
    await until(lambda: not visit.house.world.bot_online, "offline")
    await until(lambda: visit.house.world.bot_online, "a new session")
    card.add("june", DISLIKE)
    await until(lambda: stars(visit, "june") == [1.5], "heard")
    both = "select count(*) from standing_acts where message_id = ? and person_id = ?"
    june = visit.club.people["june"].id
    await until(lambda: visit.rows(both, card.message.id, june) == [(2,)], "found")
    assert stars(visit, "june") == [1.5]


Order = Callable[[Any, int], None]


@pytest.mark.parametrize(
    "order",
    [
        lambda faults, card: faults.cut("GET", "/messages", times=4),
        lambda faults, card: faults.answer("GET", r"/messages", 404, times=4),
        lambda faults, card: faults.page("GET", r"/messages", 403, times=4),
        lambda faults, card: faults.cut("GET", f"/messages/{card}/reactions", times=2),
        lambda faults, card: faults.answer("GET", f"/messages/{card}/reactions", 404, times=2),
    ],
    ids=["broken", "404 without a code", "Cloudflare", "listing broken", "listing 404"],
)
async def test_nothing_is_abandoned(visit: Visit, mira: Person, order: Order) -> None:
    """A4: some requests fail while the cards are compared; all four ratings are found."""
    cards = [await shown(visit, mira) for _ in range(4)]
    await visit.house._close()
    for card in cards:
        card.add("june", LIKE)
    order(visit.house.local.faults, cards[3].message.id)
    await visit.house._open()
    await until(lambda: stars(visit, "june") == [4.0] * 4, "all four are found")
    deleted = "select count(*) from cards where deleted_at is not null and guild_id = ?"
    assert visit.rows(deleted, visit.guild.id) == [(0,)]


async def test_a_lost_record_is_found_behind_an_undelivered_answer(
    visit: Visit, mira: Person
) -> None:
    """A5: an answer failed long ago; 215 messages later the bot dies before it records a card."""
    world = visit.house.world
    visit.house.local.faults.cut("POST", "/callback$")
    await mira.command("films", "recommend", wait=0.2)
    films = visit.channel("films")
    for number in range(215):
        messages.send(world, films, visit.club.people["olek"].id, {"content": str(number)}, [])
    world.clock.advance(MAX_DELAY.total_seconds() + 240)
    card = await shown(visit, mira)
    number = card.message.id
    await visit.house._close()
    with closing(sqlite3.connect(visit.house.settings.database)) as conn, conn:
        conn.execute("delete from cards where message_id = ?", (number,))
        conn.execute("update impressions set message_id = null where message_id = ?", (number,))
    card.add("june", HEART)
    await visit.house._open()
    await until(lambda: stars(visit, "june") == [5.0], "the card is found")
    told = "select message_id, delivered, count(*) from impressions where guild_id = ? group by 1"
    await until(
        lambda: {row[:2] for row in visit.rows(told, visit.guild.id)} == {(None, 0), (number, 1)},
        "the films are attached, and those of the failed answer were not shown",
    )


async def test_super_reactions_are_listed_and_kept_apart(visit: Visit, mira: Person) -> None:
    """A6: a super reaction survives a start, and taking it back leaves the normal one."""
    card = await shown(visit, mira)
    card.add("june", LIKE, burst=True)
    await until(lambda: stars(visit, "june") == [4.0], "rated")
    await visit.house.restart()
    card.add("june", LIKE)
    card.add("olek", LIKE)
    await until(lambda: stars(visit, "olek") == [4.0], "written")
    card.remove("june", LIKE, burst=True)
    card.add("tomas", LIKE)
    await until(lambda: stars(visit, "tomas") == [4.0], "written")
    assert stars(visit, "june") == [4.0]
    lose_session(visit, "op 9")
    card.remove("june", LIKE)
    card.add("june", DISLIKE, burst=True)
    await until(lambda: stars(visit, "june") == [1.5], "found")


async def test_a_long_list_of_people_is_read_whole(visit: Visit, mira: Person) -> None:
    """A7: the person is behind a thousand others, who are bots, so that the test is quick."""
    card = await shown(visit, mira)
    card.add("june", HEART)
    await until(lambda: stars(visit, "june") == [5.0], "rated")
    await visit.house._close()
    heart = next(x for x in card.message.reactions if x.name == HEART)
    for number in range(1, 1_101):
        bot = card.world.add_user(f"bot-{card.message.id}-{number}", bot=True, id=number)
        heart.users[bot.id] = None
    card.add("olek", HEART)
    await visit.house._open()
    await until(lambda: stars(visit, "olek") == [5.0], "the last of them is found")
    assert stars(visit, "june") == [5.0]


async def test_an_adopted_card_keeps_its_surface(visit: Visit, mira: Person) -> None:
    """A9: a reaction comes before the record of a /similar card."""
    card = await shown(visit, mira, "similar", film="Casablanca")
    number = card.message.id
    async with visit.app.db.write() as conn:
        await conn.exec_driver_sql(f"delete from cards where message_id = {number}")
        await conn.exec_driver_sql(
            f"update impressions set message_id = null where message_id = {number}"
        )
    card.add("june", HEART)
    await until(lambda: stars(visit, "june") == [5.0], "adopted and rated")
    surface = "select surface from cards where message_id = ?"
    assert visit.rows(surface, number) == [("similar",)]
    assert visit.rows("select position from impressions where message_id = ?", number) != []


async def test_messages_that_are_no_cards_hold_nothing_up(visit: Visit, mira: Person) -> None:
    """A10: what no card is, is asked once, and known cards do not wait for the answer."""
    card = await shown(visit, mira)
    faults, films = visit.house.local.faults, visit.channel("films")
    world = visit.house.world
    other = messages.send(world, films, world.bot.id, {"content": "not a card"}, [])
    path = f"/messages/{other.id}$"
    faults.page("GET", path, 502, times=2)  # discord.py waits a second and three seconds
    june = visit.club.people["june"].id
    reactions.add(world, films, other, june, Reaction(LIKE))
    card.add("june", HEART)
    await until(lambda: stars(visit, "june") == [5.0], "the known card is rated")
    assert faults.waiting() >= 1
    faults.clear()
    unknown = visit.rows("select count(*) from cards where message_id = ?", other.id)
    assert unknown == [(0,)]
    third = messages.send(world, films, world.bot.id, {"content": "not a card either"}, [])
    faults.answer("GET", f"/messages/{third.id}$", 404, code=10008)
    reactions.add(world, films, third, june, Reaction(LIKE))
    await until(lambda: faults.waiting() == 0, "asked once")
    await asyncio.sleep(0.05)  # the answer arrives
    faults.answer("GET", f"/messages/{third.id}$", 404, code=10008)
    reactions.add(world, films, third, visit.club.people["olek"].id, Reaction(LIKE))
    card.add("olek", HEART)
    await until(lambda: stars(visit, "olek") == [5.0], "later reactions are written")
    assert faults.waiting() == 1


async def test_a_card_is_deleted_if_discord_says_so_twice(
    visit: Visit, mira: Person, caplog: pytest.LogCaptureFixture
) -> None:
    """A14: 10008 once is not believed; ten minutes later it is."""
    card = await shown(visit, mira)
    deleted = "select deleted_at is not null from cards where message_id = ?"
    world = visit.house.world
    await visit.house._close()
    card.delete()
    with caplog.at_level(logging.INFO, "bot.jobs.reconciling"):
        await visit.house._open()
        done = "reactions reconciled"
        await until(lambda: any(done in x for x in caplog.messages), "the first round is over")
    assert visit.rows(deleted, card.message.id) == [(0,)]
    world.clock.advance(timedelta(minutes=11).total_seconds())
    await until(lambda: visit.rows(deleted, card.message.id) == [(1,)], "believed")


async def test_a_card_that_stands_after_all_is_kept(visit: Visit, mira: Person) -> None:
    card = await shown(visit, mira)
    await visit.house._close()
    card.add("june", HEART)
    visit.house.local.faults.answer("GET", "/messages", 404, code=10008, times=4)
    await visit.house._open()
    await until(lambda: visit.house.local.faults.waiting() == 0, "asked")
    visit.house.world.clock.advance(timedelta(minutes=11).total_seconds())
    await until(lambda: stars(visit, "june") == [5.0], "found in the end")


async def test_films_of_refused_answers_were_not_shown(visit: Visit, mira: Person) -> None:
    """A12: Discord refuses the answer; the films may be shown again at once."""
    visit.house.local.faults.answer("POST", "/callback$", 404, code=10062)
    visit.house.local.faults.answer("POST", "/callback$", 400, code=50083)
    visit.house.local.faults.answer("POST", "/callback$", 400, code=50083)
    for _ in range(2):
        await mira.command("films", "recommend", wait=0.3)
    rows = "select count(*) from impressions where person_id = ?"
    await until(lambda: visit.rows(rows, int(mira.id)) == [(10,)], "two answers were made")

    async def none_shown() -> bool:
        async with visit.app.db.read() as conn:
            since = visit.app.clock() - timedelta(days=1)
            return not await impressions.shown_to(conn, int(mira.id), since)

    await until(none_shown, "none of them counts as shown")


async def test_a_lost_answer_is_looked_for(visit: Visit, mira: Person) -> None:
    """The card came, but Discord's answer was lost: its reactions rate all the same."""
    visit.house.local.faults.cut("POST", "/callback$", carried_out=True)
    outcome = await mira.command("films", "recommend")
    card = Away(visit, outcome.message)
    known = "select surface from cards where message_id = ?"
    await until(lambda: visit.rows(known, card.message.id) == [("recommend",)], "found")
    card.add("june", HEART)
    await until(lambda: stars(visit, "june") == [5.0], "rated")


@pytest.fixture
async def hasty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    """A house whose database waits only shortly for a lock, and is tried again soon."""
    monkeypatch.setattr(revisions, "BUSY_SECONDS", 0.02)
    monkeypatch.setattr(writing, "FIRST_PAUSE_SECONDS", 0.005, raising=False)
    monkeypatch.setattr(writing, "MAX_PAUSE_SECONDS", 0.02, raising=False)
    async with running(tmp_path, max_films=FEW_FILMS) as house:
        yield house


async def test_reactions_are_kept_while_nothing_can_be_written(
    hasty: House, caplog: pytest.LogCaptureFixture
) -> None:
    """A11: another program holds the write lock; what was reacted meanwhile is written later."""
    visit = hasty.club()
    async with visit.member("mira") as mira:
        card = await shown(visit, mira)
        other = sqlite3.connect(
            hasty.settings.database, isolation_level=None, check_same_thread=False
        )
        with closing(other):
            # In a thread, so that the bot can end a transaction that it has begun.
            await asyncio.to_thread(other.execute, "begin immediate")
            with caplog.at_level(logging.ERROR):
                card.add("june", HEART)
                card.add("olek", LIKE)
                card.remove("olek", LIKE)

                def tries() -> int:
                    return sum("not written, try" in x.message for x in caplog.records)

                await until(lambda: tries() >= 8, "tried eight times")
            other.execute("rollback")
        await until(lambda: stars(visit, "june") == [5.0], "written in the end")
        acts = "select action from rating_events where person_id = ? order by id"
        olek = visit.club.people["olek"].id
        # They may come in a later write than June's.
        await until(lambda: visit.rows(acts, olek) == [("set",), ("withdraw",)], "both acts")
        assert stars(visit, "olek") == []


async def test_the_requests_of_a_round_are_few(
    visit: Visit, mira: Person, caplog: pytest.LogCaptureFixture
) -> None:
    """Five hundred cards: a request for a hundred messages, and one for each count that differs."""
    world, films = visit.house.world, visit.channel("lounge")
    await visit.house._close()
    film = visit.rows("select min(id) from films")[0][0]
    sent = [
        messages.send(world, films, world.bot.id, {"content": "a card"}, []) for _ in range(500)
    ]
    with closing(sqlite3.connect(visit.house.settings.database)) as conn, conn:
        conn.execute("delete from cards")
        conn.executemany(
            "insert into cards (message_id, channel_id, guild_id, film_id, surface, posted_at,"
            " reconcile, seeded) values (?, ?, ?, ?, 'recommend', ?, 1, 0)",
            [(x.id, films.id, visit.guild.id, film, x.timestamp.isoformat(sep=" ")) for x in sent],
        )
    for message in sent[::50]:
        reactions.add(world, films, message, visit.club.people["june"].id, Reaction(LIKE))
    with caplog.at_level(logging.INFO, "bot.jobs.reconciling"):
        await visit.house._open()
        done = "reactions reconciled: 500 cards, 15 requests, 0 cards to try again"
        await until(lambda: done in caplog.messages, f"{done}, not {caplog.messages}")
    of_june = "select count(*) from standing_acts where person_id = ?"
    assert visit.rows(of_june, visit.club.people["june"].id) == [(10,)]


async def test_an_absence_longer_than_the_window_loses_nothing(visit: Visit, mira: Person) -> None:
    """The week of cards to compare is the one before the bot went away, not the one before now."""
    card = await shown(visit, mira)
    card.add("june", HEART)
    await until(lambda: stars(visit, "june") == [5.0], "heard")
    await visit.house._close()
    visit.house.world.clock.advance(timedelta(days=10).total_seconds())
    card.add("olek", LIKE)
    await visit.house._open()
    await until(lambda: stars(visit, "olek") == [4.0], "found")


async def test_a_card_of_a_film_that_is_gone_is_asked_once(visit: Visit, mira: Person) -> None:
    """A card whose film is not in the catalogue rates nothing, and is not read again and again."""
    card = await shown(visit, mira)
    world, films = visit.house.world, visit.channel("films")
    button = {"type": 2, "style": 2, "label": "Why?", "custom_id": custom_id("why", 999_999_999)}
    body = {"flags": 1 << 15, "components": [{"type": 1, "components": [button]}]}
    gone = messages.send(world, films, world.bot.id, body, [])
    reactions.add(world, films, gone, visit.club.people["june"].id, Reaction(LIKE))
    card.add("june", HEART)
    await until(lambda: stars(visit, "june") == [5.0], "the known card is rated")
    await asyncio.sleep(0.2)  # the other one is read
    visit.house.local.faults.answer("GET", f"/messages/{gone.id}$", 404, code=10008)
    card.add("olek", HEART)
    await until(lambda: stars(visit, "olek") == [5.0], "later reactions are written")
    await asyncio.sleep(0.5)
    assert visit.house.local.faults.waiting() == 1
