"""Random lives of members: what is stored about each, for tests of what others can learn."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.services.app import App
from storage.catalogue.films import Film
from storage.people import profiles
from tests.direct import run

NOW = datetime(2026, 3, 10, 20, tzinfo=UTC)
CONTENT = ("graphic-violence", "racism-shown", "dated-attitudes", "suicide", "alcohol-abuse")
TABLES = ("ratings", "rating_events", "film_marks", "preferences")


@dataclass(frozen=True)
class Life:
    """What is stored about a member.

    Attributes:
        rated: film id -> stars.
        marked: (film id, kind of mark).
        never: genres that are never to be shown.
        never_tags: slugs of tags of content that is never to be shown.
        shapes: False if they keep their ratings out of others' picks.
    """

    rated: dict[int, float]
    marked: tuple[tuple[int, str], ...]
    never: tuple[str, ...]
    never_tags: tuple[str, ...]
    shapes: bool


NOTHING = Life({}, (), (), (), True)


def random_life(rng: random.Random, films: list[Film]) -> Life:
    chosen = rng.sample(films, rng.randint(1, len(films) // 2))
    rated = {film.id: rng.choice((0.5, 2.0, 3.5, 5.0)) for film in chosen[::2]}
    kinds = ("seen", "declined", "later", "unseen")
    marked = tuple((film.id, rng.choice(kinds)) for film in chosen[1::2])
    genres = sorted({genre for film in films for genre in film.genres})
    never = tuple(rng.sample(genres, rng.randint(0, 3)))
    never_tags = tuple(rng.sample(CONTENT, rng.randint(0, 2)))
    return Life(rated, marked, never, never_tags, rng.random() < 0.8)


async def live(app: App, person: int, life: Life) -> None:
    """Makes `life` all that is stored about a person, and forgets what was shown to anybody."""
    at = NOW.isoformat(sep=" ")
    async with app.db.write() as conn:
        await profiles.set_shapes_others(conn, person, life.shapes, now=NOW)
        await conn.exec_driver_sql("delete from impressions")
        for table in TABLES:
            await conn.exec_driver_sql(f"delete from {table} where person_id = {person}")
        rows = [
            (person * 1000 + film, person, film, stars, at) for film, stars in life.rated.items()
        ]
        if rows:
            await run(
                conn,
                "insert into rating_events (id, person_id, film_id, stars, at, source, action,"
                " origin) values (?, ?, ?, ?, ?, 'command', 'set', 'live')",
                *rows,
            )
            await run(
                conn,
                "insert into ratings (event_id, person_id, film_id, stars, at, source)"
                " values (?, ?, ?, ?, ?, 'command')",
                *rows,
            )
        if life.marked:
            await run(
                conn,
                "insert into film_marks (person_id, film_id, kind, at) values (?, ?, ?, ?)",
                *[(person, film, kind, at) for film, kind in life.marked],
            )
        chosen = [("never", genre) for genre in life.never]
        chosen += [("never_tag", slug) for slug in life.never_tags]
        if chosen:
            await run(
                conn,
                "insert into preferences (person_id, kind, value, at) values (?, ?, ?, ?)",
                *[(person, kind, value, at) for kind, value in chosen],
            )
