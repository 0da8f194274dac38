"""The default world: a film club's server with four members and a few channels.

Its ids are fixed, so that the ratings a bot has stored still belong to the same members after a
restart of the playground.
"""

from datetime import UTC, datetime

from bot.playground.records import permissions
from bot.playground.records.channels import Overwrite
from bot.playground.records.objects import Role
from bot.playground.records.snowflakes import snowflake_at
from bot.playground.world.world import World, open_world

_FIRST_ID = snowflake_at(datetime(2024, 3, 1, 20, 0, tzinfo=UTC))

_PEOPLE = (
    ("mira", "Mira", "#b4235a"),
    ("tomas", "Tomás", "#2563eb"),
    ("june", "June", "#047857"),
    ("olek", "Olek", "#7c3aed"),
)


def default_world(start: datetime | None = None) -> World:
    """Returns the world of the Matinee Club.

    Mira manages the server; Tomás, June and Olek are members. Each has a direct message with the
    bot. start: where its clock begins (aware); None for the machine's own time.
    """
    world = open_world(_FIRST_ID, start=start)
    people = [
        world.add_user(username, name, accent=accent, id=_FIRST_ID + 10 + place)
        for place, (username, name, accent) in enumerate(_PEOPLE)
    ]
    owner = world.add_user("the_club", "The Matinee Club", bot=True, id=world.application.owner_id)
    guild = world.add_guild("The Matinee Club", owner, id=_FIRST_ID + 1)
    manager = Role(
        _FIRST_ID + 2,
        "Projectionist",
        permissions.MANAGE_GUILD | permissions.MANAGE_CHANNELS | permissions.MANAGE_MESSAGES,
        position=1,
    )
    guild.roles[manager.id] = manager
    for person in people:
        world.add_member(guild, person, [manager] if person.username == "mira" else [])
    world.add_channel(guild, "films", topic="What to watch tonight", id=_FIRST_ID + 3)
    world.add_channel(guild, "lounge", topic="Talk about anything", id=_FIRST_ID + 4)
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
        id=_FIRST_ID + 5,
    )
    world.add_channel(
        guild, "late-show", nsfw=True, topic="Age-restricted: films for adults", id=_FIRST_ID + 6
    )
    for place, person in enumerate(people):
        world.open_dm(person, id=_FIRST_ID + 20 + place)
    return world
