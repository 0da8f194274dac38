"""Cards: the messages about a film whose reactions rate that film."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from typing import Literal

from sqlalchemy import Insert, bindparam, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database.upsert import upsert_in
from storage.feedback.impressions import Impression, Surface
from storage.people import profiles
from storage.schema import cards, films, impressions
from storage.shards import Shards, on_shards

CardSurface = Surface | Literal["film"]
"""What made the bot send a card. "film": somebody asked for the page of this film."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A message of the bot about one film. The reactions to the message rate that film.

    The message may name further films.

    Attributes:
        message_id: the message.
        channel_id: the channel of the message.
        film_id: the film that reactions rate.
        surface: the command, button or scheduled post that made the bot show the film.
        posted_at: when the message was sent, UTC.
        guild_id: the server of the message; None for a direct message.
        person_id: the person who asked for the card; None for a server's post.
        deleted_at: when the message was deleted, UTC; None if it was not.
        reconcile: True if its reactions are read again from Discord after the bot was away.
        seeded: True if the bot has put all the rating emoji under the card that it wanted to.
        scale_id: the server's own scale that its legend shows; None for the usual scale.
    """

    message_id: int
    channel_id: int
    film_id: int
    surface: CardSurface
    posted_at: datetime
    guild_id: int | None = None
    person_id: int | None = None
    deleted_at: datetime | None = None
    reconcile: bool = True
    seeded: bool = False
    scale_id: int | None = None


# Built once, because building a statement takes longer than running it.
_COLUMNS = tuple(field.name for field in fields(Card))
_CARD = select(cards).where(cards.c.message_id == bindparam("message"))
_SEEDED = update(cards).where(cards.c.message_id == bindparam("message")).values(seeded=True)


@cache
def _added(dialect: str) -> Insert:
    """Returns the statement that adds a card, or changes its surface and person."""
    new = upsert_in(dialect, cards)
    known = {name: new.excluded[name] for name in ("surface", "person_id")}
    return new.on_conflict_do_update(index_elements=["message_id"], set_=known)


async def add_card(conn: AsyncConnection, card: Card, *, knows_person: bool = False) -> None:
    """Store a card (a message about one film whose reactions rate the film).

    If the card is stored already, its surface (the command or post that showed it) and person are
    replaced. A card may be stored already because a reaction to it arrived before this call, and
    the bot had to look the card up on Discord.

    knows_person: True if the card's person is stored already.
    """
    if card.person_id is not None and not knows_person:
        await profiles.ensure(conn, card.person_id, now=card.posted_at)
    row = {name: getattr(card, name) for name in _COLUMNS}
    await conn.execute(_added(conn.dialect.name), row)


async def card(conn: AsyncConnection, message_id: int) -> Card | None:
    """Returns the stored card of a message; None if the message is not a card.

    A card is a message about one film. The reactions to it rate the film.
    """
    row = (await conn.execute(_CARD, {"message": message_id})).one_or_none()
    return None if row is None else Card(**row._mapping)


async def show_other_film(
    conn: AsyncConnection, message_id: int, film_id: int, *, instead_of: int | None = None
) -> None:
    """Store that a message about a film is about another film now.

    Reactions that come from now on rate the other film. Those before keep their film. Nothing
    happens if the message is not a stored card (a message about one film), or if the film is not
    stored.

    instead_of: id of the film that the message must be about until now, or nothing happens; None
        for any film.
    """
    known = exists().where(films.c.id == film_id)
    change = update(cards).where(cards.c.message_id == message_id, known)
    if instead_of is not None:
        change = change.where(cards.c.film_id == instead_of)
    await conn.execute(change.values(film_id=film_id))


async def mark_cards_seeded(conn: AsyncConnection, message_ids: Collection[int]) -> None:
    """Store that the bot has put its rating emoji under cards (messages about a film)."""
    await conn.execute(_SEEDED, [{"message": message_id} for message_id in message_ids])


async def mark_card_deleted(conn: AsyncConnection, *message_ids: int, at: datetime) -> int:
    """Store that messages were deleted; returns how many of them were cards.

    A card is a message about a film. The ratings that people made on it are kept.

    at: when the messages were deleted, UTC.
    """
    result = await conn.execute(
        update(cards)
        .where(cards.c.message_id.in_(message_ids), cards.c.deleted_at.is_(None))
        .values(deleted_at=at)
    )
    return result.rowcount


async def mark_card_standing(conn: AsyncConnection, message_id: int) -> None:
    """Store that a message about a film still exists, although it was recorded as deleted."""
    await conn.execute(
        update(cards).where(cards.c.message_id == message_id).values(deleted_at=None)
    )


async def recent_cards(
    conn: AsyncConnection, since: datetime, limit: int, *, shards: Shards | None = None
) -> tuple[Card, ...]:
    """Returns the cards (messages about a film) posted at `since` or later, newest first.

    Only cards whose stored reactions are to be compared with Discord's are returned
    (`Card.reconcile`).

    limit: the greatest number of cards to return.
    shards: only cards in servers on these shards; None for all.
    """
    rows = await conn.execute(
        select(cards)
        .where(
            cards.c.posted_at >= since,
            cards.c.deleted_at.is_(None),
            cards.c.reconcile,
            on_shards(shards, cards.c.guild_id),
        )
        .order_by(cards.c.posted_at.desc(), cards.c.message_id.desc())
        .limit(limit)
    )
    return tuple(Card(**row._mapping) for row in rows)


async def headlines_without_message(
    conn: AsyncConnection, since: datetime, *, shards: Shards | None = None
) -> tuple[Impression, ...]:
    """Returns the main films of public messages whose message id is not stored, newest first.

    Only films shown at `since` or later are returned. Such a message may exist or not: the bot may
    have been killed before it sent the message, or after sending it and before storing its id.

    shards: only films shown in servers on these shards; None for all.
    """
    rows = await conn.execute(
        select(impressions)
        .where(
            impressions.c.shown_at >= since,
            impressions.c.message_id.is_(None),
            impressions.c.position == 0,
            impressions.c.private.is_(False),
            impressions.c.delivered,
            on_shards(shards, impressions.c.guild_id),
        )
        .order_by(impressions.c.shown_at.desc(), impressions.c.id.desc())
    )
    return tuple(Impression(**row._mapping) for row in rows)
