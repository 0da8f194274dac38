"""The world people first see: a film club's server, four members, a few channels.

Its ids are fixed, so that ratings kept by the bot still belong to the same members after a
restart of the playground.
"""

from datetime import UTC, datetime

from bot.playground import permissions
from bot.playground.objects import Overwrite, Role
from bot.playground.snowflakes import snowflake_at
from bot.playground.world import World, open_world

_FIRST = snowflake_at(datetime(2024, 3, 1, 20, 0, tzinfo=UTC))

_PEOPLE = (
    ("mira", "Mira", "#b4235a"),
    ("tomas", "Tomás", "#2563eb"),
    ("june", "June", "#047857"),
    ("olek", "Olek", "#7c3aed"),
)


def default_world(start: datetime | None = None) -> World:
    """The Matinee Club: Mira manages it; Tomás, June and Olek are members; everyone has a DM.

    start: what its clock says first (aware); None means the machine's own time.
    """
    world = open_world(_FIRST, start=start)
    people = [
        world.add_user(username, name, accent=accent, id=_FIRST + 10 + place)
        for place, (username, name, accent) in enumerate(_PEOPLE)
    ]
    owner = world.add_user("the_club", "The Matinee Club", bot=True, id=world.application.owner_id)
    guild = world.add_guild("The Matinee Club", owner, id=_FIRST + 1)
    manager = Role(
        _FIRST + 2,
        "Projectionist",
        permissions.MANAGE_GUILD | permissions.MANAGE_CHANNELS | permissions.MANAGE_MESSAGES,
        position=1,
    )
    guild.roles[manager.id] = manager
    for person in people:
        world.add_member(guild, person, [manager] if person.username == "mira" else [])
    world.add_channel(guild, "films", topic="What to watch tonight", id=_FIRST + 3)
    world.add_channel(guild, "lounge", topic="Talk about anything", id=_FIRST + 4)
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
        id=_FIRST + 5,
    )
    world.add_channel(
        guild, "late-show", nsfw=True, topic="Age-restricted: films for adults", id=_FIRST + 6
    )
    for place, person in enumerate(people):
        world.open_dm(person, id=_FIRST + 20 + place)
    return world
