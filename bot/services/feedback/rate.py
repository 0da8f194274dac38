"""Ratings: by reaction, button and command.

A person's newest rating of a film counts, however it was made. If it is taken back, the rating
before it counts again. Every function returns only once the change is on disk.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Literal

from bot.errors import Sorry
from bot.services.app import App
from bot.services.scale import HALF_STARS, LEGEND, SCALE
from bot.services.view_models import Requester
from storage.feedback import cards, first_ratings, heard, rating_events, ratings, reactions
from storage.feedback.emoji import normalise_emoji
from storage.feedback.rating_events import StandingEvent
from storage.feedback.ratings import RatingChange
from storage.people import profiles

ReactionKind = Literal["add", "remove", "clear", "deleted", "changed", "gap"]


@dataclass(frozen=True)
class ReactionEvent:
    """One change of a message or of its reactions, as Discord reported it.

    Attributes:
        kind: what happened. "add", "remove": one reaction was added or removed. "clear": a
            moderator removed all reactions, or all with `emoji`. "deleted": the message was
            deleted. "changed": the message is about the film `film_id` now. "gap": events may be
            missing before this one, so that Discord has to be asked.
        message_id: the message with the reactions.
        channel_id: the message's channel.
        person_id: the person who reacted; 0 for an event about a whole message.
        emoji: the emoji as Discord names it; None if the change concerns every emoji.
        at: when the bot received the event, UTC.
        guild_id: the server; None in a direct message.
        on_our_message: True if Discord says that the message is the bot's own.
        burst: True for a super reaction, which a person may have in addition to a normal one.
        film_id: the film that the message shows; None if it was not changed.
    """

    kind: ReactionKind
    message_id: int
    channel_id: int
    person_id: int
    emoji: str | None
    at: datetime
    guild_id: int | None = None
    on_our_message: bool = False
    burst: bool = False
    film_id: int | None = None


LATE = timedelta(seconds=2)
"""A reaction that waited longer to be stored, for instance since the database was away, is older
than what its person said of the film meanwhile."""

FEW_EVENTS = 8
"""So few reaction events are stored in the event loop's own thread, in some milliseconds."""

GAP = ReactionEvent("gap", 0, 0, 0, None, datetime.min.replace(tzinfo=UTC))
"""A mark between reaction events. It says that other events may have been missed there."""


async def apply_reactions(
    app: App, events: Sequence[ReactionEvent], *, missed: bool = False
) -> tuple[RatingChange, ...]:
    """Stores reaction events in their order, in one transaction.

    Returns the ratings that changed, with the stars before and after. Some events are ignored:
    those on messages that are not cards (messages about a film), the mark `GAP` for missed events,
    and those from before the person had all their data deleted.

    missed: True if reactions were missed before these events and not found yet. The stored time up
        to which the bot knows every reaction is then not changed.
    """
    heard_at = [event.at for event in events if event is not GAP]
    changes: list[RatingChange | None] = []
    now = app.clock()
    async with app.db.write(quick=len(events) <= FEW_EVENTS) as conn:
        for event in events:
            if event.kind == "deleted":
                await cards.mark_card_deleted(conn, event.message_id, at=event.at)
            elif event.kind == "changed":
                if event.film_id is not None:
                    await cards.show_other_film(conn, event.message_id, event.film_id)
            elif event.kind == "clear":
                await reactions.freeze(
                    conn, message_id=event.message_id, emoji=event.emoji, at=event.at
                )
            elif event.emoji is not None and not app.erasures.covers(event.person_id, event.at):
                act = reactions.remove
                if event.kind == "add":
                    act = partial(reactions.add, is_late=now - event.at > LATE, missed=missed)
                changes.append(
                    await act(
                        conn,
                        message_id=event.message_id,
                        person_id=event.person_id,
                        emoji=event.emoji,
                        at=event.at,
                        scale=SCALE,
                        burst=event.burst,
                    )
                )
        if heard_at and not missed:
            await heard.note(conn, max(heard_at), app.cluster.shards)
    made = tuple(change for change in changes if change is not None)
    app.metrics.acts.labels("reaction").inc(len(made))
    return made


@dataclass(frozen=True)
class Rated:
    """The result of rating a film.

    Attributes:
        film: the film's name, not escaped.
        stars: the stars that the person gave it, 0.5 to 5.
        first: True if the person has never rated before, except in the quiz or by an import.
        emoji: the emoji of the reaction, in Discord's form; None if they did not react.
    """

    film: str
    stars: float
    first: bool = False
    emoji: str | None = None


@dataclass(frozen=True)
class FirstRating:
    """The first rating of a person, which they gave by a reaction.

    Attributes:
        person_id: the person.
        guild_id: the server; None in a direct message.
        at: when the bot received the reaction, UTC.
        rated: the film and the stars.
    """

    person_id: int
    guild_id: int | None
    at: datetime
    rated: Rated


@dataclass(frozen=True)
class Unrated:
    """The result of taking a rating back.

    Attributes:
        film: the film's name, not escaped.
        before: the stars that were taken back; None if there were none.
        after: the stars of an earlier rating that counts again; None if there is no such rating.
        lit: the rating emoji that the person left on cards about the film and that count no more.
    """

    film: str
    before: float | None
    after: float | None
    lit: tuple[str, ...] = ()


async def find_first_ratings(
    app: App, events: Sequence[ReactionEvent], changes: Sequence[RatingChange]
) -> tuple[FirstRating, ...]:
    """Returns the ratings that are the first ones of people who have never rated before.

    changes: the ratings that the reaction events changed.
    """
    new = {one.person_id: one for one in changes if one.before is None and one.after is not None}
    added = {event.person_id: event for event in events if event.kind == "add"}
    found: list[FirstRating] = []
    if not new:
        return ()
    library = app.live.served.library
    async with app.db.read() as conn:
        for person_id, change in new.items():
            event = added.get(person_id)
            if event is None or change.after is None or change.film_id not in library.films:
                continue
            if await first_ratings.has_rated_once(conn, person_id):
                name = library.name(change.film_id)
                rated = Rated(name, change.after, first=True, emoji=event.emoji)
                found.append(FirstRating(person_id, event.guild_id, event.at, rated))
    return tuple(found)


async def rate_by_button(app: App, requester: Requester, film_id: int, index: int) -> Rated:
    """Rates a film by one of the four rating buttons.

    index: the button's number, from 0, in the order of `LEGEND` (from ❤️ to 👎).

    Raises Sorry if there is no such button, or if the film is no longer in the catalogue.
    """
    if not 0 <= index < len(LEGEND):
        raise Sorry("unknown-button")
    return await _rate(app, requester, film_id, LEGEND[index].stars, "button")


async def rate_by_command(app: App, requester: Requester, typed: str, stars: float) -> Rated:
    """Rates a film with half a star to five, for `/rate`.

    Raises Sorry if the film or the stars are not understood.
    """
    if stars not in HALF_STARS:
        raise Sorry("no-such-stars")
    film = app.live.served.library.shown(requester.adult_ok).find(typed)
    return await _rate(app, requester, film.id, stars, "command")


async def unrate(app: App, requester: Requester, typed: str) -> Unrated:
    """Removes the rating of a film, however it was made, for `/unrate`.

    Raises Sorry if the film is not understood.
    """
    library = app.live.served.library.shown(requester.adult_ok)
    film = library.find(typed)
    async with app.write_for(requester) as conn:
        await profiles.ensure(conn, requester.person_id, now=requester.now)
        change = await ratings.state(
            conn,
            person_id=requester.person_id,
            film_id=film.id,
            source="command",
            stars=None,
            at=requester.now,
            guild_id=requester.guild_id,
            scale=SCALE,
        )
        standing = await rating_events.standing_on_films(conn, requester.person_id, [film.id])
    lit = _lit(standing)
    return Unrated(library.name(film.id), change.before, None, lit)


def _lit(standing: Sequence[StandingEvent]) -> tuple[str, ...]:
    """Returns the emoji of the reactions that rate and are still on Discord, each once."""
    left = [one for one in standing if one.frozen_at is None and one.event.source == "reaction"]
    usual = {normalise_emoji(one.event.emoji) for one in left if one.stars is None}
    own = [normalise_emoji(one.event.emoji) for one in left if one.stars is not None]
    lit = [emoji for emoji in SCALE if normalise_emoji(emoji) in usual]
    return tuple(dict.fromkeys([*lit, *own]))


async def withdraw_button_rating(app: App, requester: Requester, film_id: int) -> Unrated:
    """Takes back a rating made by button, so that the person's rating before it counts again.

    Raises Sorry if the film is no longer in the catalogue.
    """
    library = app.live.served.library.shown(requester.adult_ok)
    film = library.film(film_id)
    async with app.write_for(requester) as conn:
        await profiles.ensure(conn, requester.person_id, now=requester.now)
        change = await ratings.withdraw(
            conn,
            person_id=requester.person_id,
            film_id=film.id,
            source="button",
            at=requester.now,
            scale=SCALE,
        )
    return Unrated(library.name(film.id), change.before, change.after)


async def record_seeded(app: App, message_ids: Collection[int]) -> None:
    """Records that the bot has put its rating emoji under its messages about films."""
    async with app.db.write(quick=True) as conn:
        await cards.mark_cards_seeded(conn, message_ids)


async def _rate(
    app: App,
    requester: Requester,
    film_id: int,
    stars: float,
    source: Literal["button", "command"],
) -> Rated:
    library = app.live.served.library.shown(requester.adult_ok)
    film = library.film(film_id)
    async with app.write_for(requester) as conn:
        await profiles.ensure(conn, requester.person_id, now=requester.now)
        await ratings.state(
            conn,
            person_id=requester.person_id,
            film_id=film.id,
            source=source,
            stars=stars,
            at=requester.now,
            guild_id=requester.guild_id,
            scale=SCALE,
        )
        first = await first_ratings.has_rated_once(conn, requester.person_id)
    app.metrics.acts.labels(source).inc()
    return Rated(library.name(film.id), stars, first)
