"""A person's film history, in the form in which it can be taken to another place."""

from collections.abc import Callable
from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database.code_order import CodeOrder
from storage.feedback import ratings
from storage.imports.letterboxd_export import ExportedFilm
from storage.people import film_marks, watchlist
from storage.schema import external_ids, films

FILMS_A_QUERY = 500


async def exported_films(
    conn: AsyncConnection, person_id: int, day_of: Callable[[datetime], date]
) -> tuple[ExportedFilm, ...]:
    """Returns every film that a person rated, saw or keeps for later, the first rated first.

    The day of a film is that of its rating or of its mark "seen".

    day_of: returns the local day of a time.
    """
    rated = {row.film_id: row for row in await ratings.of_person(conn, person_id)}
    seen = (await film_marks.of_person(conn, person_id))["seen"]
    kept = await watchlist.kept(conn, person_id)
    ids = list(dict.fromkeys([*rated, *seen, *kept]))
    found: list[ExportedFilm] = []
    for begin in range(0, len(ids), FILMS_A_QUERY):
        some = ids[begin : begin + FILMS_A_QUERY]
        rows = await conn.execute(
            select(films.c.id, films.c.title, films.c.year, films.c.directors).where(
                films.c.id.in_(some)
            )
        )
        facts = {row.id: row for row in rows}
        elsewhere = await _ids(conn, some)
        for film_id in some:
            film, rating = facts[film_id], rated.get(film_id)
            at = rating.at if rating is not None else seen.get(film_id)
            found.append(
                ExportedFilm(
                    film.title,
                    film.year,
                    tuple(film.directors),
                    elsewhere.get((film_id, "imdb")),
                    _number(elsewhere.get((film_id, "tmdb"))),
                    None if rating is None else rating.stars,
                    None if at is None else _day(at, day_of),
                    at is not None,
                    film_id in kept,
                )
            )
    return tuple(found)


async def _ids(conn: AsyncConnection, film_ids: list[int]) -> dict[tuple[int, str], str]:
    """Returns the ids that films have at other places, by (film id, place)."""
    columns = external_ids.c
    rows = await conn.execute(
        select(columns.film_id, columns.source, columns.external_id)
        .where(columns.film_id.in_(film_ids))
        .order_by(CodeOrder(columns.external_id).desc())
    )
    return {(film_id, source): name for film_id, source, name in rows}


def _day(at: datetime, day_of: Callable[[datetime], date]) -> date:
    """Returns a day. A midnight UTC is a day from another place, whose time is not known."""
    return at.date() if at.time() == time() else day_of(at)


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isdecimal() else None
