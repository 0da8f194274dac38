"""Records impressions: which film was shown to whom, when, and in which message."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.services.app import App
from bot.services.experiments.treatment import Treatment, expose
from bot.services.localtime import LocalHour
from bot.services.notes import note, to_text
from bot.services.view_models import FilmCard, Requester
from recommender.context.clock import moment
from storage.catalogue import films
from storage.feedback import card_events, cards, deliveries, impressions
from storage.feedback.cards import Card
from storage.feedback.impressions import NewImpression, Surface

MAX_DELAY = timedelta(minutes=16)
"""How long after a film was chosen its message may still be sent: Discord accepts answers to an
interaction for 15 minutes.
"""

MAX_POST_DELAY = timedelta(hours=1) + MAX_DELAY
"""How long after a film was chosen for a scheduled post the post may still be sent. A post is tried
again for an hour (`posts/claims.py`).
"""

CLOCK_DIFFERENCE = timedelta(minutes=1)
"""How far this machine's clock may be from Discord's, which says when a message was sent."""

WRONG_CLOCK = timedelta(days=2)
"""How wrong this machine's clock may have been when a post was composed. An answer has the time of
its interaction, which Discord says.
"""


@dataclass(frozen=True)
class CardContext:
    """Facts about a request that are stored with each film shown in answer to it.

    Attributes:
        local: the local hour and weekday for which films were recommended.
        mood: the key of the mood or mood tag asked for; None if none was asked for.
        grouped: True if the picks are for several people.
    """

    local: LocalHour
    mood: str | None = None
    grouped: bool = False


def max_delay(surface: Surface) -> timedelta:
    """Returns for how long after a film was chosen its message may still be sent.

    surface: the command, button or scheduled post that made the bot show the film.
    """
    return MAX_POST_DELAY if surface == "post" else MAX_DELAY


async def record_card(
    app: App,
    requester: Requester,
    card: FilmCard,
    context: CardContext,
    treatment: Treatment | None = None,
    seconds: float = 0.0,
) -> FilmCard:
    """Stores each film of a card (one message) as shown, the main film first.

    Returns the card with the ids of these stored rows, which are called impressions.

    context: what else to store about the request.
    treatment: what ranked the films; None if no experiment is defined. If it is an experiment's arm
        (a variant), it is also stored that the arm answered.
    seconds: how long the ranking took.
    """
    now = moment(context.local.hour, context.local.weekday)
    card = replace(card, scale=app.scales.of_server(requester.guild_id))
    card = with_poster(app, card, requester.now)
    async with app.db.write(quick=True) as conn:
        if app.erasures.covers(requester.person_id, requester.now):
            return replace(card, person_id=None)  # they had everything deleted meanwhile
        if treatment is not None:
            await expose(conn, treatment, seconds, requester.now)
        ids = await impressions.record(
            conn,
            [
                NewImpression(
                    shown_at=requester.now,
                    person_id=requester.person_id or None,
                    guild_id=requester.guild_id,
                    channel_id=requester.channel_id,
                    surface=card.surface,
                    film_id=line.film_id,
                    position=position,
                    reason=to_text(line.reason) if line.reason else "",
                    model_version=treatment.version(line.team) if treatment else card.model_version,
                    private=requester.private,
                    arm=treatment.label if treatment else None,
                    team=line.team,
                    shelf=card.shelf.key if card.shelf else None,
                    daypart=now.daypart,
                    day_kind=now.day,
                    mood=context.mood,
                    grouped=context.grouped,
                    wild=line.wild,
                    score=line.score,
                    chance=line.chance,
                )
                for position, line in enumerate((card.headline, *card.further))
            ],
        )
    return replace(card, impressions=ids, asked_at=requester.now)


def with_poster(app: App, card: FilmCard, now: datetime) -> FilmCard:
    """Returns a card (a message of films) with the poster of its main film, if it is known."""
    poster = app.posters.poster(card.headline.film_id, now)
    return card if poster is None else replace(card, headline=replace(card.headline, poster=poster))


async def attach_message(app: App, card: FilmCard, message_id: int, channel_id: int) -> None:
    """Stores that a Discord message shows a card (a message of films)."""
    async with app.db.write(quick=True) as conn:
        person_id = card.person_id
        if person_id is not None and app.erasures.covers(person_id, card.asked_at or app.clock()):
            person_id = None
        await cards.add_card(
            conn,
            Card(
                message_id=message_id,
                channel_id=channel_id,
                guild_id=card.guild_id,
                person_id=person_id,
                film_id=card.headline.film_id,
                surface=card.surface,
                posted_at=app.clock(),
                scale_id=card.scale.id,
            ),
            knows_person=bool(card.impressions),  # they were stored with the impressions
        )
        await impressions.attach(conn, card.impressions, message_id=message_id)


async def adopt_card(
    app: App,
    *,
    message_id: int,
    channel_id: int,
    guild_id: int | None,
    person_id: int | None,
    film_id: int,
    posted_at: datetime,
    scale_id: int | None = None,
) -> bool:
    """Stores a card (a message about a film) that was found on Discord but is not stored.

    Returns True if the card is stored now, False if the database does not have its film. A film
    that has left the catalogue is still in the database. The films of the card were stored as shown
    before it was sent. These rows now get the message's id, and the card gets their surface (the
    command or post that showed it).

    person_id: the person who asked for the card; None for a post. If they had all their data
        deleted since, the card is stored without them.
    posted_at: when the message was sent, UTC.
    scale_id: the server's own scale that its legend shows; None for the usual scale.
    """
    surface: Surface = "post" if person_id is None else "recommend"
    async with app.db.write() as conn:
        if person_id is not None and app.erasures.covers(person_id, posted_at):
            person_id = None
        if await cards.card(conn, message_id) is not None:
            return True
        if await films.get(conn, film_id) is None:
            return False
        shown = await deliveries.headline_without_message(
            conn,
            channel_id=channel_id,
            film_id=film_id,
            person_id=person_id,
            since=posted_at - (WRONG_CLOCK if surface == "post" else MAX_DELAY),
            until=posted_at + (WRONG_CLOCK if surface == "post" else CLOCK_DIFFERENCE),
            near=posted_at,
        )
        await cards.add_card(
            conn,
            Card(
                message_id=message_id,
                channel_id=channel_id,
                guild_id=guild_id,
                person_id=person_id,
                film_id=film_id,
                surface=surface if shown is None else shown.surface,
                posted_at=posted_at,
                scale_id=app.scales.with_id(scale_id).id,
            ),
        )
        if shown is not None:
            ids = await deliveries.of_answer(conn, shown)
            await impressions.attach(conn, ids, message_id=message_id)
    return True


async def record_undelivered(app: App, card: FilmCard) -> None:
    """Stores that Discord refused the message with a card, so that nobody saw its films."""
    async with app.db.write() as conn:
        await deliveries.mark_undelivered(conn, card.impressions)


async def unknown_messages(app: App, message_ids: Collection[int]) -> tuple[int, ...]:
    """Returns the ids of the given messages that are not stored as cards (messages about a
    film).
    """
    if not message_ids:
        return ()
    async with app.db.read() as conn:
        recorded = [m for m in message_ids if await cards.card(conn, m) is not None]
    return tuple(m for m in message_ids if m not in recorded)


async def record_another(
    app: App, requester: Requester, film_id: int | None, message_id: int | None
) -> None:
    """Stores that the person asked for other films with the button *Another*.

    film_id: the main film of the message, from the data of its button. None if the button is from
        an older version without that data; then the film is looked up by `message_id`.
    """
    async with app.db.write() as conn:
        if app.erasures.covers(requester.person_id, requester.now):
            return  # they had everything deleted meanwhile
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


async def card_owner(app: App, message_id: int) -> int | None:
    """Returns the id of the person who requested a message of films; None if it is not stored."""
    async with app.db.read() as conn:
        card = await cards.card(conn, message_id)
    return card.person_id if card else None


async def open_film(
    app: App, requester: Requester, film_id: int, message_id: int | None = None
) -> FilmCard:
    """Returns a private message about a film that was chosen in a list, and stores that it was
    chosen.

    Raises Sorry if the film is no longer in the catalogue.

    message_id: the message with the list; None if Discord does not name it.
    """
    served = app.live.served
    served.library.shown(requester.adult_ok).film(film_id)
    person, now = requester.person_id, requester.now
    async with app.db.write() as conn:
        if not app.erasures.covers(person, now):
            await card_events.record(
                conn, person, film_id, "opened", message_id=message_id, now=now
            )
    line = served.library.line(film_id)
    card = FilmCard(
        surface="recommend",
        heading=note("opened-film"),
        headline=line,
        further=(),
        impressions=(),
        model_version=served.version,
        guild_id=requester.guild_id,
        shelf=app.shelving.card_shelf(served, [line]),
        private=True,
    )
    return with_poster(app, card, now)
