"""/settings: what a person chose about their picks, as it stands, and changing it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bot.errors import Sorry
from bot.services.localtime import known_zone
from bot.services.picks.facts import BALANCED, DIAL
from bot.services.view_models import Requester
from bot.services.wording import safe
from storage.people import preferences, profiles
from storage.servers import guilds

if TYPE_CHECKING:
    from bot.services.app import App

Switch = Literal["clock", "taste", "quiet"]
SWITCHES: tuple[Switch, ...] = ("clock", "taste", "quiet")
MOST_GENRES = 25  # options that a menu may hold

SAID: dict[tuple[Switch, bool], str] = {
    ("clock", True): "Your picks follow the time of day and week again.",
    ("clock", False): "Your picks no longer follow the time of day and week.",
    ("taste", True): "Members of this server may see your taste from now on, with your name.",
    ("taste", False): "Nobody in this server is shown your taste any more.",
    ("quiet", True): "I will not ask you about films any more.",
    ("quiet", False): "I will ask you about one more film now and then.",
}


@dataclass(frozen=True)
class SettingsPanel:
    """Everything as it stands. zone: theirs, None where the `usual` one holds (the server's, else
    the default); taste: None where there is no server to show it in; quiet: no questions about one
    more film."""

    zone: str | None
    usual: str
    dials: tuple[str, ...]
    dial: str
    genres: tuple[str, ...]
    never: tuple[str, ...]
    by_clock: bool
    taste: bool | None
    quiet: bool


async def shown(app: "App", requester: Requester) -> SettingsPanel:
    """What a person chose, here and now."""
    async with app.db.read() as conn:
        chosen = await preferences.of_person(conn, requester.person_id)
        guild = await guilds.get(conn, requester.guild_id) if requester.guild_id else None
        here = (
            await profiles.showing_taste(conn, requester.guild_id) if requester.guild_id else None
        )
    genres = app.live.served.library.genres
    return SettingsPanel(
        zone=chosen.zone,
        usual=(guild.zone if guild else None) or app.settings.zone,
        dials=tuple(DIAL),
        dial=chosen.dial if chosen.dial in DIAL else BALANCED,
        genres=_offered(genres, chosen.never),
        never=tuple(genre for genre in genres if genre in chosen.never),
        by_clock=chosen.by_clock,
        taste=None if here is None else requester.person_id in here,
        quiet=chosen.quiet,
    )


async def set_zone(app: "App", requester: Requester, typed: str) -> str:
    """Keep a time zone, or with nothing typed go back to the usual one; what to say. Raises Sorry,
    with the nearest names, where it is none."""
    zone = known_zone(typed) if typed.strip() else None
    async with app.db.write() as conn:
        chosen = [zone] if zone else []
        await preferences.set_values(conn, requester.person_id, "zone", chosen, now=requester.now)
    return f"Your time zone is {safe(zone)}." if zone else "I go by the usual time zone again."


async def set_dial(app: "App", requester: Requester, dial: str) -> str:
    """Keep how adventurous picks may be."""
    if dial not in DIAL:
        raise Sorry("Pick one of the choices in the list.")
    async with app.db.write() as conn:
        await preferences.set_values(conn, requester.person_id, "dial", [dial], now=requester.now)
    return f"From now on: {dial}."


async def set_never(app: "App", requester: Requester, genres: tuple[str, ...]) -> str:
    """Keep the genres never to be shown: of those that the menu offers exactly these, and those
    that it had no room for as before."""
    known = app.live.served.library.genres
    async with app.db.write() as conn:
        before = (await preferences.of_person(conn, requester.person_id)).never
        wanted = set(genres) & set(known)
        kept = set(before) - set(_offered(known, before))
        await preferences.set_values(
            conn, requester.person_id, "never", wanted | kept, now=requester.now
        )
    if not wanted:
        return "No genre is left out any more."
    return f"Left out from now on: {', '.join(sorted(wanted))}."


async def switch(app: "App", requester: Requester, name: str, on: bool) -> str:
    """Turn one of the switches on or off; what to say. Raises Sorry."""
    known = next((each for each in SWITCHES if each == name), None)
    if known is None:
        raise Sorry("I no longer know that button.")
    if known == "taste" and requester.guild_id is None:
        raise Sorry("There is nobody here to show your taste to; ask in a server.")
    person, now = requester.person_id, requester.now
    async with app.db.write() as conn:
        if known == "clock":
            await preferences.set_values(conn, person, "clock", [] if on else ["off"], now=now)
        elif known == "taste":
            await profiles.show_taste(conn, person, requester.guild_id or 0, shown=on, now=now)
        else:
            await preferences.set_values(conn, person, "quiet", ["on"] if on else [], now=now)
    return SAID[known, on]


def _offered(genres: tuple[str, ...], chosen: Collection[str]) -> tuple[str, ...]:
    """The genres for a menu: those chosen, and others as far as there is room, by name."""
    first = [genre for genre in genres if genre in chosen]
    rest = [genre for genre in genres if genre not in chosen]
    return tuple(sorted([*first, *rest][:MOST_GENRES]))
