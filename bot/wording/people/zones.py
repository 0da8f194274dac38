"""Texts about time zones, and times as people type them."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from bot.services.zones import shown
from bot.wording.speech import N_, Sentence, _, clock_time, listed, pgettext


def several_zones(typed: str, zones: list[str]) -> str:
    """Returns the answer to a text that may mean several time zones.

    typed: the text.
    zones: these zones, each with the time there.
    """
    return _(
        "“{typed}” could mean {zones}. Which one is yours? Type its name, like *Europe/Paris*.",
        typed=typed,
        zones=listed(zones, joined_by="or"),
    )


def zone_near(typed: str, zones: list[str]) -> str:
    """Returns the answer to an unknown time zone whose name is like that of others.

    typed: the text.
    zones: the other zones, each with the time there.
    """
    return _(
        "I don't know the time zone “{typed}”. Did you mean {zones}? You can also type a "
        "country, its capital, or an offset like UTC+1.",
        typed=typed,
        zones=listed(zones, joined_by="or"),
    )


REFUSALS: dict[str, Sentence] = {
    "no-such-time": N_("I can't read the time “{typed}”. Try *19:00* or *7pm*."),
    "several-zones": several_zones,
    "unknown-zone": N_(
        "I don't know the time zone “{typed}”. Try a country, its capital, or an offset like UTC+1."
    ),
    "zone-near": zone_near,
    "zone-sign-reversed": N_(
        "“{typed}” could mean two things. Type UTC+{hours} if your clock is ahead of London's in "
        "winter, or UTC-{hours} if it's behind."
    ),
}
"""The sentence of each error, by the error's key."""


def zone_there(zone: str, hour: int, minute: int) -> str:
    """Returns a zone with the time there: "Europe/Paris (it's 8:14 PM there)".

    zone: its name, as people write it.
    hour, minute: the local time.
    """
    there = clock_time(time(hour, minute))
    return _("{zone} (it's {time} there)", zone=zone, time=there)


NOTES: dict[str, Sentence] = {"zone-there": zone_there}
"""The sentence of each note, by the note's key."""


def zone_now(zone: str, now: datetime) -> str:
    """Returns a zone with the time there: "Europe/Paris (it's 8:14 PM there)".

    zone: an IANA name.
    now: the present time, aware.
    """
    there = now.astimezone(ZoneInfo(zone))
    return zone_there(shown(zone), there.hour, there.minute)


def zone_choice(zone: str, now: datetime) -> str:
    """Returns a zone with the time there, for a list of zones.

    zone: an IANA name.
    now: the present time, aware.
    """
    there = clock_time(now.astimezone(ZoneInfo(zone)))
    return pgettext("choice", "{zone} · {time} there now", zone=shown(zone), time=there)
