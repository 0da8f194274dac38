"""Film histories that people bring in from other places, while they wait to be applied.

A file becomes one row of `imports`. Each film that was recognised becomes a row of `import_films`,
and each other film a row of `import_questions`, until the person says which film it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.schema import import_films, imports

ImportState = Literal["reading", "waiting", "applying", "applied", "undoing"]
"""How far a file is.

"reading": its films are being stored. "waiting": the person has yet to decide. The states
"applying" and "undoing" last until all films are done, also across a restart.
"""

OPEN: tuple[ImportState, ...] = ("reading", "waiting")


@dataclass(frozen=True, slots=True)
class HistoryFacts:
    """What a file says about one film. Days are midnights UTC.

    Attributes:
        stars: 0.5 to 5; None for no rating.
        from_like: True if the file has no rating, but says that the person liked the film.
        rated_on: the day of the rating; None if the file does not say it.
        seen: True if the person saw the film.
        seen_on: the day; None if the file does not say it.
        wanted: True if the person wants to see the film.
        added_on: the day on which they said so; None if the file does not say it.
    """

    stars: float | None = None
    from_like: bool = False
    rated_on: datetime | None = None
    seen: bool = False
    seen_on: datetime | None = None
    wanted: bool = False
    added_on: datetime | None = None

    def joined(self, other: "HistoryFacts") -> "HistoryFacts":
        """Returns the facts of two rows about the same film. A rating with a later day counts."""
        rating = max(self, other, key=_rating_order)
        return HistoryFacts(
            rating.stars,
            rating.from_like,
            rating.rated_on,
            self.seen or other.seen,
            max(filter(None, (self.seen_on, other.seen_on)), default=None),
            self.wanted or other.wanted,
            max(filter(None, (self.added_on, other.added_on)), default=None),
        )


def _rating_order(facts: HistoryFacts) -> tuple[bool, bool, float]:
    day = facts.rated_on
    return facts.stars is not None, not facts.from_like, day.timestamp() if day else 0.0


@dataclass(frozen=True, slots=True)
class FilmImport:
    """One file that a person brought in.

    Attributes:
        id: its id.
        person_id: the person.
        at: when they brought it, UTC.
        state: how far it is.
        source: whose format it has, such as "letterboxd".
        file: its name.
        told: what reading it found, as JSON values.
        done_to: the id of the last film that was applied.
        made_profile: True if the person had no profile before it was applied.
    """

    id: int
    person_id: int
    at: datetime
    state: ImportState
    source: str
    file: str
    told: Mapping[str, Any]
    done_to: int
    made_profile: bool


async def begin(
    conn: AsyncConnection,
    person_id: int,
    *,
    source: str,
    file: str,
    told: Mapping[str, Any],
    now: datetime,
) -> int:
    """Store that a person brought in a file; returns the id of the import."""
    values = {"person_id": person_id, "at": now, "state": "reading", "source": source}
    row = await conn.execute(
        insert(imports).values(values | {"file": file, "told": dict(told)}).returning(imports.c.id)
    )
    return int(row.scalar_one())


async def add_films(
    conn: AsyncConnection, batch: FilmImport, facts: Mapping[int, HistoryFacts]
) -> None:
    """Store what a file says about films.

    facts: by film id. If a film is stored already, both facts are joined.
    """
    if not facts:
        return
    films = import_films.c
    stored = await conn.execute(
        select(import_films).where(films.import_id == batch.id, films.film_id.in_(list(facts)))
    )
    joined = {row.film_id: facts[row.film_id].joined(facts_of(row)) for row in stored}
    await conn.execute(
        delete(import_films).where(films.import_id == batch.id, films.film_id.in_(list(joined)))
    )
    await conn.execute(
        insert(import_films),
        [
            {"film_id": film_id} | owner(batch) | columns_of(joined.get(film_id, one))
            for film_id, one in facts.items()
        ],
    )


async def set_state(conn: AsyncConnection, import_id: int, state: ImportState) -> None:
    """Store how far an import is."""
    await conn.execute(update(imports).where(imports.c.id == import_id).values(state=state))


async def tell(conn: AsyncConnection, import_id: int, told: Mapping[str, Any]) -> None:
    """Store what reading a file found, in place of what was stored before."""
    await conn.execute(update(imports).where(imports.c.id == import_id).values(told=dict(told)))


async def get(conn: AsyncConnection, import_id: int) -> FilmImport | None:
    """Returns the import with an id; None if it is not stored."""
    row = (await conn.execute(select(imports).where(imports.c.id == import_id))).one_or_none()
    return None if row is None else FilmImport(**row._mapping)


async def of_person(conn: AsyncConnection, person_id: int) -> tuple[FilmImport, ...]:
    """Returns a person's imports, oldest first."""
    rows = await conn.execute(
        select(imports).where(imports.c.person_id == person_id).order_by(imports.c.id)
    )
    return tuple(FilmImport(**row._mapping) for row in rows)


async def unfinished(conn: AsyncConnection) -> tuple[FilmImport, ...]:
    """Returns the imports that were begun, applied or undone in part, oldest first."""
    states = ("reading", "applying", "undoing")
    rows = await conn.execute(
        select(imports).where(imports.c.state.in_(states)).order_by(imports.c.id)
    )
    return tuple(FilmImport(**row._mapping) for row in rows)


async def forget_open(
    conn: AsyncConnection, person_id: int, *, keep: int | None = None
) -> tuple[str, ...]:
    """Delete a person's imports that were not applied; returns the names of their files.

    keep: the id of one that stays; None to delete all.
    """
    columns = imports.c
    rows = await conn.execute(
        delete(imports)
        .where(
            columns.person_id == person_id,
            columns.state.in_(OPEN),
            columns.id.is_distinct_from(keep),
        )
        .returning(columns.file)
    )
    return tuple(rows.scalars())


async def forget(conn: AsyncConnection, import_id: int) -> None:
    """Delete an import with all its rows. What was applied stays."""
    await conn.execute(delete(imports).where(imports.c.id == import_id))


async def films_count(conn: AsyncConnection, import_id: int) -> int:
    """Returns the number of films of an import that were recognised."""
    found = select(func.count()).where(import_films.c.import_id == import_id)
    return int((await conn.execute(found)).scalar_one())


async def films_among(
    conn: AsyncConnection, import_id: int, film_ids: Sequence[int]
) -> frozenset[int]:
    """Returns which of some films were recognised in an import."""
    films = import_films.c
    rows = await conn.execute(
        select(films.film_id).where(films.import_id == import_id, films.film_id.in_(film_ids))
    )
    return frozenset(rows.scalars())


async def applied_counts(conn: AsyncConnection, import_id: int) -> tuple[int, int, int]:
    """Returns how many films an import rated, marked as seen and kept for later."""
    columns = import_films.c
    row = await conn.execute(
        select(
            func.count(columns.event_id),
            func.count().filter(columns.marked_seen),
            func.count().filter(columns.marked_later),
        ).where(columns.import_id == import_id)
    )
    rated, seen, later = row.one()
    return rated, seen, later


def owner(batch: FilmImport) -> dict[str, Any]:
    """Returns the columns that every row of an import has."""
    return {"import_id": batch.id, "person_id": batch.person_id, "at": batch.at}


def facts_of(row: Row[Any]) -> HistoryFacts:
    """Returns what a row of `import_films` or `import_questions` says about its film."""
    return HistoryFacts(**{name: getattr(row, name) for name in HistoryFacts.__slots__})


def columns_of(facts: HistoryFacts) -> dict[str, Any]:
    """Returns the columns of `import_films` or `import_questions` that say what a file says.

    dataclasses.asdict would copy every day, which takes several times as long.
    """
    return {name: getattr(facts, name) for name in HistoryFacts.__slots__}
