"""Migration 0007 moves everybody's preferences, and its way back loses nothing."""

from pathlib import Path

import pytest
from sqlalchemy import Connection

from storage.database import revisions
from storage.database.engine import open_database
from storage.people import preferences, quiz_answers
from storage.people.preferences import Preferences
from tests.storage.samples import ANN, BEN, CAT, NOW, later

pytestmark = pytest.mark.sqlite

DEE, EVE = CAT + 1, CAT + 2
PEOPLE = (  # id, zone, dial, shapes_others, by_clock, created, updated (minutes after NOW)
    (ANN, "Asia/Tokyo", "deep cuts", 1, 0, 0, 9),
    (BEN, None, "balanced", 1, 1, 0, 0),
    (CAT, "Europe/Paris", "balanced", 0, 1, 1, 5),
    (DEE, None, "off the path", 1, 1, 2, 6),
    (EVE, None, "balanced", 1, 1, 3, 3),
)
ANSWERS = (  # person, question, subject, screen, minutes after NOW
    (ANN, "zone", "Asia/Tokyo", 0, 1),
    (ANN, "never", "Horror", 0, 1),
    (ANN, "never", "War", 0, 2),
    (ANN, "when", "evening", 0, 1),
    (ANN, "when", "late night", 0, 1),
    (ANN, "quiet", "on", 0, 4),
    (ANN, "shelf", "warm", 0, 1),
    (ANN, "loved", "7", 1, 2),
    (ANN, "shown", "7", 1, 2),
    (CAT, "zone", "Europe/Berlin", 0, 1),  # replaced in /settings later
    (DEE, "zone", "Europe/Rome", 0, 2),  # removed in /settings later
    (DEE, "never", "Drama", 0, 2),
    (DEE, "more", "9", 0, 2),
)


def stored(minutes: int) -> str:
    """Returns a time as SQLite stores it."""
    return later(minutes).strftime("%Y-%m-%d %H:%M:%S.%f")


def fill(conn: Connection) -> None:
    """Store people and answers of every kind as revision 0006 did."""
    for *columns, created, updated in PEOPLE:
        conn.exec_driver_sql(
            "INSERT INTO people (id, zone, dial, shapes_others, by_clock, created_at, updated_at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (*columns, stored(created), stored(updated)),
        )
    for *columns, minutes in ANSWERS:
        conn.exec_driver_sql(
            "INSERT INTO answers (person_id, question, subject, screen, at) VALUES (?, ?, ?, ?, ?)",
            (*columns, stored(minutes)),
        )


def rows(conn: Connection, statement: str) -> set[tuple[object, ...]]:
    return {tuple(row) for row in conn.exec_driver_sql(statement)}


OLD_PEOPLE = "SELECT id, zone, dial, shapes_others, by_clock, created_at, updated_at FROM people"
OLD_ANSWERS = "SELECT person_id, question, subject, screen, at FROM answers"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Returns a database of revision 0006 with preferences of all kinds."""
    path = tmp_path / "old.sqlite3"
    with revisions.connection(path) as conn:
        revisions.upgrade(conn, "0006")
        fill(conn)
    return path


def test_up_and_down_again_loses_nothing(old: Path) -> None:
    with revisions.connection(old) as conn:
        before = rows(conn, OLD_PEOPLE), rows(conn, OLD_ANSWERS)
        revisions.upgrade(conn, "0007")
        moved = rows(conn, "SELECT person_id, kind, value, at FROM preferences")
        left = rows(conn, "SELECT person_id, question, subject FROM answers")
    assert moved == {
        (ANN, "zone", "Asia/Tokyo", stored(1)),
        (ANN, "dial", "deep cuts", stored(9)),
        (ANN, "clock", "off", stored(9)),
        (ANN, "quiet", "on", stored(4)),
        (ANN, "never", "Horror", stored(1)),
        (ANN, "never", "War", stored(2)),
        (ANN, "when", "evening", stored(1)),
        (ANN, "when", "late night", stored(1)),
        (CAT, "zone", "Europe/Paris", stored(5)),
        (DEE, "dial", "off the path", stored(6)),
        (DEE, "never", "Drama", stored(2)),
    }
    assert left == {
        (ANN, "shelf", "warm"),
        (ANN, "loved", "7"),
        (ANN, "shown", "7"),
        (CAT, "zone", "Europe/Berlin"),
        (DEE, "zone", "Europe/Rome"),
        (DEE, "more", "9"),
    }
    with revisions.connection(old) as conn:
        revisions.downgrade(conn, "0006")
        assert (rows(conn, OLD_PEOPLE), rows(conn, OLD_ANSWERS)) == before
        revisions.upgrade(conn)
        assert rows(conn, "SELECT person_id, kind, value, at FROM preferences") == moved
        assert revisions.differences(conn) == []


def test_preferences_chosen_after_the_move_go_back_too(old: Path) -> None:
    with revisions.connection(old) as conn:
        revisions.upgrade(conn, "0007")
        for kind, value in (("zone", "UTC"), ("never", "Crime"), ("clock", "off"), ("quiet", "on")):
            conn.exec_driver_sql(
                "INSERT INTO preferences VALUES (?, ?, ?, ?)", (EVE, kind, value, stored(30))
            )
        revisions.downgrade(conn, "0006")
        assert rows(conn, f"{OLD_PEOPLE} WHERE id = {EVE}") == {
            (EVE, "UTC", "balanced", 1, 0, stored(3), stored(3))
        }
        assert rows(conn, f"{OLD_ANSWERS} WHERE person_id = {EVE}") == {
            (EVE, "zone", "UTC", 0, stored(30)),
            (EVE, "never", "Crime", 0, stored(30)),
            (EVE, "quiet", "on", 0, stored(30)),
        }


async def test_an_old_database_keeps_everybodys_preferences(old: Path) -> None:
    async with open_database(old, now=NOW) as db, db.read() as conn:
        found = {person: await preferences.of_person(conn, person) for person, *_ in PEOPLE}
        given = await quiz_answers.of_person(conn, ANN)
    assert found == {
        ANN: Preferences(
            zone="Asia/Tokyo",
            dial="deep cuts",
            by_clock=False,
            quiet=True,
            never=("Horror", "War"),
            when=("evening", "late night"),
            answered_at=later(2),
        ),
        BEN: Preferences(),
        CAT: Preferences(zone="Europe/Paris", answered_at=later(5)),
        DEE: Preferences(dial="off the path", never=("Drama",), answered_at=later(2)),
        EVE: Preferences(),
    }
    assert [(answer.question, answer.subject) for answer in given] == [
        ("shelf", "warm"),
        ("loved", "7"),
        ("shown", "7"),
    ]
