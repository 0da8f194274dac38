"""Sizes of files and moments in UTC, as texts for the operator."""

from datetime import datetime, timedelta

from bot.wording.speech import _, ago, clock_time, full_date, listed, ngettext, number

KIB, GIB = 1 << 10, 1 << 30


def size(count: int) -> str:
    """Returns a number of bytes, such as "3.4 MiB" or "12.0 GiB"."""
    if count < GIB:
        return _("{count} MiB", count=number(count / KIB**2, 1))
    return _("{count} GiB", count=number(count / GIB, 1))


def moment(at: datetime) -> str:
    """Returns a time in UTC, such as "March 13, 2026, 8:30 PM UTC"."""
    return _("{day}, {time} UTC", day=full_date(at), time=clock_time(at))


def before_now(age: timedelta) -> str:
    """Returns how long ago something was; a negative age is that of a time to come."""
    return ago(age) if age >= timedelta(0) else _("at a time in the future")


def since(timestamp: int) -> str:
    """Returns a time in Discord's markdown, which each reader sees as "5 hours ago".

    timestamp: Unix seconds.
    """
    return f"<t:{timestamp}:R>"


def exact_percent(share: float) -> str:
    """Returns a share in percent with one digit after the point: 0.3123 as "31.2%"."""
    return _("{count}%", count=number(100 * share, 1))


def span(length: timedelta) -> str:
    """Returns a length of time in its two largest units, such as "3 days and 4 hours"."""
    minutes = int(length.total_seconds() // 60)
    found = [
        ngettext("{n} day", "{n} days", minutes // 1440) if minutes >= 1440 else "",
        ngettext("{n} hour", "{n} hours", minutes // 60 % 24) if minutes // 60 % 24 else "",
        ngettext("{n} minute", "{n} minutes", minutes % 60) if minutes % 60 else "",
    ]
    return listed([each for each in found if each][:2]) or _("less than a minute")
