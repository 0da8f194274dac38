"""A server's scheduled posts, as managers set them up, change them and remove them."""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.errors import Sorry
from bot.services.app import App
from bot.services.languages import keep
from bot.services.posts.setup import LocalSchedule, ServerSetup
from bot.services.posts.slots import delay, next_slot, spread_of, zone_name
from bot.services.posts.wishes import ParsedWish, Wish, parse_wish, same_post, settings_of
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


async def save(
    app: App, requester: Requester, wish: Wish, *, beside: bool = False
) -> LocalSchedule:
    """Adds a scheduled post.

    If the server has a post with that theme in that channel, that post is changed instead. A
    server's first post also sets up its weekly digest. A new time zone is used for every post of
    the server. Raises Sorry, and changes nothing, if `wish` (what the manager typed) is not valid.

    beside: True to add a post in any case, unless there is one that is exactly the same.
    """
    guild_id = _guild_id(requester)
    parsed = parse_wish(wish, app.live.served.library, requester.now)
    async with app.write_for(requester) as conn:
        guild = await guilds.setup(conn, guild_id, now=requester.now, zone=parsed.zone)
        zone = zone_name(guild, app.settings.zone)
        others = await schedules.of_guild(conn, guild_id)
        old = same_post(wish, parsed, others, exactly=beside)
        schedule = await _add_or_change(conn, requester, guild_id, wish, parsed, old)
        if not any(other.theme == "digest" for other in others):
            await _add_digest(app, conn, requester, guild_id, zone)
        schedule = await _plan(app, conn, schedule, requester.now, zone)
        if parsed.zone is not None:
            for other in others:
                if other.id != schedule.id:
                    await _plan(app, conn, other, requester.now, zone)
    replaced = old if old is not None and settings_of(old) != settings_of(schedule) else None
    return LocalSchedule(schedule, zone, _delay(app, guild_id), replaced)


async def _add_or_change(
    conn: Transaction,
    requester: Requester,
    guild_id: int,
    wish: Wish,
    parsed: ParsedWish,
    old: Schedule | None,
) -> Schedule:
    """Changes a schedule of the server, or adds one; returns it.

    wish: what the manager typed.
    parsed: the same, read and checked.
    old: the schedule to change; None to add one.

    Raises Sorry if the channel or the member is missing, or the server has too many posts.
    """
    channel_id = wish.channel_id or (old.channel_id if old else None)
    if channel_id is None:
        raise Sorry("no-post-channel")
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
        raise Sorry("too-many-posts", most=MAX_POSTS_PER_GUILD)
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
        raise Sorry("no-favourites-member")
    if member_id not in await profiles.showing_taste(conn, guild_id):
        raise Sorry("taste-not-shown", member_id=str(member_id))


async def set_server(
    app: App,
    requester: Requester,
    *,
    zone: str | None,
    family_safe: bool | None,
    digest: bool | None,
    language: str | None = None,
) -> ServerSetup:
    """Changes a server's settings; returns all its settings and posts.

    A setting that is None stays unchanged.

    digest: True to send the weekly digest to the requester from now on, False to stop it.
    language: the code of the language of public messages, which must be one that the bot speaks;
        "" for the server's language on Discord.

    Raises Sorry if the time zone is unknown.
    """
    guild_id = _guild_id(requester)
    new_zone = None if zone is None else known_zone(zone, requester.now)
    async with app.write_for(requester) as conn:
        guild = await guilds.setup(
            conn,
            guild_id,
            now=requester.now,
            zone=new_zone,
            family_safe=family_safe,
            language=language,
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
            await _plan(app, conn, changed, requester.now, name)
        if digest and not any(schedule.theme == "digest" for schedule in before):
            await _add_digest(app, conn, requester, guild_id, name)
        after = await schedules.of_guild(conn, guild_id)
    keep(app.languages.servers, guild_id, guild.language)
    late = _delay(app, guild_id)
    return ServerSetup(after, name, guilds.is_family_safe(guild), guild.language, late)


async def read_setup(app: App, guild_id: int) -> ServerSetup:
    """Returns a server's settings and its scheduled posts."""
    async with app.db.read() as conn:
        guild = await guilds.get(conn, guild_id)
        found = await schedules.of_guild(conn, guild_id)
    return ServerSetup(
        found,
        zone_name(guild, app.settings.zone),
        guilds.is_family_safe(guild),
        guild.language if guild else None,
        _delay(app, guild_id),
    )


async def find(app: App, guild_id: int | None, schedule_id: int) -> Schedule:
    """Returns one of a server's schedules. Raises Sorry if it has no schedule with this id."""
    async with app.db.read() as conn:
        return await _find(conn, guild_id, schedule_id)


async def find_local(app: App, guild_id: int | None, schedule_id: int) -> LocalSchedule:
    """Returns a server's schedule with the time zone. Raises Sorry if it has no such schedule."""
    async with app.db.read() as conn:
        found = await _find(conn, guild_id, schedule_id)
        guild = await guilds.get(conn, found.guild_id)
    zone = zone_name(guild, app.settings.zone)
    return LocalSchedule(found, zone, _delay(app, found.guild_id))


async def stop_digest(app: App, person_id: int, schedule_id: int, now: datetime) -> None:
    """Pauses a weekly digest. Raises Sorry if this person does not get that digest."""
    async with app.db.write() as conn:
        found = await schedules.get(conn, schedule_id)
        if found is None or found.theme != "digest" or found.manager_id != person_id:
            raise Sorry("no-such-digest")
        await schedules.change(conn, found.id, now, paused=True, next_at=None)


async def set_paused(
    app: App, requester: Requester, schedule_id: int, paused: bool
) -> LocalSchedule:
    """Pauses a scheduled post, or resumes one that was paused or that stopped by itself.

    Raises Sorry if the server has no such post.
    """
    async with app.db.write() as conn:
        schedule = await _find(conn, requester.guild_id, schedule_id)
        changed = await schedules.change(
            conn, schedule.id, requester.now, paused=paused, disabled_reason=None
        )
        return await _plan_local(app, conn, changed, requester.now)


async def post_less_often(app: App, requester: Requester, schedule_id: int) -> LocalSchedule:
    """Reduces the days of a scheduled post to three a week, or to one if there are two or three.

    Raises Sorry if the post comes once a week already, or if the server has no such post.
    """
    async with app.db.write() as conn:
        schedule = await _find(conn, requester.guild_id, schedule_id)
        if len(schedule.days) == 1:
            raise Sorry("once-a-week-already")
        days = THREE_DAYS if len(schedule.days) > 3 else ONE_DAY
        changed = await schedules.change(conn, schedule.id, requester.now, days=days)
        return await _plan_local(app, conn, changed, requester.now)


async def remove(app: App, requester: Requester, schedule_id: int) -> Schedule:
    """Removes a scheduled post; returns it. Raises Sorry if the server has no such post."""
    async with app.db.write() as conn:
        schedule = await _find(conn, requester.guild_id, schedule_id)
        await schedules.remove(conn, schedule.id)
    return schedule


def _delay(app: App, guild_id: int) -> timedelta:
    """Returns by how much a server's posts come after their time."""
    return delay(guild_id, spread_of(app))


def _guild_id(requester: Requester) -> int:
    """Returns the server's id. Raises Sorry for a request in a direct message."""
    if requester.guild_id is None:
        raise Sorry("servers-only")
    return requester.guild_id


async def _find(conn: Transaction, guild_id: int | None, schedule_id: int) -> Schedule:
    found = await schedules.get(conn, schedule_id)
    if found is None or found.guild_id != guild_id:
        raise Sorry("no-such-post")
    return found


async def _plan(
    app: App, conn: Transaction, schedule: Schedule, now: datetime, zone: str
) -> Schedule:
    """Plans the time of a schedule's next post, if it is running; returns the schedule."""
    following = None
    if schedule.running:
        following = next_slot(schedule, ZoneInfo(zone), spread_of(app), now)
    await schedules.plan(conn, schedule.id, following)
    found = await schedules.get(conn, schedule.id)
    assert found is not None
    return found


async def _plan_local(
    app: App, conn: Transaction, schedule: Schedule, now: datetime
) -> LocalSchedule:
    """Plans the time of a schedule's next post, and returns the schedule with the time zone."""
    zone = zone_name(await guilds.get(conn, schedule.guild_id), app.settings.zone)
    planned = await _plan(app, conn, schedule, now, zone)
    return LocalSchedule(planned, zone, _delay(app, schedule.guild_id))


async def _add_digest(
    app: App, conn: Transaction, requester: Requester, guild_id: int, zone: str
) -> None:
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
    await _plan(app, conn, made, requester.now, zone)
