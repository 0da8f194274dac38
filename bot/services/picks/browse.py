"""/browse: screens of shelves, the best for the requester first, or one whole shelf.

A shelf is a micro-genre such as "Bleak thrillers". It is shown as a row of films with a reason. The
last row of the first screen has the favourites of another member, if one agreed to be named.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from bot.errors import Sorry
from bot.services.app import App
from bot.services.catalogue import arrays
from bot.services.catalogue.tastes import TASTES
from bot.services.notes import Note, enumerated, note, quoted
from bot.services.picks.consent import FindMember
from bot.services.picks.facts import RequesterFacts, read_facts
from bot.services.picks.member_favourites import MemberFavourites, find_favourites
from bot.services.serving.left_out import shelf_notes
from bot.services.serving.lines import nothing_fits
from bot.services.serving.live_shelves import Shelving
from bot.services.view_models import Line, Requester, shelf_note
from recommender.data import Query
from recommender.pipeline.filters import apply_filters
from recommender.shelves.naming import FilmLanguage
from recommender.shelves.rows import (
    SHELF_LIKED_STARS,
    SHELF_LOVED_STARS,
    Row,
    RowConfig,
    rows_for_person,
)

ROWS_PER_SCREEN = 5
MAX_SCREENS = 4
FILMS_PER_ROW = 5
MAX_FILMS_PER_SHELF = 20


@dataclass(frozen=True)
class ShelfRow:
    """One row of a screen: a shelf (a micro-genre) with its first films.

    Attributes:
        key: the shelf's key; None for a row that cannot be opened (a member's favourites).
        name: the shelf's name.
        reason: why the person sees it.
        films: its first films.
    """

    key: str | None
    name: Note
    reason: Note
    films: tuple[Line, ...]


@dataclass(frozen=True)
class Browse:
    """One screen of shelves (micro-genres) for a person.

    Attributes:
        rows: the shelves, the best for the requester first.
        screen: the number of the screen, from 0.
        more: True if another screen follows.
        newcomer: True if nothing is known about the person's taste.
    """

    rows: tuple[ShelfRow, ...]
    screen: int
    more: bool
    newcomer: bool = False


@dataclass(frozen=True)
class WholeShelf:
    """One whole shelf (micro-genre) for a person.

    Attributes:
        name: the shelf's name.
        reason: why its films are in this order.
        films: its films, at most `MAX_FILMS_PER_SHELF`, the best for the requester first.
        hidden: how many further films of the shelf could be shown to the requester.
        notes: sentences about films that are left out.
    """

    name: Note
    reason: Note
    films: tuple[Line, ...]
    hidden: int
    notes: tuple[Note, ...] = ()


async def browse(
    app: App, requester: Requester, find_member: FindMember, screen: int = 0
) -> Browse:
    """Returns a screen of shelves (micro-genres) for the requester.

    find_member: asks Discord for a member of the server.
    screen: the number of the screen, from 0.

    Raises Sorry if no shelf has films that may be shown to the requester.
    """
    screen = min(max(screen, 0), MAX_SCREENS - 1)
    shelving = await app.shelving.get(app.db, app.live, app.settings.corpus)
    facts = await read_facts(app, requester)
    query, scores, allowed = _score(shelving, facts)
    model = shelving.served.model
    end = ROWS_PER_SCREEN * (screen + 1)
    found = rows_for_person(
        scores,
        shelving.shelves,
        query,
        allowed,
        *_affinity(shelving, query),
        tag_names=model.catalogue.tag_names,
        config=RowConfig(rows=end + 1, films=FILMS_PER_ROW),
    )
    rows = [_row(shelving, facts, query, row) for row in found[end - ROWS_PER_SCREEN : end]]
    if not rows:
        hint = nothing_fits(apply_filters(model.catalogue, query).loosen)
        raise Sorry("no-shelf-left", hint=hint)
    shown = {line.film_id for row in rows for line in row.films}
    if screen == 0 and requester.guild_id is not None:
        favourites = await find_favourites(
            app, requester, shelving, scores, allowed, shown, find_member, FILMS_PER_ROW
        )
        if favourites is not None:
            rows = [*rows[: ROWS_PER_SCREEN - 1], _member_row(shelving, favourites)]
    more = len(found) > end < ROWS_PER_SCREEN * MAX_SCREENS
    return Browse(tuple(rows), screen, more, facts.newcomer)


async def open_shelf(
    app: App, requester: Requester, typed: str, language: FilmLanguage
) -> WholeShelf:
    """Returns one whole shelf (micro-genre), found by its key or a typed name.

    language: names the shelves as the person sees them.

    Raises Sorry, with the nearest names, if no shelf has that name. Also raises Sorry if no film of
    the shelf may be shown to the requester.
    """
    shelving = await app.shelving.get(app.db, app.live, app.settings.corpus)
    column = shelving.column(typed)
    if column is None:
        column = _column(shelving, typed, language)
    facts = await read_facts(app, requester)
    query, scores, allowed = _score(shelving, facts)
    one = shelving.shelves.shelves[column]
    fresh = [film for film in one.films if allowed[film]]
    fresh.sort(key=lambda film: (-scores[film], film))
    if not fresh:
        raise Sorry("shelf-all-known", shelf=shelf_note(one))
    row = Row(column, tuple(fresh[:MAX_FILMS_PER_SHELF]), "everybody")
    liked = _liked_on(query, one.films)
    row = replace(row, why="loved", because=liked) if liked else row
    lines = _row(shelving, facts, query, row).films
    reason = _reason(shelving, facts, query, row) if liked else note("best-first")
    world, here = shelving.served.model.catalogue, requester.guild_id is not None
    notes = shelf_notes(world, query, one.films, here=here)
    return WholeShelf(shelf_note(one), reason, lines, len(fresh) - len(lines), notes)


def _score(
    shelving: Shelving, facts: RequesterFacts
) -> tuple[Query, npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """Returns (query, scores, allowed) for the requester.

    The scores are (films,). `allowed` is (films,), True if a film may be shown to the requester.

    shelving: the model that answers requests, with its shelves (micro-genres).
    facts: what is known about the requester.
    """
    # Films that were shown lately but not rated stay, because a shelf is for looking around.
    query_facts = replace(facts.query_facts(), excluded=facts.known_films)
    model = shelving.served.model
    query = arrays.query(model.catalogue, query_facts)
    return query, model.score(query), apply_filters(model.catalogue, query).films


def _affinity(
    shelving: Shelving, query: Query
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Returns how much the person likes each shelf (micro-genre), and how much people like it on
    average.

    Both are (shelves,).

    shelving: the model that answers requests, with its shelves.
    query: the person's query.
    """
    return shelving.groups.affinity(query.films, query.stars), shelving.groups.mean


def _liked_on(query: Query, films: Sequence[int]) -> tuple[int, ...]:
    """Returns those of the given films that the person liked, the highest rated first.

    query: the person's query.
    films: row numbers in the catalogue, like the result.
    """
    pairs = zip(query.films.tolist(), query.stars.tolist(), strict=True)
    liked = [(stars, film) for film, stars in pairs if stars >= SHELF_LIKED_STARS and film in films]
    return tuple(film for _, film in sorted(liked, key=lambda pair: -pair[0]))


def _column(shelving: Shelving, typed: str, language: FilmLanguage) -> int:
    """Returns the number of the shelf (micro-genre) whose name or part of a name was typed.

    language: names the shelves as the person sees them.

    Raises Sorry, with the nearest names, if the text fits no shelf or more than one.
    """
    close = shelving.choices(typed, language)
    wanted = typed.strip().casefold()
    for at, one in enumerate(shelving.shelves.shelves):
        if language.shelf(one.words).casefold() == wanted:
            return at
    if len(close) == 1:
        return shelving.column(close[0].value) or 0
    if close:
        near = [quoted(choice.name) for choice in close[:3]]
        raise Sorry("no-such-shelf-near", typed=typed[:60], shelves=near)
    raise Sorry("no-such-shelf", typed=typed[:60])


def _row(shelving: Shelving, facts: RequesterFacts, query: Query, row: Row) -> ShelfRow:
    one = shelving.shelves.shelves[row.shelf]
    return ShelfRow(
        key=one.key,
        name=shelf_note(one),
        reason=_reason(shelving, facts, query, row),
        films=tuple(_line(shelving, film) for film in row.films),
    )


def _line(shelving: Shelving, film: int) -> Line:
    library = shelving.served.library
    found = library.films[int(shelving.served.model.catalogue.films.ids_array[film])]
    weighed = sorted(found.tags, key=lambda tag: -tag[1])
    moods = [slug for slug, _ in weighed if slug in library.tags]
    moods = [slug for slug in moods if library.tags[slug].facet == "mood"]
    return library.line(found.id, enumerated([library.tag_note(slug) for slug in moods[:2]]))


def _reason(shelving: Shelving, facts: RequesterFacts, query: Query, row: Row) -> Note:
    """Returns why the person sees a shelf (micro-genre): the first of these reasons that is true.

    They rated films of the shelf highly. They chose its taste in the quiz. They liked a film that
    resembles its films. People who like the same films like the shelf. Many people like it.
    """
    model, library = shelving.served.model, shelving.served.library
    liked = row.because if row.why == "loved" else ()
    because = [film for film in liked if _may_name(shelving, facts, film)]
    if because:
        ids = [int(film) for film in model.catalogue.films.ids(because[:2])]
        loved = facts.ratings.get(ids[0], 0) >= SHELF_LOVED_STARS
        titles = [library.films[film].title for film in ids]
        return note("because-you-loved" if loved else "because-you-liked", films=titles)
    if row.why == "chosen":
        tags = {model.catalogue.tag_names[tag] for tag in row.because}
        chosen = [key for key in facts.tastes if tags & set(TASTES[key].tags)]
        return note("chosen-tastes", tastes=[note("taste", taste=key) for key in chosen[:2]])
    nearest = _nearest(shelving, facts, query, row)
    if nearest is not None:
        title, loved = library.films[nearest].title, facts.ratings[nearest] >= SHELF_LOVED_STARS
        return note("close-to-loved" if loved else "close-to-liked", title=title)
    return note("liked-by-your-peers" if row.why == "people" else "widely-loved")


def _nearest(shelving: Shelving, facts: RequesterFacts, query: Query, row: Row) -> int | None:
    """Returns the id of the liked film that raises the scores of the row's films most.

    A film that the person liked raises the scores of films that share tags with it. Returns None if
    no liked film raises the scores.
    """
    model = shelving.served.model
    parts = model.tags.rating_parts(query, np.array(row.films, np.int64)).sum(axis=0)
    may_name = [_may_name(shelving, facts, film) for film in query.films.tolist()]
    parts = np.where(np.array(may_name, bool) & (query.stars >= SHELF_LIKED_STARS), parts, 0.0)
    if not len(parts) or parts.max() <= 0:
        return None
    return int(model.catalogue.films.ids_array[query.films[int(parts.argmax())]])


def _member_row(shelving: Shelving, favourites: MemberFavourites) -> ShelfRow:
    return ShelfRow(
        key=None,
        name=note("favourites-of", member=favourites.name, mood=list(favourites.mood)),
        reason=note("shared-here", member=favourites.name),
        films=tuple(_line(shelving, film) for film in favourites.films),
    )


def _may_name(shelving: Shelving, facts: RequesterFacts, film: int) -> bool:
    """True if a reason may name a film. film: its row in the catalogue."""
    world = shelving.served.model.catalogue
    fit = facts.adult_ok or not world.adult[film]
    return fit and int(world.films.ids_array[film]) not in facts.unnamed
