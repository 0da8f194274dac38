"""Plans the time of each schedule's next post, whatever the clock and the servers did meanwhile."""

from zoneinfo import ZoneInfo

from bot.services.app import App
from bot.services.posts.slots import next_slot, zone_name
from storage.servers import guilds, schedules, slots


async def replan(app: App) -> int:
    """Plans the time of the next post of every running schedule; returns how many changed.

    It is called when the bot starts, and when the system's clock was put back. Slots that were
    recorded as skipped at a time that has not come yet are forgotten: the clock was wrong then, and
    nothing was missed.
    """
    now = app.clock()
    changed = 0
    async with app.db.write() as conn:
        await slots.forget_skipped(conn, now)
        zones: dict[int, str] = {}
        for schedule in await schedules.active(conn):
            if schedule.guild_id not in zones:
                guild = await guilds.get(conn, schedule.guild_id)
                zones[schedule.guild_id] = zone_name(guild, app.settings.zone)
            following = next_slot(schedule, ZoneInfo(zones[schedule.guild_id]), now)
            # A time that has passed stays: claiming then sends the post or records it as missed.
            if schedule.next_at is None or schedule.next_at > following:
                await schedules.plan(conn, schedule.id, following)
                changed += 1
    return changed
