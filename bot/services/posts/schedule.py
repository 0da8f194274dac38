"""A server's scheduled posts, as managers set them up, change them and remove them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.errors import Sorry
from bot.services.app import App
from bot.services.posts.slots import next_slot, zone_name
from bot.services.posts.wishes import ParsedWish, Wish, parse_wish
from bot.services.posts.words import (
    THEMES,
    ScheduleInWords,
    describe_alone,
    describe_server,
    describe_times,
)
from bot.services.view_models import Requester
from bot.services.zones import known_zone
from storage.database.engine import Transaction
from storage.people import profiles
from storage.servers import guilds, schedules
from storage.servers.schedules import EVERY_DAY, Schedule

MAX_POSTS_PER_GUILD = 10
USUAL_POST_TIME = "19:00"
THREE_DAYS: Final = "146"  # Tuesday, Friday and Sunday
ONE_DAY: Final = "4"  # Friday
DIGEST_TIME: Final = "10:00"
DIGEST_DAY: Final = "0"  # Monday


async def save(app: App, requester: Requester, wish: Wish) -> ScheduleInWords:
    """Adds a scheduled post.

    If the server already has a post with that theme in that channel, that post is changed instead.
    A server's first post also sets up its weekly digest. A new time zone is used for every post of
    the server. Raises Sorry, and changes nothing, if `wish` is not valid.

    wish: what the manager typed.
    """
    guild_id = _guild_id(requester)
    parsed = parse_wish(wish, app.live.served.library, requester.now)
    async with app.write_for(requester) as conn:
        guild = await guilds.setup(conn, guild_id, now=requester.now, zone=parsed.zone)
        zone = zone_name(guild, app.settings.zone)
        others = await schedules.of_guild(conn, guild_id)
        schedule = await _add_or_change(conn, requester, guild_id, wish, parsed, others)
        if not any(other.theme == "digest" for other in others):
            await _add_digest(conn, requester, guild_id, zone)
        schedule = await _plan(conn, schedule, requester.now, zone)
        if parsed.zone is not None:
            for other in others:
                if other.id != schedule.id:
                    await _plan(conn, other, requester.now, zone)
    return ScheduleInWords(schedule, f"Saved.\n{describe_alone(schedule, zone, requester.now)}")


async def _add_or_change(
    conn: Transaction,
    requester: Requester,
    guild_id: int,
    wish: Wish,
    parsed: ParsedWish,
    others: Sequence[Schedule],
) -> Schedule:
    """Changes the server's schedule with the given theme and channel, or adds one; returns it.

    wish: what the manager typed.
    parsed: the same, read and checked.
    others: all schedules of the server.

    Raises Sorry if the channel or the member is missing, or the server has too many posts.
    """
    same = (
        other
        for other in others
        if other.theme == parsed.theme and wish.channel_id in (None, other.channel_id)
    )
    old = next(same, None)
    channel_id = wish.channel_id or (old.channel_id if old else None)
    if channel_id is None:
        raise Sorry("Choose the *channel* that the post should come to.")
    staff_id = None
    if parsed.theme == "staff":
        staff_id = wish.staff_id or (old.staff_id if old else None)
        await _check_consent(conn, staff_id, guild_id)
    if old is not None:
        return await schedules.change(
            conn,
            old.id,
            requester.now,
            post_time=parsed.post_time or old.post_time,
            days=parsed.days or old.days,
            staff_id=staff_id,
            language=old.language if wish.language is None else parsed.language,
            manager_id=requester.person_id,
            paused=False,
            disabled_reason=None,
        )
    if await schedules.count(conn, guild_id) >= MAX_POSTS_PER_GUILD:
        raise Sorry(f"A server has {MAX_POSTS_PER_GUILD} posts at most; remove one first.")
    return await schedules.create(
        conn,
        guild_id,
        theme=parsed.theme,
        post_time=parsed.post_time or USUAL_POST_TIME,
        now=requester.now,
        next_at=None,
        days=parsed.days or EVERY_DAY,
        channel_id=channel_id,
        staff_id=staff_id,
        language=parsed.language,
        manager_id=requester.person_id,
    )


async def _check_consent(conn: Transaction, member_id: int | None, guild_id: int) -> None:
    """Raises Sorry unless a member is given who agreed to show their taste in the server."""
    if member_id is None:
        raise Sorry("Whose favourites? Choose a *member*.")
    if member_id not in await profiles.showing_taste(conn, guild_id):
        raise Sorry(
            f"<@{member_id}> has not agreed to show their taste here. They can, with `/settings`."
        )


async def set_server(
    app: App,
    requester: Requester,
    *,
    zone: str | None,
    family_safe: bool | None,
    digest: bool | None,
) -> str:
    """Changes a server's settings; returns all its settings and posts in words.

    A setting that is None stays unchanged.

    digest: True to send the weekly digest to the requester from now on, False to stop it.

    Raises Sorry if the time zone is unknown.
    """
    guild_id = _guild_id(requester)
    new_zone = None if zone is None else known_zone(zone, requester.now)
    async with app.write_for(requester) as conn:
        guild = await guilds.setup(
            conn, guild_id, now=requester.now, zone=new_zone, family_safe=family_safe
        )
        name = zone_name(guild, app.settings.zone)
        before = await schedules.of_guild(conn, guild_id)
        for schedule in before:
            changed = schedule
            if schedule.theme == "digest" and digest is not None:
                changed = await schedules.change(
                    conn,
                    schedule.id,
                    requester.now,
                    paused=not digest,
                    disabled_reason=None,
                    manager_id=requester.person_id,
                )
            await _plan(conn, changed, requester.now, name)
        if digest and not any(schedule.theme == "digest" for schedule in before):
            await _add_digest(conn, requester, guild_id, name)
        after = await schedules.of_guild(conn, guild_id)
    return f"Saved.\n{describe_server(guild, after, app.settings.zone, requester.now)}"


async def list_schedules(app: App, guild_id: int) -> tuple[tuple[Schedule, ...], str]:
    """Returns a server's schedules, the oldest first, and all of them in words."""
    async with app.db.read() as conn:
        guild = await guilds.get(conn, guild_id)
        found = await schedules.of_guild(conn, guild_id)
    return found, describe_server(guild, found, app.settings.zone, app.clock())


async def find(app: App, guild_id: int | None, schedule_id: int) -> Schedule:
    """Returns one of a server's schedules. Raises Sorry if it has no schedule with this id."""
    async with app.db.read() as conn:
        return await _find(conn, guild_id, schedule_id)


async def find_in_words(app: App, guild_id: int | None, schedule_id: int) -> ScheduleInWords:
    """Returns one of a server's schedules in words. Raises Sorry if it has no such schedule."""
    async with app.db.read() as conn:
        found = await _find(conn, guild_id, schedule_id)
        guild = await guilds.get(conn, found.guild_id)
    return ScheduleInWords(
        found, describe_alone(found, zone_name(guild, app.settings.zone), app.clock())
    )


async def stop_digest(app: App, person_id: int, schedule_id: int, now: datetime) -> str:
    """Pauses a weekly digest. Returns a sentence for the manager who gets it.

    Raises Sorry if this person does not get that digest.
    """
    async with app.db.write() as conn:
        found = await schedules.get(conn, schedule_id)
        if found is None or found.theme != "digest" or found.manager_id != person_id:
            raise Sorry("That digest is no longer set up.")
        await schedules.change(conn, found.id, now, paused=True, next_at=None)
    return "No more digests. `/setup server digest:True` in the server brings them back."


async def set_paused(
    app: App, requester: Requester, schedule_id: int, paused: bool
) -> ScheduleInWords:
    """Pauses a scheduled post, or resumes one that was paused or that stopped by itself.

    Raises Sorry if the server has no such post.
    """
    async with app.db.write() as conn:
        schedule = await _find(conn, requester.guild_id, schedule_id)
        changed = await schedules.change(
            conn, schedule.id, requester.now, paused=paused, disabled_reason=None
        )
        return await _plan_in_words(app, conn, changed, requester.now)


async def post_less_often(app: App, requester: Requester, schedule_id: int) -> ScheduleInWords:
    """Reduces the days of a scheduled post to three a week, or to one if there are two or three.

    Raises Sorry if the post comes once a week already, or if the server has no such post.
    """
    async with app.db.write() as conn:
        schedule = await _find(conn, requester.guild_id, schedule_id)
        if len(schedule.days) == 1:
            raise Sorry("It comes once a week already. Pause or remove it to have it less often.")
        days = THREE_DAYS if len(schedule.days) > 3 else ONE_DAY
        changed = await schedules.change(conn, schedule.id, requester.now, days=days)
        return await _plan_in_words(app, conn, changed, requester.now)


async def remove(app: App, requester: Requester, schedule_id: int) -> str:
    """Removes a scheduled post. Returns a sentence. Raises Sorry if the server has no such post."""
    async with app.db.write() as conn:
        schedule = await _find(conn, requester.guild_id, schedule_id)
        await schedules.remove(conn, schedule.id)
    what = THEMES.get(schedule.theme, "the weekly digest")
    return f"Removed: {what}, {describe_times(schedule)}."


def _guild_id(requester: Requester) -> int:
    """Returns the server's id. Raises Sorry for a request in a direct message."""
    if requester.guild_id is None:
        raise Sorry("`/setup` works in a server.")
    return requester.guild_id


async def _find(conn: Transaction, guild_id: int | None, schedule_id: int) -> Schedule:
    found = await schedules.get(conn, schedule_id)
    if found is None or found.guild_id != guild_id:
        raise Sorry("That post is no longer set up. `/setup show` lists what is.")
    return found


async def _plan(conn: Transaction, schedule: Schedule, now: datetime, zone: str) -> Schedule:
    """Plans the time of a schedule's next post, if it is running; returns the schedule."""
    following = next_slot(schedule, ZoneInfo(zone), now) if schedule.running else None
    await schedules.plan(conn, schedule.id, following)
    found = await schedules.get(conn, schedule.id)
    assert found is not None
    return found


async def _plan_in_words(
    app: App, conn: Transaction, schedule: Schedule, now: datetime
) -> ScheduleInWords:
    """Plans the time of a schedule's next post, and returns the schedule in words."""
    zone = zone_name(await guilds.get(conn, schedule.guild_id), app.settings.zone)
    planned = await _plan(conn, schedule, now, zone)
    return ScheduleInWords(planned, describe_alone(planned, zone, now))


async def _add_digest(conn: Transaction, requester: Requester, guild_id: int, zone: str) -> None:
    made = await schedules.create(
        conn,
        guild_id,
        theme="digest",
        post_time=DIGEST_TIME,
        days=DIGEST_DAY,
        now=requester.now,
        next_at=None,
        manager_id=requester.person_id,
    )
    await _plan(conn, made, requester.now, zone)
