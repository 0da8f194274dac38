"""The part of the quiz in which a person types the title of a film that they love.

The film is stored at once only if the text is exactly the title of one film. For any other text,
the person chooses among the nearest films, so that a typing mistake rates nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.services.app import App
from bot.services.catalogue.library import Library
from bot.services.notes import Note, note
from bot.services.quiz import film_answers
from bot.services.view_models import Line, Requester
from storage.catalogue.films import Film
from storage.catalogue.titles import normalise_title
from storage.people import profiles

MAX_NEAR = 10
MAX_TYPED_SHOWN = 80


@dataclass(frozen=True)
class Naming:
    """What the quiz answers to a title that a person typed.

    Attributes:
        note: what to tell the person.
        near: films to choose among; empty if a film was stored or if no film is near.
    """

    note: Note
    near: tuple[Line, ...] = ()


async def name_loved(app: App, requester: Requester, typed: str) -> Naming:
    """Stores a film as loved, given the title that the person typed.

    If the text fits no film exactly, nothing is stored, and the answer holds the nearest films.
    """
    library = app.live.served.library.shown(requester.adult_ok)
    text = " ".join(typed.split())
    near = nearest(library, text)
    exact = [film for film in near if _is_called(library.films[film], text)]
    if len(exact) == 1:
        return await choose_loved(app, requester, exact[0])
    short = text[:MAX_TYPED_SHOWN]
    lines = tuple(library.line(film) for film in (exact or near))
    if exact:
        return Naming(note("films-share-title", typed=short), lines)
    if near:
        return Naming(note("some-films-near", typed=short), lines)
    return Naming(note("no-film-near", typed=short))


async def choose_loved(app: App, requester: Requester, film_id: int) -> Naming:
    """Stores a film as loved. Raises Sorry if the catalogue does not have it."""
    library = app.live.served.library.shown(requester.adult_ok)
    name = library.name(library.film(film_id).id)
    async with app.turn(requester.person_id), app.write_for(requester) as conn:
        await profiles.ensure(conn, requester.person_id, now=requester.now)
        await film_answers.store_answer(
            conn, requester.person_id, film_id, "loved", now=requester.now
        )
    return Naming(note("film-added", film=name))


def nearest(library: Library, typed: str) -> list[int]:
    """Returns the ids of the films whose titles are nearest to what was typed, the nearest first.

    If no title is near to the whole text, only one word of the text is searched for: the longest
    that is a word of a title.

    library: the films to search.
    """
    if not normalise_title(typed):
        return []
    words = sorted(typed.split(), key=len, reverse=True)
    texts: Iterable[str] = (typed, *(word for word in words if len(word) > 2))
    found = (library.titles.suggest(text, MAX_NEAR) for text in texts)
    return next((films for films in found if films), [])


def _is_called(film: Film, typed: str) -> bool:
    """True if the typed text is one of the film's titles, or its title and year."""
    titles = [title for title in (film.title, film.original_title, *film.aliases) if title]
    names = [*titles, *(f"{title} ({film.year})" for title in titles)]
    return normalise_title(typed) in {normalise_title(name) for name in names}
