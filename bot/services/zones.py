"""Time zones as people write them: cities, countries, abbreviations and offsets such as GMT+1.

An offset means what people mean by it: GMT+1 is one hour ahead of UTC. In the IANA names that begin
with Etc/ the sign is reversed, so these names are neither shown nor accepted. If a text may mean
several zones, the person is asked which one. A zone is shown with the present time there.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from rapidfuzz import fuzz, process

from bot.errors import Sorry
from bot.services.notes import Note, note
from bot.services.zone_tables import (
    ABBREVIATIONS,
    city,
    country_names,
    folded_text,
    places,
    plain_zones,
    zones,
    zones_of,
)

MAX_NAMED = 8
"""The most zones that a sentence names."""

MAX_TYPED_SHOWN = 60
"""The most characters that a sentence repeats of what was typed."""

_OFFSET = re.compile(
    r"(?:utc|gmt|z)?\s*(?P<sign>[+\-−–])\s*(?P<hours>\d{1,2})"
    r"(?:(?::?(?P<minutes>\d{2}))|(?P<part>[.,]\d{1,2}))?",
    re.IGNORECASE,
)
_ETC = re.compile(r"Etc/(?:GMT|UTC|UCT)(?P<sign>[+-])(?P<hours>\d{1,2})", re.IGNORECASE)


def known_zone(typed: str, now: datetime) -> str:
    """Returns the IANA name of the time zone that a person typed.

    Raises Sorry if the text is not a known zone, or if it may mean several zones with different
    times. The error names the nearest zones, with the time there.
    """
    text = typed.strip()
    if (turned := _ETC.fullmatch(text)) is not None:
        raise Sorry("zone-sign-reversed", typed=text, hours=turned["hours"])
    found = _differing(_meant(typed, now), now)
    if len(found) == 1:
        return found[0]
    short = text[:MAX_TYPED_SHOWN]
    if found:
        raise Sorry("several-zones", typed=short, zones=_there(found[:MAX_NAMED], now))
    near = [zone for zone, _ in _nearest(typed, now)]
    if near:
        raise Sorry("zone-near", typed=short, zones=_there(near, now))
    raise Sorry("unknown-zone", typed=short)


def _there(found: Iterable[str], now: datetime) -> list[Note]:
    """Returns each zone with the local time there, for a sentence."""
    times = ((zone, now.astimezone(ZoneInfo(zone))) for zone in found)
    return [note("zone-there", zone=shown(zone), hour=t.hour, minute=t.minute) for zone, t in times]


def shown(zone: str) -> str:
    """Returns a zone's name as people write it: "Europe/Paris", or "UTC+1" for an offset."""
    turned = _ETC.fullmatch(zone)
    if turned is None:
        return zone
    return f"UTC{'-' if turned['sign'] == '+' else '+'}{turned['hours']}"


def choices(typed: str, now: datetime, limit: int = 25) -> list[str]:
    """Returns the IANA names of at most `limit` zones for what was typed so far.

    The meanings of the whole text come first, then cities that begin with it, then countries, then
    names that contain it.
    """
    wanted = folded_text(typed)
    cities = [zone for zone, _ in places()]
    found = [*_meant(typed, now)] if wanted else []
    found += [zone for zone in cities if city(zone).startswith(wanted)]
    if wanted:
        countries = [code for name, code in country_names() if name.startswith(wanted)]
        found += [zone for code in countries for zone in zones_of(code)]
        found += [zone for zone in cities if wanted in folded_text(zone)]
    return list(dict.fromkeys(found))[:limit]


def _meant(typed: str, now: datetime) -> tuple[str, ...]:
    """Returns the zones that the whole typed text may mean; () if it means none."""
    text = folded_text(typed)
    if text in ABBREVIATIONS:
        return ABBREVIATIONS[text]
    if text.removeprefix("etc/") in ("utc", "gmt", "z", "zulu"):
        return ("UTC",)
    if (offset := _OFFSET.fullmatch(text)) is not None:
        return _with_offset(offset, now)
    named = [zone for zone in plain_zones() if folded_text(zone) == text]
    if named:
        return (named[0],)
    # A part before a comma is enough: "Paris, France". So is a city of a region: "America/Nuuk".
    for part in dict.fromkeys((text, text.split(",")[0].strip(), text.removesuffix(" time"))):
        if part in ABBREVIATIONS:
            return ABBREVIATIONS[part]
        cities = [zone for zone, _ in places() if city(zone) == part]
        cities = cities or [zone for zone in plain_zones() if city(zone) == part]
        if cities:
            return tuple(cities)
        codes = dict.fromkeys(code for name, code in country_names() if name == part)
        if codes:
            return tuple(zone for code in codes for zone in zones_of(code))
    return ()


def _with_offset(offset: "re.Match[str]", now: datetime) -> tuple[str, ...]:
    """Returns the zone with an offset from UTC all year, for a text that `_OFFSET` matched.

    If the offset is not in whole hours, the result is a place with this offset whose clocks never
    change. If there is no such place, the result is all places that have this offset now.
    """
    minutes = int(offset["minutes"] or 0) + round(60 * float(f"0.{(offset['part'] or '0')[1:]}0"))
    total = (60 * int(offset["hours"]) + minutes) * (1 if offset["sign"] == "+" else -1)
    if total == 0:
        return ("UTC",)
    turned = f"Etc/GMT{'-' if total > 0 else '+'}{abs(total) // 60}"
    if total % 60 == 0:
        return (turned,) if turned in zones() else ()
    wanted = timedelta(minutes=total)
    here = [zone for zone, _ in places() if now.astimezone(ZoneInfo(zone)).utcoffset() == wanted]
    fixed = [zone for zone in here if set(_year(zone, now)) == {wanted}]
    return tuple(fixed[:1] or here)


def _differing(found: Iterable[str], now: datetime) -> list[str]:
    """Returns the zones in `found`, without those that duplicate an earlier one.

    A zone is a duplicate if its clocks show the same time as the other's all year.
    """
    kept: dict[tuple[timedelta | None, ...], str] = {}
    for zone in found:
        kept.setdefault(_year(zone, now), zone)
    return list(kept.values())


def _year(zone: str, now: datetime) -> tuple[timedelta | None, ...]:
    """Returns a zone's offsets from UTC in each half month of the year from `now` on."""
    place = ZoneInfo(zone)
    instants = (now.astimezone(UTC) + timedelta(days=15 * step) for step in range(25))
    return tuple(instant.astimezone(place).utcoffset() for instant in instants)


def _nearest(typed: str, now: datetime) -> list[tuple[str, float]]:
    """Returns at most three (zone, likeness) whose city, country or name is nearest to the text."""
    names: dict[str, str] = {}
    for zone, _ in places():
        names.setdefault(city(zone), zone)
    for name, code in country_names():
        if len(name) > 2:
            names.setdefault(name, next(iter(zones_of(code)), "UTC"))
    wanted = folded_text(typed).rsplit("/", 1)[-1]
    near = process.extract(wanted, list(names), scorer=fuzz.ratio, limit=3, score_cutoff=65)
    return list({names[name]: score for name, score, _ in near}.items())
