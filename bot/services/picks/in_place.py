"""Shows other films in a message that is there already, instead of in a new message.

The reactions to a message rate the film that it shows. A message is therefore only changed while
nobody has reacted to it.
"""

from dataclasses import dataclass, field

from bot.services.app import App
from bot.services.notes import from_text, note
from bot.services.picks.recommend import asked, check_filters
from bot.services.view_models import FilmCard, Filters, Line, Requester
from storage.feedback import card_events, cards, impressions, reactions


@dataclass(frozen=True)
class Controls:
    """What the buttons of a message of films offer.

    Attributes:
        film_id: the film that the message is about.
        filters: the filters that its films were chosen by.
        moods: keys of the moods that have a button.
        another: True if it has the button *Another*.
        offer_quiz: True if it offers the taste quiz.
    """

    film_id: int
    filters: Filters = field(default_factory=Filters)
    moods: tuple[str, ...] = ()
    another: bool = False
    offer_quiz: bool = False


async def has_reactions(app: App, message_id: int) -> bool:
    """True if the bot knows that people have reacted to a message."""
    async with app.db.read() as conn:
        return bool(await reactions.counts(conn, [message_id]))


async def attach_films(app: App, card: FilmCard, message_id: int) -> None:
    """Stores that a message, which showed other films before, shows the films of a card now."""
    async with app.db.write() as conn:
        await impressions.attach(conn, card.impressions, message_id=message_id)


async def follow_message(
    app: App, message_id: int, film_id: int, *, instead_of: int | None = None
) -> None:
    """Stores which film a message is about, as it was found on Discord.

    instead_of: the film that was stored when the message was read. If another one is stored now,
        the message was changed since, and nothing happens. None to store the film in any case.
    """
    async with app.db.write() as conn:
        await cards.show_other_film(conn, message_id, film_id, instead_of=instead_of)


async def open_in_card(
    app: App, requester: Requester, film_id: int, message_id: int, controls: Controls
) -> FilmCard | None:
    """Returns a card (a message of films) in which one of its further films is the main film.

    The former main film becomes one of the further ones. It is stored that the film was opened.
    Returns None if the film is not in the card, or if nothing is stored about the card.

    controls: what the card's buttons offer.
    """
    served = app.live.served
    library = served.library.shown(requester.adult_ok)
    async with app.db.read() as conn:
        stored = await cards.card(conn, message_id)
        shown = await impressions.of_message(conn, message_id)
    newest = max((one.shown_at for one in shown), default=None)
    lines: dict[int, Line] = {
        one.film_id: served.library.line(one.film_id, from_text(one.reason) if one.reason else None)
        for one in shown
        if one.shown_at == newest and one.film_id in library.films
    }
    if (
        stored is None
        or stored.surface == "film"
        or film_id not in lines
        or controls.film_id not in lines
    ):
        return None
    async with app.write_for(requester) as conn:
        await card_events.record(
            conn,
            requester.person_id,
            film_id,
            "opened",
            message_id=message_id,
            now=requester.now,
        )
    headline = lines.pop(film_id)
    filters = check_filters(served.library, controls.filters)
    return FilmCard(
        surface=stored.surface,
        heading=note("opened-film"),
        asked=asked(filters, served.library),
        headline=headline,
        further=tuple(lines.values()),
        impressions=(),
        model_version=served.version,
        person_id=stored.person_id,
        guild_id=requester.guild_id,
        filters=filters,
        offer_quiz=controls.offer_quiz,
        shelf=app.shelving.card_shelf(served, [headline]),
        another=controls.another,
        moods=controls.moods,
    )
