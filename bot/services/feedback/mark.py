"""The buttons *Seen it*, *Not for me* and *Later*: they mark a film without rating it.

`message_id` is the id of the message with the pressed button; None if Discord does not name it. The
press counts as a response to the card in that message. Every function raises Sorry if the film is
no longer in the catalogue.
"""

from typing import get_args

from bot.errors import Sorry
from bot.services.app import App
from bot.services.view_models import Requester
from bot.services.wording import safe
from storage.feedback import card_events
from storage.people import film_marks
from storage.people.film_marks import FilmMarkKind


async def mark_seen(
    app: App, requester: Requester, film_id: int, message_id: int | None = None
) -> str:
    """Marks a film as seen, so it is not suggested again. Returns the answer to the person."""
    name = await _mark(app, requester, film_id, "seen", "seen", message_id)
    return f"Noted: you have seen {name}, so I won't suggest it again. How was it?"


async def mark_declined(
    app: App, requester: Requester, film_id: int, message_id: int | None = None
) -> str:
    """Marks a film as declined, so it is not suggested again. Returns the answer to the person."""
    name = await _mark(app, requester, film_id, "declined", "refused", message_id)
    return f"Noted: {name} is not for you. I won't suggest it again."


async def mark_later(
    app: App, requester: Requester, film_id: int, message_id: int | None = None
) -> str:
    """Marks a film for later. Returns the answer to the person."""
    name = await _mark(app, requester, film_id, "later", "later", message_id)
    return f"Kept for later: {name}."


async def unmark(app: App, requester: Requester, film_id: int, kind: str) -> str:
    """Removes the person's mark of this kind ("seen", "declined" or "later") from a film.

    Returns the answer to the person. Raises Sorry if the kind is unknown.
    """
    kinds: tuple[FilmMarkKind, ...] = get_args(FilmMarkKind)
    for name in kinds:
        if name == kind:
            library = app.live.served.library.shown(requester.adult_ok)
            film = library.film(film_id)
            async with app.write_for(requester) as conn:
                await film_marks.unmark(conn, requester.person_id, film.id, name)
            return f"Taken back: {safe(library.name(film.id))}."
    raise Sorry("I no longer know that button.")


async def _mark(
    app: App,
    requester: Requester,
    film_id: int,
    kind: FilmMarkKind,
    act: card_events.CardEventKind,
    message_id: int | None,
) -> str:
    """Marks the film and records which button was pressed. Returns the film's name in markdown.

    kind: the mark.
    act: the name under which the press of the button is recorded.
    """
    library = app.live.served.library.shown(requester.adult_ok)
    film = library.film(film_id)
    async with app.write_for(requester) as conn:
        await film_marks.mark(conn, requester.person_id, film.id, kind, now=requester.now)
        await card_events.record(
            conn, requester.person_id, film.id, act, message_id=message_id, now=requester.now
        )
    return f"**{safe(library.name(film.id))}**"
