"""The films that people keep for later: the mark "later", while nothing newer ends it.

A mark "later" ends when the person rates the film, marks it as seen, or says that it is not for
them, by a button or in the quiz. The mark stays stored, so it holds again if they take that back.
A mark that is newer than all of these holds: somebody may want to see a film again.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, String, bindparam, cast, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.people import profiles
from storage.schema import answers, film_marks, ratings, taste_consents

_ended = film_marks.alias("ended")


def _nothing_newer() -> ColumnElement[bool]:
    """Returns the SQL condition that nothing ended a mark since it was made."""
    mark, other = film_marks.c, _ended.c
    rated = exists().where(
        ratings.c.person_id == mark.person_id,
        ratings.c.film_id == mark.film_id,
        ratings.c.at >= mark.at,
    )
    marked = exists().where(
        other.person_id == mark.person_id,
        other.film_id == mark.film_id,
        other.kind.in_(("seen", "declined")),
        other.at >= mark.at,
    )
    unwanted = exists().where(
        answers.c.person_id == mark.person_id,
        answers.c.question == "unwanted",
        answers.c.subject == cast(mark.film_id, String),
        answers.c.at >= mark.at,
    )
    return ~or_(rated, marked, unwanted)


# Built once, because building a statement takes longer than running it.
_KEPT = (
    select(film_marks.c.film_id, film_marks.c.at)
    .where(
        film_marks.c.person_id == bindparam("person"),
        film_marks.c.kind == "later",
        _nothing_newer(),
    )
    .order_by(film_marks.c.at, film_marks.c.film_id)
)
_KEPT_HERE = (
    select(film_marks.c.film_id, film_marks.c.person_id)
    .select_from(taste_consents)
    .join(film_marks, film_marks.c.person_id == taste_consents.c.person_id)
    .where(
        taste_consents.c.guild_id == bindparam("guild"),
        film_marks.c.kind == "later",
        profiles.shapes_others(film_marks.c.person_id),
        or_(film_marks.c.imported.is_(False), profiles.shares_imports(film_marks.c.person_id)),
        _nothing_newer(),
    )
)


async def kept(conn: AsyncConnection, person_id: int) -> dict[int, datetime]:
    """Returns when the person kept each film that they keep for later, by film id.

    The films are in the order of keeping.
    """
    rows = await conn.execute(_KEPT, {"person": person_id})
    return {row.film_id: row.at for row in rows}


async def kept_here(conn: AsyncConnection, guild_id: int) -> dict[int, tuple[int, ...]]:
    """Returns who keeps each film for later, by film id, among the people who count in a server.

    These are the people who agreed that this server may see their taste, except those who opted
    out, so that nothing of theirs shapes what other people are shown. Films from a history of
    another place count only if their person shares it. Some may have left the server since.
    """
    found: dict[int, list[int]] = {}
    rows = await conn.execute(_KEPT_HERE, {"guild": guild_id})
    # In SQL, this order would make SQLite read the marks of everybody.
    for film_id, person_id in sorted((row.film_id, row.person_id) for row in rows):
        found.setdefault(film_id, []).append(person_id)
    return {film_id: tuple(people) for film_id, people in found.items()}
