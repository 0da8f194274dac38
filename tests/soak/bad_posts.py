"""The bad week's posts: what goes wrong at a slot, and how the slot may then end.

A slot is one post of a schedule on one day. Short faults leave the bot the rest of the hour, so the
post must come. The others last for the whole hour, or are for good, and one outcome is true.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.playground.records import permissions
from bot.playground.records.channels import Channel
from tests.house import until
from tests.soak.bad_days import BLOCKED, full_disk, lock
from tests.soak.bad_week import STOPPED, Week, advance, set_up

Step = Callable[[Week, Channel], Awaitable[None]]
FAILURES = ("failed", "unavailable")
NUDGE = timedelta(seconds=15)
HOUR = timedelta(hours=1)


async def nothing(week: Week, channel: Channel) -> None:
    """Everything goes right."""


def answer(status: int, code: int = 0, *, times: int = 1) -> Step:
    """Returns the fault that the channel's next requests get an error answer."""

    async def begin(week: Week, channel: Channel) -> None:
        route = f"/channels/{channel.id}/messages$"
        week.local.faults.answer("POST", route, status, code=code, times=times)

    return begin


async def page(week: Week, channel: Channel) -> None:
    """Cloudflare answers once."""
    week.local.faults.page("POST", f"/channels/{channel.id}/messages$", 403)


def cut(*, carried_out: bool = False, halfway: bool = False) -> Step:
    """Returns the fault that the connection breaks when the post is sent."""

    async def begin(week: Week, channel: Channel) -> None:
        route = f"/channels/{channel.id}/messages$"
        week.local.faults.cut("POST", route, carried_out=carried_out, halfway=halfway)

    return begin


async def hide(week: Week, _: Channel) -> None:
    week.world.hide_guild(week.club)


async def show(week: Week, _: Channel) -> None:
    week.world.show_guild(week.club)


async def down(week: Week, _: Channel) -> None:
    week.local.faults.down()


async def up(week: Week, _: Channel) -> None:
    week.local.faults.clear()
    await week.back()


async def block(week: Week, _: Channel) -> None:
    week.world.block_words(week.club, BLOCKED)


async def unblock(week: Week, _: Channel) -> None:
    week.world.block_words(week.club)


async def time_out(week: Week, _: Channel) -> None:
    week.world.time_out(week.club, week.world.bot, week.world.clock.now() + HOUR / 4)


async def kill(week: Week, _: Channel) -> None:
    await week.bot.kill()


async def start(week: Week, _: Channel) -> None:
    await week.start()


async def kill_and_start(week: Week, _: Channel) -> None:
    """The process is killed at some moment after the slot."""
    await asyncio.sleep(week.rng.uniform(0.0, 0.5))
    await week.bot.kill()
    await week.start()


async def lock_it(week: Week, _: Channel) -> None:
    week.spawn(_for_a_while(lock(week)))


async def fill_it(week: Week, _: Channel) -> None:
    week.spawn(_for_a_while(full_disk(week)))


async def _for_a_while(fault: AbstractAsyncContextManager[None]) -> None:
    async with fault:
        await asyncio.sleep(2.0)


async def remove(week: Week, _: Channel) -> None:
    week.world.remove_guild(week.club)


async def invite(week: Week, _: Channel) -> None:
    week.world.invite_bot(week.club)
    await week.resumed()


async def deny(week: Week, channel: Channel) -> None:
    """A manager takes the permission away, and the first message about it fails."""
    denied = permissions.SEND_MESSAGES
    week.world.set_overwrite(channel, week.world.bot, deny=denied)
    if week.rng.random() < 0.5:
        week.local.faults.cut("POST", "/users/@me/channels$")


async def allow(week: Week, channel: Channel) -> None:
    """Waits for the message to the manager, then allows it and starts the post again."""
    week.stops[channel.name] += 1

    def told() -> bool:
        advance(week, week.world.clock.now() + NUDGE)
        stops = [found for text in week.told() if (found := STOPPED.search(text))]
        return len([x for x in stops if x[1] == channel.name]) >= week.stops[channel.name]

    await until(told, f"the manager is told that #{channel.name} stopped", 40.0, 0.3)
    week.world.set_overwrite(channel, week.world.bot)
    await set_up(week, next(time for time, x in week.places.items() if x is channel))


@dataclass(frozen=True)
class SlotFault:
    """What goes wrong at one slot.

    Attributes:
        outcome: how the slot must end; None if no slot is recorded, or one as "refused".
        begin: is called half a minute before the slot.
        end: is called when the fault is over.
        minutes: how long it lasts after the slot.
    """

    outcome: str | None
    begin: Step
    end: Step = nothing
    minutes: int = 0


SLOTS: dict[str, SlotFault] = {
    "post: 503": SlotFault("sent", answer(503, times=2)),
    "post: Cloudflare's page": SlotFault("sent", page),
    "post: request cut": SlotFault("sent", cut()),
    "post: answer lost": SlotFault("sent", cut(carried_out=True)),
    "post: half an answer": SlotFault("sent", cut(halfway=True)),
    "post: refused by moderation, once": SlotFault("sent", answer(400, 200000)),
    "post: refused by moderation": SlotFault("failed", block, unblock, minutes=10),
    "post: slow mode": SlotFault("sent", answer(429, 20016)),
    "post: unknown channel, once": SlotFault("sent", answer(404, 10003)),
    "post: server hidden": SlotFault("sent", hide, show, minutes=12),
    "post: server hidden for the hour": SlotFault("unavailable", hide, show, minutes=70),
    "post: Discord unreachable": SlotFault("sent", down, up, minutes=10),
    "post: bot timed out": SlotFault("sent", time_out, minutes=20),
    "post: killed": SlotFault("sent", nothing, kill_and_start),
    "post: process away": SlotFault("sent", kill, start, minutes=20),
    "post: process away for the hour": SlotFault("skipped", kill, start, minutes=90),
    "post: database locked": SlotFault("sent", lock_it),
    "post: disk full": SlotFault("sent", fill_it),
    "post: kicked and invited": SlotFault(None, remove, invite, minutes=20),
    "post: not allowed": SlotFault("refused", deny, allow, minutes=3),
}
"""Kind -> what goes wrong at a slot."""


def outcome(week: Week, channel: Channel, day: str) -> str | None:
    """Returns how a slot ended, "claimed" if it has not; None if it is not recorded."""
    found = week.bot.rows(
        "select coalesce(outcome, 'claimed') from posts"
        " join schedules on schedules.id = schedule_id where channel_id = ? and local_date = ?",
        channel.id,
        day,
    )
    return str(found[0][0]) if found else None


async def slot(week: Week, at: datetime, channel: Channel, name: str) -> None:
    """Lets a slot come while something goes wrong, and asserts how it ends.

    at: the time of the slot, UTC.
    """
    bad, day = SLOTS[name], at.date().isoformat()
    week.note(name)
    # While the bot's clock was ahead, the slot was already served. Nothing may come then.
    early = outcome(week, channel, day) is not None
    wanted = "early" if early else bad.outcome

    def is_claimed() -> bool:
        return outcome(week, channel, day) is not None

    def has_ended() -> bool:
        advance(week, week.world.clock.now() + NUDGE)
        return outcome(week, channel, day) not in (None, "claimed")

    if early:
        await until(has_ended, f"{name}: the early slot of {at} ends", every=0.2)
    came_before = week.posts(channel)
    advance(week, at - NUDGE)
    await bad.begin(week, channel)
    advance(week, at + timedelta(seconds=1))
    if bad.begin not in (kill, remove):
        await until(is_claimed, f"{name}: the slot of {at} is claimed")
    if wanted in ("failed", "refused"):
        await until(has_ended, f"{name}: the slot of {at} ends")
    while week.world.clock.now() < at + timedelta(minutes=bad.minutes):
        await asyncio.sleep(0.1)
        advance(week, week.world.clock.now() + timedelta(minutes=2))
    await asyncio.sleep(0.3)
    await bad.end(week, channel)
    if wanted not in ("early", None):
        await until(has_ended, f"{name}: the slot of {at} ends", 60.0, 0.2)
        found = outcome(week, channel, day)
        assert found == wanted, f"{name}: the slot of {at} in #{channel.name} ended {found}"
    else:
        await asyncio.sleep(1.0)
        assert wanted == "early" or outcome(week, channel, day) in (None, "refused"), name
    week.local.faults.clear()
    came = week.posts(channel) - came_before
    assert came == (wanted == "sent"), f"{name}: {came} posts at {at} in #{channel.name}"
