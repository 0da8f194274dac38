"""The facts about a server that its posts depend on: recent ratings, posted films, settings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.services.app import App
from bot.services.picks.consent import FindMember, named_member
from bot.services.posts.slots import zone_name
from storage.database.engine import Transaction
from storage.feedback import ratings
from storage.feedback.ratings import RatingRow
from storage.people import profiles
from storage.servers import guilds
from storage.servers.schedules import Schedule

RATINGS_WINDOW = timedelta(days=180)
MIN_FAVOURITE_STARS = 4.5


@dataclass(frozen=True)
class ServerFacts:
    """What is known about a server when a post is composed.

    Attributes:
        recent_ratings: the ratings given in the server within RATINGS_WINDOW, oldest first. Those
            of people who opted out (whose ratings may not shape other people's picks) are left out.
        posted: ids of the films posted in the server before, the one posted longest ago first.
        zone: the IANA name of the server's time zone.
        family_safe: True if films for adults, and films of unknown audience, are left out.
        never_tags: slugs of tags that the server leaves out.
        favourites: ids of the films that the schedule's member rated with MIN_FAVOURITE_STARS or
            more. None if the schedule does not post a member's favourites, or if the member does
            not agree to show their taste here.
    """

    recent_ratings: Sequence[RatingRow]
    posted: tuple[int, ...]
    zone: str
    family_safe: bool
    never_tags: tuple[str, ...]
    favourites: frozenset[int] | None


async def read_server_facts(
    app: App, schedule: Schedule, now: datetime, find_member: FindMember
) -> ServerFacts:
    """Returns what is known at `now` about the server of `schedule`, read in one transaction.

    If the schedule posts a member's favourites and that member has left the server, their consent
    ends. Raises MemberNotKnown if Discord does not say whether they have.

    find_member: asks Discord for a member of the server.
    """
    guild_id = schedule.guild_id
    if schedule.theme == "staff" and schedule.staff_id is not None:
        await named_member(app, guild_id, schedule.staff_id, find_member)
    async with app.db.read() as conn:
        since = now - RATINGS_WINDOW
        rows = await ratings.recent(conn, since=since, until=now, guild_id=guild_id)
        posted = await guilds.posted_films(conn, guild_id)
        guild = await guilds.get(conn, guild_id)
        favourites = await _favourites(conn, schedule)
    return ServerFacts(
        recent_ratings=rows,
        posted=posted,
        zone=zone_name(guild, app.settings.zone),
        family_safe=guilds.is_family_safe(guild),
        never_tags=guild.never_tags if guild else (),
        favourites=favourites,
    )


async def _favourites(conn: Transaction, schedule: Schedule) -> frozenset[int] | None:
    member_id = schedule.staff_id if schedule.theme == "staff" else None
    if member_id is None:
        return None
    if member_id not in await profiles.showing_taste(conn, schedule.guild_id):
        return None
    rows = await ratings.of_person(conn, member_id, for_others=True)
    return frozenset(row.film_id for row in rows if row.stars >= MIN_FAVOURITE_STARS)
