"""What was shown, and which message shows which film."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.services.app import App
from bot.services.experiments.serve import Treatment, expose
from bot.services.localtime import LocalHour
from bot.services.view_models import FilmCard, Line, Requester, Surface
from recommender.context.clock import moment
from storage.feedback import card_events, cards, impressions
from storage.feedback.cards import Card
from storage.feedback.impressions import NewImpression


@dataclass(frozen=True)
class Occasion:
    """When and for what a card is shown: the local time, the mood asked for, whether it is for a
    group."""

    local: LocalHour
    mood: str | None = None
    grouped: bool = False


async def recorded(
    app: App,
    requester: Requester,
    surface: Surface,
    lines: Sequence[Line],
    shelf: str | None,
    version: str,
    occasion: Occasion,
    trial: Treatment | None = None,
) -> tuple[int, ...]:
    """Write one impression for each film of a card, headline first; their ids. With a trial, also
    that its experiment mattered here."""
    now = moment(occasion.local.hour, occasion.local.weekday)
    async with app.db.write() as conn:
        if trial is not None:
            await expose(conn, trial, requester.now)
        return await impressions.record(
            conn,
            [
                NewImpression(
                    shown_at=requester.now,
                    person_id=requester.person_id or None,
                    guild_id=requester.guild_id,
                    channel_id=requester.channel_id,
                    surface=surface,
                    film_id=line.film_id,
                    position=position,
                    reason=line.reason,
                    model_version=version if trial is None else trial.version(line.team),
                    private=requester.private,
                    arm=trial.label if trial is not None else None,
                    team=line.team,
                    shelf=shelf,
                    daypart=now.daypart,
                    day_kind=now.day,
                    mood=occasion.mood,
                    grouped=occasion.grouped,
                    wild=line.wild,
                    score=line.score,
                )
                for position, line in enumerate(lines)
            ],
        )


async def posted(app: App, card: FilmCard, message_id: int, channel_id: int) -> None:
    """Remember that a message is this card."""
    async with app.db.write() as conn:
        await cards.add_card(
            conn,
            Card(
                message_id=message_id,
                channel_id=channel_id,
                guild_id=card.guild_id,
                person_id=card.person_id,
                film_id=card.headline.film_id,
                surface=card.surface,
                posted_at=app.clock(),
            ),
        )
        await impressions.attach(conn, card.impressions, message_id=message_id)


async def adopt(
    app: App,
    *,
    message_id: int,
    channel_id: int,
    guild_id: int | None,
    person_id: int | None,
    film_id: int,
    posted_at: datetime,
) -> None:
    """Remember a card that was sent but whose record a crash took; known cards stay as they are."""
    if film_id not in app.live.served.library.films:
        return
    async with app.db.write() as conn:
        await cards.add_card(
            conn,
            Card(
                message_id=message_id,
                channel_id=channel_id,
                guild_id=guild_id,
                person_id=person_id,
                film_id=film_id,
                surface="recommend",
                posted_at=posted_at,
            ),
        )


async def unknown(app: App, message_ids: Collection[int]) -> tuple[int, ...]:
    """Those of the messages that are no card we remember."""
    if not message_ids:
        return ()
    async with app.db.read() as conn:
        known = [m for m in message_ids if await cards.card(conn, m) is not None]
    return tuple(m for m in message_ids if m not in known)


async def passed_over(
    app: App, requester: Requester, film_id: int | None, message_id: int | None
) -> None:
    """The person would rather see another card than this one. film_id: the card's headline where
    its button says so."""
    async with app.db.write() as conn:
        if film_id is None and message_id is not None:
            card = await cards.card(conn, message_id)
            film_id = card.film_id if card else None
        if film_id in app.live.served.library.films:
            assert film_id is not None
            await card_events.record(
                conn,
                requester.person_id,
                film_id,
                "another",
                message_id=message_id,
                now=requester.now,
            )


async def owner(app: App, message_id: int) -> int | None:
    """Who asked for a card, where that is remembered."""
    async with app.db.read() as conn:
        card = await cards.card(conn, message_id)
    return card.person_id if card else None


async def opened(
    app: App, requester: Requester, film_id: int, message_id: int | None = None
) -> FilmCard:
    """One of a card's further picks, opened privately; the card is the message it was opened on."""
    served = app.live.served
    served.library.film(film_id)
    async with app.db.write() as conn:
        await card_events.record(
            conn, requester.person_id, film_id, "opened", message_id=message_id, now=requester.now
        )
    line = served.library.line(film_id, "")
    return FilmCard(
        surface="recommend",
        heading="Opened for you",
        headline=line,
        further=(),
        impressions=(),
        model_version=served.version,
        guild_id=requester.guild_id,
        shelf=app.shelving.card_shelf(served, [line]),
        private=True,
    )
