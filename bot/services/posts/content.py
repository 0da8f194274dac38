"""Content that a server leaves out: films with it are neither picked nor posted there."""

from collections.abc import Collection

from bot.errors import Sorry
from bot.services.app import App
from bot.services.catalogue.content import ContentOption, content_options, known_content
from bot.services.view_models import Requester
from storage.servers import guilds


async def server_content(app: App, guild_id: int) -> tuple[ContentOption, ...]:
    """Returns the kinds of content, and which of them the server leaves out."""
    async with app.db.read() as conn:
        guild = await guilds.get(conn, guild_id)
    return content_options(app.live.served.library, guild.never_tags if guild else ())


async def set_server_content(
    app: App, requester: Requester, chosen: Collection[str]
) -> tuple[ContentOption, ...]:
    """Stores the content that a server leaves out. Returns what `server_content` does afterwards.

    chosen: slugs of tags; those that warn of no content are ignored.

    Raises Sorry for a request in a direct message.
    """
    if requester.guild_id is None:
        raise Sorry("servers-only")
    library = app.live.served.library
    tags = known_content(library, chosen)
    async with app.write_for(requester) as conn:
        await guilds.setup(conn, requester.guild_id, now=requester.now, never_tags=tags)
    return content_options(library, tags)
