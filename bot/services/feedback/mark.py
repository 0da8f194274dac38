"""The buttons *Seen it*, *Not for me* and *Later*: they mark a film without rating it.

`message_id` is the id of the message with the pressed button; None if Discord does not name it. The
press counts as a response to the card in that message. Every function raises Sorry if the film is
no longer in the catalogue.
"""

from dataclasses import dataclass
from typing import get_args

from bot.errors import Sorry
from bot.services.app import App
from bot.services.view_models import Requester
from storage.feedback import card_events
from storage.people import film_marks
from storage.people.film_marks import FilmMarkKind


@dataclass(frozen=True)
class Marked:
    """The result of a button press that marked a film.

    Attributes:
        film: the film's name, not escaped.
        kind: the mark that it has now.
    """

    film: str
    kind: FilmMarkKind


@dataclass(frozen=True)
class Unmarked:
    """The result of taking a mark back from a film.

    Attributes:
        film: the film's name, not escaped.
        kind: the kind of the mark.
    """

    film: str
    kind: FilmMarkKind


async def mark_seen(
    app: App, requester: Requester, film_id: int, message_id: int | None = None
) -> Marked:
    """Marks a film as seen, so that it is not suggested again."""
    return await _mark(app, requester, film_id, "seen", "seen", message_id)


async def mark_declined(
    app: App, requester: Requester, film_id: int, message_id: int | None = None
) -> Marked:
    """Marks a film as declined ("not for me"), so that it is not suggested again."""
    return await _mark(app, requester, film_id, "declined", "refused", message_id)


async def mark_later(
    app: App, requester: Requester, film_id: int, message_id: int | None = None
) -> Marked:
    """Marks a film for later."""
    return await _mark(app, requester, film_id, "later", "later", message_id)


async def unmark(app: App, requester: Requester, film_id: int, kind: str) -> Unmarked:
    """Removes the person's mark of this kind ("seen", "declined" or "later") from a film.

    Raises Sorry if the kind is unknown.
    """
    kinds: tuple[FilmMarkKind, ...] = get_args(FilmMarkKind)
    for name in kinds:
        if name == kind:
            library = app.live.served.library.shown(requester.adult_ok)
            film = library.film(film_id)
            async with app.write_for(requester) as conn:
                await film_marks.unmark(conn, requester.person_id, film.id, name)
            return Unmarked(library.name(film.id), name)
    raise Sorry("unknown-button")


async def _mark(
    app: App,
    requester: Requester,
    film_id: int,
    kind: FilmMarkKind,
    act: card_events.CardEventKind,
    message_id: int | None,
) -> Marked:
    """Marks the film and stores which button was pressed.

    kind: the mark.
    act: the name under which the press of the button is stored.
    """
    library = app.live.served.library.shown(requester.adult_ok)
    film = library.film(film_id)
    async with app.write_for(requester) as conn:
        await film_marks.mark(conn, requester.person_id, film.id, kind, now=requester.now)
        await card_events.record(
            conn, requester.person_id, film.id, act, message_id=message_id, now=requester.now
        )
    return Marked(library.name(film.id), kind)
