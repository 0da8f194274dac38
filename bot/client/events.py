"""Protects the bot from events of Discord that discord.py cannot read.

discord.py 2.7.1 calls its own readers of events ("parsers") without catching exceptions. If one
event cannot be read, the connection's task ends with the exception, and so does the bot. Therefore
each reader is wrapped here. This is the only file that changes something inside discord.py: the
table `parsers` of its connection state, which every gateway connection uses. The wrapped readers
also tell `Membership` about servers, because discord.py does not keep the list of servers in READY.
Some events say nothing that the bot uses: the messages that are written, and the reactions that the
bot itself adds, four for each card. They are left out before discord.py reads them.
"""

import logging
from collections.abc import Callable
from typing import Any

import discord

from bot.client.membership import Membership

log = logging.getLogger(__name__)

Reader = Callable[[Any], None]
"""A function that takes the data of one event."""

UNUSED = ("MESSAGE_CREATE",)
"""Events that are left out. Other events about messages are of use, and Discord sends all of them
or none.
"""

NEEDED = ("READY",)
"""Events without which nothing works. If one cannot be read, the bot ends."""


def guard(client: discord.Client, membership: Membership) -> None:
    """Wraps each of the client's event readers, so that an unreadable event does not end the bot.

    Must be called before the client connects.

    membership: gets every change of the servers that the bot is in.
    """
    parsers: dict[str, Reader] = client._connection.parsers
    for name, reader in list(parsers.items()):
        if name == "MESSAGE_REACTION_ADD":
            reader = _of_others(client, reader)
        parsers[name] = _ignore if name in UNUSED else _guarded(name, reader, membership)


def _ignore(data: Any) -> None:
    """Does nothing with an event."""


def _of_others(client: discord.Client, reader: Reader) -> Reader:
    """Returns a reader that leaves out the events of what the bot itself did."""

    def read(data: Any) -> None:
        if int(data["user_id"]) != client._connection.self_id:
            reader(data)

    return read


def _guarded(name: str, reader: Reader, membership: Membership) -> Reader:
    def read(data: Any) -> None:
        try:
            _note(name, data, membership)
            reader(data)
        except Exception:
            if name in NEEDED:
                raise
            log.exception("an event %s of Discord's could not be read; the bot goes on", name)

    return read


def _note(name: str, data: Any, membership: Membership) -> None:
    """Tells `membership` what an event says about the servers of which the bot is a member.

    name: the event's name.
    data: the event as Discord sent it.
    """
    if name == "READY":
        shard_id, shard_count = data.get("shard") or (0, 1)
        membership.tell(shard_id, shard_count, (int(guild["id"]) for guild in data["guilds"]))
    elif name == "GUILD_CREATE":
        membership.join(int(data["id"]))
    elif name == "GUILD_DELETE" and not data.get("unavailable"):
        membership.leave(int(data["id"]))
