"""Reads and writes rows of the film tables. The imports of film lists and of data sets use it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import (
    ColumnElement,
    Table,
    Text,
    bindparam,
    cast,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.catalogue.imdb.only_named import ONLY_NAMED
from storage.catalogue.matching import Named, spellings
from storage.database.upsert import upsert
from storage.schema import (
    answers,
    card_events,
    cards,
    external_ids,
    film_marks,
    film_tags,
    films,
    import_films,
    import_questions,
    impressions,
    rating_events,
)

Weights = tuple[tuple[str, int], ...]
"""(tag slug, weight) pairs. Weight 1: the tag touches the film; 2: it fits; 3: it defines it."""


@dataclass(frozen=True, slots=True)
class Film:
    """A film of the catalogue.

    Attributes:
        id: permanent id.
        key: permanent key within its list or data set.
        title: the title that people know it by.
        original_title: the title in its own language; None if it is the same or unknown.
        aliases: other titles that people type.
        year: year of the first showing; None if unknown.
        runtime: minutes; None if unknown.
        countries: ISO 3166 codes, the leading one first.
        languages: ISO 639 codes, the leading one first.
        directors: names.
        cast: names of the leading actors.
        genres: genres, the leading one first.
        audience: "everyone", "teens" or "adults"; None if unknown.
        adult: True for adult content.
        poster: https address; None if there is no poster.
        source: the list or data set that gave these facts.
        added_at: when the film was added, UTC.
        retired_at: when the film was taken out of the catalogue, UTC; None for a film in use. The
            row stays, because ratings refer to it.
        more_titles: titles that IMDb's tables add, and that people may type too.
        votes: how many people rated the film at IMDb; None if its facts are not from IMDb's tables.
        tags: tags with weights, the greatest weight first.
        only_named: True if people can find, name and rate the film, but it is never picked. Such a
            film came from IMDb's tables, and has neither tags nor ratings yet.
    """

    id: int
    key: str
    title: str
    original_title: str | None
    aliases: tuple[str, ...]
    year: int | None
    runtime: int | None
    countries: tuple[str, ...]
    languages: tuple[str, ...]
    directors: tuple[str, ...]
    cast: tuple[str, ...]
    genres: tuple[str, ...]
    audience: str | None
    adult: bool
    poster: str | None
    source: str
    added_at: datetime
    retired_at: datetime | None
    more_titles: tuple[str, ...] = ()
    votes: int | None = None
    tags: Weights = ()
    only_named: bool = False


LIST_COLUMNS = ("aliases", "countries", "languages", "directors", "cast", "genres")
"""Columns of a film that hold several values, and that lists and data sets fill."""

_LISTS = (*LIST_COLUMNS, "more_titles")
_REPEATED = ("source", "audience", "added_at")
FILMS_AT_ONCE = 20_000
_SINGLE = tuple(column.name for column in films.c if column.name not in _LISTS)
_CELLS = (
    *(cast(films.c[name], Text) for name in _LISTS),
    *(films.c[name] for name in _SINGLE),
)
"""What `select_films` reads of a film: the lists as JSON, then the other columns."""

_BETWEEN = "\x1f"  # no tag's permanent key has this sign


@dataclass(frozen=True, slots=True)
class MergeCount:
    """How many films the merging of a list or data set added, changed and left unchanged.

    Attributes:
        added: number of films that are new.
        changed: number of films whose facts or ids changed.
        unchanged: number of all other films.
    """

    added: int
    changed: int
    unchanged: int


class Titled(Protocol):
    """Anything with the titles of a film, such as a stored film or a line of a list.

    Attributes:
        title: the title that people know it by.
        original_title: the title in its own language; None if it is the same or unknown.
        aliases: other titles that people type.
    """

    @property
    def title(self) -> str: ...
    @property
    def original_title(self) -> str | None: ...
    @property
    def aliases(self) -> Sequence[str]: ...


def titles_of(film: Titled) -> tuple[str, ...]:
    """Returns every title of the film, in every spelling that people may type."""
    titles = (film.title, film.original_title or "", *film.aliases)
    return tuple(spelling for title in titles for spelling in spellings(title))


def named(film: Film) -> Named:
    """Returns the film as an entry for `match`, which finds equal films in two lists."""
    return Named(film.id, (*titles_of(film), *film.more_titles), film.year)


async def select_films(conn: AsyncConnection, *where: ColumnElement[bool]) -> tuple[Film, ...]:
    """Returns the films that meet every condition, sorted by id."""
    tags_of = await _select_tags(conn, *where)
    only_named = set((await conn.execute(ONLY_NAMED.where(*where))).scalars())
    width, last = len(_LISTS), -1
    same: dict[Any, Any] = {}  # equal values, such as genres, share memory
    found: list[Film] = []
    while True:  # not all at once, since the rows need far more memory than the films
        wanted = select(*_CELLS).where(*where, films.c.id > last).order_by(films.c.id)
        rows = (await conn.execute(wanted.limit(FILMS_AT_ONCE))).all()
        # To parse one text with all lists takes a fraction of the time of a text for each.
        text = ",".join(",".join(row[:width]) for row in rows)
        lists: list[list[str]] = json.loads(f"[{text}]")
        several = [tuple([same.setdefault(text, text) for text in one]) for one in lists]
        for at, row in enumerate(rows):
            facts = dict(zip(_SINGLE, row[width:], strict=True))
            facts |= zip(_LISTS, several[at * width : (at + 1) * width], strict=True)
            facts |= {name: same.setdefault(facts[name], facts[name]) for name in _REPEATED}
            tags = tags_of.get(row.id, ())
            found.append(Film(**facts, tags=tags, only_named=row.id in only_named))
        if len(rows) < FILMS_AT_ONCE:
            return tuple(found)
        last = rows[-1].id


async def _select_tags(conn: AsyncConnection, *where: ColumnElement[bool]) -> dict[int, Weights]:
    """Returns the tags of the films that meet every condition, by film id.

    The database joins the tags of each film into one text: there are twenty times as many tags as
    films, and only a thousand different pairs of a tag and a weight.
    """
    pair = cast(film_tags.c.weight, Text) + film_tags.c.tag_slug  # a weight has one digit
    joined = select(film_tags.c.film_id, func.aggregate_strings(pair, _BETWEEN)).join(films)
    rows = await conn.execute(joined.where(*where).group_by(film_tags.c.film_id))
    cells = [(film_id, text.split(_BETWEEN)) for film_id, text in rows.all()]
    different = {text for _, texts in cells for text in texts}
    pairs = sorted(((text[1:], int(text[0])) for text in different), key=lambda of: (-of[1], of[0]))
    place = {f"{weight}{slug}": at for at, (slug, weight) in enumerate(pairs)}
    return {
        film_id: tuple([pairs[at] for at in sorted([place[text] for text in texts])])
        for film_id, texts in cells
    }


async def ids_of(conn: AsyncConnection, keys: Sequence[str]) -> dict[str, int]:
    """Returns the film id of each given film key that is stored, by the key."""
    if not keys:
        return {}
    wanted = set(keys)
    rows = await conn.execute(select(films.c.key, films.c.id))
    return {key: film_id for key, film_id in rows if key in wanted}


async def retag(conn: AsyncConnection, tags_of: Mapping[int, Iterable[tuple[str, int]]]) -> None:
    """Replace the tags of some films.

    tags_of: for each film id, the film's new tags as (tag slug, weight) pairs. A slug is a tag's
        permanent key.
    """
    if not tags_of:
        return
    statement = delete(film_tags).where(film_tags.c.film_id == bindparam("of_film"))
    await conn.execute(statement, [{"of_film": film_id} for film_id in tags_of])
    await write(
        conn,
        film_tags,
        [
            {"film_id": film_id, "tag_slug": slug, "weight": weight}
            for film_id, pairs in tags_of.items()
            for slug, weight in dict(pairs).items()
        ],
    )


async def link(conn: AsyncConnection, links: Sequence[tuple[str, str, int]]) -> None:
    """Store the ids that films have in other sources, such as a data set, IMDb or TMDB.

    links: triples (source, the film's id there, film id). If an id is already stored, it keeps its
        film.
    """
    if links:
        await conn.execute(
            upsert(conn, external_ids).on_conflict_do_nothing(),
            [
                {"source": source, "external_id": name, "film_id": film_id}
                for source, name, film_id in links
            ],
        )


async def write(conn: AsyncConnection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert new rows into a table."""
    if rows:
        await conn.execute(insert(table), list(rows))


async def move_links(
    conn: AsyncConnection, links: dict[tuple[str, str], int], old_id: int, new_id: int
) -> None:
    """Move a film's ids in data sets (and at IMDb and TMDB) to another stored film, which is the
    same film.

    If the other film already has an id in a data set, the moved id is dropped.

    links: film id by (source, external id), for all stored ids. It is changed too.
    old_id: the film that has the ids.
    new_id: the film that gets them.
    """
    has = {kind for (kind, _), film_id in links.items() if film_id == new_id}
    for (kind, name), film_id in list(links.items()):
        if film_id != old_id:
            continue
        here = (external_ids.c.source == kind, external_ids.c.external_id == name)
        if kind in has:
            del links[kind, name]
            await conn.execute(delete(external_ids).where(*here))
        else:
            links[kind, name] = new_id
            await conn.execute(update(external_ids).where(*here).values(film_id=new_id))


async def used_films(conn: AsyncConnection) -> set[int]:
    """Returns the ids of films that somebody was shown, rated, marked or brought in."""
    used: set[int] = set()
    for table in (impressions, cards, rating_events, card_events, film_marks, import_films):
        used |= set((await conn.execute(select(table.c.film_id).distinct())).scalars())
    chosen = select(import_questions.c.chosen_id, import_questions.c.likely_id)
    for row in await conn.execute(chosen.distinct()):
        used |= {film_id for film_id in row if film_id is not None}
    answered = await conn.execute(select(answers.c.subject).distinct())
    return used | {int(subject) for subject in answered.scalars() if str(subject).isdecimal()}
