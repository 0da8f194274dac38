"""/browse: shelves in the order that suits who asks, each with films and a reason; one shelf whole;
favourites of members who agreed to be named."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from bot.errors import Sorry
from bot.services.catalogue import arrays
from bot.services.catalogue.library import matching
from bot.services.catalogue.tastes import TASTES
from bot.services.picks.facts import RequesterFacts, read_facts
from bot.services.serving import lines as choose
from bot.services.serving.live_shelves import Shelving
from bot.services.view_models import FilmCard, Line, Requester
from bot.services.wording import listed
from recommender.data import Query
from recommender.pipeline.filters import apply_filters
from recommender.shelves.rows import (
    SHELF_LIKED_STARS,
    SHELF_LOVED_STARS,
    Row,
    RowConfig,
    rows_for_person,
)
from storage.feedback import ratings
from storage.people import profiles

if TYPE_CHECKING:
    from bot.services.app import App

ROWS = 5  # shelves a screen
SCREENS = 4
FILMS = 5  # films a row
ON_A_SHELF = 20  # films listed of one shelf
FAVOURITES = 3  # films that a member's own shelf needs
Named = Callable[[int], Awaitable[str | None]]
"""The name a member of the server goes by now; None where they are no member any more."""


@dataclass(frozen=True)
class ShelfRow:
    """A shelf in short: its name, why it is there, its first films. key: None where it cannot be
    opened whole."""

    key: str | None
    name: str
    reason: str
    films: tuple[Line, ...]


@dataclass(frozen=True)
class Browse:
    """A screen of shelves; `more` where another follows."""

    rows: tuple[ShelfRow, ...]
    screen: int
    more: bool
    note: str | None = None


@dataclass(frozen=True)
class WholeShelf:
    """One shelf: its films in the requester's order, and how many more it has."""

    name: str
    reason: str
    films: tuple[Line, ...]
    beyond: int


async def browse(app: "App", requester: Requester, named: Named, screen: int = 0) -> Browse:
    """A screen of shelves for who asks; the first ends with a member's own shelf, where one agreed.
    Raises Sorry where no shelf is left."""
    screen = min(max(screen, 0), SCREENS - 1)
    shelving = await app.shelving.get(app)
    known = await read_facts(app, requester)
    query, scores, allowed = _asked(shelving, known)
    model = shelving.served.model
    found = rows_for_person(
        scores,
        shelving.shelves,
        query,
        allowed,
        *_drawn(shelving, query),
        tag_names=model.catalogue.tag_names,
        config=RowConfig(rows=ROWS * (screen + 1) + 1, films=FILMS),
    )
    rows = [_row(shelving, known, query, row) for row in found[ROWS * screen : ROWS * (screen + 1)]]
    if not rows:
        raise Sorry(
            "No shelf is left that I may show you here. "
            + choose.nothing_left(apply_filters(model.catalogue, query).loosen)
        )
    shown = {line.film_id for row in rows for line in row.films}
    if screen == 0 and requester.guild_id is not None:
        theirs = await _a_members(app, requester, shelving, scores, allowed, shown, named)
        rows = [*rows[: ROWS - 1], theirs] if theirs is not None else rows
    note = None
    if known.newcomer:
        note = "I know nothing of your taste yet: `/start`, or rate some films, and this is yours."
    return Browse(tuple(rows), screen, len(found) > ROWS * (screen + 1) < ROWS * SCREENS, note)


async def shelf(app: "App", requester: Requester, typed: str) -> WholeShelf:
    """One shelf, by its key or its name as typed. Raises Sorry with the nearest names."""
    shelving = await app.shelving.get(app)
    column = shelving.column(typed)
    if column is None:
        column = _meant(shelving, typed)
    known = await read_facts(app, requester)
    query, scores, allowed = _asked(shelving, known)
    one = shelving.shelves.shelves[column]
    fresh = [film for film in one.films if allowed[film]]
    fresh.sort(key=lambda film: (-scores[film], film))
    if not fresh:
        raise Sorry(f"You know all of “{one.name}”, or it may not be shown here. Try another.")
    row = Row(column, tuple(fresh[:ON_A_SHELF]), "everybody")
    liked = _liked_on(query, one.films)
    row = replace(row, why="loved", because=liked) if liked else row
    lines = _row(shelving, known, query, row).films
    reason = _reason(shelving, known, query, row) if liked else "best first, as I know you"
    return WholeShelf(one.name, reason, lines, len(fresh) - len(lines))


async def show_taste(app: "App", requester: Requester, *, shown: bool) -> str:
    """Agree, or no longer, to be named in this server; a sentence that says what holds."""
    if requester.guild_id is None:
        raise Sorry("There is nobody here to show your taste to; ask in a server.")
    async with app.db.write() as conn:
        await profiles.show_taste(
            conn, requester.person_id, requester.guild_id, shown=shown, now=requester.now
        )
    return SHOWN if shown else HIDDEN


async def shows_taste(app: "App", requester: Requester) -> bool:
    """Whether who asks agreed to be named in this server."""
    async with app.db.read() as conn:
        return requester.person_id in await profiles.showing_taste(conn, requester.guild_id or 0)


SHOWN = (
    "Members of this server may now find a shelf of your favourites, with your name, in `/browse`. "
    "Your stars and what you disliked are never shown."
)
HIDDEN = "Nobody here is shown your taste. That is how it is until you agree to it."


def with_shelf(app: "App", card: FilmCard) -> FilmCard:
    """The card with the shelf that its headline stands on, where the shelves are made already."""
    shelving = app.shelving.ready(app.live.served)
    if shelving is None or card.shelf is not None:
        return card
    found = shelving.best_of(card.headline.film_id, [line.film_id for line in card.further])
    return replace(card, shelf=found.name) if found else card


# How it is ordered -------------------------------------------------------------------------------


def _asked(
    shelving: Shelving, known: RequesterFacts
) -> tuple[Query, npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """The question, each film's score for who asks, and which films may be shown to them."""
    facts = replace(known.facts(), excluded=known.known_films)  # browsing is no advice: shown stays
    model = shelving.served.model
    query = arrays.query(model.catalogue, facts)
    return query, model.score(query), apply_filters(model.catalogue, query).films


def _drawn(
    shelving: Shelving, query: Query
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    return shelving.groups.affinity(query.films, query.stars), shelving.groups.mean


def _liked_on(query: Query, films: Sequence[int]) -> tuple[int, ...]:
    """The rated films of a shelf that were liked, best loved first."""
    pairs = zip(query.films.tolist(), query.stars.tolist(), strict=True)
    liked = [(stars, film) for film, stars in pairs if stars >= SHELF_LIKED_STARS and film in films]
    return tuple(film for _, film in sorted(liked, key=lambda pair: -pair[0]))


def _meant(shelving: Shelving, typed: str) -> int:
    close = matching(shelving.choices(""), typed) or shelving.choices(typed)
    wanted = typed.strip().casefold()
    for at, one in enumerate(shelving.shelves.shelves):
        if one.name.casefold() == wanted:
            return at
    if len(close) == 1:
        return shelving.column(close[0].value) or 0
    some = [f"“{choice.name}”" for choice in close[:3]]
    hint = f" Did you mean {' or '.join(some)}?" if some else " Pick one from the list."
    raise Sorry(f"I have no shelf called “{typed[:60]}”.{hint}")


# How it is said ----------------------------------------------------------------------------------


def _row(shelving: Shelving, known: RequesterFacts, query: Query, row: Row) -> ShelfRow:
    one = shelving.shelves.shelves[row.shelf]
    return ShelfRow(
        key=one.key,
        name=one.name,
        reason=_reason(shelving, known, query, row),
        films=tuple(_line(shelving, film) for film in row.films),
    )


def _line(shelving: Shelving, film: int) -> Line:
    library = shelving.served.library
    found = library.films[int(shelving.served.model.catalogue.films.ids_array[film])]
    weighed = sorted(found.tags, key=lambda tag: -tag[1])
    moods = [slug for slug, _ in weighed if slug in library.tags]
    moods = [library.tags[slug].name for slug in moods if library.tags[slug].facet == "mood"]
    return library.line(found.id, ", ".join(moods[:2]))


def _reason(shelving: Shelving, known: RequesterFacts, query: Query, row: Row) -> str:
    """Why the shelf is there: what was loved on it, what was chosen in the quiz, the rating that
    speaks most for its films, what people like them like, or that everybody does."""
    model, library = shelving.served.model, shelving.served.library
    if row.why == "loved":
        ids = [int(film) for film in model.catalogue.films.ids(list(row.because[:2]))]
        verb = "loved" if known.ratings.get(ids[0], 0) >= SHELF_LOVED_STARS else "liked"
        return f"because you {verb} " + listed([library.films[film].title for film in ids])
    if row.why == "chosen":
        tags = {model.catalogue.tag_names[tag] for tag in row.because}
        names = [TASTES[key].name for key in known.shelves if tags & set(TASTES[key].tags)]
        return "because you browse " + listed([f"“{name}”" for name in names[:2]])
    nearest = _nearest(shelving, query, row)
    if nearest is not None:
        verb = "loved" if known.ratings.get(nearest, 0) >= SHELF_LOVED_STARS else "liked"
        return f"close to {library.films[nearest].title}, which you {verb}"
    if row.why == "people":
        return "liked by people who like what you like"
    return "widely loved"


def _nearest(shelving: Shelving, query: Query, row: Row) -> int | None:
    """The liked film whose tags speak most for the films of a row, by id."""
    model = shelving.served.model
    parts = model.tags.rating_parts(query, np.array(row.films, np.int64)).sum(axis=0)
    parts = np.where(query.stars >= SHELF_LIKED_STARS, parts, 0.0)
    if not len(parts) or parts.max() <= 0:
        return None
    return int(model.catalogue.films.ids_array[query.films[int(parts.argmax())]])


# Members' own ------------------------------------------------------------------------------------


async def _a_members(
    app: "App",
    requester: Requester,
    shelving: Shelving,
    scores: npt.NDArray[np.float64],
    allowed: npt.NDArray[np.bool_],
    shown: set[int],
    named: Named,
) -> ShelfRow | None:
    """The favourites of one member who agreed, those of whom most suits who asks."""
    async with app.db.read() as conn:
        agreed = await profiles.showing_taste(conn, requester.guild_id or 0)
        rated = {person: await ratings.of_person(conn, person) for person in agreed}
    rows = shelving.served.model.catalogue.films
    found: list[tuple[float, int, str, list[int]]] = []
    for person, theirs in rated.items():
        if person == requester.person_id:
            continue
        loved = rows.rows(
            [rating.film_id for rating in theirs if rating.stars >= SHELF_LIKED_STARS]
        )
        mood, films = _mood_of(shelving, [int(film) for film in loved if film >= 0])
        films = [film for film in films if allowed[film] and int(rows.ids_array[film]) not in shown]
        if len(films) >= FAVOURITES:
            films.sort(key=lambda film: -scores[film])
            found.append((float(scores[films[:FILMS]].mean()), person, mood, films[:FILMS]))
    for _, person, mood, films in sorted(found, key=lambda each: (-each[0], each[1])):
        name = await named(person)
        if name is not None:
            return ShelfRow(
                key=None,
                name=f"{name}'s {mood} favourites",
                reason=f"{name} shares them here",
                films=tuple(_line(shelving, film) for film in films),
            )
    return None


def _mood_of(shelving: Shelving, loved: list[int]) -> tuple[str, list[int]]:
    """The mood that sets a person's favourites apart most, as an adjective, and the films."""
    world, tags = shelving.served.model.catalogue, shelving.served.library.tags
    weights = world.tags[loved].toarray() >= 2 if loved else np.zeros((0, len(world.tag_names)))
    count = weights.sum(axis=0)
    usual = np.bincount(world.tags.indices, minlength=len(world.tag_names)) / len(world)
    best, most = -1, 0.0
    for column, slug in enumerate(world.tag_names):
        tag = tags[slug]
        if tag.facet == "mood" and tag.phrase.endswith(" ~") and count[column] >= FAVOURITES:
            apart = float(count[column] - len(loved) * usual[column]) / np.sqrt(usual[column])
            if apart > most:
                best, most = column, apart
    if best < 0:
        return "", []
    films = [film for film, fits in zip(loved, weights[:, best], strict=True) if fits]
    return tags[world.tag_names[best]].phrase[:-2], films
