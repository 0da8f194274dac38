"""Reactions on cards: added, removed, cleared by a moderator, or found after the bot was away.

A card is a message of the bot about a film. Each of these changes becomes one or more rating events
(`storage/feedback/rating_events.py`), which decide the person's rating of the card's film
(`storage/feedback/ratings.py`). To reconcile a card is to read its reactions from Discord after the
bot was away, and to correct the stored ones.
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
    """Store that a person added a reaction; returns how the rating of the card's film changed.

    Returns None if the message is not a card. scale: emoji -> stars.

    A reaction that is stored already changes nothing, not even the order of events. There is one
    exception: if reconciling stored it before Discord reported it, it becomes the newest event.
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
    """Store that a person removed a reaction; returns how the rating of the card's film changed.

    Returns None if the message is not a card. scale: emoji -> stars.
    """
    card = await cards.card(conn, message_id)
    if card is None:
        return None
    event = rating_events.reaction_event(person_id, card.film_id, message_id, emoji)
    await rating_events.withdraw(conn, event, at=at, raw_emoji=emoji, origin=origin)
    return await ratings.derive(conn, person_id, card.film_id, scale)


async def freeze(
    conn: AsyncConnection, *, message_id: int, at: datetime, emoji: str | None = None
) -> int:
    """Store that a moderator cleared reactions of a message.

    The reactions still count as ratings, and reconciling does not take them back. Returns how many
    of the stored reactions were cleared.

    emoji: the emoji whose reactions were cleared; None if all reactions were.
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
    erased: Mapping[int, datetime] | None = None,
) -> tuple[RatingChange, ...]:
    """Make the stored reactions of a card match those on Discord; returns one change per person.

    Nobody knows in which order a person added several reactions while the bot was away. They are
    stored against the order of `scale`, so the first emoji of the scale (❤️) becomes the newest and
    decides. Nothing happens if the card is unknown, deleted, or no longer reconciled.

    reactions: emoji -> ids of the people, without bots, who have that reaction on Discord.
    at: when the bot began to read these reactions. Events after this time are not changed.
    scale: emoji -> stars.
    newest_event_before: id of the newest event before the bot was connected again. Live events
        after it count as newer than the reactions found now. None if the reactions found now are to
        be the newest events.
    erased: person -> when everything about them was deleted. Discord does not say when a person
        reacted. So of these people only reactions on cards that are younger than that are taken in.
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
        gone_at = (erased or {}).get(event.person_id)
        if gone_at is not None and card.posted_at <= gone_at:
            continue
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
