"""Plans each schedule's next post after the clock was set, and stops and resumes schedules.

A schedule stops by itself when Discord says that the bot is no longer in the server, or that the
channel is gone. It resumes by itself when the bot or the channel is back. Whether the bot was
online at that time makes no difference.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.services.app import App
from bot.services.notes import note, to_text
from bot.services.posts.slots import next_slot, spread_of, zone_name
from storage.database.engine import Transaction
from storage.servers import guilds, schedules, slots
from storage.servers.schedules import Schedule

LEFT_SERVER = to_text(note("left-server"))
CHANNEL_GONE = to_text(note("channel-gone"))
"""What is stored as the reason of a schedule that stopped."""
LEFT = (LEFT_SERVER, "I am no longer in this server")
GONE = (CHANNEL_GONE, "the channel is gone")
"""The same reasons, as they are stored now and as earlier versions stored them."""

PAUSE_AFTER = 100
"""While this number of schedules is planned, other tasks wait."""


async def replan(app: App) -> int:
    """Plans the time of the next post of every running schedule in servers of this process.

    Returns how many changed.

    It is called when the bot starts, and when the system's clock was put back. If the clock was
    ahead, posts may have been stored as skipped at moments that have not come yet. These posts were
    not missed, so the records are deleted.
    """
    now = app.clock()
    changed, spread = 0, spread_of(app)
    async with app.db.write() as conn:
        await slots.forget_skipped(conn, now)
        zones = await guilds.zones(conn)
        for number, schedule in enumerate(await schedules.active(conn)):
            if number % PAUSE_AFTER == 0:
                await asyncio.sleep(0)  # there may be thousands, and answers do not wait for them
            if not app.cluster.holds(schedule.guild_id):
                continue
            zone = ZoneInfo(zones.get(schedule.guild_id) or app.settings.zone)
            following = next_slot(schedule, zone, spread, now)
            # A time that has passed stays: claiming then sends the post or records it as missed.
            if schedule.next_at is None or schedule.next_at > following:
                await schedules.plan(conn, schedule.id, following)
                changed += 1
    return changed


async def follow_servers(
    app: App,
    is_member: Callable[[int], bool | None],
    has_channel: Callable[[int, int], bool],
) -> None:
    """Stops the schedules of servers that the bot has left; resumes those it has joined again.

    Schedules that stopped because their channel was gone resume if the channel is there.

    is_member: returns whether the bot is a member of the server with this id; None if it is not
        known yet.
    has_channel: returns True if the bot sees a channel, given the ids of server and channel.
    """
    now = app.clock()
    async with app.db.write() as conn:
        left = [one for one in await schedules.servers(conn) if is_member(one) is False]
        for guild_id in left:
            for schedule in await schedules.of_guild(conn, guild_id):
                if schedule.running:
                    await schedules.change(
                        conn, schedule.id, now, disabled_reason=LEFT_SERVER, next_at=None
                    )
        for schedule in await schedules.stopped(conn, LEFT):
            if is_member(schedule.guild_id):
                await _resume(app, conn, schedule, now)
        for schedule in await schedules.stopped(conn, GONE):
            if has_channel(schedule.guild_id, schedule.channel_id or 0):
                await _resume(app, conn, schedule, now)


async def _resume(app: App, conn: Transaction, schedule: Schedule, now: datetime) -> None:
    """Lets a stopped schedule run again, from its next post after `now`."""
    changed = await schedules.change(conn, schedule.id, now, disabled_reason=None)
    if changed.running:
        zone = ZoneInfo(zone_name(await guilds.get(conn, schedule.guild_id), app.settings.zone))
        following = next_slot(changed, zone, spread_of(app), now)
        await schedules.plan(conn, schedule.id, following)
