"""In which servers the bot is a member, according to Discord's gateway.

A server may be missing from what the bot sees although the bot is still a member: an outage hides
servers, and after a start each server appears some time after READY. Only two events say that the
bot is no longer a member: GUILD_DELETE without `unavailable`, and a READY that does not list the
server (Discord's events/gateway-events). discord.py does not record this: after a new session, its
cache still has servers that have removed the bot meanwhile.
"""

import asyncio
from collections.abc import Iterable


class Membership:
    """The servers of which the bot is a member, by shard.

    Attributes:
        changed: an asyncio event. It is set when a membership begins or ends, when a server
            appears, and when a shard lists its servers. The code that waits for it clears it.
    """

    def __init__(self) -> None:
        self.changed = asyncio.Event()
        self._shards: dict[int, set[int]] = {}
        self._shard_count = 1

    def tell(self, shard_id: int, shard_count: int, guild_ids: Iterable[int]) -> None:
        """Stores all servers of a shard, as Discord's event READY lists them.

        Servers that are unavailable now are among them.

        shard_count: the number of all shards.
        guild_ids: the ids of the servers.
        """
        if shard_count != self._shard_count:
            self._shards.clear()
            self._shard_count = shard_count
        self._shards[shard_id] = set(guild_ids)
        self.changed.set()

    def join(self, guild_id: int) -> None:
        """Notes that the bot is a member of a server, which has just appeared."""
        self._servers(guild_id).add(guild_id)
        self.changed.set()

    def leave(self, guild_id: int) -> None:
        """Notes that the bot is no longer a member of a server."""
        self._servers(guild_id).discard(guild_id)
        self.changed.set()

    def of(self, guild_id: int) -> bool | None:
        """True if the bot is a member of the server, False if not, None if it is not yet known."""
        servers = self._shards.get(self._shard_of(guild_id))
        return None if servers is None else guild_id in servers

    def _shard_of(self, guild_id: int) -> int:
        return (guild_id >> 22) % self._shard_count

    def _servers(self, guild_id: int) -> set[int]:
        """Returns the set of servers of the shard that a server belongs to.

        Before Discord's event READY it is a new empty set, and changes to it are lost.
        """
        return self._shards.get(self._shard_of(guild_id), set())
