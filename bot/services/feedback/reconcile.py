"""Records how the reactions to cards changed while the bot had no connection.

A card is a message about a film. `bot/jobs/reconciling.py` calls these functions.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.services.app import App
from bot.services.scale import SCALE
from storage.feedback import cards, deliveries, heard, rating_events, reactions
from storage.feedback.cards import Card
from storage.feedback.emoji import as_stored, identifying, normalise_emoji
from storage.feedback.impressions import Impression

MAX_CARDS = 5_000
"""How many cards are compared with Discord at most in one round; they are the newest ones."""

BELIEVED_AFTER = timedelta(minutes=10)
"""If Discord does not know a message, the bot looks for it again after this time before it believes
that.
"""

MAX_CHANGES = 100
"""How many reactions are changed in one transaction, so that other writes do not wait for long."""


@dataclass(frozen=True)
class Listing:
    """The reactions that the bot read on Discord under a card (its message about a film).

    Attributes:
        people: the ids of the people for each emoji, without bots. The emoji have the form that
            `stored_emoji` returns.
        complete: the emoji of `people` for which all people were read.
        cleared: the emoji, as Discord names them, that a moderator has cleared.
        listed_at: when the bot began to read, UTC.
        newest_event: the id of the newest rating event when the bot began to read.
    """

    people: Mapping[str, Sequence[int]]
    complete: Collection[str]
    cleared: Collection[str]
    listed_at: datetime
    newest_event: int


def stored_emoji(emoji: str, *, burst: bool) -> str:
    """Returns the form in which a reaction is stored.

    burst: True for a super reaction.
    """
    return as_stored(emoji, burst=burst)


async def lost_headlines(app: App) -> tuple[Impression, ...]:
    """Returns the main films of public messages whose message id is not known, the newest first.

    Only messages in servers of this process are among them.

    The bot stores which films a message shows before it sends the message, and the message's id
    afterwards. Between the two, the bot may be killed or Discord's answer may be lost.
    """
    async with app.db.read() as conn:
        shards = app.cluster.shards
        since = await _since(app, await heard.last(conn, shards))
        if since is None:
            return ()
        return await cards.headlines_without_message(conn, since, shards=shards)


async def is_found(app: App, headline: Impression) -> bool:
    """True if it has been stored meanwhile which message showed the film.

    headline: the stored impression (film shown once) of the film.
    """
    async with app.db.read() as conn:
        return await deliveries.has_message(conn, headline.id)


async def record_never_sent(app: App, headline: Impression) -> None:
    """Stores that a message was never sent, so that nobody saw its films.

    headline: the stored impression (film shown once) of the message's main film.
    """
    async with app.db.write() as conn:
        ids = await deliveries.of_answer(conn, headline)
        await deliveries.mark_undelivered(conn, ids)


async def recent_cards(app: App) -> tuple[Card, ...]:
    """Returns the stored cards whose reactions should be compared with Discord's, newest first.

    A card is a message about a film. These are the cards in servers of this process that were
    posted after a certain time:
    `reconcile_days` (a setting) before the last event that the bot received before it missed any.
    """
    async with app.db.read() as conn:
        shards = app.cluster.shards
        since = await _since(app, await heard.last(conn, shards))
        if since is None:
            return ()
        return await cards.recent_cards(conn, since, MAX_CARDS, shards=shards)


async def _since(app: App, last: datetime | None) -> datetime | None:
    """Returns the time from which messages are compared with Discord; None to compare none.

    last: the time up to which the bot knows every reaction; None if it never received one.
    """
    days = app.settings.reconcile_days
    now = app.clock()
    return min(now, last or now) - timedelta(days=days) if days else None


async def card(app: App, message_id: int) -> Card | None:
    """Returns the stored card of a message; None if the message is not to be compared with Discord.

    A card is a message of the bot about a film. It is no longer compared once it is too old or
    deleted.
    """
    async with app.db.read() as conn:
        found = await cards.card(conn, message_id)
    return found if found is not None and found.reconcile and found.deleted_at is None else None


async def counts(app: App, stored: Collection[Card]) -> Mapping[int, Mapping[str, int]]:
    """Returns how many reactions are stored for each card (message about a film) and emoji.

    The result maps a message id to a mapping from emoji to number. Emoji that do not rate a film on
    that card are left out.
    """
    scales = {card.message_id: app.scales.with_id(card.scale_id) for card in stored}
    async with app.db.read() as conn:
        found = await reactions.counts(conn, list(scales))
    return {
        message_id: {
            emoji: number for emoji, number in there.items() if scales[message_id].rates(emoji)
        }
        for message_id, there in found.items()
    }


def same_emoji(stored: str) -> str:
    """Returns an emoji in the form of the keys of `counts`.

    stored: the emoji in the form that `stored_emoji` returns.
    """
    return identifying(stored)


async def newest_event(app: App) -> int:
    """Returns the id of the newest rating event."""
    async with app.db.read() as conn:
        return await rating_events.newest_event_id(conn)


async def note_heard(app: App) -> None:
    """Stores that the bot knows every reaction that was made until now."""
    async with app.db.write() as conn:
        await heard.note(conn, app.clock(), app.cluster.shards)


async def reconcile_card(
    app: App, message_id: int, listing: Listing, *, newest_event_before: int
) -> None:
    """Makes the recorded reactions to a card match those that Discord lists.

    message_id: the message with the card.
    listing: the reactions that Discord lists.
    newest_event_before: id of the newest rating event before the bot connected again. Events with
        higher ids count as newer than the reactions that are stored here.
    """
    people = {person_id for ids in listing.people.values() for person_id in ids}
    changed = True
    while changed:  # until nothing is left to change
        async with app.db.write() as conn:
            changes = await reactions.reconcile(
                conn,
                message_id=message_id,
                reactions=listing.people,
                at=listing.listed_at,
                scale=SCALE,
                complete=listing.complete,
                cleared={normalise_emoji(emoji) for emoji in listing.cleared},
                newest_event_listed=listing.newest_event,
                newest_event_before=newest_event_before,
                limit=MAX_CHANGES,
                erased=app.erasures.among(people),
            )
        changed = changes != ()


async def record_deletion(app: App, message_id: int) -> None:
    """Records that the message of a card was deleted. The ratings made on it stay."""
    async with app.db.write() as conn:
        await cards.mark_card_deleted(conn, message_id, at=app.clock())
