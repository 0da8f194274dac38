"""Preferences are kept by kind and value; a kind without a row has its default."""

from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from storage.database.engine import Database
from storage.people import preferences, profiles
from storage.people.preferences import Preferences
from tests.storage.samples import ANN, BEN, NOW, later


async def test_the_defaults_apply_to_everybody_who_chose_nothing(db: Database) -> None:
    async with db.read() as conn:
        assert await preferences.of_person(conn, ANN) == Preferences(
            None, None, True, False, (), (), None
        )


async def test_each_kind_is_kept_and_its_default_comes_back(db: Database) -> None:
    chosen: tuple[tuple[preferences.PreferenceKind, list[str]], ...] = (
        ("zone", ["Europe/Lisbon"]),
        ("dial", ["deep cuts"]),
        ("clock", ["off"]),
        ("quiet", ["on"]),
        ("language", ["pt_BR"]),
        ("never", ["War", "Horror"]),
        ("when", ["evening"]),
        ("never_tag", ["suicide", "gore"]),
    )
    async with db.write() as conn:
        for kind, values in chosen:
            await preferences.set_values(conn, ANN, kind, values, now=NOW)
        assert await preferences.of_person(conn, ANN) == Preferences(
            "Europe/Lisbon",
            "deep cuts",
            False,
            True,
            ("Horror", "War"),
            ("evening",),
            NOW,
            language="pt_BR",
            never_tags=("gore", "suicide"),
        )
        assert await preferences.of_person(conn, BEN) == Preferences()
        for kind, _ in chosen:
            await preferences.set_values(conn, ANN, kind, [], now=later(1))
        assert await preferences.of_person(conn, ANN) == Preferences()


async def test_new_values_replace_the_old_and_kept_values_keep_their_time(db: Database) -> None:
    async with db.write() as conn:
        await preferences.set_values(conn, ANN, "zone", ["Asia/Tokyo"], now=NOW)
        await preferences.set_values(conn, ANN, "never", ["War"], now=later(1))
        await preferences.set_values(conn, ANN, "never", ["Horror", "War"], now=later(2))
        await preferences.set_values(conn, ANN, "zone", ["Europe/Paris"], now=later(3))
        found = await preferences.of_person(conn, ANN)
    assert (found.zone, found.never) == ("Europe/Paris", ("War", "Horror"))  # oldest choice first
    assert found.answered_at == later(3)


async def test_the_dial_and_the_switches_are_no_answers_of_the_quiz(db: Database) -> None:
    async with db.write() as conn:
        await preferences.set_values(conn, ANN, "when", ["evening"], now=NOW)
        await preferences.set_values(conn, ANN, "dial", ["deep cuts"], now=later(1))
        await preferences.set_values(conn, ANN, "clock", ["off"], now=later(1))
        await preferences.set_values(conn, ANN, "quiet", ["on"], now=later(1))
        await preferences.set_values(conn, ANN, "language", ["en"], now=later(1))
        assert (await preferences.of_person(conn, ANN)).answered_at == NOW


async def test_everybody_who_chose_a_language_is_found_at_once(db: Database) -> None:
    async with db.write() as conn:
        await preferences.set_values(conn, ANN, "language", ["en"], now=NOW)
        await preferences.set_values(conn, ANN, "language", ["pt_BR"], now=later(1))
        await preferences.set_values(conn, BEN, "zone", ["en"], now=NOW)
        assert await preferences.languages(conn) == {ANN: "pt_BR"}
        await preferences.set_values(conn, ANN, "language", [], now=later(2))
        assert await preferences.languages(conn) == {}


async def test_choosing_nothing_leaves_no_person_behind(db: Database) -> None:
    async with db.write() as conn:
        await preferences.set_values(conn, ANN, "never", [], now=NOW)
        assert await profiles.get(conn, ANN) is None


async def test_an_unknown_kind_is_refused(db: Database) -> None:
    kind: Any = "colour"
    with pytest.raises(IntegrityError):
        async with db.write() as conn:
            await preferences.set_values(conn, ANN, kind, ["red"], now=NOW)
