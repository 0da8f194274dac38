"""Reads and checks what a manager types for a scheduled post."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, get_args

from bot.errors import Sorry
from bot.services.catalogue.library import Library
from bot.services.localtime import clock_time
from bot.services.zones import known_zone
from storage.servers.schedules import EVERY_DAY, Schedule, Theme

DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAYS_BY_WORD: Final = {
    "daily": EVERY_DAY,
    "everyday": EVERY_DAY,
    "weekdays": "01234",
    "weekends": "56",
}
MAX_TYPED_SHOWN = 40
"""The most characters that a sentence repeats of what was typed."""


@dataclass(frozen=True)
class Wish:
    """What a manager typed to set up or change a scheduled post. It is not checked yet.

    None means that the manager typed nothing: an existing post keeps its value, and a new post gets
    the default.

    Attributes:
        channel_id: the channel in which the post appears.
        post_time: the local time of day, such as "19:00" or "7pm".
        days: the weekdays in words, such as "weekends" or "mon, thu".
        theme: what the post shows. None means the member's favourites if `staff_id` is given, else
            "auto".
        staff_id: the member whose favourites the post shows.
        language: the name or code of a language; "any" for films in any language.
        zone: the time zone of the server: an IANA name, a city, a country or an offset.
    """

    channel_id: int | None = None
    post_time: str | None = None
    days: str | None = None
    theme: Theme | None = None
    staff_id: int | None = None
    language: str | None = None
    zone: str | None = None


@dataclass(frozen=True)
class ParsedWish:
    """What a manager typed to set up or change a scheduled post, after it was read and checked.

    None means that the manager typed nothing for the field.

    Attributes:
        post_time: "HH:MM", local.
        days: weekdays as digits in order, 0 is Monday.
        theme: what the post shows.
        language: a language code of the catalogue; None also if the manager typed that any language
            is fine.
        zone: an IANA name.
    """

    post_time: str | None
    days: str | None
    theme: Theme
    language: str | None
    zone: str | None


def parse_wish(wish: Wish, library: Library, now: datetime) -> ParsedWish:
    """Returns what a manager typed in the form in which it is stored.

    Raises Sorry for text that cannot be understood.
    """
    post_time = None if wish.post_time is None else f"{clock_time(wish.post_time):%H:%M}"
    days = None if wish.days is None else parse_days(wish.days)
    zone = None if wish.zone is None else known_zone(wish.zone, now)
    language = None if wish.language is None else library.language(wish.language)
    theme: Theme = wish.theme or ("staff" if wish.staff_id else "auto")
    return ParsedWish(post_time, days, theme, language, zone)


def parse_theme(name: str | None) -> Theme | None:
    """Returns the theme of that name; None for any other text."""
    return next((theme for theme in get_args(Theme) if theme == name), None)


def parse_days(typed: str) -> str:
    """Returns weekdays as digits in order, 0 is Monday.

    Reads words such as "daily", "weekends", "mon, thu" and "Mon-Fri". Raises Sorry if `typed` names
    no days.
    """
    text = re.sub(r"\s*[-–]\s*", "-", typed.strip().lower())
    if (together := text.replace(" ", "")) in DAYS_BY_WORD:
        return DAYS_BY_WORD[together]
    found: set[int] = set()
    for part in re.split(r"[,;/&]|\band\b|\s+(?=[a-z])", text):
        names = [name for name in part.strip().split("-") if name]
        if not names:
            continue
        if part.strip() in DAYS_BY_WORD:
            found |= {int(digit) for digit in DAYS_BY_WORD[part.strip()]}
            continue
        ends = [_weekday(name, typed) for name in names]
        if len(ends) == 1:
            found.add(ends[0])
        else:
            first, last = ends[0], ends[-1]
            found |= {(first + step) % 7 for step in range((last - first) % 7 + 1)}
    if not found:
        raise Sorry("no-days-typed")
    return "".join(str(day) for day in sorted(found))


def _weekday(name: str, typed: str) -> int:
    """Returns the number of the weekday `name`, 0 is Monday.

    Raises Sorry, quoting `typed`, if it is no weekday.
    """
    if len(name) >= 2:
        for number, day in enumerate(DAYS):
            if day.startswith(name.rstrip(".s") if len(name) > 4 else name.rstrip(".")):
                return number
    raise Sorry("no-such-days", typed=typed.strip()[:MAX_TYPED_SHOWN])


def settings_of(schedule: Schedule) -> tuple[object, ...]:
    """Returns what a manager chose for a scheduled post, except whether it is paused."""
    return (
        schedule.channel_id,
        schedule.theme,
        schedule.post_time,
        schedule.days,
        schedule.staff_id,
        schedule.language,
    )


def same_post(
    wish: Wish, parsed: ParsedWish, others: Sequence[Schedule], *, exactly: bool
) -> Schedule | None:
    """Returns the server's scheduled post that a manager means; None if they mean a new one.

    If several posts have the theme and the channel, it is one that comes at the same time.

    wish: what the manager typed.
    parsed: the same, read and checked.
    others: all schedules of the server.
    exactly: True if only a post with the same settings is meant.
    """
    wanted = (
        wish.channel_id,
        parsed.theme,
        parsed.post_time,
        parsed.days,
        wish.staff_id,
        parsed.language,
    )
    same = [
        other
        for other in others
        if other.theme == parsed.theme
        and wish.channel_id in (None, other.channel_id)
        and (not exactly or settings_of(other) == wanted)
    ]
    same.sort(key=lambda other: other.post_time != parsed.post_time)
    return same[0] if same else None
