"""Texts of `/setup`: a server's scheduled posts and settings, for those who manage it."""

from datetime import datetime, time, timedelta

from bot.services.notes import from_text
from bot.services.posts.schedule import THREE_DAYS
from bot.services.posts.setup import LocalSchedule, ServerSetup
from bot.wording.catalogue import language_of_films
from bot.wording.commands import THEMES
from bot.wording.errors.said import said
from bot.wording.interaction import permissions
from bot.wording.people.languages import public_language_line
from bot.wording.people.zones import zone_now
from bot.wording.speech import _, clock_time, listed, ngettext, pgettext, translated, weekday
from storage.servers.schedules import EVERY_DAY, Schedule


def saved(description: str) -> str:
    """Returns the answer to a manager who changed something.

    description: what is set up now.
    """
    return "\n".join([_("Got it, that's saved."), description])


def server_lines(found: ServerSetup, now: datetime) -> str:
    """Returns a server's settings and its scheduled posts, one on each line.

    found: the settings and posts.
    now: the present time, aware.
    """
    state = _("on") if found.family_safe else _("off")
    settings = [
        _("Time zone: **{zone}**", zone=zone_now(found.zone, now)),
        public_language_line(found.language),
        _("Family-safe films only: **{state}**", state=state),
    ]
    rows = [f"{at}. {schedule_line(one)}" for at, one in enumerate(found.schedules, 1)]
    if rows:
        rows += _delay_lines(found.delay)
    else:
        none = _(
            "There are no posts yet. Choose a *channel* and a *time* in `/setup post`, and I'll "
            "post films there."
        )
        rows = [none]
    return "\n".join([*settings, *rows])


def who_may_use() -> str:
    """Returns where Discord lets managers choose who may use the bot's commands, and where."""
    return _(
        "You can choose who uses my commands, and in which channels, under *Server Settings*, "
        "*Integrations*, *Matinee*. There you can allow or block roles, members, and channels, "
        "for all commands or just for one like `/recommend`."
    )


def schedule_lines(found: LocalSchedule, now: datetime) -> str:
    """Returns a scheduled post in one line, and below it the time zone.

    found: the scheduled post.
    now: the present time, aware.
    """
    zone = _("Time zone: **{zone}**", zone=zone_now(found.zone, now))
    return "\n".join([schedule_line(found.schedule), zone, *_delay_lines(found.delay)])


def schedule_line(schedule: Schedule) -> str:
    """Returns what a scheduled post shows, where and when, and its state.

    The state is whether it is paused or stopped, or when the next post comes.
    """
    if schedule.theme == "staff":
        facts = [_("{member}'s favourites", member=f"<@{schedule.staff_id}>")]
    else:
        facts = [_theme(schedule)]
    if schedule.language:
        facts.append(_("films in {spoken}", spoken=language_of_films(schedule.language)))
    if schedule.channel_id:
        facts.append(_("in {channel}", channel=f"<#{schedule.channel_id}>"))
    facts.append(_times(schedule))
    if schedule.paused:
        facts.append(_("**paused**"))
    elif schedule.disabled_reason:
        reason = said(from_text(schedule.disabled_reason), markdown=True)
        facts.append(_("**stopped**: {reason}", reason=reason))
    elif schedule.next_at:
        timestamp = str(int(schedule.next_at.timestamp()))
        facts.append(_("next: <t:{timestamp}:F>", timestamp=timestamp))
    return " · ".join(facts)


def _delay_lines(delay: timedelta) -> list[str]:
    """Returns a line that says by how many minutes a server's posts come after their time.

    No line if that is less than a minute.
    """
    minutes = int(delay.total_seconds()) // 60
    if not minutes:
        return []
    return [
        ngettext(
            "Many servers choose the same time, so I post here {n} minute later.",
            "Many servers choose the same time, so I post here {n} minutes later.",
            minutes,
        )
    ]


def schedule_option(schedule: Schedule, at: int) -> str:
    """Returns a scheduled post as an option of a menu: its theme, its days and its time.

    at: its number in the list, from 1.
    """
    return f"{at}. {_theme(schedule)} · {_times(schedule)}"


def _theme(schedule: Schedule) -> str:
    if schedule.theme == "digest":
        return _("The weekly digest, sent to a manager directly")
    return translated(THEMES[schedule.theme], "choice")


def _times(schedule: Schedule) -> str:
    """Returns a schedule's days and local time: "on Monday and Friday at 7:00 PM"."""
    at = clock_time(time.fromisoformat(schedule.post_time))
    if schedule.days == EVERY_DAY:
        return _("every day at {time}", time=at)
    days = listed(weekday(int(digit)) for digit in schedule.days)
    return _("on {weekdays} at {time}", weekdays=days, time=at)


def removed(schedule: Schedule) -> str:
    """Returns the answer to a manager who removed a scheduled post."""
    return _(
        "I've removed this post: {post}. I won't send it any more.",
        post=f"{_theme(schedule)} · {_times(schedule)}",
    )


def replaced(schedule: Schedule) -> str:
    """Returns the line that says which post a changed post takes the place of.

    schedule: the post as it was before.
    """
    return _(
        "This post replaces the one you had here before: {post}.",
        post=f"{_theme(schedule)} · {_times(schedule)}",
    )


def digest_stopped() -> str:
    """Returns the answer to a manager who wants no more digests."""
    return _(
        "Done. I won't send you any more digests. To get them back, use `/setup server "
        "digest:True` in the server."
    )


def channel_hidden(channel_id: int) -> str:
    """Returns a warning that the bot does not see the channel of a scheduled post."""
    return _(
        "⚠️ I can't see {channel}. Turn on View Channel for me there, so I can post.",
        channel=f"<#{channel_id}>",
    )


def permissions_lacking(channel_id: int, names: list[str]) -> str:
    """Returns a warning that the bot lacks permissions in the channel of a scheduled post.

    names: discord.py's names of the permissions.
    """
    return _(
        "⚠️ In {channel}, I still need {permissions}. You can give me these permissions in "
        "the channel's settings.",
        channel=f"<#{channel_id}>",
        permissions=permissions(names),
    )


def schedule_menu() -> str:
    """Returns the text of the menu that opens a scheduled post."""
    return pgettext("menu", "Change a post")


def preview_button() -> str:
    """Returns the label of the button that shows what a post would contain now."""
    return pgettext("button", "Show a preview")


def pause_button(running: bool) -> str:
    """Returns the label of the button that pauses a scheduled post, or lets it go on."""
    return pgettext("button", "Pause") if running else pgettext("button", "Resume")


def fewer_button(days: int) -> str:
    """Returns the label of the button that makes a post come on fewer days.

    days: on how many days of the week it comes now.
    """
    if days > len(THREE_DAYS):
        return pgettext("button", "Three posts a week")
    return pgettext("button", "Fridays only")


def keep_both_button() -> str:
    """Returns the label of the button that brings back a post beside the one that replaced it."""
    return pgettext("button", "Keep both posts")


def undo_button() -> str:
    """Returns the label of the button that brings back a removed post."""
    return pgettext("button", "Undo")


def remove_button() -> str:
    """Returns the label of the button that removes a scheduled post."""
    return pgettext("button", "Remove")
