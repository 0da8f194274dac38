"""Records how the reactions of recent cards changed while the bot was not connected.

`bot/jobs/reconciling.py` calls it once after a start.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.services.app import App
from bot.services.scale import SCALE
from storage.feedback import cards, rating_events, reactions
from storage.feedback.cards import Card

MAX_CARDS = 500
MAX_MESSAGES_PER_CHANNEL = 200
MAX_PEOPLE_PER_REACTION = 1_000


@dataclass(frozen=True)
class ChannelToScan:
    """A channel that may contain a card of the bot that is not recorded as one.

    Attributes:
        channel_id: the channel.
        guild_id: its server; None for direct messages.
        since: the time from which to look at messages, UTC.
    """

    channel_id: int
    guild_id: int | None
    since: datetime


async def channels_to_scan(app: App) -> tuple[ChannelToScan, ...]:
    """Returns the channels in which a card may have been sent without being recorded.

    The bot stores which films a card shows before it records the message with the card. These are
    the channels of stored films without a recorded message, shown within the last `reconcile_days`
    days (a setting).
    """
    since = app.clock() - timedelta(days=app.settings.reconcile_days)
    async with app.db.read() as conn:
        lost = await cards.headlines_without_message(conn, since)
    found: dict[int, ChannelToScan] = {}
    for shown in lost:  # oldest first
        if shown.channel_id is not None and shown.channel_id not in found:
            found[shown.channel_id] = ChannelToScan(
                shown.channel_id, shown.guild_id, shown.shown_at - timedelta(seconds=5)
            )
    return tuple(found.values())


async def recent_cards(app: App) -> tuple[Card, ...]:
    """Returns the recorded cards whose reactions to compare with Discord's, newest first."""
    since = app.clock() - timedelta(days=app.settings.reconcile_days)
    async with app.db.read() as conn:
        return await cards.recent_cards(conn, since, MAX_CARDS)


async def newest_event(app: App) -> int:
    """Returns the id of the newest rating event.

    Call it before the bot connects to Discord's gateway, for `reconcile_card`.
    """
    async with app.db.read() as conn:
        return await rating_events.newest_event_id(conn)


async def reconcile_card(
    app: App,
    message_id: int,
    people_by_emoji: Mapping[str, Sequence[int]],
    *,
    listed_at: datetime,
    newest_event_before: int,
) -> None:
    """Makes the recorded reactions to a card match those that Discord lists.

    message_id: the message with the card. people_by_emoji: emoji -> ids of the people whom Discord
    listed for it at `listed_at`. newest_event_before: id of the newest rating event before the bot
    connected to the gateway. Events with higher ids count as newer than the reactions recorded
    here.
    """
    async with app.db.write() as conn:
        await reactions.reconcile(
            conn,
            message_id=message_id,
            reactions=people_by_emoji,
            at=listed_at,
            scale=SCALE,
            newest_event_before=newest_event_before,
            erased=app.erasures.among({one for ids in people_by_emoji.values() for one in ids}),
        )


async def record_deletion(app: App, message_id: int) -> None:
    """Records that a card's message was deleted. Its ratings stay."""
    async with app.db.write() as conn:
        await cards.mark_card_deleted(conn, message_id, at=app.clock())
