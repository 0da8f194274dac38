"""Which members may be named in a server: those who agreed to that there and still are members.

Discord does not tell the bot who leaves a server. Therefore the bot asks Discord for the member
before it names them or lets others see their taste. If a member joined the server after they
agreed, they must have left in between, and have to agree again.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.services.app import App
from storage.people import profiles


@dataclass(frozen=True)
class ServerMember:
    """A member of a server.

    Attributes:
        id: the Discord id of the person.
        name: their display name in the server.
        since: the later of two times: when they joined the server, and when the bot did; aware.
    """

    id: int
    name: str
    since: datetime


FindMember = Callable[[int], Awaitable[ServerMember | None]]
"""Asks Discord for a person in the server; returns None if they are not in it.

Raises MemberNotKnown if Discord does not say."""


class MemberNotKnown(Exception):
    """Discord did not say whether a person is a member of a server."""


async def agreed(
    app: App, guild_id: int | None, members: Sequence[ServerMember], *, compared: bool = False
) -> frozenset[int]:
    """Returns the ids of those members who agree to show their taste in the server.

    compared: True for those only who also let members see their profile and compare tastes.

    A member who joined the server after agreeing must have left it in between. Their consent has
    then ended, which is stored.
    """
    if guild_id is None:
        return frozenset()
    async with app.db.read() as conn:
        at = await profiles.showing_taste(conn, guild_id)
        allowed = await profiles.comparing_taste(conn, guild_id) if compared else at
    ended = [one.id for one in members if one.id in at and at[one.id] < one.since]
    if ended:
        async with app.db.write() as conn:
            for person_id in ended:
                await profiles.show_taste(conn, person_id, guild_id, shown=False, now=app.clock())
    return frozenset(one.id for one in members if one.id in allowed and one.id not in ended)


async def named_member(
    app: App, guild_id: int, person_id: int, find_member: FindMember, *, compared: bool = False
) -> ServerMember | None:
    """Returns a member who may be named in the server; None if this person may not be named.

    If the person has left the server, their consent has ended, which is stored. Raises
    MemberNotKnown if Discord does not say whether they have.

    find_member: asks Discord for a member of the server.
    compared: True to name only who also lets members see their profile and compare tastes.
    """
    member = await find_member(person_id)
    if member is not None:
        return member if await agreed(app, guild_id, [member], compared=compared) else None
    async with app.db.write() as conn:
        await profiles.show_taste(conn, person_id, guild_id, shown=False, now=app.clock())
    return None
