"""The films of a film history that were not recognised, until the person says which they are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, delete, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.histories.drafts import FilmImport, HistoryFacts, columns_of, facts_of, owner
from storage.schema import import_questions


@dataclass(frozen=True, slots=True)
class NewQuestion:
    """A film of a file that was not recognised.

    Attributes:
        place: its number in the file.
        title: its title there.
        year: its year there; None without one.
        directors: the names there, with commas between them.
        imdb: its IMDb id there; None without one.
        likely_id: id of the one film with this title, if only the year is missing; else None.
        facts: what the file says about it.
    """

    place: int
    title: str
    year: int | None
    directors: str
    imdb: str | None
    likely_id: int | None
    facts: HistoryFacts


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A film of a file that was not recognised, as it is stored.

    Attributes:
        asked: what the file says.
        chosen_id: id of the film that the person chose; None if they have not.
        skipped: True if the person left it out.
    """

    asked: NewQuestion
    chosen_id: int | None
    skipped: bool


async def add(conn: AsyncConnection, batch: FilmImport, questions: Sequence[NewQuestion]) -> None:
    """Store the films of a file that were not recognised."""
    if questions:
        rows = [owner(batch) | _question_row(one) for one in questions]
        await conn.execute(insert(import_questions), rows)


async def listed(
    conn: AsyncConnection, import_id: int, *, after: int = -1, limit: int | None = None
) -> tuple[OpenQuestion, ...]:
    """Returns films of a file that were not recognised, in the order of the file.

    after: only those with a greater place.
    limit: the most that are returned; None for all.
    """
    columns = import_questions.c
    rows = await conn.execute(
        select(import_questions)
        .where(columns.import_id == import_id, columns.place > after)
        .order_by(columns.place)
        .limit(limit)
    )
    return tuple(_question(row) for row in rows)


async def open_counts(conn: AsyncConnection, import_id: int) -> tuple[int, int]:
    """Returns how many films of a file wait for the person to choose, and how many of these have a
    likely film.
    """
    columns = import_questions.c
    row = await conn.execute(
        select(func.count(), func.count(columns.likely_id)).where(
            columns.import_id == import_id, columns.chosen_id.is_(None), columns.skipped.is_(False)
        )
    )
    waiting, likely = row.one()
    return waiting, likely


async def has_chosen(conn: AsyncConnection, import_id: int) -> bool:
    """True if the person chose a film for one that was not recognised."""
    columns = import_questions.c
    found = exists().where(columns.import_id == import_id, columns.chosen_id.is_not(None))
    return bool((await conn.execute(select(found))).scalar_one())


async def settle(conn: AsyncConnection, import_id: int, place: int, film_id: int | None) -> None:
    """Store which film a person chose for one that was not recognised.

    place: its number in the file.
    film_id: the film; None to leave it out.
    """
    columns = import_questions.c
    await conn.execute(
        update(import_questions)
        .where(columns.import_id == import_id, columns.place == place)
        .values(chosen_id=film_id, skipped=film_id is None)
    )


async def settle_likely(conn: AsyncConnection, import_id: int) -> None:
    """Store that a person takes the likely film wherever there is one and they have not chosen."""
    columns = import_questions.c
    await conn.execute(
        update(import_questions)
        .where(
            columns.import_id == import_id,
            columns.chosen_id.is_(None),
            columns.skipped.is_(False),
            columns.likely_id.is_not(None),
        )
        .values(chosen_id=columns.likely_id)
    )


async def chosen_facts(conn: AsyncConnection, import_id: int) -> dict[int, HistoryFacts]:
    """Returns what a file says about the films that the person chose, by film id, sorted by it."""
    columns = import_questions.c
    rows = await conn.execute(
        select(import_questions)
        .where(columns.import_id == import_id, columns.chosen_id.is_not(None))
        .order_by(columns.chosen_id)
    )
    return _joined(rows)


async def take_chosen(conn: AsyncConnection, import_id: int, limit: int) -> dict[int, HistoryFacts]:
    """Delete the next films of a file that the person chose; returns what the file says about them,
    by film id.

    limit: the most rows.
    """
    columns = import_questions.c
    rows = await conn.execute(
        select(import_questions)
        .where(columns.import_id == import_id, columns.chosen_id.is_not(None))
        .order_by(columns.place)
        .limit(limit)
    )
    taken = rows.all()
    await conn.execute(
        delete(import_questions).where(
            columns.import_id == import_id, columns.place.in_([row.place for row in taken])
        )
    )
    return _joined(taken)


def _joined(rows: Iterable[Row[Any]]) -> dict[int, HistoryFacts]:
    """Returns what rows say about the films that were chosen for them, by film id."""
    found: dict[int, HistoryFacts] = {}
    for row in rows:
        one = facts_of(row)
        found[row.chosen_id] = found[row.chosen_id].joined(one) if row.chosen_id in found else one
    return found


def _question_row(question: NewQuestion) -> dict[str, Any]:
    names = ("place", "title", "year", "directors", "imdb", "likely_id")
    return {name: getattr(question, name) for name in names} | columns_of(question.facts)


def _question(row: Row[Any]) -> OpenQuestion:
    names = ("place", "title", "year", "directors", "imdb", "likely_id")
    asked = NewQuestion(**{name: getattr(row, name) for name in names}, facts=facts_of(row))
    return OpenQuestion(asked, row.chosen_id, row.skipped)
