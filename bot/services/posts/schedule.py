"""A server's scheduled posts as managers set them up and change them, and both in words."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final, get_args
from zoneinfo import ZoneInfo

from bot.errors import Sorry
from bot.services.localtime import clock_time, known_zone, slot
from bot.services.view_models import Requester
from storage.people import profiles
from storage.servers import guilds, schedules
from storage.servers.schedules import EVERY_DAY, Schedule, Theme

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.services.app import App

MOST = 10  # schedules of one server
USUAL_TIME = "19:00"
DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
FEWER: Final = ("146", "4")  # Tuesday, Friday and Sunday; then Friday only
DIGEST_AT: Final = ("10:00", "0")  # Monday morning
THEMES: Final[dict[Theme, str]] = {
    "auto": "a shelf for the hour",
    "trending": "what is rated here just now",
    "staff": "a member's favourites",
    "wild": "a wild card from the long tail",
}
_WORDS: Final = {"daily": EVERY_DAY, "every day": EVERY_DAY, "weekdays": "01234", "weekends": "56"}


@dataclass(frozen=True)
class Wish:
    """What a manager typed for a post; None leaves a thing as it is, or at its usual value."""

    channel_id: int | None = None
    post_time: str | None = None
    days: str | None = None
    theme: Theme | None = None
    staff_id: int | None = None
    language: str | None = None
    zone: str | None = None


@dataclass(frozen=True)
class ScheduleInWords:
    """A schedule in words, for the message that manages it."""

    schedule: Schedule
    text: str


async def save(app: "App", requester: Requester, wish: Wish) -> ScheduleInWords:
    """Add a post, or change the one of that channel and theme; all or nothing."""
    if requester.guild_id is None:
        raise Sorry("`/setup` works in a server.")
    at = None if wish.post_time is None else f"{clock_time(wish.post_time):%H:%M}"
    days = None if wish.days is None else parse_days(wish.days)
    zone = None if wish.zone is None else known_zone(wish.zone)
    language = None if wish.language is None else _language(app, wish.language)
    if wish.theme is not None and wish.theme not in get_args(Theme):
        raise Sorry(f"There is no theme “{wish.theme}”.")
    theme: Theme = wish.theme or ("staff" if wish.staff_id else "auto")
    async with app.db.write() as conn:
        guild = await guilds.setup(conn, requester.guild_id, now=requester.now, zone=zone)
        known = await schedules.of_guild(conn, requester.guild_id)
        mine = [
            one for one in known if one.theme == theme and wish.channel_id in (None, one.channel_id)
        ]
        channel = wish.channel_id or (mine[0].channel_id if mine else None)
        if channel is None:
            raise Sorry("Choose the *channel* that the post should come to.")
        if theme == "staff":
            staff = wish.staff_id or (mine[0].staff_id if mine else None)
            if staff is None:
                raise Sorry("Whose favourites? Choose a *member*.")
            if not await _consents(conn, staff, requester.guild_id):
                raise Sorry(
                    f"<@{staff}> has not agreed to show their taste here. They can, with "
                    "`/settings`."
                )
        else:
            staff = None
        if mine:
            schedule = await schedules.change(
                conn,
                mine[0].id,
                requester.now,
                post_time=at or mine[0].post_time,
                days=days or mine[0].days,
                staff_id=staff,
                language=language if wish.language is not None else mine[0].language,
                manager_id=requester.person_id,
                paused=False,
                disabled_reason=None,
            )
        else:
            if await schedules.count(conn, requester.guild_id) >= MOST:
                raise Sorry(f"A server has {MOST} posts at most; remove one first.")
            schedule = await schedules.create(
                conn,
                requester.guild_id,
                theme=theme,
                post_time=at or USUAL_TIME,
                now=requester.now,
                next_at=None,
                days=days or EVERY_DAY,
                channel_id=channel,
                staff_id=staff,
                language=language,
                manager_id=requester.person_id,
            )
        if not any(one.theme == "digest" for one in known):
            await _add_digest(
                conn, requester, app.settings.zone if guild.zone is None else guild.zone
            )
        zone_name = guild.zone or app.settings.zone
        schedule = await _replanned(conn, schedule, requester.now, zone_name)
        if zone is not None:
            for other in known:
                if other.id != schedule.id:
                    await _replanned(conn, other, requester.now, zone_name)
    return ScheduleInWords(schedule, f"Saved.\n{words(schedule, zone_name)}")


async def of_server(app: "App", guild_id: int) -> tuple[tuple[Schedule, ...], str]:
    """A server's schedules, and all of them in words."""
    async with app.db.read() as conn:
        guild = await guilds.get(conn, guild_id)
        found = await schedules.of_guild(conn, guild_id)
    zone = (guild.zone if guild else None) or app.settings.zone
    if not found:
        return (), (
            "Nothing is set up yet. `/setup post` chooses a *channel* and a *time*, and I post a "
            f"film there. The time zone is {zone} until you choose one."
        )
    safe = "on" if guild and guild.family_safe else "off"
    rows = [f"{number}. {words(one, zone)}" for number, one in enumerate(found, 1)]
    return found, "\n".join([f"Time zone: **{zone}** · family-safe: **{safe}**", *rows])


async def of_button(app: "App", guild_id: int | None, schedule_id: int) -> Schedule:
    """The schedule that a button names, if it is this server's. Raises Sorry."""
    async with app.db.read() as conn:
        found = await schedules.get(conn, schedule_id)
    if found is None or found.guild_id != guild_id:
        raise Sorry("That post is no longer set up. `/setup show` lists what is.")
    return found


async def opened(app: "App", guild_id: int | None, schedule_id: int) -> ScheduleInWords:
    """One of a server's schedules, in words."""
    found = await of_button(app, guild_id, schedule_id)
    async with app.db.read() as conn:
        guild = await guilds.get(conn, found.guild_id)
    return ScheduleInWords(
        found, words(found, (guild.zone if guild else None) or app.settings.zone)
    )


async def digest_off(app: "App", person_id: int, schedule_id: int, now: datetime) -> str:
    """No more digests, for the manager who gets them."""
    async with app.db.write() as conn:
        found = await schedules.get(conn, schedule_id)
        if found is None or found.theme != "digest" or found.manager_id != person_id:
            raise Sorry("That digest is no longer set up.")
        await schedules.change(conn, found.id, now, paused=True, next_at=None)
    return "No more digests. `/setup server digest:True` in the server brings them back."


async def pause(
    app: "App", requester: Requester, schedule_id: int, paused: bool
) -> ScheduleInWords:
    """Pause a post, or let it go on (also one that stopped by itself)."""
    return await _changed(app, requester, schedule_id, paused=paused, disabled_reason=None)


async def fewer(app: "App", requester: Requester, schedule_id: int) -> ScheduleInWords:
    """From daily to three days, from three to one."""
    schedule = await of_button(app, requester.guild_id, schedule_id)
    if len(schedule.days) == 1:
        raise Sorry("It comes once a week already. Pause or remove it to have it less often.")
    days = FEWER[0] if len(schedule.days) > 3 else FEWER[1]
    return await _changed(app, requester, schedule_id, days=days)


async def remove(app: "App", requester: Requester, schedule_id: int) -> str:
    """Forget a post."""
    schedule = await of_button(app, requester.guild_id, schedule_id)
    async with app.db.write() as conn:
        await schedules.remove(conn, schedule.id)
    return f"Removed: {THEMES.get(schedule.theme, 'the weekly digest')}, {_when(schedule)}."


async def _changed(
    app: "App", requester: Requester, schedule_id: int, **given: object
) -> ScheduleInWords:
    schedule = await of_button(app, requester.guild_id, schedule_id)
    async with app.db.write() as conn:
        changed = await schedules.change(conn, schedule.id, requester.now, **given)
        guild = await guilds.get(conn, schedule.guild_id)
        zone = (guild.zone if guild else None) or app.settings.zone
        changed = await _replanned(conn, changed, requester.now, zone)
    return ScheduleInWords(changed, words(changed, zone))


async def set_server(
    app: "App",
    requester: Requester,
    *,
    zone: str | None,
    family_safe: bool | None,
    digest: bool | None,
) -> str:
    """A server's own settings; what stands now, in words."""
    if requester.guild_id is None:
        raise Sorry("`/setup` works in a server.")
    name = None if zone is None else known_zone(zone)
    async with app.db.write() as conn:
        guild = await guilds.setup(
            conn, requester.guild_id, now=requester.now, zone=name, family_safe=family_safe
        )
        zone_name = guild.zone or app.settings.zone
        known = await schedules.of_guild(conn, requester.guild_id)
        for one in known:
            changed = one
            if one.theme == "digest" and digest is not None:
                changed = await schedules.change(
                    conn,
                    one.id,
                    requester.now,
                    paused=not digest,
                    disabled_reason=None,
                    manager_id=requester.person_id,
                )
            await _replanned(conn, changed, requester.now, zone_name)
        if digest and not any(one.theme == "digest" for one in known):
            await _add_digest(conn, requester, zone_name)
    _, text = await of_server(app, requester.guild_id)
    return f"Saved.\n{text}"


async def replan(app: "App") -> int:
    """Work the next slot of every running schedule out anew: at the start, and when the clock was
    put back; how many changed."""
    now = app.clock()
    changed = 0
    async with app.db.write() as conn:
        zones: dict[int, str] = {}
        for one in await schedules.active(conn):
            if one.guild_id not in zones:
                guild = await guilds.get(conn, one.guild_id)
                zones[one.guild_id] = (guild.zone if guild else None) or app.settings.zone
            after = next_slot(one, ZoneInfo(zones[one.guild_id]), now)
            # A slot that has come is for claiming, or for noting that it was missed.
            if one.next_at is None or one.next_at > after:
                await schedules.plan(conn, one.id, after)
                changed += 1
    return changed


async def _replanned(
    conn: "AsyncConnection", schedule: Schedule, now: datetime, zone: str
) -> Schedule:
    following = next_slot(schedule, ZoneInfo(zone), now) if schedule.running else None
    await schedules.plan(conn, schedule.id, following)
    found = await schedules.get(conn, schedule.id)
    assert found is not None
    return found


async def _add_digest(conn: "AsyncConnection", requester: Requester, zone: str) -> None:
    assert requester.guild_id is not None
    made = await schedules.create(
        conn,
        requester.guild_id,
        theme="digest",
        post_time=DIGEST_AT[0],
        days=DIGEST_AT[1],
        now=requester.now,
        next_at=None,
        manager_id=requester.person_id,
    )
    await _replanned(conn, made, requester.now, zone)


async def _consents(conn: "AsyncConnection", person_id: int, guild_id: int) -> bool:
    return person_id in await profiles.showing_taste(conn, guild_id)


# Slots and words ---------------------------------------------------------------------------------


def slots(
    schedule: Schedule, zone: ZoneInfo, since: date, until: date
) -> list[tuple[date, datetime]]:
    """Every slot of the local days since … until: (local date, instant), in order."""
    at = time.fromisoformat(schedule.post_time)
    span = (until - since).days + 1
    days = [since + timedelta(days=number) for number in range(span)]
    return [(day, slot(day, at, zone)) for day in days if str(day.weekday()) in schedule.days]


def next_slot(schedule: Schedule, zone: ZoneInfo, after: datetime) -> datetime:
    """The first slot later than `after`."""
    today = after.astimezone(zone).date()
    found = slots(schedule, zone, today - timedelta(days=1), today + timedelta(days=8))
    return next(instant for _, instant in found if instant > after)


def parse_days(typed: str) -> str:
    """Weekdays as digits from what people type: "daily", "weekends", "mon, thu", "Mon-Fri"."""
    text = re.sub(r"\s*[-–]\s*", "-", typed.strip().lower())
    if text in _WORDS:
        return _WORDS[text]
    found: set[int] = set()
    for part in re.split(r"[,;/&]|\band\b|\s+(?=[a-z])", text):
        names = [name for name in part.strip().split("-") if name]
        if not names:
            continue
        if part.strip() in _WORDS:
            found |= {int(digit) for digit in _WORDS[part.strip()]}
            continue
        ends = [_day(name, typed) for name in names]
        if len(ends) == 1:
            found.add(ends[0])
        else:
            first, last = ends[0], ends[-1]
            found |= {(first + step) % 7 for step in range((last - first) % 7 + 1)}
    if not found:
        raise Sorry("Which days? Write for instance: daily, weekends, or mon, thu.")
    return "".join(str(day) for day in sorted(found))


def _day(name: str, typed: str) -> int:
    if len(name) >= 2:
        for number, day in enumerate(DAYS):
            if day.lower().startswith(name.rstrip(".s") if len(name) > 4 else name.rstrip(".")):
                return number
    raise Sorry(f"“{typed[:40]}” holds no days I know. Write: daily, weekends, or mon, thu.")


def _language(app: "App", typed: str) -> str | None:
    """A language code of the catalogue; "any" for none."""
    wanted = typed.strip().lower()
    if wanted in ("", "any", "all"):
        return None
    films = app.live.served.library.films.values()
    known = {language for film in films for language in film.languages}
    if wanted in known:
        return wanted
    some = ", ".join(sorted(known)[:20])
    raise Sorry(f"I have no films in “{typed[:20]}”. Write a code such as fr; I know {some} …")


def words(schedule: Schedule, zone: str) -> str:
    """A schedule in one line."""
    where = f" in <#{schedule.channel_id}>" if schedule.channel_id else ""
    if schedule.theme == "digest":
        what = "The weekly digest for managers, as a direct message"
    elif schedule.theme == "staff":
        what = f"The favourites of <@{schedule.staff_id}>"
    else:
        what = THEMES[schedule.theme][:1].upper() + THEMES[schedule.theme][1:]
    tongue = f", films in {schedule.language}" if schedule.language else ""
    state = ""
    if schedule.paused:
        state = " · **paused**"
    elif schedule.disabled_reason:
        state = f" · **stopped**: {schedule.disabled_reason}"
    elif schedule.next_at:
        state = f" · next <t:{int(schedule.next_at.timestamp())}:F>"
    return f"{what}{tongue}{where}, {_when(schedule)} ({zone}){state}"


def short(schedule: Schedule) -> str:
    """A schedule in a few words, without mentions."""
    what = THEMES.get(schedule.theme, "the weekly digest")
    return f"{what[:1].upper()}{what[1:]}, {_when(schedule)}"


def _when(schedule: Schedule) -> str:
    if schedule.days == EVERY_DAY:
        return f"each day at {schedule.post_time}"
    names = [DAYS[int(digit)] for digit in schedule.days]
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f"on {listed} at {schedule.post_time}"
