"""What is hidden from a person's picks by their own wish, and how they bring it back.

Hidden are the genres that they never want, films that they marked as seen or as not for them, and
films that they said in the quiz are not for them. Films that they rated are not listed: a rating is
more than a wish to hide a film.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from bot.errors import Sorry
from bot.services.app import App
from bot.services.view_models import Requester
from storage.people import film_marks, preferences, quiz_answers

ITEMS_PER_PAGE = 10

MAX_KEY = 40
"""The most characters of a genre's name in a custom_id. A longer name is cut there."""

HiddenKind = Literal["genre", "declined", "seen", "unwanted"]
"""Why something is hidden: the genre is never wanted, or the film was marked as not for the person,
or as seen, or the quiz heard that it is not for them.
"""


@dataclass(frozen=True)
class HiddenItem:
    """A genre or film that is hidden from a person's picks.

    Attributes:
        kind: why it is hidden.
        key: the genre's name, or the film's id as text.
        name: the genre's or film's name, not escaped.
    """

    kind: HiddenKind
    key: str
    name: str


@dataclass(frozen=True)
class HiddenPage:
    """One page of what is hidden from a person's picks.

    Attributes:
        items: the genres first, then the films, the newest first.
        page: the number of the page, from 0.
        pages: the number of pages; 0 if nothing is hidden.
        count: the number of items on all pages.
        unnamed: the number of hidden films that may not be named here.
    """

    items: tuple[HiddenItem, ...]
    page: int
    pages: int
    count: int
    unnamed: int


async def read_hidden(app: App, requester: Requester, page: int = 0) -> HiddenPage:
    """Returns a page of what is hidden from the requester's picks by their own wish.

    page: the number of the page, from 0; a page beyond the last one is the last one.
    """
    person = requester.person_id
    async with app.db.read() as conn:
        chosen = await preferences.of_person(conn, person)
        marks = await film_marks.of_person(conn, person)
        answers = await quiz_answers.of_person(conn, person)
    found: list[tuple[datetime, int, HiddenKind]] = []
    found += [(at, film, "declined") for film, at in marks["declined"].items()]
    found += [(at, film, "seen") for film, at in marks["seen"].items()]
    found += [(a.at, int(a.subject), "unwanted") for a in answers if a.question == "unwanted"]
    found.sort(key=lambda each: each[0], reverse=True)
    everything = app.live.served.library
    library = everything.shown(requester.adult_ok)
    unnamed = {film for _, film, _ in found if film in everything.films} - library.films.keys()
    items = [HiddenItem("genre", genre, genre) for genre in sorted(chosen.never)]
    items += [
        HiddenItem(kind, str(film), library.name(film))
        for _, film, kind in found
        if film in library.films
    ]
    pages = -(-len(items) // ITEMS_PER_PAGE)
    page = min(page, max(pages - 1, 0))
    shown = items[page * ITEMS_PER_PAGE : (page + 1) * ITEMS_PER_PAGE]
    return HiddenPage(tuple(shown), page, pages, len(items), len(unnamed))


async def bring_back(app: App, requester: Requester, kind: str, key: str) -> HiddenItem:
    """Shows a genre or film in the requester's picks again. Returns what it is.

    It does nothing if it is not hidden. Raises Sorry for an unknown kind, an unknown genre, and a
    film that may not be named here.
    """
    return await _set_hidden(app, requester, kind, key, hidden=False)


async def hide_again(app: App, requester: Requester, kind: str, key: str) -> HiddenItem:
    """Hides a genre or film that `bring_back` brought back. Returns what it is.

    Raises the same errors as `bring_back`.
    """
    return await _set_hidden(app, requester, kind, key, hidden=True)


async def _set_hidden(
    app: App, requester: Requester, kind: str, key: str, *, hidden: bool
) -> HiddenItem:
    """Brings back or hides a genre or film. Returns what it is.

    kind: why it is or was hidden, a `HiddenKind`.
    key: the genre's name, of which a long one may be cut (`MAX_KEY`), or the film's id as text.
    """
    known = next((each for each in get_args(HiddenKind) if each == kind), None)
    if known is None:
        raise Sorry("unknown-button")
    if known == "genre":
        return await _set_genre(app, requester, key, hidden=hidden)
    library = app.live.served.library.shown(requester.adult_ok)
    film = library.film(int(key) if key.isdecimal() else 0).id
    person, now = requester.person_id, requester.now
    async with app.write_for(requester) as conn:
        if known == "unwanted" and hidden:
            await quiz_answers.add(conn, person, known, [str(film)], now=now)
            await film_marks.mark(conn, person, film, "unseen", now=now)
        elif known == "unwanted":
            if await quiz_answers.remove(conn, person, known, str(film)):
                await film_marks.unmark(conn, person, film, "unseen")
        elif hidden:
            await film_marks.mark(conn, person, film, known, now=now)
        else:
            await film_marks.unmark(conn, person, film, known)
    return HiddenItem(known, str(film), library.name(film))


async def _set_genre(app: App, requester: Requester, typed: str, *, hidden: bool) -> HiddenItem:
    """Shows a genre in the requester's picks again, or hides it. Returns the genre.

    typed: its name, or the beginning of a name that was cut.
    """
    library, wanted = app.live.served.library, typed.replace(":", " ")
    async with app.write_for(requester) as conn:
        never = (await preferences.of_person(conn, requester.person_id)).never
        names = {genre: genre.replace(":", " ") for genre in (*never, *library.genres)}
        same = [genre for genre, name in names.items() if name == wanted]
        if not same and len(wanted) >= MAX_KEY:  # a shorter name was not cut
            same = [genre for genre, name in names.items() if name.startswith(wanted)]
        genre = same[0] if same else library.genre(typed)
        values = {*never, genre} if hidden else {*never} - {genre}
        await preferences.set_values(conn, requester.person_id, "never", values, now=requester.now)
    return HiddenItem("genre", genre, genre)
