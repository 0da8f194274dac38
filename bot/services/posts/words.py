"""A server's schedules in words, for the messages that manage them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.services.catalogue.words import language_name
from bot.services.posts.slots import zone_name
from bot.services.zones import in_words, shown
from storage.servers import guilds
from storage.servers.guilds import GuildSettings
from storage.servers.schedules import EVERY_DAY, Schedule, Theme

DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
THEMES: Final[dict[Theme, str]] = {
    "auto": "a shelf for the hour",
    "trending": "what is rated here just now",
    "staff": "a member's favourites",
    "wild": "a wild card from the long tail",
}


@dataclass(frozen=True)
class ScheduleInWords:
    """A schedule, and its text.

    Attributes:
        schedule: the schedule.
        text: the text of the message that manages it.
    """

    schedule: Schedule
    text: str


def describe_server(
    guild: GuildSettings | None, schedules: Sequence[Schedule], default_zone: str, now: datetime
) -> str:
    """Returns a server's settings and its schedules, one on each line.

    guild: None if the server has no settings yet.
    default_zone: IANA name of the zone if the server has set none.
    now: the present time, which is shown in the server's zone.
    """
    zone = zone_name(guild, default_zone)
    if not schedules:
        return (
            "Nothing is set up yet. `/setup post` chooses a *channel* and a *time*, and I post a "
            f"film there. The time zone is {in_words(zone, now)} until you choose one."
        )
    safe = "on" if guilds.is_family_safe(guild) else "off"
    rows = [f"{number}. {describe(one, zone)}" for number, one in enumerate(schedules, 1)]
    return "\n".join([f"Time zone: **{in_words(zone, now)}** · family-safe: **{safe}**", *rows])


def describe(schedule: Schedule, zone: str) -> str:
    """Returns a schedule in one line: what it posts, where, when, and its state.

    The state is whether it is paused or stopped, or when the next post comes.
    """
    where = f" in <#{schedule.channel_id}>" if schedule.channel_id else ""
    if schedule.theme == "digest":
        what = "The weekly digest for managers, as a direct message"
    elif schedule.theme == "staff":
        what = f"The favourites of <@{schedule.staff_id}>"
    else:
        what = THEMES[schedule.theme][:1].upper() + THEMES[schedule.theme][1:]
    language = f", films in {language_name(schedule.language)}" if schedule.language else ""
    state = ""
    if schedule.paused:
        state = " · **paused**"
    elif schedule.disabled_reason:
        state = f" · **stopped**: {schedule.disabled_reason}"
    elif schedule.next_at:
        state = f" · next <t:{int(schedule.next_at.timestamp())}:F>"
    return f"{what}{language}{where}, {describe_times(schedule)} ({shown(zone)}){state}"


def describe_alone(schedule: Schedule, zone: str, now: datetime) -> str:
    """Returns a schedule in one line, and below it the present time in its zone."""
    return f"{describe(schedule, zone)}\nTime zone: {in_words(zone, now)}."


def describe_briefly(schedule: Schedule) -> str:
    """Returns a schedule's theme and times, without its channel or member."""
    what = THEMES.get(schedule.theme, "the weekly digest")
    return f"{what[:1].upper()}{what[1:]}, {describe_times(schedule)}"


def describe_times(schedule: Schedule) -> str:
    """Returns a schedule's days and local time: "each day at 19:00", "on Monday at 10:00"."""
    if schedule.days == EVERY_DAY:
        return f"each day at {schedule.post_time}"
    names = [DAYS[int(digit)] for digit in schedule.days]
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f"on {listed} at {schedule.post_time}"
