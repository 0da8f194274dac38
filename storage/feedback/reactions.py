"""Reactions on cards: added, removed, cleared by a moderator, or found after an absence.

Each becomes rating events (`storage/feedback/rating_events.py`), which decide the rating
(`storage/feedback/ratings.py`).
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from storage.feedback import cards, rating_events, ratings
from storage.feedback.rating_events import Origin, RatingEvent, normalise_emoji
from storage.feedback.ratings import RatingChange, Scale


async def add(
    conn: AsyncConnection,
    *,
    message_id: int,
    person_id: int,
    emoji: str,
    at: datetime,
    scale: Scale,
    origin: Origin = "live",
) -> RatingChange | None:
    """Store that a person added a reaction. Returns None if the message is not a card.

    The same reaction stored twice changes nothing, not even the order of events. There is one
    exception: a reaction that was reconciled before Discord reported it becomes the newest event.
    """
    card = await cards.card(conn, message_id)
    if card is None:
        return None
    event = rating_events.reaction_event(person_id, card.film_id, message_id, emoji)
    standing = await rating_events.get_standing(conn, event)
    is_new = standing is None or standing.frozen_at is not None
    if standing is not None and not is_new and origin == "live":
        is_new = await rating_events.origin_of(conn, standing.event_id) == "reconciled"
    if is_new:
        await rating_events.record(
            conn, event, at=at, raw_emoji=emoji, guild_id=card.guild_id, origin=origin
        )
    return await ratings.derive(conn, person_id, card.film_id, scale)


async def remove(
    conn: AsyncConnection,
    *,
    message_id: int,
    person_id: int,
    emoji: str,
    at: datetime,
    scale: Scale,
    origin: Origin = "live",
) -> RatingChange | None:
    """Store that a person removed a reaction. Returns None if the message is not a card."""
    card = await cards.card(conn, message_id)
    if card is None:
        return None
    event = rating_events.reaction_event(person_id, card.film_id, message_id, emoji)
    await rating_events.withdraw(conn, event, at=at, raw_emoji=emoji, origin=origin)
    return await ratings.derive(conn, person_id, card.film_id, scale)


async def freeze(
    conn: AsyncConnection, *, message_id: int, at: datetime, emoji: str | None = None
) -> int:
    """Store that a moderator cleared reactions of a message. Returns how many were standing.

    The reactions still count, and reconciling does not withdraw them.

    emoji: the emoji whose reactions were cleared; None if all were.
    """
    cleared = None if emoji is None else rating_events.reaction_event(0, 0, message_id, emoji).emoji
    events = [
        standing.event
        for standing in await rating_events.standing_on_message(conn, message_id)
        if standing.frozen_at is None and cleared in (None, standing.event.emoji)
    ]
    for event in events:
        await rating_events.freeze(conn, event, at=at)
    return len(events)


async def reconcile(
    conn: AsyncConnection,
    *,
    message_id: int,
    reactions: Mapping[str, Collection[int]],
    at: datetime,
    scale: Scale,
    newest_event_before: int | None = None,
) -> tuple[RatingChange, ...]:
    """Make the stored reactions of a card match those on Discord; returns one change per person.

    Reactions that came during an absence get event ids against the order of the legend, so the
    legend's first emoji is the newest. Nothing happens to an unknown or deleted card, nor to one
    that is no longer reconciled.

    reactions: emoji -> ids of the people, without bots, who have that reaction on Discord.
    at: when reading these reactions began. Later events do not change.
    newest_event_before: id of the newest event before Matinee was connected again. The reactions
        found now stay older than every live event after it. None if they become the newest.
    """
    card = await cards.card(conn, message_id)
    if card is None or card.deleted_at is not None or not card.reconcile:
        return ()
    stored = {
        standing.event: standing
        for standing in await rating_events.standing_on_message(conn, message_id)
    }
    present = {
        rating_events.reaction_event(person_id, card.film_id, message_id, emoji): emoji
        for emoji, person_ids in reactions.items()
        for person_id in person_ids
    }
    touched: set[int] = set()
    for event, standing in stored.items():
        if event not in present and standing.frozen_at is None and standing.at <= at:
            await rating_events.withdraw(
                conn, event, at=at, raw_emoji=event.emoji, origin="reconciled"
            )
            touched.add(event.person_id)
    withdrawn = await rating_events.withdrawn_reactions(conn, message_id, at)
    legend = {normalise_emoji(emoji): place for place, emoji in enumerate(scale)}

    def oldest_first(event: RatingEvent) -> tuple[int, int, str]:
        place = legend.get(normalise_emoji(event.emoji), len(legend))
        return (-place, event.person_id, event.emoji)

    returned: set[int] = set()
    for event in sorted(present, key=oldest_first):
        before = stored.get(event)
        thawed = before is not None and before.frozen_at is not None and before.frozen_at <= at
        if (before is None or thawed) and event not in withdrawn:
            await rating_events.record(
                conn,
                event,
                at=at,
                raw_emoji=present[event],
                guild_id=card.guild_id,
                origin="reconciled",
            )
            returned.add(event.person_id)
    if newest_event_before is not None:
        for person_id in sorted(returned):
            await rating_events.renew_live_events(
                conn, person_id, card.film_id, newest_event_before
            )
    touched |= returned
    return tuple(
        [
            await ratings.derive(conn, person_id, card.film_id, scale)
            for person_id in sorted(touched)
        ]
    )
