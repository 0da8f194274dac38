"""The shards of Discord's gateway that one process runs.

Discord splits a large bot's servers into shards: server `id` is on shard `(id >> 22) % count`, and
direct messages are on shard 0 (Discord's events/gateway, "Sharding"). Each process of the bot runs
some neighbouring shards and does what belongs to their servers.
"""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

MAX_SHARDS = 100_000
_FORM = re.compile(r"\s*(\d{1,6})\s*(?:-\s*(\d{1,6})\s*)?/\s*(\d{1,6})\s*")


@dataclass(frozen=True, slots=True)
class Shards:
    """Neighbouring shards, and how many shards there are in all.

    Attributes:
        first: the number of the first shard, from 0.
        last: the number of the last shard.
        count: the number of all shards of the bot, over all processes.
    """

    first: int
    last: int
    count: int

    def __post_init__(self) -> None:
        if not 0 <= self.first <= self.last < self.count <= MAX_SHARDS:
            raise ValueError(f"there are no shards {self}")

    def __str__(self) -> str:
        between = f"{self.first}-{self.last}" if self.first < self.last else f"{self.first}"
        return f"{between}/{self.count}"

    @property
    def complete(self) -> bool:
        """True if these are all shards of the bot."""
        return self.last - self.first + 1 == self.count

    @property
    def ids(self) -> range:
        """The numbers of the shards."""
        return range(self.first, self.last + 1)

    def holds(self, guild_id: int | None) -> bool:
        """True if a server is on these shards.

        guild_id: the server's id; None for direct messages, which are on shard 0.
        """
        return ((guild_id or 0) >> 22) % self.count in self.ids

    def overlaps(self, other: "Shards") -> bool:
        """True if both cannot run at the same time: they share a shard, or count differently."""
        return self.count != other.count or (self.first <= other.last and other.first <= self.last)


def on_shards(
    shards: Shards | None, guild_id: "ColumnElement[int | None]"
) -> "ColumnElement[bool]":
    """Returns the SQL condition that a column's server is on these shards; null means direct
    messages.

    shards: None for all shards.
    """
    # Imported here, since reading the settings does not need such a large module.
    from sqlalchemy import Integer, literal, true

    if shards is None:
        return true()
    shift = literal(22, Integer)  # PostgreSQL shifts by no wider number
    inside = (guild_id.bitwise_rshift(shift) % shards.count).between(shards.first, shards.last)
    return inside | guild_id.is_(None) if shards.first == 0 else inside


def parse_shards(text: str) -> Shards:
    """Returns the shards that a text such as "0-3/16" names. Raises ValueError for another form."""
    found = _FORM.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} does not name shards")
    first, last, count = found[1], found[2] or found[1], found[3]
    return Shards(int(first), int(last), int(count))
