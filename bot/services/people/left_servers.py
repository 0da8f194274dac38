"""Deletes what is stored about a server after the bot has left it.

The consents of its members end at once. The rest is deleted after LEFT_SERVER_AGE, unless the bot
joins the server again before that.
"""

from collections.abc import Callable
from datetime import timedelta

from bot.services.app import App
from bot.services.languages import keep
from storage.feedback import scales
from storage.servers import guilds

LEFT_SERVER_AGE = timedelta(days=30)
"""What is stored about a server is deleted this long after the bot has left it."""


async def leave(app: App, guild_id: int) -> None:
    """Records that the bot has left a server."""
    async with app.db.write() as conn:
        await guilds.leave(conn, guild_id, now=app.clock())


async def join(app: App, guild_id: int) -> None:
    """Records that the bot has joined a server, for the first time or again."""
    async with app.db.write() as conn:
        await guilds.join(conn, guild_id)


async def compare(app: App, is_member: Callable[[int], bool | None]) -> None:
    """Records which servers the bot has left or joined while it was not connected.

    is_member: returns whether the bot is a member of the server with this id; None if it is not
        known yet.
    """
    async with app.db.read() as conn:
        left = [one for one in await guilds.known(conn) if is_member(one) is False]
        joined = [one for one in await guilds.left_by(conn, app.clock()) if is_member(one)]
    if not left and not joined:
        return
    async with app.db.write() as conn:
        for guild_id in left:
            await guilds.leave(conn, guild_id, now=app.clock())
        for guild_id in joined:
            await guilds.join(conn, guild_id)


async def forget(app: App) -> int:
    """Deletes what is stored about servers that the bot left LEFT_SERVER_AGE ago.

    Returns the number of servers.
    """
    async with app.db.read() as conn:
        gone = await guilds.left_by(conn, app.clock() - LEFT_SERVER_AGE)
    for guild_id in gone:
        async with app.db.write() as conn:
            own = await scales.of_server(conn, guild_id)
            await guilds.erase(conn, guild_id)
        keep(app.languages.servers, guild_id, None)
        app.scales.chosen.pop(guild_id, None)
        for scale in own:
            app.scales.known.pop(scale.id, None)
    return len(gone)
