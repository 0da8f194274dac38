"""Ratings: by reaction, button and command. The newest act on a film wins; withdrawing it restores
the one that stood before. What is answered here is on disk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from bot.errors import Sorry
from bot.services.scale import HALF_STARS, LEGEND, SCALE, words
from bot.services.view_models import Requester
from bot.services.wording import safe
from storage.feedback import cards, ratings, reactions
from storage.feedback.ratings import RatingChange
from storage.people import profiles

if TYPE_CHECKING:
    from bot.services.app import App

ReactionKind = Literal["add", "remove", "clear", "deleted"]


@dataclass(frozen=True)
class ReactionEvent:
    """One thing that happened to reactions, as Discord told it, in the order it came.

    clear: a moderator took all reactions, or all of `emoji`, away; deleted: the message is gone.
    """

    kind: ReactionKind
    message_id: int
    channel_id: int
    person_id: int
    emoji: str | None
    at: datetime
    guild_id: int | None = None
    on_our_message: bool = False


async def apply(app: "App", events: Sequence[ReactionEvent]) -> tuple[RatingChange, ...]:
    """Write a batch of events in one transaction; unknown messages are ignored."""
    changes: list[RatingChange | None] = []
    async with app.db.write() as conn:
        for event in events:
            if event.kind == "deleted":
                await cards.card_deleted(conn, event.message_id, at=event.at)
            elif event.kind == "clear":
                await reactions.freeze(
                    conn, message_id=event.message_id, emoji=event.emoji, at=event.at
                )
            elif event.emoji is not None:
                act = reactions.add if event.kind == "add" else reactions.remove
                changes.append(
                    await act(
                        conn,
                        message_id=event.message_id,
                        person_id=event.person_id,
                        emoji=event.emoji,
                        at=event.at,
                        scale=SCALE,
                    )
                )
    made = tuple(change for change in changes if change is not None)
    app.metrics.acts.labels("reaction").inc(len(made))
    return made


async def by_button(app: "App", requester: Requester, film_id: int, index: int) -> str:
    """One of the legend's four; returns what to tell the person, once it is on disk."""
    if not 0 <= index < len(LEGEND):
        raise Sorry("I no longer know that button.")
    return await _state(app, requester, film_id, LEGEND[index].stars, "button")


async def by_command(app: "App", requester: Requester, typed: str, stars: float) -> str:
    """`/rate`: any half star."""
    if stars not in HALF_STARS:
        raise Sorry("Stars go from half a star to five, in halves.")
    film = app.live.served.library.find(typed)
    return await _state(app, requester, film.id, stars, "command")


async def unrate(app: "App", requester: Requester, typed: str) -> str:
    """`/unrate`: whatever stood, the film is no longer rated."""
    library = app.live.served.library
    film = library.find(typed)
    async with app.db.write() as conn:
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
    name = f"**{safe(library.name(film.id))}**"
    if change.before is None:
        return f"You had not rated {name}, so there is nothing to take back."
    return f"Taken back: your {words(change.before)} for {name}."


async def button_withdrawn(app: "App", requester: Requester, film_id: int) -> str:
    """Withdraw what a button said; what stood before stands again."""
    library = app.live.served.library
    film = library.film(film_id)
    async with app.db.write() as conn:
        await profiles.ensure(conn, requester.person_id, now=requester.now)
        change = await ratings.withdraw(
            conn,
            person_id=requester.person_id,
            film_id=film.id,
            source="button",
            at=requester.now,
            scale=SCALE,
        )
    name = f"**{safe(library.name(film.id))}**"
    if change.after is not None:
        return f"Taken back. What you said before stands: {words(change.after)} for {name}."
    return f"Taken back: {name} is no longer rated."


async def card_seeded(app: "App", message_id: int) -> None:
    """All reactions of the legend stand under a card."""
    async with app.db.write() as conn:
        await cards.card_seeded(conn, message_id)


async def _state(
    app: "App",
    requester: Requester,
    film_id: int,
    stars: float,
    source: Literal["button", "command"],
) -> str:
    library = app.live.served.library
    film = library.film(film_id)
    async with app.db.write() as conn:
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
    app.metrics.acts.labels(source).inc()
    return f"Saved: {words(stars)} for **{safe(library.name(film.id))}**. It counts from now on."
