"""/browse: rows of shelves in the order that suits the requester, or one shelf whole.

Each shelf has films and a reason. The first screen ends with the favourites of a member who agreed
to be named.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from bot.errors import Sorry
from bot.services.app import App
from bot.services.catalogue import arrays
from bot.services.catalogue.library import matching_choices
from bot.services.catalogue.tastes import TASTES
from bot.services.picks.facts import RequesterFacts, read_facts
from bot.services.serving.lines import loosening_hint
from bot.services.serving.live_shelves import Shelving
from bot.services.view_models import Line, Requester
from bot.services.wording import listed
from recommender.data import Query
from recommender.pipeline.filters import passing
from recommender.shelves.rows import LIKED, LOVED, Row, RowConfig, for_person
from storage.feedback import ratings
from storage.people import profiles

ROWS_PER_SCREEN = 5
MAX_SCREENS = 4
FILMS_PER_ROW = 5
MAX_FILMS_PER_SHELF = 20
MIN_FAVOURITES = 3  # films that a member's own shelf needs

MemberName = Callable[[int], Awaitable[str | None]]
"""Returns the display name of a person in the server; None if they are no longer a member."""


@dataclass(frozen=True)
class ShelfRow:
    """A shelf in short.

    Attributes:
        key: the shelf's key; None if the shelf cannot be opened whole.
        name: the shelf's name.
        reason: why the person sees it.
        films: its first films.
    """

    key: str | None
    name: str
    reason: str
    films: tuple[Line, ...]


@dataclass(frozen=True)
class Browse:
    """A screen of shelves.

    Attributes:
        rows: the shelves, best first.
        screen: the number of the screen, from 0.
        more: True if another screen follows.
        note: one sentence below the shelves; None for no note.
    """

    rows: tuple[ShelfRow, ...]
    screen: int
    more: bool
    note: str | None = None


@dataclass(frozen=True)
class WholeShelf:
    """One shelf whole.

    Attributes:
        name: the shelf's name.
        reason: why its films are in this order.
        films: its films, at most `MAX_FILMS_PER_SHELF`, in the requester's order.
        hidden: how many more films it has.
    """

    name: str
    reason: str
    films: tuple[Line, ...]
    hidden: int


async def browse(
    app: App, requester: Requester, member_name: MemberName, screen: int = 0
) -> Browse:
    """Returns a screen of shelves for the requester; `screen` counts from 0.

    The first screen ends with the favourites of a member, if one agreed to be named.
    Raises Sorry if no shelf is left.
    """
    screen = min(max(screen, 0), MAX_SCREENS - 1)
    shelving = await app.shelving.get(app.db, app.live, app.settings.corpus)
    known = await read_facts(app, requester)
    query, scores, allowed = _score(shelving, known)
    model = shelving.served.model
    end = ROWS_PER_SCREEN * (screen + 1)
    found = for_person(
        scores,
        shelving.shelves,
        query,
        allowed,
        *_affinity(shelving, query),
        tag_names=model.catalogue.tag_names,
        config=RowConfig(rows=end + 1, films=FILMS_PER_ROW),
    )
    rows = [_row(shelving, known, query, row) for row in found[end - ROWS_PER_SCREEN : end]]
    if not rows:
        raise Sorry(
            "No shelf is left that I may show you here. "
            + loosening_hint(passing(model.catalogue, query).loosen)
        )
    shown = {line.film_id for row in rows for line in row.films}
    if screen == 0 and requester.guild_id is not None:
        favourites = await _member_favourites(
            app, requester, shelving, scores, allowed, shown, member_name
        )
        rows = [*rows[: ROWS_PER_SCREEN - 1], favourites] if favourites is not None else rows
    note = None
    if known.newcomer:
        note = "I know nothing of your taste yet: `/start`, or rate some films, and this is yours."
    return Browse(tuple(rows), screen, len(found) > end < ROWS_PER_SCREEN * MAX_SCREENS, note)


async def open_shelf(app: App, requester: Requester, typed: str) -> WholeShelf:
    """Returns one shelf whole, by its key or a typed name.

    Raises Sorry, with the nearest names, if no shelf is meant, or if no film of it is left.
    """
    shelving = await app.shelving.get(app.db, app.live, app.settings.corpus)
    column = shelving.column(typed)
    if column is None:
        column = _column(shelving, typed)
    known = await read_facts(app, requester)
    query, scores, allowed = _score(shelving, known)
    one = shelving.shelves.shelves[column]
    fresh = [film for film in one.films if allowed[film]]
    fresh.sort(key=lambda film: (-scores[film], film))
    if not fresh:
        raise Sorry(f"You know all of “{one.name}”, or it may not be shown here. Try another.")
    row = Row(column, tuple(fresh[:MAX_FILMS_PER_SHELF]), "everybody")
    liked = _liked_on(query, one.films)
    row = replace(row, why="loved", because=liked) if liked else row
    lines = _row(shelving, known, query, row).films
    reason = _reason(shelving, known, query, row) if liked else "best first, as I know you"
    return WholeShelf(one.name, reason, lines, len(fresh) - len(lines))


async def set_taste_shown(app: App, requester: Requester, *, shown: bool) -> str:
    """Stores whether the person agrees to be named in this server. Returns the answer to them.

    Raises Sorry outside of a server.
    """
    if requester.guild_id is None:
        raise Sorry("There is nobody here to show your taste to; ask in a server.")
    async with app.db.write() as conn:
        await profiles.show_taste(
            conn, requester.person_id, requester.guild_id, shown=shown, now=requester.now
        )
    return TASTE_SHOWN if shown else TASTE_HIDDEN


async def is_taste_shown(app: App, requester: Requester) -> bool:
    """True if the requester agreed to be named in this server."""
    async with app.db.read() as conn:
        return requester.person_id in await profiles.showing_taste(conn, requester.guild_id or 0)


TASTE_SHOWN = (
    "Members of this server may now find a shelf of your favourites, with your name, in `/browse`. "
    "Your stars and what you disliked are never shown."
)
TASTE_HIDDEN = "Nobody here is shown your taste. That is how it is until you agree to it."


# The order of shelves -----------------------------------------------------------------------------


def _score(
    shelving: Shelving, known: RequesterFacts
) -> tuple[Query, npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """Returns the query, (films,) scores for the requester, and (films,) True where a film may be
    shown to them."""
    # Films that were only shown lately stay: a shelf is there to look at, it is no advice.
    facts = replace(known.facts(), excluded=known.known_films)
    model = shelving.served.model
    query = arrays.query(model.catalogue, facts)
    return query, model.score(query), passing(model.catalogue, query).films


def _affinity(
    shelving: Shelving, query: Query
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Returns (shelves,) affinities: the person's, and everybody's mean."""
    return shelving.groups.affinity(query.films, query.stars), shelving.groups.mean


def _liked_on(query: Query, films: Sequence[int]) -> tuple[int, ...]:
    """Returns the liked films of a shelf, as rows, the highest rated first."""
    pairs = zip(query.films.tolist(), query.stars.tolist(), strict=True)
    liked = [(stars, film) for film, stars in pairs if stars >= LIKED and film in films]
    return tuple(film for _, film in sorted(liked, key=lambda pair: -pair[0]))


def _column(shelving: Shelving, typed: str) -> int:
    """Returns the column of the shelf whose name was typed. Raises Sorry if none is meant."""
    close = matching_choices(shelving.choices(""), typed) or shelving.choices(typed)
    wanted = typed.strip().casefold()
    for at, one in enumerate(shelving.shelves.shelves):
        if one.name.casefold() == wanted:
            return at
    if len(close) == 1:
        return shelving.column(close[0].value) or 0
    some = [f"“{choice.name}”" for choice in close[:3]]
    hint = f" Did you mean {' or '.join(some)}?" if some else " Pick one from the list."
    raise Sorry(f"I have no shelf called “{typed[:60]}”.{hint}")


# The words of shelves ----------------------------------------------------------------------------


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
    """Returns why the person sees a shelf.

    The reason is the films of the shelf that they loved, the tastes that they chose in the quiz,
    the rating that speaks most for its films, what similar people like, or popularity.
    """
    model, library = shelving.served.model, shelving.served.library
    if row.why == "loved":
        ids = [int(film) for film in model.catalogue.films.ids(list(row.because[:2]))]
        verb = "loved" if known.ratings.get(ids[0], 0) >= LOVED else "liked"
        return f"because you {verb} " + listed([library.films[film].title for film in ids])
    if row.why == "chosen":
        tags = {model.catalogue.tag_names[tag] for tag in row.because}
        names = [TASTES[key].name for key in known.tastes if tags & set(TASTES[key].tags)]
        return "because you browse " + listed([f"“{name}”" for name in names[:2]])
    nearest = _nearest(shelving, query, row)
    if nearest is not None:
        verb = "loved" if known.ratings.get(nearest, 0) >= LOVED else "liked"
        return f"close to {library.films[nearest].title}, which you {verb}"
    if row.why == "people":
        return "liked by people who like what you like"
    return "widely loved"


def _nearest(shelving: Shelving, query: Query, row: Row) -> int | None:
    """Returns the id of the liked film whose tags speak most for the films of a row; None if no
    liked film does."""
    model = shelving.served.model
    parts = model.tags.rating_parts(query, np.array(row.films, np.int64)).sum(axis=0)
    parts = np.where(query.stars >= LIKED, parts, 0.0)
    if not len(parts) or parts.max() <= 0:
        return None
    return int(model.catalogue.films.ids_array[query.films[int(parts.argmax())]])


# The favourites of a member ----------------------------------------------------------------------


async def _member_favourites(
    app: App,
    requester: Requester,
    shelving: Shelving,
    scores: npt.NDArray[np.float64],
    allowed: npt.NDArray[np.bool_],
    shown: set[int],
    member_name: MemberName,
) -> ShelfRow | None:
    """Returns the favourites of the member whose favourites suit the requester most.

    Only members who agreed to be named are considered; None if none has enough favourites.
    `shown`: ids of films on the other rows, which are left out.
    """
    async with app.db.read() as conn:
        agreed = await profiles.showing_taste(conn, requester.guild_id or 0)
        rated = {person: await ratings.of_person(conn, person) for person in agreed}
    rows = shelving.served.model.catalogue.films
    found: list[tuple[float, int, str, list[int]]] = []
    for person, stars in rated.items():
        if person == requester.person_id:
            continue
        loved = rows.rows([rating.film_id for rating in stars if rating.stars >= LIKED])
        mood, films = _distinctive_mood(shelving, [int(film) for film in loved if film >= 0])
        films = [film for film in films if allowed[film] and int(rows.ids_array[film]) not in shown]
        if len(films) >= MIN_FAVOURITES:
            best = sorted(films, key=lambda film: -scores[film])[:FILMS_PER_ROW]
            found.append((float(scores[best].mean()), person, mood, best))
    for _, person, mood, films in sorted(found, key=lambda each: (-each[0], each[1])):
        name = await member_name(person)
        if name is not None:
            return ShelfRow(
                key=None,
                name=f"{name}'s {mood} favourites",
                reason=f"{name} shares them here",
                films=tuple(_line(shelving, film) for film in films),
            )
    return None


def _distinctive_mood(shelving: Shelving, loved: list[int]) -> tuple[str, list[int]]:
    """Returns the mood that distinguishes a person's favourites most, as an adjective, and the
    favourites with that mood, as rows.

    loved: rows of the favourites. Returns "" and no films if no mood is frequent among them.
    """
    world, tags = shelving.served.model.catalogue, shelving.served.library.tags
    weights = world.tags[loved].toarray() >= 2 if loved else np.zeros((0, len(world.tag_names)))
    count = weights.sum(axis=0)
    usual = np.bincount(world.tags.indices, minlength=len(world.tag_names)) / len(world)
    best, most = -1, 0.0
    for column, slug in enumerate(world.tag_names):
        tag = tags[slug]
        if tag.facet == "mood" and tag.phrase.endswith(" ~") and count[column] >= MIN_FAVOURITES:
            excess = float(count[column] - len(loved) * usual[column]) / np.sqrt(usual[column])
            if excess > most:
                best, most = column, excess
    if best < 0:
        return "", []
    films = [film for film, fits in zip(loved, weights[:, best], strict=True) if fits]
    return tags[world.tag_names[best]].phrase[:-2], films
