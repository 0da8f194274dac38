"""/settings: reads and changes what a person chose about their picks."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from bot.errors import Sorry
from bot.services.app import App
from bot.services.catalogue.content import ContentOption, content_options, known_content
from bot.services.languages import keep
from bot.services.picks.facts import BALANCED, DIAL
from bot.services.picks.member_favourites import is_taste_shown
from bot.services.view_models import Requester
from bot.services.zones import known_zone
from storage.people import preferences, profiles
from storage.servers import guilds

Switch = Literal["clock", "taste", "quiet"]
SWITCHES: tuple[Switch, ...] = ("clock", "taste", "quiet")


@dataclass(frozen=True)
class SettingsPanel:
    """Everything that the panel of `/settings` shows.

    Attributes:
        zone: IANA name of the person's time zone; None if they have not chosen one.
        default_zone: the zone that is used if the person has not chosen one: the server's, else the
            default.
        dials: the choices for how adventurous the picks may be, the least adventurous first.
        dial: the person's choice among `dials`.
        genres: the genres that the menu offers, sorted by name.
        never: the genres that are never shown to the person.
        content: the kinds of content, and which of them the person leaves out.
        more_genres: True if there are genres that the menu does not offer.
        by_clock: True if the picks depend on the time of day and the weekday.
        taste: True if members of this server may see the person's taste; None outside a server.
        quiet: True if the bot does not ask about one more film after it recommends films.
        language: the code of the language that the person chose; None for that of their Discord.
    """

    zone: str | None
    default_zone: str
    dials: tuple[str, ...]
    dial: str
    genres: tuple[str, ...]
    never: tuple[str, ...]
    content: tuple[ContentOption, ...]
    more_genres: bool
    by_clock: bool
    taste: bool | None
    quiet: bool
    language: str | None = None


async def read_panel(app: App, requester: Requester) -> SettingsPanel:
    """Returns what `/settings` shows to the person in the server where they asked for it."""
    async with app.db.read() as conn:
        chosen = await preferences.of_person(conn, requester.person_id)
        guild = await guilds.get(conn, requester.guild_id) if requester.guild_id else None
    library = app.live.served.library
    genres = library.genres
    offered = library.menu_genres(chosen.never)
    taste = await is_taste_shown(app, requester) if requester.guild_id else None
    return SettingsPanel(
        zone=chosen.zone,
        default_zone=(guild.zone if guild else None) or app.settings.zone,
        dials=tuple(DIAL),
        dial=chosen.dial if chosen.dial in DIAL else BALANCED,
        genres=offered,
        never=tuple(genre for genre in genres if genre in chosen.never),
        content=content_options(library, chosen.never_tags),
        more_genres=len(genres) > len(offered),
        by_clock=chosen.by_clock,
        taste=taste,
        quiet=chosen.quiet,
        language=chosen.language,
    )


async def set_zone(app: App, requester: Requester, typed: str) -> str | None:
    """Stores the person's time zone. If nothing was typed, the default zone applies again.

    Returns its IANA name; None if nothing was typed. Raises Sorry, with the nearest names, for an
    unknown zone.
    """
    zone = known_zone(typed, requester.now) if typed.strip() else None
    async with app.write_for(requester) as conn:
        values = [zone] if zone else []
        await preferences.set_values(conn, requester.person_id, "zone", values, now=requester.now)
    return zone


async def set_language(app: App, requester: Requester, code: str | None) -> None:
    """Stores the language of the person's private messages.

    code: the language's code, which must be one that the bot speaks; None for the language of the
        person's Discord.
    """
    person, values = requester.person_id, [code] if code else []
    async with app.write_for(requester) as conn:
        await preferences.set_values(conn, person, "language", values, now=requester.now)
    keep(app.languages.people, person, code)


async def set_dial(app: App, requester: Requester, dial: str) -> None:
    """Stores how adventurous picks may be.

    Raises Sorry if `dial` is no key of `DIAL`.
    """
    if dial not in DIAL:
        raise Sorry("no-such-dial")
    async with app.write_for(requester) as conn:
        await preferences.set_values(conn, requester.person_id, "dial", [dial], now=requester.now)


async def set_never(app: App, requester: Requester, genres: tuple[str, ...]) -> tuple[str, ...]:
    """Stores the genres that are never shown. Returns those of them that exist, sorted by name.

    The menu may not have had room for all genres. Choices about genres that it did not offer stay.
    """
    library = app.live.served.library
    wanted = set(genres) & set(library.genres)
    async with app.write_for(requester) as conn:
        before = (await preferences.of_person(conn, requester.person_id)).never
        not_offered = set(before) - set(library.menu_genres(before))
        await preferences.set_values(
            conn, requester.person_id, "never", wanted | not_offered, now=requester.now
        )
    return tuple(sorted(wanted))


async def set_content(
    app: App, requester: Requester, chosen: Collection[str]
) -> tuple[ContentOption, ...]:
    """Stores the content that the person leaves out. Returns the kinds of content afterwards.

    chosen: slugs of tags; those that warn of no content are ignored.
    """
    library = app.live.served.library
    tags, person = known_content(library, chosen), requester.person_id
    async with app.write_for(requester) as conn:
        await preferences.set_values(conn, person, "never_tag", tags, now=requester.now)
    return content_options(library, tags)


async def toggle_never(app: App, requester: Requester, typed: str) -> tuple[str, bool]:
    """Changes whether one genre is shown to the person.

    Returns the genre's name, and True if it is never shown from now on.

    It also works for genres that the menu does not offer. Raises Sorry, with the nearest genres,
    for an unknown genre.

    typed: the genre.
    """
    genre = app.live.served.library.genre(typed)
    async with app.write_for(requester) as conn:
        before = (await preferences.of_person(conn, requester.person_id)).never
        values = set(before) ^ {genre}
        await preferences.set_values(conn, requester.person_id, "never", values, now=requester.now)
    return genre, genre not in before


async def set_switch(app: App, requester: Requester, name: str, on: bool) -> Switch:
    """Turns one of the panel's switches on or off. Returns the name of the switch.

    Raises Sorry for an unknown switch, and for the switch "taste" outside a server.
    """
    switch = next((each for each in SWITCHES if each == name), None)
    if switch is None:
        raise Sorry("unknown-button")
    if switch == "taste" and requester.guild_id is None:
        raise Sorry("nobody-to-show-taste-to")
    person, now = requester.person_id, requester.now
    async with app.write_for(requester) as conn:
        if switch == "clock":
            await preferences.set_values(conn, person, "clock", [] if on else ["off"], now=now)
        elif switch == "taste":
            await profiles.show_taste(conn, person, requester.guild_id or 0, shown=on, now=now)
        else:
            await preferences.set_values(conn, person, "quiet", ["on"] if on else [], now=now)
    return switch
