"""Finds scheduled posts that were composed, but of which it is not stored whether they were sent.

This happens if Discord's answer was lost, or if the bot was killed before it stored the message.
The bot then looks for the message in the channel. If the message is not there, nobody saw its
films.
"""

from bot.services.app import App
from bot.services.notes import from_text, written
from bot.services.posts.claims import DuePost
from bot.services.view_models import FilmCard, Line
from storage.feedback import deliveries, impressions


async def find(app: App, due: DuePost) -> FilmCard | None:
    """Returns the card (the message's content) that was composed for a post, without its texts.

    Films of the card may have left the catalogue since then. Returns None if no card was composed.

    due: the post.
    """
    async with app.db.read() as conn:
        shown = await impressions.of_post(conn, due.guild_id, due.schedule.channel_id or 0, due.now)
    if not shown:
        return None
    headline, *further = (
        Line(one.film_id, "", None, None, (), from_text(one.reason)) for one in shown
    )
    return FilmCard(
        surface="post",
        heading=written(""),
        headline=headline,
        further=tuple(further),
        impressions=tuple(one.id for one in shown),
        model_version=shown[0].model_version,
        guild_id=due.guild_id,
        scale=app.scales.of_server(due.guild_id),
    )


async def withdraw(app: App, card: FilmCard) -> None:
    """Stores that nobody saw the films of a card (a message), because it was never sent."""
    async with app.db.write() as conn:
        await deliveries.mark_undelivered(conn, card.impressions)
