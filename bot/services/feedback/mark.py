"""*Seen it*, *Not for me*, *Later*: facts about a film that are no rating. The card they were
pressed on, `message_id`, tells what the act was about."""

from typing import TYPE_CHECKING, get_args

from bot.errors import Sorry
from bot.services.view_models import Requester
from bot.services.wording import safe
from storage.feedback import card_events
from storage.people import film_marks
from storage.people.film_marks import FilmMarkKind

if TYPE_CHECKING:
    from bot.services.app import App


async def seen(
    app: "App", requester: Requester, film_id: int, message_id: int | None = None
) -> str:
    """The person has seen it: never suggest it again."""
    name = await _mark(app, requester, film_id, "seen", "seen", message_id)
    return f"Noted: you have seen {name}, so I won't suggest it again. How was it?"


async def declined(
    app: "App", requester: Requester, film_id: int, message_id: int | None = None
) -> str:
    """Not for them: never suggest it again."""
    name = await _mark(app, requester, film_id, "declined", "refused", message_id)
    return f"Noted: {name} is not for you. I won't suggest it again."


async def later(
    app: "App", requester: Requester, film_id: int, message_id: int | None = None
) -> str:
    """Kept for later."""
    name = await _mark(app, requester, film_id, "later", "later", message_id)
    return f"Kept for later: {name}."


async def undo(app: "App", requester: Requester, film_id: int, kind: str) -> str:
    """Take one of the three back."""
    known: tuple[FilmMarkKind, ...] = get_args(FilmMarkKind)
    for name in known:
        if name == kind:
            film = app.live.served.library.film(film_id)
            async with app.db.write() as conn:
                await film_marks.unmark(conn, requester.person_id, film.id, name)
            return f"Taken back: {safe(app.live.served.library.name(film.id))}."
    raise Sorry("I no longer know that button.")


async def _mark(
    app: "App",
    requester: Requester,
    film_id: int,
    kind: FilmMarkKind,
    act: card_events.CardEventKind,
    message_id: int | None,
) -> str:
    """Mark the film, and keep that this was done about a card."""
    library = app.live.served.library
    film = library.film(film_id)
    async with app.db.write() as conn:
        await film_marks.mark(conn, requester.person_id, film.id, kind, now=requester.now)
        await card_events.record(
            conn, requester.person_id, film.id, act, message_id=message_id, now=requester.now
        )
    return f"**{safe(library.name(film.id))}**"
