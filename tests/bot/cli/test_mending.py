"""`matinee doctor` tells what faults of earlier versions have harmed, and mends it when asked."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.services.app import App
from bot.services.imports import movielens
from bot.services.operations import mending
from bot.services.operations.mending import Mended
from bot.settings import Settings
from bot.wiring import open_app
from storage import harms
from storage.catalogue import films
from tests.bot.command import matinee
from tests.bot.folders import Film, write_csv
from tests.clock import NOW
from tests.house import FEW_FILMS, stocked

MIRA, JUNE, GUILD = 900000000000000001, 900000000000000002, 700000000000000001
BEFORE = (NOW - timedelta(days=3)).replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")
STOPPED = {
    1: ("the channel is gone", True),
    2: ("<html>Cloudflare</html>", True),
    3: ("internal network error", True),
    4: ("Missing Access", False),
    5: ("I am no longer in this server", False),
    6: ("", True),
    7: ("Unknown Channel", False),
}


def rows(database: Path, statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(database)) as conn, conn:
        return conn.execute(statement, values).fetchall()


def many(database: Path, *statements: tuple[str, tuple[Any, ...]]) -> None:
    with closing(sqlite3.connect(database)) as conn, conn:
        for statement, values in statements:
            conn.execute(statement, values)


@pytest.fixture
async def harmed(tmp_path: Path) -> Path:
    """A data folder as an earlier version left it. Returns its database."""
    database = tmp_path / "data" / "matinee.sqlite3"
    await stocked(database, FEW_FILMS)
    many(
        database,
        ("DELETE FROM settings_kv WHERE key LIKE 'harms.%'", ()),
        ("UPDATE films SET title = '7', original_title = NULL, aliases = '[]' WHERE id = 300", ()),
        *(
            (
                "INSERT INTO people (id, created_at, updated_at) VALUES (?, ?, ?)",
                (p, BEFORE, BEFORE),
            )
            for p in (MIRA, JUNE)
        ),
        ("INSERT INTO guilds (id, family_safe, updated_at) VALUES (?, 1, ?)", (GUILD, BEFORE)),
        *(rated(person, 300) for person in (MIRA, JUNE)),
        *(stood(person, event) for person, event in ((MIRA, 1), (JUNE, 2))),
        *(counted(person, event) for person, event in ((MIRA, 1), (JUNE, 2))),
        (
            "INSERT INTO impressions (shown_at, person_id, surface, film_id, position, reason,"
            " model_version, private) VALUES (?, ?, 'recommend', 7, 0, '', 'v', 0)",
            (BEFORE, MIRA),
        ),
        *(
            (
                "INSERT INTO schedules (id, guild_id, channel_id, theme, post_time, days, paused,"
                " disabled_reason, created_at, updated_at)"
                " VALUES (?, ?, 5, 'auto', '19:00', '0123456', 0, ?, ?, ?)",
                (number, GUILD, reason, BEFORE, BEFORE),
            )
            for number, (reason, _) in STOPPED.items()
        ),
    )
    return database


def rated(person: int, film: int) -> tuple[str, tuple[Any, ...]]:
    return (
        "INSERT INTO rating_events (person_id, film_id, source, action, stars, at, origin)"
        " VALUES (?, ?, 'command', 'set', 4.5, ?, 'live')",
        (person, film, BEFORE),
    )


def stood(person: int, event: int) -> tuple[str, tuple[Any, ...]]:
    return (
        "INSERT INTO standing_acts (person_id, film_id, source, message_id, emoji, event_id, stars,"
        " at) VALUES (?, 300, 'command', 0, '', ?, 4.5, ?)",
        (person, event, BEFORE),
    )


def counted(person: int, event: int) -> tuple[str, tuple[Any, ...]]:
    return (
        "INSERT INTO ratings (person_id, film_id, stars, source, event_id, at)"
        " VALUES (?, 300, 4.5, 'command', ?, ?)",
        (person, event, BEFORE),
    )


def test_it_is_told_and_mended_when_asked(harmed: Path, tmp_path: Path) -> None:
    told = matinee(tmp_path, "doctor", "--offline")
    words = " ".join(told.out.replace("│", " ").split())
    assert "1 rating from `/rate` went to the wrong film" in words
    assert "1 rating from `/rate` may have gone to the wrong film" in words
    assert "I stopped 4 scheduled posts (server" in words
    statement = "SELECT person_id, film_id, stars FROM ratings ORDER BY person_id"
    before = [(MIRA, 300, 4.5), (JUNE, 300, 4.5)]
    assert rows(harmed, statement) == before, "without --mend nothing changes"

    mended = matinee(tmp_path, "doctor", "--offline", "--mend")
    words = " ".join(mended.out.split())
    assert "I've moved 1 rating to the right film." in words
    assert "I've resumed 4 scheduled posts." in words
    assert rows(harmed, statement) == [(MIRA, 7, 4.5), (JUNE, 300, 4.5)]
    kept = "SELECT at FROM standing_acts WHERE person_id = ? AND film_id = 7"
    assert rows(harmed, kept, MIRA)[0][0][:19] == BEFORE[:19]
    for number, (reason, wrong) in STOPPED.items():
        found = rows(harmed, "SELECT disabled_reason, next_at FROM schedules WHERE id = ?", number)
        stored, next_at = found[0]
        assert (stored is None, next_at is not None) == (wrong, wrong), reason

    again = matinee(tmp_path, "doctor", "--offline", "--mend")
    assert "There's nothing to repair. Your data is fine." in again.out
    assert "scheduled posts too early" not in again.out


async def test_what_is_newer_than_the_update_is_left_alone(harmed: Path) -> None:
    settings = Settings(data=harmed.parent)
    async with open_app(settings, lambda: NOW - timedelta(days=9)) as app:
        assert harms.misread_ratings(harmed) == ()
        assert harms.stopped_schedules(harmed) == ()
        assert await mending.mend(app) == Mended(0, 0)


async def test_films_that_were_folded_together_are_separated_by_another_import(
    tmp_path: Path,
) -> None:
    """Earlier versions linked दोल to दिल, and added Old Boy beside Oldboy."""
    database = tmp_path / "data" / "matinee.sqlite3"
    await stocked(database, FEW_FILMS)
    folder = write_csv(
        tmp_path / "set",
        [Film(1, "दोल (1990)", ("Drama",)), Film(2, "Old Boy (1991)", ("War",))],
        [(1, 1, 4, 1), (2, 2, 5, 2)],
    )
    many(
        database,
        ("UPDATE films SET title = 'दिल', year = 1990, aliases = '[]' WHERE id = 10", ()),
        ("UPDATE films SET title = 'Oldboy', year = 1991, aliases = '[]' WHERE id = 11", ()),
        ("INSERT INTO external_ids VALUES ('movielens', '1', 10)", ()),
        (
            "INSERT INTO films (id, key, title, year, aliases, countries, languages, directors,"
            " \"cast\", genres, adult, source, added_at) VALUES (99999, 'movielens:2', 'Old Boy',"
            " 1991, '[]', '[]', '[]', '[]', '[]', '[\"War\"]', 0, 'movielens', ?)",
            (BEFORE,),
        ),
        ("INSERT INTO external_ids VALUES ('movielens', '2', 99999)", ()),
    )
    assert harms.folded_films(database) == ("दिल",)
    async with open_app(Settings(data=database.parent), lambda: NOW) as app:
        await movielens.import_folder(app, folder)
        stored = await catalogue(app)
        again = await movielens.import_folder(app, folder)
        assert await catalogue(app) == stored
        assert (again.added, again.changed) == (0, 0)
    links = dict(
        rows(database, "SELECT external_id, film_id FROM external_ids WHERE source = 'movielens'")
    )
    titles = {film.id: film.title for film in stored.values()}
    assert titles[links["1"]] == "दोल"
    assert titles[10] == "दिल"
    assert links["2"] == 11
    assert 99999 not in titles
    assert harms.folded_films(database) == ()


async def catalogue(app: App) -> dict[int, films.Film]:
    async with app.db.read() as conn:
        return {film.id: film for film in await films.all_films(conn)}
