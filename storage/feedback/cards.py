"""Cards: the messages whose reactions rate a film."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database.upsert import insert
from storage.feedback.impressions import Impression, Surface
from storage.people import profiles
from storage.schema import cards, impressions


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A message whose headline is one film. `person_id` is who asked, None for a server's post."""

    message_id: int
    channel_id: int
    film_id: int
    surface: Surface
    posted_at: datetime
    guild_id: int | None = None
    person_id: int | None = None
    deleted_at: datetime | None = None
    reconcile: bool = True
    seeded: bool = False


_CARD = select(cards).where(cards.c.message_id == bindparam("message"))


async def add_card(conn: AsyncConnection, card: Card) -> None:
    """Keep a card; where the message is known already, nothing changes."""
    if card.person_id is not None:
        await profiles.ensure(conn, card.person_id, now=card.posted_at)
    await conn.execute(insert(conn, cards).values(asdict(card)).on_conflict_do_nothing())


async def card(conn: AsyncConnection, message_id: int) -> Card | None:
    """The card that a message is, or None."""
    row = (await conn.execute(_CARD, {"message": message_id})).one_or_none()
    return None if row is None else Card(**row._mapping)


async def card_seeded(conn: AsyncConnection, message_id: int) -> None:
    """Keep that the card carries the legend's reactions."""
    await conn.execute(update(cards).where(cards.c.message_id == message_id).values(seeded=True))


async def card_deleted(conn: AsyncConnection, *message_ids: int, at: datetime) -> int:
    """Messages were deleted; how many of them were cards. Their ratings stay."""
    result = await conn.execute(
        update(cards)
        .where(cards.c.message_id.in_(message_ids), cards.c.deleted_at.is_(None))
        .values(deleted_at=at)
    )
    return result.rowcount


async def recent_cards(conn: AsyncConnection, since: datetime, limit: int) -> tuple[Card, ...]:
    """The cards posted at `since` or later whose reactions are worth reconciling, newest first."""
    rows = await conn.execute(
        select(cards)
        .where(cards.c.posted_at >= since, cards.c.deleted_at.is_(None), cards.c.reconcile)
        .order_by(cards.c.posted_at.desc(), cards.c.message_id.desc())
        .limit(limit)
    )
    return tuple(Card(**row._mapping) for row in rows)


async def unposted(conn: AsyncConnection, since: datetime) -> tuple[Impression, ...]:
    """Public headlines since then of which we know no message, oldest first.

    The reply failed, or we were killed between sending it and keeping its card.
    """
    rows = await conn.execute(
        select(impressions)
        .where(
            impressions.c.shown_at >= since,
            impressions.c.message_id.is_(None),
            impressions.c.position == 0,
            impressions.c.private.is_(False),
        )
        .order_by(impressions.c.id)
    )
    return tuple(Impression(**row._mapping) for row in rows)


async def channels_to_scan(conn: AsyncConnection, since: datetime) -> tuple[int, ...]:
    """The channels in which messages of unposted impressions may stand."""
    found = await unposted(conn, since)
    return tuple(sorted({row.channel_id for row in found if row.channel_id is not None}))
