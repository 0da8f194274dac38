"""The users, servers and channels with which the playground starts: a film club and its neighbours.

Their ids are always the same. After a restart of the playground, the ratings that a bot has stored
therefore still belong to the same members. `add_club` adds another such club, with new ids.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.playground.records import permissions
from bot.playground.records.channels import VOICE, Overwrite
from bot.playground.records.objects import Guild, Role, User
from bot.playground.records.snowflakes import snowflake_at
from bot.playground.world.world import World, open_world

_FOUNDED = datetime(2024, 3, 1, 20, 0, tzinfo=UTC)
_FIRST_ID = snowflake_at(_FOUNDED)

_PEOPLE = (
    ("mira", "Mira", "#b4235a"),
    ("tomas", "Tomás", "#2563eb"),
    ("june", "June", "#047857"),
    ("olek", "Olek", "#7c3aed"),
)


@dataclass(frozen=True)
class Club:
    """A film club in a local Discord.

    Attributes:
        guild: its server.
        people: its four members by their names in the default world, such as "mira".
    """

    guild: Guild
    people: dict[str, User]


def default_world(start: datetime | None = None) -> World:
    """Returns a local Discord with one server, the Matinee Club.

    Mira manages the server; Tomás, June and Olek are members. Each has a direct message with the
    bot.

    start: the time at which the clock begins (aware); None for the machine's own time.
    """
    world = open_world(_FIRST_ID, start=start)
    world.add_user("the_club", "The Matinee Club", bot=True, id=world.application.owner_id)
    _add_club(world, "The Matinee Club", "", lambda offset: _FIRST_ID + offset)
    _keep_members(world)
    return world


def whole_world(start: datetime | None = None) -> World:
    """Returns the default world with everything that `matinee play` shows.

    There is also Robin, who owns the bot and administers the first server. There is a second server
    with the bot, which Tomás manages. In a third server there is no bot, but Mira has installed it
    for herself.

    start: what the local Discord's clock shows first; None for the machine's time.
    """
    world = default_world(start)
    club = next(iter(world.guilds.values()))
    mira, tomas, june, olek = (world.users[_FIRST_ID + offset] for offset in (10, 11, 12, 13))
    robin = world.add_user("robin", "Robin", accent="#a16207", id=_FIRST_ID + 14)
    world.application.owner_id = robin.id
    keeper = Role(_FIRST_ID + 7, "Keeper of the bot", permissions.ADMINISTRATOR, position=2)
    club.roles[keeper.id] = keeper
    world.add_member(club, robin, [keeper])
    world.open_dm(robin, id=_FIRST_ID + 24)
    second = world.add_guild("Rooftop Cinema", tomas, bot=False, id=_FIRST_ID + 30)
    for person in (june, robin):
        world.add_member(second, person)
    world.add_channel(second, "screenings", topic="Films under the sky", id=_FIRST_ID + 31)
    world.add_channel(second, "chat", id=_FIRST_ID + 32)
    world.invite_bot(second)
    other = world.add_guild("A server without Matinee", olek, bot=False, id=_FIRST_ID + 40)
    world.add_member(other, mira)
    world.add_channel(other, "general", topic="Mira brings Matinee along", id=_FIRST_ID + 41)
    world.install_for(mira)
    _keep_members(world)
    return world


def _keep_members(world: World) -> None:
    """Sets every member's time of joining to the founding of the club.

    Otherwise every restart of the playground would look as if all members had left and come back.
    """
    for guild in world.guilds.values():
        for member in guild.members.values():
            member.joined_at = min(_FOUNDED, member.joined_at)


def add_club(world: World, name: str) -> Club:
    """Adds a film club with a new server and four new members, and lets the bot join it.

    The usernames of the members get a suffix that no other club has, such as "mira-1234".
    """
    suffix = f"-{world.ids.next()}"
    return _add_club(world, name, suffix, lambda _: world.ids.next())


def _add_club(world: World, name: str, suffix: str, new_id: Callable[[int], int]) -> Club:
    """Adds a club whose usernames end in `suffix`.

    new_id: is called with a small number for each thing that needs an id, and returns the id. The
    numbers are 1 to 6, 8, 10 to 13 and 20 to 23.
    """
    people = [
        world.add_user(f"{username}{suffix}", shown, accent=accent, id=new_id(10 + place))
        for place, (username, shown, accent) in enumerate(_PEOPLE)
    ]
    owner = world.users[world.application.owner_id]
    guild = world.add_guild(name, owner, bot=False, id=new_id(1))
    manager = Role(
        new_id(2),
        "Projectionist",
        permissions.MANAGE_GUILD
        | permissions.MANAGE_CHANNELS
        | permissions.MANAGE_MESSAGES
        | permissions.MANAGE_EVENTS,
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
    world.add_channel(guild, "Screening room", kind=VOICE, id=new_id(8))
    world.add_channel(
        guild, "late-show", nsfw=True, topic="Age-restricted: films for adults", id=new_id(6)
    )
    for place, person in enumerate(people):
        world.open_dm(person, id=new_id(20 + place))
    world.invite_bot(guild)
    return Club(guild, dict(zip((username for username, *_ in _PEOPLE), people, strict=True)))
