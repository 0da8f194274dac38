"""Scales: which emoji give how many stars on the cards of a server.

A card (a message about a film) keeps the scale that its legend shows, so a stored scale never
changes. A server that wants other emoji gets another scale.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, delete, exists, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.feedback.cards import Card
from storage.feedback.emoji import normalise_emoji
from storage.schema import cards, guilds, rating_scales

MAX_DRAFT_AGE = timedelta(days=1)
"""A scale that no server uses and no card shows is deleted after this time."""

Steps = tuple[tuple[str, float], ...]
"""Pairs of an emoji and its stars (0.5 to 5), in the order of the legend."""


@dataclass(frozen=True, slots=True)
class StoredScale:
    """A server's own scale.

    Attributes:
        id: its id.
        guild_id: the server.
        steps: the emoji and their stars, in the order of the legend.
    """

    id: int
    guild_id: int
    steps: Steps


async def add(
    conn: AsyncConnection, guild_id: int, steps: Sequence[tuple[str, float]], *, now: datetime
) -> StoredScale:
    """Store a scale of a server, without using it yet; returns it.

    If the server has the same scale already, that one is returned. Scales of the server that
    nothing uses are deleted after `MAX_DRAFT_AGE`.
    """
    used = exists().where(guilds.c.scale_id == rating_scales.c.id)
    shown = exists().where(cards.c.scale_id == rating_scales.c.id)
    old = rating_scales.c.created_at < now - MAX_DRAFT_AGE
    here = rating_scales.c.guild_id == guild_id
    await conn.execute(delete(rating_scales).where(here, old, ~used, ~shown))
    wanted = tuple(steps)
    for known in await of_server(conn, guild_id):
        if known.steps == wanted:
            return known
    values = {"guild_id": guild_id, "steps": [list(step) for step in wanted], "created_at": now}
    made = insert(rating_scales).values(values).returning(rating_scales.c.id)
    return StoredScale((await conn.execute(made)).scalar_one(), guild_id, wanted)


async def of_server(conn: AsyncConnection, guild_id: int) -> tuple[StoredScale, ...]:
    """Returns the scales of a server, the oldest first."""
    found = select(rating_scales).where(rating_scales.c.guild_id == guild_id)
    return _stored(await conn.execute(found.order_by(rating_scales.c.id)))


async def every(conn: AsyncConnection) -> tuple[StoredScale, ...]:
    """Returns the scales of all servers, the oldest first."""
    return _stored(await conn.execute(select(rating_scales).order_by(rating_scales.c.id)))


async def of_card(conn: AsyncConnection, card: Card) -> dict[str, float] | None:
    """Returns the stars of each emoji of the server's own scale that a card shows.

    A card is a message about one film. None if it shows the usual scale.
    """
    if card.scale_id is None:  # the most cards
        return None
    found = select(rating_scales.c.steps).where(rating_scales.c.id == card.scale_id)
    steps = (await conn.execute(found)).scalar_one_or_none()
    return None if steps is None else dict(_steps(steps))


def stars_of(scale: Mapping[str, float], emoji: str) -> float | None:
    """Returns the stars of an emoji; None if it is not in the scale.

    emoji: the emoji as Discord sends it or as it is stored.
    """
    plain = normalise_emoji(emoji)
    return next((stars for one, stars in scale.items() if normalise_emoji(one) == plain), None)


def _stored(rows: CursorResult[Any]) -> tuple[StoredScale, ...]:
    return tuple(StoredScale(row.id, row.guild_id, _steps(row.steps)) for row in rows)


def _steps(stored: list[list[object]]) -> Steps:
    return tuple((str(emoji), float(str(stars))) for emoji, stars in stored)
