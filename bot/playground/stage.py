"""The world people first see: a film club's server, four members, a few channels.

Its ids are fixed, so that ratings kept by the bot still belong to the same members after a
restart of the playground. `add_club` adds another of the kind to a world, with ids of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.playground import permissions
from bot.playground.objects import Guild, Overwrite, Role, User
from bot.playground.snowflakes import snowflake_at
from bot.playground.world import World, open_world

_FIRST = snowflake_at(datetime(2024, 3, 1, 20, 0, tzinfo=UTC))

_PEOPLE = (
    ("mira", "Mira", "#b4235a"),
    ("tomas", "Tomás", "#2563eb"),
    ("june", "June", "#047857"),
    ("olek", "Olek", "#7c3aed"),
)


@dataclass(frozen=True)
class Club:
    """A film club: its server, and its four members by their usual names ("mira")."""

    guild: Guild
    people: dict[str, User]


def default_world(start: datetime | None = None) -> World:
    """The Matinee Club: Mira manages it; Tomás, June and Olek are members; everyone has a DM.

    start: what its clock says first (aware); None means the machine's own time.
    """
    world = open_world(_FIRST, start=start)
    world.add_user("the_club", "The Matinee Club", bot=True, id=world.application.owner_id)
    _add_club(world, "The Matinee Club", "", lambda place: _FIRST + place)
    return world


def add_club(world: World, name: str) -> Club:
    """Another club like the first, of people nobody has met: Mira's username ends in the server's
    id. The bot joins when all is there."""
    ending = f"-{world.ids.next()}"
    return _add_club(world, name, ending, lambda _: world.ids.next())


def _add_club(world: World, name: str, ending: str, new_id: Callable[[int], int]) -> Club:
    """A club whose usernames end so. new_id: from a place among its ids, 1 to 23, to the id."""
    people = [
        world.add_user(f"{username}{ending}", shown, accent=accent, id=new_id(10 + place))
        for place, (username, shown, accent) in enumerate(_PEOPLE)
    ]
    owner = world.users[world.application.owner_id]
    guild = world.add_guild(name, owner, bot=False, id=new_id(1))
    manager = Role(
        new_id(2),
        "Projectionist",
        permissions.MANAGE_GUILD | permissions.MANAGE_CHANNELS | permissions.MANAGE_MESSAGES,
        position=1,
    )
    guild.roles[manager.id] = manager
    for person in people:
        world.add_member(guild, person, [manager] if person is people[0] else [])
    world.add_channel(guild, "films", topic="What to watch tonight", id=new_id(3))
    world.add_channel(guild, "lounge", topic="Talk about anything", id=new_id(4))
    posts = permissions.SEND_MESSAGES
    world.add_channel(
        guild,
        "announcements",
        topic="News from the club; members read, managers write",
        overwrites=[
            Overwrite(guild.id, 0, deny=posts),
            Overwrite(manager.id, 0, allow=posts),
            Overwrite(world.bot.id, 1, allow=posts),
        ],
        id=new_id(5),
    )
    world.add_channel(
        guild, "late-show", nsfw=True, topic="Age-restricted: films for adults", id=new_id(6)
    )
    for place, person in enumerate(people):
        world.open_dm(person, id=new_id(20 + place))
    world.invite_bot(guild)
    return Club(guild, dict(zip((username for username, *_ in _PEOPLE), people, strict=True)))
