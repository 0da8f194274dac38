"""Reactions on cards: added, removed, cleared by a moderator, or found after the bot was away.

A card is a message of the bot about a film. Each of these changes becomes one or more rating events
(`storage/feedback/rating_events.py`), which decide the person's rating of the card's film
(`storage/feedback/ratings.py`). To reconcile a card is to read its reactions from Discord after the
bot was away, and to correct the stored ones.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.feedback import cards, rating_events, ratings, scales
from storage.feedback.cards import Card
from storage.feedback.emoji import as_stored, identifying, normalise_emoji
from storage.feedback.rating_events import Origin, RatingEvent
from storage.feedback.ratings import RatingChange, Scale
from storage.schema import standing_events


async def add(
    conn: AsyncConnection,
    *,
    message_id: int,
    person_id: int,
    emoji: str,
    at: datetime,
    scale: Scale,
    burst: bool = False,
    is_late: bool = False,
    missed: bool = False,
) -> RatingChange | None:
    """Store that a person added a reaction; returns how the rating of the card's film changed.

    A card is a message about a film. Returns None if the message is not a card. A card that was
    recorded as deleted counts as existing again.

    If the reaction is already stored, nothing changes, not even the order of events. But it becomes
    the newest event if the bot found it on Discord before Discord reported it, or if `missed`. If
    the card has a server's own scale, emoji outside of it are not stored.

    scale: the stars of each emoji of the usual scale.
    burst: True for a super reaction.
    is_late: True if it could not be stored for a while. What happened meanwhile stays newer.
    missed: True if the bot may have missed that a stored reaction was removed before.
    """
    card = await cards.card(conn, message_id)
    if card is None:
        return None
    own = await scales.of_card(conn, card)
    if own is not None and scales.stars_of(own, emoji) is None:
        return None
    if card.deleted_at is not None:
        await cards.mark_card_standing(conn, message_id)
    stored = as_stored(emoji, burst=burst)
    event = await _event(conn, card, person_id, stored)
    standing = await rating_events.get_standing(conn, event)
    is_new = standing is None or standing.frozen_at is not None
    if standing is not None and not is_new:
        is_new = missed or await rating_events.origin_of(conn, standing.event_id) == "reconciled"
    if is_new:
        await _take_in(conn, card, event, at=at, raw_emoji=stored, origin="live", own=own)
        if is_late:
            await rating_events.renew_live_events(conn, person_id, event.film_id, after=at)
    return await ratings.derive(conn, person_id, event.film_id, scale)


async def remove(
    conn: AsyncConnection,
    *,
    message_id: int,
    person_id: int,
    emoji: str,
    at: datetime,
    scale: Scale,
    burst: bool = False,
) -> RatingChange | None:
    """Store that a person removed a reaction; returns how the rating of the card's film changed.

    A card is a message about a film. Returns None if the message is not a card.

    scale: the stars of each emoji.
    burst: True for a super reaction.
    """
    card = await cards.card(conn, message_id)
    if card is None:
        return None
    stored = as_stored(emoji, burst=burst)
    event = await _event(conn, card, person_id, stored)
    await rating_events.withdraw(conn, event, at=at, raw_emoji=stored)
    return await ratings.derive(conn, person_id, event.film_id, scale)


async def _event(conn: AsyncConnection, card: Card, person_id: int, emoji: str) -> RatingEvent:
    """Returns the event of a reaction to a card (a message about a film).

    A reaction rates the film that the message showed when it was added, also if the message shows
    another film now.

    emoji: the emoji as it is stored.
    """
    columns = standing_events.c
    found = await conn.execute(
        select(columns.film_id)
        .where(columns.message_id == card.message_id, columns.source == "reaction")
        .where(columns.person_id == person_id, columns.emoji == identifying(emoji))
        .where(columns.frozen_at.is_(None))
    )
    film_id = found.scalars().first()
    return rating_events.reaction_event(
        person_id, card.film_id if film_id is None else film_id, card.message_id, emoji
    )


async def freeze(
    conn: AsyncConnection, *, message_id: int, at: datetime, emoji: str | None = None
) -> int:
    """Store that a moderator cleared reactions of a message; returns how many were cleared.

    The reactions still count as ratings, and reading the card's reactions again later does not take
    them back.

    emoji: the emoji whose reactions were cleared, super reactions too; None if all reactions were
        cleared.
    """
    sorts = [] if emoji is None else [as_stored(emoji, burst=burst) for burst in (False, True)]
    cleared = {identifying(stored) for stored in sorts}
    events = [
        standing.event
        for standing in await rating_events.standing_on_message(conn, message_id)
        if standing.frozen_at is None and (emoji is None or standing.event.emoji in cleared)
    ]
    for event in events:
        await rating_events.freeze(conn, event, at=at)
    return len(events)


async def counts(
    conn: AsyncConnection, message_ids: Collection[int]
) -> Mapping[int, Mapping[str, int]]:
    """Returns how many reactions are stored for each message and emoji.

    The result maps a message id to a mapping from emoji to number. The emoji have no variation
    selectors. Reactions that a moderator cleared are left out, because they are no longer on
    Discord.
    """
    columns = standing_events.c
    rows = await conn.execute(
        select(columns.message_id, columns.emoji, func.count())
        .where(columns.message_id.in_(message_ids), columns.source == "reaction")
        .where(columns.frozen_at.is_(None))
        .group_by(columns.message_id, columns.emoji)
    )
    found: dict[int, dict[str, int]] = {}
    for message_id, emoji, number in rows:
        found.setdefault(message_id, {})[emoji] = number
    return found


async def reconcile(
    conn: AsyncConnection,
    *,
    message_id: int,
    reactions: Mapping[str, Collection[int]],
    at: datetime,
    scale: Scale,
    complete: Collection[str] | None = None,
    cleared: Collection[str] = (),
    newest_event_listed: int | None = None,
    newest_event_before: int | None = None,
    erased: Mapping[int, datetime] | None = None,
    limit: int | None = None,
) -> tuple[RatingChange, ...]:
    """Make the stored reactions to a card match those on Discord; returns the changed ratings.

    A card is a message about a film. If a person added several reactions while the bot was away,
    their order is unknown. They are then stored in the reverse order of `scale`, so that the first
    emoji of the scale (❤️) becomes the newest and decides. Nothing happens if the card is unknown
    or deleted, or if its reactions are no longer compared.

    reactions: for each emoji, in the stored form, the ids of the people who have that reaction on
        Discord, without bots.
    at: when the bot began to read these reactions, UTC.
    scale: the stars of each emoji of the usual scale.
    complete: the emoji, in the stored form, for which `reactions` has all people; None if it has
        all people for every emoji. Reactions with other emoji are not withdrawn, because the bot
        has not seen everybody.
    cleared: the plain emoji that a moderator has cleared. Reactions with such an emoji still count
        although they are gone.
    newest_event_listed: id of the newest event when the bot began to read these reactions. Events
        with higher ids are not changed. None if no event can have come since.
    newest_event_before: id of the newest event before the bot connected again. Events with higher
        ids that Discord reported count as newer than the reactions found now. None if the reactions
        found now count as the newest.
    erased: for each person whose data were deleted, when that was. Discord does not say when a
        person reacted. A reaction of such a person is therefore stored only if the card was posted
        after the deletion.
    limit: how many reactions to change at most; the others are left for the next call.
    """
    card = await cards.card(conn, message_id)
    if card is None or card.deleted_at is not None or not card.reconcile:
        return ()
    own = await scales.of_card(conn, card)
    if newest_event_listed is None:
        newest_event_listed = await rating_events.newest_event_id(conn)
    stored = {
        standing.event: standing
        for standing in await rating_events.standing_on_message(conn, message_id)
    }
    # A reaction rates the film that the message showed when it was added.
    films = {
        (event.person_id, event.emoji): event.film_id
        for event, standing in stored.items()
        if standing.frozen_at is None
    }
    present = {
        rating_events.reaction_event(
            person_id,
            films.get((person_id, identifying(emoji)), card.film_id),
            message_id,
            emoji,
        ): emoji
        for emoji, person_ids in reactions.items()
        if own is None or scales.stars_of(own, emoji) is not None
        for person_id in person_ids
    }
    seen = None if complete is None else {identifying(emoji) for emoji in complete}
    touched: set[tuple[int, int]] = set()  # person and film
    left = len(stored) + len(present) if limit is None else limit
    for event, standing in stored.items():
        if (
            event in present
            or standing.frozen_at is not None
            or standing.event_id > newest_event_listed
            or not (seen is None or event.emoji in seen)
        ):
            continue
        if normalise_emoji(event.emoji) in cleared:
            await rating_events.freeze(conn, event, at=at)
        elif left > 0:
            left -= 1
            await rating_events.withdraw(
                conn, event, at=at, raw_emoji=event.emoji, origin="reconciled"
            )
            touched.add((event.person_id, event.film_id))
    gone = await rating_events.taken_back_after(conn, message_id, newest_event_listed)
    legend = {normalise_emoji(emoji): place for place, emoji in enumerate(own or scale)}

    def oldest_first(event: RatingEvent) -> tuple[int, int, str]:
        place = legend.get(normalise_emoji(event.emoji), len(legend))
        return (-place, event.person_id, event.emoji)

    returned: set[tuple[int, int]] = set()
    for event in sorted(present, key=oldest_first):
        gone_at = (erased or {}).get(event.person_id)
        if gone_at is not None and card.posted_at <= gone_at:
            continue
        before = stored.get(event)
        if left > 0 and (before is None or before.frozen_at is not None) and event not in gone:
            left -= 1
            raw = present[event]
            await _take_in(conn, card, event, at=at, raw_emoji=raw, origin="reconciled", own=own)
            returned.add((event.person_id, event.film_id))
    if newest_event_before is not None:
        for person_id, film_id in sorted(returned):
            await rating_events.renew_live_events(conn, person_id, film_id, newest_event_before)
    touched |= returned
    return tuple(
        [
            await ratings.derive(conn, person_id, film_id, scale)
            for person_id, film_id in sorted(touched)
        ]
    )


async def _take_in(
    conn: AsyncConnection,
    card: Card,
    event: RatingEvent,
    *,
    at: datetime,
    raw_emoji: str,
    origin: Origin,
    own: Scale | None,
) -> None:
    """Store a reaction that a person added to a card (a message about one film).

    event: the facts that identify the reaction.
    raw_emoji: the emoji as Discord sent it.
    origin: "live" if Discord reported it, "reconciled" if the bot found it later.
    own: the server's own scale that the card shows; None for the usual scale.
    """
    stars = None if own is None else scales.stars_of(own, raw_emoji)
    guild = card.guild_id
    await rating_events.record(
        conn, event, at=at, raw_emoji=raw_emoji, stars=stars, guild_id=guild, origin=origin
    )
