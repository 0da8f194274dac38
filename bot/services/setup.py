"""/setup: a server's channel, post time and zone."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.services.errors import Sorry
from bot.services.localtime import clock_time, known_zone
from bot.services.show import Asker
from storage import guilds

if TYPE_CHECKING:
    from bot.app import App


USUAL_TIME = "19:00"


@dataclass(frozen=True)
class SetupState:
    """What is set now, in words, and the channel to check permissions for."""

    text: str
    channel_id: int | None


async def save(
    app: "App",
    asker: Asker,
    *,
    channel_id: int | None,
    post_time: str | None,
    zone: str | None,
) -> SetupState:
    """Store what was given, all or nothing, and say what stands now."""
    if asker.guild_id is None:
        raise Sorry("`/setup` works in a server.")
    stop = post_time is not None and post_time.strip().lower() in ("off", "stop", "none", "never")
    at = None if post_time is None or stop else clock_time(post_time)
    where = None if zone is None else known_zone(zone)
    given = any(value is not None for value in (channel_id, post_time, zone))
    async with app.db.write() as conn:
        before = await guilds.get(conn, asker.guild_id)
        channel = channel_id or (before.channel_id if before else None)
        time_text = f"{at:%H:%M}" if at else (before.post_time if before else None)
        if given:
            await guilds.setup(
                conn,
                asker.guild_id,
                channel_id=channel,
                post_time=time_text or (USUAL_TIME if channel else None),
                zone=where,
                manager_id=asker.person_id,
                family_safe=None if before else False,
                now=asker.now,
            )
            was_off = before is not None and before.channel_id and not before.post_enabled
            if stop or (was_off and channel_id is None and at is None):
                await guilds.disable(conn, asker.guild_id, "stopped with /setup")
        guild = await guilds.get(conn, asker.guild_id)
    if guild is None:
        return SetupState(
            "Nothing is set up yet. Choose a *channel* and a *time*, and I post a film there "
            f"each day. The time zone is {app.settings.zone} until you choose a *zone*.",
            None,
        )
    zone_name = guild.zone or app.settings.zone
    if guild.channel_id is None:
        daily = "No daily post: choose a *channel*."
    elif not guild.post_enabled:
        why = f" ({guild.disabled_reason})" if guild.disabled_reason else ""
        daily = f"The daily post is off{why}. Give a *time* to start it."
    else:
        daily = f"A film each day at **{guild.post_time}** in <#{guild.channel_id}>."
    saved = "Saved.\n" if given else ""
    return SetupState(f"{saved}{daily}\nTime zone: **{zone_name}**.", guild.channel_id)
