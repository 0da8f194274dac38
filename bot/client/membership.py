"""In which servers the bot is a member, as Discord's gateway says it.

A server that the bot does not see is not a server that it has left. An outage hides servers, and
after a start each server appears some time after READY. Only Discord says that the bot is no
longer a member: by GUILD_DELETE without `unavailable`, or by leaving the server out of READY
(Discord's events/gateway-events). discord.py does not keep this: after a new session its cache
still holds servers that the bot was removed from meanwhile.
"""

import asyncio
from collections.abc import Iterable


class Membership:
    """The servers of which the bot is a member, by shard.

    Attributes:
        changed: is set when a membership began or ended, when a server appeared, and when a shard
            listed its servers. The code that reacts to it clears it.
    """

    def __init__(self) -> None:
        self.changed = asyncio.Event()
        self._shards: dict[int, set[int]] = {}
        self._shard_count = 1

    def tell(self, shard_id: int, shard_count: int, guild_ids: Iterable[int]) -> None:
        """Stores all servers of a shard, as Discord's event READY lists them.

        Servers that are unavailable now are among them.
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
