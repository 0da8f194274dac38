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
"""How many cards a round compares at most, the newest ones."""

BELIEVED_AFTER = timedelta(minutes=10)
"""A message that Discord does not know is looked for again after this time, before that is
believed."""

MAX_CHANGES = 100
"""How many reactions are changed in one transaction, so that other writes do not wait for long."""

_RATES = frozenset(normalise_emoji(emoji) for emoji in SCALE)


@dataclass(frozen=True)
class Listing:
    """The reactions that the bot read on Discord under a card (its message about a film).

    Attributes:
        people: emoji, as `stored_emoji` returns it -> ids of the people, without bots.
        complete: those of these emoji whose people are all listed.
        cleared: the emoji, as Discord names them, that a moderator has cleared.
        listed_at: when the bot began to read, UTC.
        newest_event: the id of the newest rating event when the bot began to read.
    """

    people: Mapping[str, Sequence[int]]
    complete: Collection[str]
    cleared: Collection[str]
    listed_at: datetime
    newest_event: int


def stored_emoji(emoji: str, *, burst: bool) -> str | None:
    """Returns the form in which a reaction is stored; None for an emoji that rates nothing.

    burst: True for a super reaction.
    """
    return as_stored(emoji, burst=burst) if normalise_emoji(emoji) in _RATES else None


async def lost_headlines(app: App) -> tuple[Impression, ...]:
    """Returns the films of public answers whose message is not known, the newest first.

    The bot stores which films a card shows before it sends the card, and afterwards which message
    it is. Between the two it may be killed, or the answer of Discord may be lost.
    """
    async with app.db.read() as conn:
        since = await _since(app, await heard.last(conn))
        return () if since is None else await cards.headlines_without_message(conn, since)


async def is_found(app: App, headline: Impression) -> bool:
    """True if it is recorded by now which message showed the film.

    headline: the record of the shown film.
    """
    async with app.db.read() as conn:
        return await deliveries.has_message(conn, headline.id)


async def record_never_sent(app: App, headline: Impression) -> None:
    """Records that a message did not come, so that nobody saw its films.

    headline: the record of the message's main film.
    """
    async with app.db.write() as conn:
        ids = await deliveries.of_answer(conn, headline)
        await deliveries.mark_undelivered(conn, ids)


async def recent_cards(app: App) -> tuple[Card, ...]:
    """Returns the recorded cards whose reactions to compare with Discord's, newest first.

    A card is a message about a film. Returned are the cards posted within `reconcile_days` (a
    setting) before the last event that the bot received before it missed any, and all later ones.
    """
    async with app.db.read() as conn:
        since = await _since(app, await heard.last(conn))
        return () if since is None else await cards.recent_cards(conn, since, MAX_CARDS)


async def _since(app: App, last: datetime | None) -> datetime | None:
    """Returns the time from which messages are compared with Discord; None for no comparing.

    last: up to when the bot knows every reaction; None if it never received one.
    """
    days = app.settings.reconcile_days
    now = app.clock()
    return min(now, last or now) - timedelta(days=days) if days else None


async def card(app: App, message_id: int) -> Card | None:
    """Returns the recorded card of a message, if its reactions are to be compared with Discord's.

    A card is the bot's message about a film. Returns None for other messages, and for cards that
    are no longer compared.
    """
    async with app.db.read() as conn:
        found = await cards.card(conn, message_id)
    return found if found is not None and found.reconcile and found.deleted_at is None else None


async def counts(app: App, message_ids: Collection[int]) -> Mapping[int, Mapping[str, int]]:
    """Returns message id -> emoji -> how many reactions are recorded.

    Emoji that do not rate a film are left out.
    """
    async with app.db.read() as conn:
        found = await reactions.counts(conn, message_ids)
    return {
        message_id: {
            emoji: number for emoji, number in there.items() if normalise_emoji(emoji) in _RATES
        }
        for message_id, there in found.items()
    }


def same_emoji(stored: str) -> str:
    """Returns the form of an emoji that `counts` has as its keys.

    stored: the emoji as `stored_emoji` returns it.
    """
    return identifying(stored)


async def newest_event(app: App) -> int:
    """Returns the id of the newest rating event."""
    async with app.db.read() as conn:
        return await rating_events.newest_event_id(conn)


async def note_heard(app: App) -> None:
    """Records that the bot knows every reaction that was made until now."""
    async with app.db.write() as conn:
        await heard.note(conn, app.clock())


async def reconcile_card(
    app: App, message_id: int, listing: Listing, *, newest_event_before: int
) -> None:
    """Makes the recorded reactions to a card match those that Discord lists.

    message_id: the message with the card.
    listing: the reactions that Discord lists.
    newest_event_before: id of the newest rating event before the bot was connected again. Events
        with higher ids count as newer than the reactions recorded here.
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
