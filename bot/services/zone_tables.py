"""The tables behind `zones.py`: zones, places, countries and abbreviations.

Cities and countries come from the tables `zone.tab` and `iso3166.tab` of the time zone database.
"""

from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final
from unicodedata import combining, normalize
from zoneinfo import TZPATH, available_timezones

ABBREVIATIONS: Final[dict[str, tuple[str, ...]]] = {
    "acst": ("Australia/Adelaide", "Australia/Darwin"),
    "aedt": ("Australia/Sydney",),
    "aest": ("Australia/Sydney", "Australia/Brisbane"),
    "akst": ("America/Anchorage",),
    "ast": ("America/Halifax", "Asia/Riyadh"),
    "awst": ("Australia/Perth",),
    "brt": ("America/Sao_Paulo",),
    "bst": ("Europe/London", "Asia/Dhaka"),
    "cat": ("Africa/Maputo",),
    "central": ("America/Chicago",),
    "cest": ("Europe/Brussels",),
    "cet": ("Europe/Brussels",),
    "cdt": ("America/Chicago",),
    "cst": ("America/Chicago", "Asia/Shanghai", "America/Havana"),
    "eastern": ("America/New_York",),
    "eat": ("Africa/Nairobi",),
    "edt": ("America/New_York",),
    "eest": ("Europe/Athens",),
    "eet": ("Europe/Athens",),
    "est": ("America/New_York",),
    "et": ("America/New_York",),
    "gst": ("Asia/Dubai",),
    "hkt": ("Asia/Hong_Kong",),
    "hst": ("Pacific/Honolulu",),
    "ict": ("Asia/Bangkok",),
    "ist": ("Asia/Kolkata", "Asia/Jerusalem", "Europe/Dublin"),
    "jst": ("Asia/Tokyo",),
    "kst": ("Asia/Seoul",),
    "mdt": ("America/Denver",),
    "mesz": ("Europe/Berlin",),
    "mez": ("Europe/Berlin",),
    "mountain": ("America/Denver",),
    "msk": ("Europe/Moscow",),
    "mst": ("America/Denver", "America/Phoenix"),
    "npt": ("Asia/Kathmandu",),
    "nzdt": ("Pacific/Auckland",),
    "nzst": ("Pacific/Auckland",),
    "pacific": ("America/Los_Angeles",),
    "pdt": ("America/Los_Angeles",),
    "pht": ("Asia/Manila",),
    "pkt": ("Asia/Karachi",),
    "pst": ("America/Los_Angeles",),
    "pt": ("America/Los_Angeles",),
    "sast": ("Africa/Johannesburg",),
    "sgt": ("Asia/Singapore",),
    "trt": ("Europe/Istanbul",),
    "wat": ("Africa/Lagos",),
    "west": ("Europe/Lisbon",),
    "wet": ("Europe/Lisbon",),
    "wib": ("Asia/Jakarta",),
}
"""The zones that people mean by each abbreviation. The time zone database has only some
abbreviations, with other meanings: its EST never changes to summer time.
"""

COUNTRIES: Final[dict[str, str]] = {
    "america": "US",
    "czechia": "CZ",
    "england": "GB",
    "great_britain": "GB",
    "holland": "NL",
    "scotland": "GB",
    "turkiye": "TR",
    "uae": "AE",
    "uk": "GB",
    "usa": "US",
    "wales": "GB",
}
"""The ISO code for each name of a country that `iso3166.tab` does not have."""


@cache
def zones() -> frozenset[str]:
    """Returns the IANA names of all time zones. Cached, because it reads hundreds of files."""
    return frozenset(available_timezones())


@cache
def plain_zones() -> tuple[str, ...]:
    """Returns the IANA names that a person may type. Current names come before former ones."""
    current = [zone for zone, _ in places()]
    others = sorted(zones() - set(current))
    left_out = ("Etc/", "posix/", "right/", "GMT", "UCT", "SystemV/")
    return (*current, *(zone for zone in others if not zone.startswith(left_out)))


@cache
def places() -> tuple[tuple[str, str], ...]:
    """Returns (zone, ISO code of the country) of every place in the table `zone.tab`.

    Without the table, returns the names of regions and cities with empty codes.
    """
    rows = [line.split("\t") for line in _table("zone.tab")]
    found = [(row[2], row[0]) for row in rows if len(row) > 2 and row[2] in zones()]
    if not found:
        left_out = ("Etc/", "posix/", "right/", "SystemV/")
        found = [(z, "") for z in sorted(zones()) if "/" in z and not z.startswith(left_out)]
    return tuple(found)


@cache
def country_names() -> tuple[tuple[str, str], ...]:
    """Returns pairs (name, ISO code) of every country, with the name in the form that `folded_text`
    returns. A country has a pair for each of its names. The code itself counts as a name. "Korea
    (South)" is also known as "South Korea" and "Korea".
    """
    found: list[tuple[str, str]] = []
    for code, name in (line.split("\t")[:2] for line in _table("iso3166.tab")):
        folded = folded_text(name)
        outer, _, inner = folded.removesuffix(")").partition(" (")
        names = (folded, outer, f"{inner} {outer}") if inner else (folded,)
        found += [(one, code) for one in (*names, code.lower())]
    return (*found, *((folded_text(name), code) for name, code in COUNTRIES.items()))


def zones_of(code: str) -> tuple[str, ...]:
    """Returns the zones of a country by its ISO code."""
    return tuple(zone for zone, country in places() if country == code)


def _table(name: str) -> list[str]:
    """Returns the lines of a table of the time zone database; [] if it is not installed.

    name: the table's file name, such as "zone.tab".
    """
    for folder in map(Path, TZPATH):
        if (folder / name).is_file():
            text = (folder / name).read_text(encoding="utf-8")
            break
    else:
        table = resources.files("tzdata") / "zoneinfo" / name
        text = table.read_text(encoding="utf-8") if table.is_file() else ""
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def city(zone: str) -> str:
    """Returns the last part of a zone's name, usually a city, in the form that `folded_text`
    returns.
    """
    return folded_text(zone.rsplit("/", 1)[-1])


def folded_text(text: str) -> str:
    """Returns a text in lower case, without accents, and with spaces in place of underscores."""
    plain = "".join(sign for sign in normalize("NFKD", text) if not combining(sign))
    return " ".join(plain.replace("_", " ").casefold().split())
