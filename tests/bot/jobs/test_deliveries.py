"""Scheduled posts on Discord's bad days: each comes once, or is accounted for, and nothing stops.

What Discord hides is waited for, what it says for good stops the schedule, and everything else is
tried again within the hour. All tests share one running bot; each has a club and a week of its own.
"""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from itertools import count
from types import ModuleType
from typing import Any

import pytest

from bot.client.refusals import STEPS
from bot.playground import Person, World
from bot.playground.records import permissions
from bot.playground.records.channels import Channel
from bot.playground.records.objects import Guild
from bot.playground.testing import text_of
from bot.playground.world.faults import Faults
from bot.services.posts import claims, planning
from bot.wiring import open_app
from storage.errors import DatabaseBusy
from tests.clock import at
from tests.house import FEW_FILMS, House, Visit, running, until


@dataclass(frozen=True)
class Club:
    """A club with its own week, in the house that all tests share.

    Attributes:
        visit: the club.
        first_day: the first day of its week, counted from that of NOW.
    """

    visit: Visit
    first_day: int

    @property
    def house(self) -> House:
        """The running bot."""
        return self.visit.house

    @property
    def world(self) -> World:
        """The local Discord's world."""
        return self.house.world

    @property
    def faults(self) -> Faults:
        """What is to go wrong."""
        return self.house.local.faults

    @property
    def guild(self) -> Guild:
        """The club's server."""
        return self.visit.guild

    @property
    def lounge(self) -> Channel:
        """The channel of the post."""
        return self.visit.channel("lounge")

    @property
    def send(self) -> str:
        """The path of a message to the channel of the post, as a pattern.

        A late message to the channel of an earlier test has another path.
        """
        return rf"/channels/{self.lounge.id}/messages$"

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """Returns rows of a query with a place for the server's id."""
        return self.visit.rows(statement, self.guild.id)

    def clock(self, local: str, day: int = 0) -> None:
        """Sets the clock to a time of a day of the week."""
        self.world.clock.set(at(self.first_day + day, local, "UTC"))

    def posts(self) -> int:
        """Returns how many messages of the bot are in the lounge."""
        messages = self.lounge.messages.values()
        return sum(message.author_id == self.world.bot.id for message in messages)

    def outcomes(self, theme: str = "auto") -> list[str | None]:
        """Returns how the slots ended, oldest first."""
        found = self.rows(
            "select outcome from posts join schedules on schedules.id = schedule_id"
            f" where theme = '{theme}' and posts.guild_id = ? order by local_date"
        )
        return [outcome for (outcome,) in found]

    def stopped(self) -> str | None:
        """Returns why the post has stopped; None if it runs."""
        ((reason,),) = self.rows(
            "select disabled_reason from schedules where theme = 'auto' and guild_id = ?"
        )
        return str(reason) if reason else None

    def shown(self) -> tuple[int, int]:
        """Returns how many films count as shown, and of how many the message is known."""
        ((films, known),) = self.rows(
            "select count(*), count(message_id) from impressions where guild_id = ? and delivered"
        )
        return films, known

    async def ticks(self, seconds: float = 0.5) -> None:
        """Lets a few ticks pass in which nothing is to happen."""
        waiting = self.house.app.clock().timestamp() + seconds
        await until(lambda: self.house.app.clock().timestamp() > waiting, "some ticks pass")


@pytest.fixture(scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    async with running(tmp_path_factory.mktemp("house"), max_films=FEW_FILMS) as house:
        app = house.app
        await app.shelving.get(app.db, app.live, app.settings.corpus)
        yield house


@pytest.fixture(scope="module")
def weeks() -> Iterator[int]:
    return count(0, 7)


@pytest.fixture
async def club(house: House, weeks: Iterator[int]) -> AsyncIterator[Club]:
    club = Club(house.club(), next(weeks))
    club.clock("17:00")
    yield club
    club.faults.clear()
    club.guild.available = True
    club.visit.leave()


@pytest.fixture
async def mira(club: Club) -> AsyncIterator[Person]:
    """Mira, who has set up a post for six o'clock in the lounge."""
    async with club.visit.member("mira") as person:
        await person.command(
            "films", "setup post", channel=person.channel("lounge"), time="18:00", zone="UTC"
        )
        yield person


async def told(mira: Person) -> list[str]:
    """Returns the bot's messages to Mira, except the digest."""
    found = [text_of(message) for message in await mira.messages("dm")]
    return [text for text in found if "The week in" not in text]


# Not seen is not gone ----------------------------------------------------------------------------


@pytest.mark.clock
async def test_a_server_that_an_outage_hides_is_waited_for(club: Club, mira: Person) -> None:
    club.world.hide_guild(club.guild)
    club.clock("18:00:05")
    await until(lambda: club.outcomes() == [None], "the slot is claimed")
    await club.ticks()
    assert (club.posts(), club.stopped()) == (0, None)
    club.world.show_guild(club.guild)
    club.clock("18:20")
    await until(lambda: club.outcomes() == ["sent"], "the post comes when the server is back")
    assert club.posts() == 1
    assert await told(mira) == []


async def test_a_server_that_has_not_appeared_after_a_start_is_waited_for(
    club: Club, mira: Person
) -> None:
    await club.house._close()
    club.world.hide_guild(club.guild)
    club.clock("18:05")
    await club.house._open()
    await until(lambda: club.outcomes() == [None], "the slot is claimed")
    await club.ticks()
    assert (club.posts(), club.stopped()) == (0, None)
    club.world.show_guild(club.guild)
    club.clock("18:10")
    await until(lambda: club.outcomes() == ["sent"], "the post comes when the server appears")


async def test_an_outage_of_more_than_an_hour_is_told_once(club: Club, mira: Person) -> None:
    club.world.hide_guild(club.guild)
    for day in (0, 1):
        club.clock("18:00:05", day)
        await until(lambda: club.outcomes()[-1:] == [None], "the slot is claimed")
        club.clock("19:00:05", day)
        missed = ["unavailable"] * (day + 1)
        await until(lambda missed=missed: club.outcomes() == missed, "the hour is over")
    await until(lambda: _some(told(mira)), "Mira hears of it")
    await club.ticks()
    (message,) = await told(mira)
    assert "I couldn't reach this server on Discord for an hour." in message
    assert club.stopped() is None
    club.world.show_guild(club.guild)
    club.clock("18:00:05", 2)
    await until(lambda: club.outcomes()[-1] == "sent", "the next one comes")


# Removed and invited again -----------------------------------------------------------------------


@pytest.mark.parametrize("left", ["online", "offline", "between sessions"])
@pytest.mark.parametrize("back", ["online", "offline"])
async def test_removed_and_invited_again_it_posts_again(
    club: Club, mira: Person, left: str, back: str
) -> None:
    world = club.world
    if left == "online":
        world.remove_guild(club.guild)
    elif left == "offline":
        await club.house._close()
        world.remove_guild(club.guild)
        await club.house._open()
    else:
        club.house.local.let_identify()
        club.house.local.invalidate_sessions()
        world.remove_guild(club.guild)
    await until(lambda: club.stopped() == planning.LEFT_SERVER, "it stops")
    club.clock("18:00:05")
    await club.ticks()
    assert club.outcomes() == []
    if back == "offline":
        await club.house._close()
        world.invite_bot(club.guild)
        await club.house._open()
    else:
        world.invite_bot(club.guild)
    await until(lambda: club.stopped() is None, "it resumes")
    club.clock("18:00:05", 1)
    await until(lambda: club.outcomes() == ["sent"], "the next one comes")


async def test_a_time_out_of_the_bot_is_waited_for(club: Club, mira: Person) -> None:
    """A moderator lets the bot only read for a while, so that Discord answers 50013."""
    club.world.time_out(club.guild, club.world.bot, at(club.first_day, "18:10", "UTC"))
    club.clock("18:00:05")
    await until(lambda: club.outcomes() == [None], "the slot is claimed")
    await club.ticks()
    assert (club.posts(), club.stopped()) == (0, None)
    club.clock("18:11")
    await until(lambda: club.outcomes() == ["sent"], "it comes after the time-out")
    assert await told(mira) == []


@pytest.mark.parametrize("way", ["no way", "broken", "lost"])
async def test_a_stop_is_told_once_although_messages_fail(
    club: Club, mira: Person, way: str
) -> None:
    dm = next(x for x in club.world.channels.values() if x.recipient_id == int(mira.id))
    if way == "no way":
        club.faults.cut("POST", "/users/@me/channels$")
    else:
        club.faults.cut("POST", f"/channels/{dm.id}/messages$", carried_out=way == "lost")
    club.world.set_overwrite(club.lounge, club.world.bot, deny=permissions.SEND_MESSAGES)
    club.clock("18:00:05")
    await until(lambda: club.outcomes() == ["refused"], "it stops")
    await until(lambda: club.faults.waiting() == 0, "a message has failed")
    await club.ticks()
    for local in ("18:01", "18:02", "18:04"):
        club.clock(local)
        await club.ticks()
    (message,) = await told(mira)
    assert (
        "I'm not allowed to post in #lounge, so I've stopped the scheduled post there." in message
    )


@pytest.mark.parametrize("name", ["record_unsent", "failed_before"])
async def test_how_a_post_ended_is_recorded_later(
    club: Club, mira: Person, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The database fails when it is to be recorded that a post could not be sent."""
    _fail_once(monkeypatch, claims, name)
    club.faults.answer("POST", club.send, 400, code=30099, message="Something new")
    club.clock("18:00:05")
    await until(lambda: club.faults.waiting() == 0, "it is refused")
    club.clock("18:01")
    await until(lambda: club.outcomes() == ["failed"], "it is recorded after all")
    await until(lambda: _some(told(mira)), "Mira hears of it")
    assert len(await told(mira)) == 1


async def test_a_return_is_not_missed_because_the_database_fails(
    club: Club, mira: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    club.world.remove_guild(club.guild)
    await until(lambda: club.stopped() == planning.LEFT_SERVER, "it stops")
    _fail_once(monkeypatch, planning, "follow_servers")
    club.world.invite_bot(club.guild)
    await until(lambda: club.stopped() is None, "it resumes")


def _fail_once(monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str) -> None:
    """Makes the next call of a function that writes to the database fail."""
    usual = getattr(module, name)

    async def fail(*_: Any) -> None:
        monkeypatch.setattr(module, name, usual)
        raise DatabaseBusy("locked")

    monkeypatch.setattr(module, name, fail)


# What Discord answers ----------------------------------------------------------------------------


@pytest.mark.parametrize(("status", "code"), [(403, 0), (403, 40333), (404, 0), (503, 0), (400, 0)])
async def test_an_answer_that_decides_nothing_is_tried_again(
    club: Club, mira: Person, status: int, code: int
) -> None:
    club.faults.answer("POST", club.send, status, code=code, message="internal network error")
    club.clock("18:00:05")
    await until(lambda: club.outcomes() == [None], "the slot is claimed")
    await club.ticks()
    assert (club.posts(), club.stopped()) == (0, None)
    club.clock("18:02")
    await until(lambda: club.outcomes() == ["sent"], "it comes within the hour")
    assert club.posts() == 1
    assert await told(mira) == []


async def test_what_nobody_could_send_for_an_hour_is_told_once(club: Club, mira: Person) -> None:
    club.faults.answer("POST", rf"/channels/{club.lounge.id}/messages$", 403, times=1000)
    for day in (0, 1):
        club.clock("18:00:05", day)
        await until(lambda: club.outcomes()[-1:] == [None], "the slot is claimed")
        for local in ("18:20", "18:40", "19:00:05"):
            await club.ticks(0.3)
            club.clock(local, day)
        failed = ["failed"] * (day + 1)
        await until(lambda failed=failed: club.outcomes() == failed, "the hour is over")
    await until(lambda: _some(told(mira)), "Mira hears of it")
    (message,) = await told(mira)
    assert "I couldn't send the post for #lounge on " in message
    assert "I tried for an hour, but Discord didn't accept the message." in message
    assert club.stopped() is None
    assert club.shown() == (0, 0), "nobody saw the films"


@pytest.mark.parametrize("code", [50035, 200000])
async def test_refused_content_is_replaced_once(club: Club, mira: Person, code: int) -> None:
    club.faults.answer("POST", club.send, 400, code=code, message="blocked")
    club.clock("18:00:05")
    await until(lambda: club.outcomes() == ["sent"], "another film comes at once")
    assert club.posts() == 1
    assert club.shown() == (4, 4), "only what was seen counts as shown"
    assert await told(mira) == []
    club.faults.answer("POST", club.send, 400, code=code, message="blocked", times=2)
    club.clock("18:00:05", 1)
    await until(lambda: club.outcomes() == ["sent", "failed"], "twice is enough")
    await until(lambda: _some(told(mira)), "Mira hears of it")
    assert "Discord refused the message twice because of its content." in (await told(mira))[0]
    assert club.stopped() is None
    assert club.shown() == (4, 4)


async def test_a_code_that_nobody_knows_is_no_reason_to_stop(club: Club, mira: Person) -> None:
    assert 30099 not in STEPS
    club.faults.answer("POST", club.send, 400, code=30099, message="Something new")
    club.clock("18:00:05")
    await until(lambda: club.outcomes() == ["failed"], "this one is given up")
    await until(lambda: _some(told(mira)), "Mira hears of it")
    assert "Something new" in (await told(mira))[0]
    assert club.stopped() is None


@pytest.mark.parametrize("code", [10003, 10004])
async def test_unknown_is_believed_the_second_time(club: Club, mira: Person, code: int) -> None:
    club.faults.answer("POST", club.send, 404, code=code, message="Unknown")
    club.clock("18:00:05")
    await until(lambda: club.outcomes() == [None], "the slot is claimed")
    await club.ticks()
    club.clock("18:09")
    await club.ticks()
    assert (club.posts(), club.stopped()) == (0, None)
    club.clock("18:10:30")
    await until(lambda: club.outcomes() == ["sent"], "Discord was wrong")
    club.faults.answer("POST", club.send, 404, code=code, message="Unknown", times=2)
    club.clock("18:00:05", 1)
    await until(lambda: club.outcomes()[-1] is None, "the next slot is claimed")
    await club.ticks()
    club.clock("18:10:30", 1)
    await until(lambda: club.stopped() == planning.CHANNEL_GONE, "twice is believed")
    await until(lambda: _some(told(mira)), "Mira hears of it")
    assert len(await told(mira)) == 1


async def test_a_channel_that_is_there_after_all_gets_its_posts_again(
    club: Club, mira: Person
) -> None:
    """Earlier versions stopped posts in an outage, with this reason."""
    await club.house._close()
    await _change(
        club,
        "update schedules set next_at = null, disabled_reason = 'the channel is gone'"
        " where theme = 'auto' and guild_id = ?",
    )
    await club.house._open()
    await until(lambda: club.stopped() is None, "the channel is seen")
    club.clock("18:00:05")
    await until(lambda: club.outcomes() == ["sent"], "it posts")


# What an earlier process left --------------------------------------------------------------------


@pytest.mark.parametrize("was_sent", [True, False])
@pytest.mark.parametrize("back_at", ["18:05", "19:30"])
async def test_a_crash_loses_no_post_and_doubles_none(
    club: Club, mira: Person, was_sent: bool, back_at: str
) -> None:
    """The bot was killed before, or after, the message was sent, and recorded nothing."""
    if was_sent:
        club.clock("18:00:05")
        await until(lambda: club.outcomes() == ["sent"], "the post")
        await club.house._close()
        await _change(
            club,
            "update posts set outcome = null, message_id = null where guild_id = ?",
            "delete from cards where guild_id = ?",
            "update impressions set message_id = null where guild_id = ?",
        )
    else:
        club.faults.answer("POST", club.send, 403)
        club.clock("18:00:05")
        await until(lambda: club.shown() == (4, 0), "it was composed")
        await club.ticks(0.2)
        await club.house._close()
    assert club.outcomes() == [None]
    club.clock(back_at)
    await club.house._open()
    sent = was_sent or back_at == "18:05"
    await until(lambda: club.outcomes() == ["sent" if sent else "failed"], "it is accounted for")
    assert club.posts() == int(sent)
    assert club.shown() == ((4, 4) if sent else (0, 0))
    assert club.rows("select count(*) from cards where guild_id = ?") == [(int(sent),)]


@pytest.mark.parametrize("believed_lost", [True, False])
async def test_a_crash_after_a_late_post_doubles_nothing(
    club: Club, mira: Person, believed_lost: bool
) -> None:
    """It came at the second try, 20 minutes after it was composed; then the bot was killed."""
    club.faults.answer("POST", club.send, 403)
    club.clock("18:00:05")
    await until(lambda: club.shown() == (4, 0), "it was composed")
    await club.ticks(0.2)
    club.clock("18:20")
    await until(lambda: club.outcomes() == ["sent"], "the post")
    await club.house._close()
    delivered = int(not believed_lost)
    await _change(
        club,
        "update posts set outcome = null, message_id = null where guild_id = ?",
        "delete from cards where guild_id = ?",
        f"update impressions set message_id = null, delivered = {delivered} where guild_id = ?",
    )
    club.clock("18:27")
    await club.house._open()
    await until(lambda: club.outcomes() == ["sent"], "it is accounted for")
    assert club.posts() == 1
    assert club.shown() == (4, 4)


async def test_a_post_that_is_found_after_a_crash_keeps_its_legend(
    club: Club, mira: Person
) -> None:
    club.clock("18:00:05")
    await until(lambda: club.outcomes() == ["sent"], "the post")
    await club.house._close()
    await _change(
        club,
        "update posts set outcome = null, message_id = null where guild_id = ?",
        "delete from cards where guild_id = ?",
        "insert into rating_scales (guild_id, steps, created_at) "
        """values (?, '[["❤️", 1], ["👎", 5]]', '2026-01-01 00:00:00.000000')""",
        "update guilds set scale_id = (select max(id) from rating_scales) where id = ?",
    )
    club.clock("18:07")
    await club.house._open()
    await until(lambda: club.outcomes() == ["sent"], "it is accounted for")
    (card,) = [message for message in await mira.messages("lounge") if "author" in message]
    await mira.react(card, "❤️")
    stars = f"select stars from ratings where person_id = {mira.id} and guild_id = ?"
    await until(lambda: club.rows(stars) != [], "it is rated")
    assert club.rows(stars) == [(5.0,)]


async def test_a_start_with_a_locked_database_doubles_nothing(
    club: Club, mira: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first planning of a process fails, after it found an interrupted post."""
    club.faults.answer("POST", club.send, 403)
    club.clock("18:00:05")
    await until(lambda: club.shown() == (4, 0), "it was composed")
    await club.ticks(0.2)
    await club.house._close()
    _fail_once(monkeypatch, planning, "replan")
    club.clock("18:05")
    await club.house._open()
    await until(lambda: club.outcomes() == ["sent"], "the post")
    await club.ticks()
    assert club.posts() == 1
    assert club.shown() == (4, 4)


async def test_a_crash_before_anything_was_composed_is_no_lost_answer(
    club: Club, mira: Person
) -> None:
    club.faults.answer("POST", club.send, 403)
    club.clock("18:00:05")
    await until(lambda: club.shown() == (4, 0), "it was composed")
    await club.ticks(0.2)
    await club.house._close()
    await _change(club, "delete from impressions where guild_id = ?")
    club.clock("19:30")
    await club.house._open()
    await until(lambda: club.outcomes() == ["failed"], "it is accounted for")
    await until(lambda: _some(told(mira)), "Mira hears of it")
    assert "I was offline when the post was due." in (await told(mira))[0]


async def test_a_post_in_a_busy_channel_is_missed_rather_than_doubled(
    club: Club, mira: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.jobs.delivery.MAX_MESSAGES", 5)
    club.clock("17:55")
    for number in range(5):
        await mira.say("lounge", str(number))
    club.clock("18:00:05")
    await until(lambda: club.outcomes() == ["sent"], "the post")
    await club.house._close()
    await _change(club, "update posts set outcome = null, message_id = null where guild_id = ?")
    club.clock("18:30")
    await club.house._open()
    await until(lambda: club.outcomes() == ["lost"], "it is not known whether it came")
    assert club.posts() == 1


async def test_where_the_channel_cannot_be_read_a_post_is_missed_rather_than_doubled(
    club: Club, mira: Person
) -> None:
    club.world.set_overwrite(club.lounge, club.world.bot, deny=permissions.READ_MESSAGE_HISTORY)
    club.clock("18:00:05")
    await until(lambda: club.outcomes() == ["sent"], "the post")
    await club.house._close()
    await _change(club, "update posts set outcome = null, message_id = null where guild_id = ?")
    club.clock("18:30")
    await club.house._open()
    await until(lambda: club.outcomes() == ["lost"], "it is not known whether it came")
    assert club.posts() == 1
    await until(lambda: _some(told(mira)), "Mira hears of it")
    assert "may not have arrived" in (await told(mira))[0]


# Answers that are lost ---------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["cut", "halfway", "504"])
async def test_a_post_whose_answer_was_lost_is_found_again(
    club: Club, mira: Person, how: str
) -> None:
    if how == "504":
        club.faults.page("POST", club.send, 504, carried_out=True)
    else:
        club.faults.cut("POST", club.send, carried_out=True, halfway=how == "halfway")
    club.clock("18:00:05")
    await until(lambda: club.posts() == 1, "it is in the channel")
    if how != "504":  # discord.py repeats that one itself; the nonce keeps it from coming twice
        await club.ticks()
        club.clock("18:05")
    await until(lambda: club.outcomes() == ["sent"], "and that is noted")
    assert club.posts() == 1
    assert club.shown() == (4, 4)
    assert await told(mira) == []
    (card,) = [message for message in await mira.messages("lounge") if "author" in message]
    await mira.react(card, "❤️")
    stars = f"select stars from ratings where person_id = {mira.id} and guild_id = ?"
    await until(lambda: club.rows(stars) == [(5.0,)], "it can be rated")


async def test_a_lost_answer_is_found_although_the_clock_was_wrong(
    club: Club, mira: Person
) -> None:
    """The clock is an hour ahead when the post is first tried, and right when it comes."""
    club.faults.down("rest")
    club.clock("18:00:05")
    await until(lambda: club.outcomes() == [None], "the slot is claimed")
    await until(lambda: club.shown() == (4, 0), "the post is composed")
    await club.ticks()
    club.faults.cut("POST", club.send, carried_out=True)
    club.faults.up()
    club.clock("17:00:30")
    await until(lambda: club.posts() == 1, "it is in the channel")
    (card,) = [message for message in await mira.messages("lounge") if "author" in message]
    await mira.react(card, "❤️")
    stars = f"select stars from ratings where person_id = {mira.id} and guild_id = ?"
    await until(lambda: club.rows(stars) == [(5.0,)], "its reactions rate")
    assert club.shown() == (4, 4), "and belong to what was shown"
    await club.ticks()
    club.clock("17:10")
    await until(lambda: club.outcomes() == ["sent"], "that is noted")
    assert club.posts() == 1


async def test_an_answer_that_is_lost_where_nothing_can_be_read(club: Club, mira: Person) -> None:
    club.world.set_overwrite(club.lounge, club.world.bot, deny=permissions.READ_MESSAGE_HISTORY)
    club.faults.cut("POST", club.send, carried_out=True)
    club.clock("18:00:05")
    await until(lambda: club.posts() == 1, "it is in the channel")
    await club.ticks()
    club.clock("18:05")
    await until(lambda: club.outcomes() == ["lost"], "nobody can say whether it came")
    assert club.posts() == 1, "rather missed than doubled"


async def test_discord_is_unreachable_for_a_while(club: Club, mira: Person) -> None:
    club.faults.down("rest")
    club.clock("18:00:05")
    await until(lambda: club.outcomes() == [None], "the slot is claimed")
    await club.ticks()
    club.clock("18:20")
    await club.ticks()
    assert (club.posts(), club.stopped()) == (0, None)
    club.faults.up()
    club.clock("18:40")
    await until(lambda: club.outcomes() == ["sent"], "it comes within the hour")
    assert club.posts() == 1


@pytest.mark.parametrize("lost", [True, False])
async def test_the_digest_is_tried_again_and_comes_once(
    club: Club, mira: Person, lost: bool
) -> None:
    monday = next(
        day for day in range(7) if at(club.first_day + day, "10:00", "UTC").weekday() == 0
    )
    dm = rf"/channels/{mira.channel('dm')}/messages$"
    if lost:
        club.faults.cut("POST", dm, carried_out=True)
    else:
        club.faults.page("POST", dm, 403)
    club.clock("10:00:05", monday)
    await until(lambda: club.outcomes("digest") == [None], "the slot is claimed")
    await club.ticks()
    club.clock("10:05", monday)
    await until(lambda: club.outcomes("digest") == ["sent"], "the digest comes")
    digests = [text_of(message) for message in await mira.messages("dm")]
    assert sum("The week in" in text for text in digests) == 1


async def _change(club: Club, *statements: str) -> None:
    """Changes the rows of a club's server in the database of a house that is closed."""
    house = club.house
    async with open_app(house.settings, house.world.clock.now) as app, app.db.write() as conn:
        for statement in statements:
            await conn.exec_driver_sql(statement, (club.guild.id,))


async def _some(found: Any) -> bool:
    return bool(await found)
