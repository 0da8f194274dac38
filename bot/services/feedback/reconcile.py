"""After a start: what happened to recent cards' reactions while the bot was away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.services.scale import SCALE
from storage.feedback import cards, rating_events, reactions
from storage.feedback.cards import Card

if TYPE_CHECKING:
    from bot.services.app import App

MOST_CARDS = 500
MOST_MESSAGES = 200
MOST_PEOPLE = 1_000


@dataclass(frozen=True)
class ChannelToScan:
    """A channel where a card may stand that we do not remember, and since when."""

    channel_id: int
    guild_id: int | None
    since: datetime


async def channels_to_scan(app: "App") -> tuple[ChannelToScan, ...]:
    """Channels where a card was recorded as shown but no message is known, and since when."""
    since = app.clock() - timedelta(days=app.settings.reconcile_days)
    async with app.db.read() as conn:
        lost = await cards.unposted(conn, since)
    found: dict[int, ChannelToScan] = {}
    for shown in lost:  # oldest first
        if shown.channel_id is not None and shown.channel_id not in found:
            found[shown.channel_id] = ChannelToScan(
                shown.channel_id, shown.guild_id, shown.shown_at - timedelta(seconds=5)
            )
    return tuple(found.values())


async def recent_cards(app: "App") -> tuple[Card, ...]:
    """The cards to compare with Discord, newest first."""
    since = app.clock() - timedelta(days=app.settings.reconcile_days)
    async with app.db.read() as conn:
        return await cards.recent_cards(conn, since, MOST_CARDS)


async def newest_event(app: "App") -> int:
    """The newest act known so far; asked for before Discord is listened to."""
    async with app.db.read() as conn:
        return await rating_events.newest_event_id(conn)


async def card(
    app: "App",
    message_id: int,
    standing: Mapping[str, Sequence[int]],
    *,
    listed_at: datetime,
    heard_after: int,
) -> None:
    """Make our standing reactions those on Discord: emoji -> people, as listed from `listed_at`.
    What is found is older than what was heard live after event `heard_after`."""
    async with app.db.write() as conn:
        await reactions.reconcile(
            conn,
            message_id=message_id,
            reactions=standing,
            at=listed_at,
            scale=SCALE,
            heard_after=heard_after,
        )


async def deleted(app: "App", message_id: int) -> None:
    """The card's message is gone; its ratings stay."""
    async with app.db.write() as conn:
        await cards.card_deleted(conn, message_id, at=app.clock())
