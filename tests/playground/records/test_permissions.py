"""Permissions, computed like Discord: roles first, then the overwrites of a channel."""

from bot.playground import World
from bot.playground.records import permissions as p
from bot.playground.records.channels import Channel, Overwrite
from bot.playground.records.objects import Guild, Role
from tests.clock import club_world


def club() -> tuple[World, Guild, Channel]:
    world = club_world()
    guild = next(iter(world.guilds.values()))
    films = world.channels[guild.channels[0]]
    return world, guild, films


def person(world: World, name: str) -> int:
    return next(x.id for x in world.people() if x.username == name)


def test_everyone_has_the_permissions_of_the_everyone_role() -> None:
    world, guild, films = club()
    june = person(world, "june")
    assert p.in_guild(guild, june) == p.EVERYONE
    assert p.in_channel(guild, films, june) == p.EVERYONE
    assert p.in_channel(guild, films, 12345) == 0


def test_the_owner_has_every_permission() -> None:
    _, guild, films = club()
    films.overwrites[guild.id] = Overwrite(guild.id, 0, deny=p.ALL)
    assert p.in_channel(guild, films, guild.owner_id) == p.ALL


def test_an_administrator_has_every_permission() -> None:
    world, guild, films = club()
    films.overwrites[guild.id] = Overwrite(guild.id, 0, deny=p.ALL)
    boss = world.add_role(guild, "boss", p.ADMINISTRATOR)
    world.add_member(guild, world.users[person(world, "june")], [boss])
    assert p.in_channel(guild, films, person(world, "june")) == p.ALL


def test_a_role_overwrite_wins_over_everyones_and_a_members_over_both() -> None:
    world, guild, films = club()
    june = person(world, "june")
    role = Role(7, "x", 0)
    guild.roles[7] = role
    guild.members[june].roles = [7]
    films.overwrites[guild.id] = Overwrite(guild.id, 0, deny=p.ADD_REACTIONS | p.ATTACH_FILES)
    films.overwrites[7] = Overwrite(7, 0, allow=p.ADD_REACTIONS)
    films.overwrites[june] = Overwrite(june, 1, allow=p.MANAGE_MESSAGES, deny=p.EMBED_LINKS)
    granted = p.in_channel(guild, films, june)
    assert granted & p.ADD_REACTIONS
    assert granted & p.MANAGE_MESSAGES
    assert not granted & (p.ATTACH_FILES | p.EMBED_LINKS)


def test_a_member_who_cannot_see_a_channel_has_no_permission_there() -> None:
    world, guild, films = club()
    films.overwrites[guild.id] = Overwrite(guild.id, 0, deny=p.VIEW_CHANNEL)
    assert p.in_channel(guild, films, person(world, "june")) == 0


def test_without_sending_there_is_no_embedding_attaching_or_mentioning() -> None:
    world, guild, films = club()
    guild.roles[guild.id].permissions |= p.MENTION_EVERYONE
    films.overwrites[guild.id] = Overwrite(guild.id, 0, deny=p.SEND_MESSAGES)
    granted = p.in_channel(guild, films, person(world, "june"))
    assert granted & p.VIEW_CHANNEL
    assert not granted & (p.EMBED_LINKS | p.ATTACH_FILES | p.MENTION_EVERYONE)


def test_a_direct_message_is_for_two() -> None:
    world, _, _ = club()
    june = person(world, "june")
    channel = world.open_dm(world.users[june])
    assert world.permissions(june, channel) & p.SEND_MESSAGES
    assert world.permissions(world.bot.id, channel) & p.SEND_MESSAGES
    assert world.permissions(person(world, "mira"), channel) == 0
    assert world.open_dm(world.users[june]) is channel
