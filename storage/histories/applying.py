"""Applies film histories from other places, and undoes them, some films at a time.

Each step is one transaction, and notes how far it came. Whoever calls the steps until none is left
finishes what a crash interrupted, and does nothing twice.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, delete, insert, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import schema
from storage.database.upsert import upsert
from storage.feedback import rating_events, ratings
from storage.histories import drafts, questions
from storage.histories.drafts import FilmImport
from storage.histories.planning import HistoryChange, plan
from storage.people import privacy, profiles
from storage.schema import (
    film_marks,
    import_films,
    import_questions,
    imports,
    people,
    standing_events,
)

FILMS_A_STEP = 250
"""How many films one transaction applies or undoes, so that other writers wait for milliseconds."""


async def begin_applying(conn: AsyncConnection, batch: FilmImport) -> None:
    """Store that an import is being applied."""
    known = await profiles.get(conn, batch.person_id) is not None
    await profiles.ensure(conn, batch.person_id, now=batch.at)
    await conn.execute(
        update(imports)
        .where(imports.c.id == batch.id)
        .values(state="applying", made_profile=not known)
    )


async def join_step(conn: AsyncConnection, batch: FilmImport) -> bool:
    """Put the next films that the person chose beside those that were recognised.

    Returns False if none was left. Only then can the films be applied.
    """
    if batch.done_to:  # films are applied already
        return False
    chosen = await questions.take_chosen(conn, batch.id, FILMS_A_STEP)
    await drafts.add_films(conn, batch, chosen)
    return bool(chosen)


async def apply_step(conn: AsyncConnection, batch: FilmImport) -> bool:
    """Apply an import to its next films; returns False if none was left, so that it is applied.

    An import that changed nothing is forgotten.
    """
    changes = await plan(conn, batch, batch.done_to, FILMS_A_STEP)
    if not changes:
        await conn.execute(delete(import_questions).where(import_questions.c.import_id == batch.id))
        if any(await drafts.applied_counts(conn, batch.id)):
            await drafts.set_state(conn, batch.id, "applied")
        else:
            await _forget(conn, batch)
        return False
    events = await _rate(conn, batch, [one for one in changes if one.stars is not None])
    marked = [
        {"person_id": batch.person_id, "film_id": one.film_id, "kind": kind, "at": at}
        for one in changes
        for kind, at in (("seen", one.seen_at), ("later", one.later_at))
        if at is not None
    ]
    if marked:
        await conn.execute(insert(film_marks), [row | {"imported": True} for row in marked])
    await conn.execute(
        update(import_films)
        .where(
            import_films.c.import_id == bindparam("of_import"),
            import_films.c.film_id == bindparam("of_film"),
        )
        .values(
            {
                name: bindparam(f"new_{name}")
                for name in (
                    "event_id",
                    "former_event_id",
                    "former_stars",
                    "former_at",
                    "marked_seen",
                    "marked_later",
                )
            }
        ),
        [
            {
                "of_import": batch.id,
                "of_film": one.film_id,
                "new_event_id": events.get(one.film_id),
                "new_former_event_id": one.former.event_id if one.former else None,
                "new_former_stars": one.former.stars if one.former else None,
                "new_former_at": one.former.at if one.former else None,
                "new_marked_seen": one.seen_at is not None,
                "new_marked_later": one.later_at is not None,
            }
            for one in changes
        ],
    )
    await conn.execute(
        update(imports).where(imports.c.id == batch.id).values(done_to=changes[-1].film_id)
    )
    return True


async def _rate(
    conn: AsyncConnection, batch: FilmImport, changes: Sequence[HistoryChange]
) -> dict[int, int]:
    """Store new ratings; returns the id of each rating's event by film id."""
    if not changes:
        return {}
    newest = await rating_events.newest_event_id(conn)
    of_person = {"person_id": batch.person_id, "source": "import"}
    facts = [of_person | {"film_id": c.film_id, "stars": c.stars, "at": c.at} for c in changes]
    await conn.execute(
        insert(schema.rating_events), [one | {"action": "set", "origin": "live"} for one in facts]
    )
    made = await conn.execute(
        select(schema.rating_events.c.film_id, schema.rating_events.c.id).where(
            schema.rating_events.c.person_id == batch.person_id, schema.rating_events.c.id > newest
        )
    )
    events = {int(film_id): int(event_id) for film_id, event_id in made}
    rows = [one | {"event_id": events[int(str(one["film_id"]))], "guild_id": None} for one in facts]
    for table, keys, fixed in (
        (
            standing_events,
            ("person_id", "film_id", "source", "message_id", "emoji"),
            {"message_id": 0, "emoji": "", "frozen_at": None},
        ),
        (schema.ratings, ("person_id", "film_id"), {}),
    ):
        statement = upsert(conn, table)
        names = {*rows[0], *fixed} - set(keys)
        changed = {name: statement.excluded[name] for name in names}
        statement = statement.on_conflict_do_update(index_elements=keys, set_=changed)
        await conn.execute(statement, [one | fixed for one in rows])
    return events


async def undo_step(conn: AsyncConnection, batch: FilmImport, scale: Mapping[str, float]) -> bool:
    """Undo an import for its next films; returns False if none was left, so that it is forgotten.

    What the person did since then stays.

    scale: the stars of each emoji.
    """
    columns = import_films.c
    rows = (
        await conn.execute(
            select(import_films)
            .where(columns.import_id == batch.id)
            .order_by(columns.film_id)
            .limit(FILMS_A_STEP)
        )
    ).all()
    if not rows:
        await _forget(conn, batch)
        return False
    person, films = batch.person_id, [row.film_id for row in rows]
    event_of = {row.film_id: row.event_id for row in rows if row.event_id is not None}
    former = {row.film_id: row for row in rows if row.former_event_id is not None}
    standing = await rating_events.standing_on_films(conn, person, list(event_of))
    ours = {s.event.film_id for s in standing if s.event_id == event_of[s.event.film_id]}
    others = {s.event.film_id for s in standing if s.event_id != event_of[s.event.film_id]}
    acts = standing_events.c
    is_ours = (acts.person_id == person, acts.source == "import")
    await conn.execute(
        delete(standing_events).where(*is_ours, acts.film_id.in_(sorted(ours - former.keys())))
    )
    if back := sorted(ours & former.keys()):
        await conn.execute(
            update(standing_events)
            .where(*is_ours, acts.film_id == bindparam("of_film"))
            .values(
                event_id=bindparam("new_event"),
                stars=bindparam("new_stars"),
                at=bindparam("new_at"),
            ),
            [
                {
                    "of_film": film_id,
                    "new_event": former[film_id].former_event_id,
                    "new_stars": former[film_id].former_stars,
                    "new_at": former[film_id].former_at,
                }
                for film_id in back
            ],
        )
    alone = ours - others - former.keys()
    await conn.execute(
        delete(schema.ratings).where(
            schema.ratings.c.person_id == person, schema.ratings.c.film_id.in_(sorted(alone))
        )
    )
    for film_id in sorted(event_of.keys() - alone):
        await ratings.derive(conn, person, film_id, scale)
    await conn.execute(
        delete(schema.rating_events).where(schema.rating_events.c.id.in_(list(event_of.values())))
    )
    marked = [(row.film_id, "seen") for row in rows if row.marked_seen]
    marked += [(row.film_id, "later") for row in rows if row.marked_later]
    marks = film_marks.c
    await conn.execute(
        delete(film_marks).where(
            marks.person_id == person,
            marks.imported,
            tuple_(marks.film_id, marks.kind).in_(marked),
        )
    )
    await conn.execute(
        delete(import_films).where(columns.import_id == batch.id, columns.film_id.in_(films))
    )
    return True


async def _forget(conn: AsyncConnection, batch: FilmImport) -> None:
    """Delete an import that holds nothing, and the profile that it made.

    The profile stays if it is used, or if the person chose what others may see of their ratings.
    """
    await drafts.forget(conn, batch.id)
    if batch.made_profile and not await privacy.is_anywhere(conn, batch.person_id):
        unchosen = (people.c.shapes_others.is_(True), people.c.shares_imports.is_(False))
        await conn.execute(delete(people).where(people.c.id == batch.person_id, *unchosen))
