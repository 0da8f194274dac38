"""What people tell Matinee is stored, exported completely, and erased without a trace."""

import json
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from storage import schema
from storage.database.engine import Database
from storage.feedback import cards, impressions, ratings, reactions
from storage.people import (
    film_marks,
    night_questions,
    preferences,
    privacy,
    profiles,
    quiz_answers,
)
from storage.schema import metadata
from storage.servers import guilds, manager_messages, night_steps, schedules
from tests.storage.samples import (
    ANN,
    BEN,
    CARD,
    CHANNEL,
    DM_CARD,
    GUILD,
    NOW,
    OTHER_CARD,
    SCALE,
    add_night,
    bring_a_history,
    later,
    set_stage,
)


async def test_a_person_appears_once(db: Database) -> None:
    async with db.write() as conn:
        assert await profiles.get(conn, ANN) is None
        await profiles.ensure(conn, ANN, now=NOW)
        await profiles.ensure(conn, ANN, now=later(5))
        assert await profiles.get(conn, ANN) == profiles.Profile(ANN, True, False, NOW, NOW)


async def test_marks(db: Database) -> None:
    first, second = await set_stage(db)
    async with db.write() as conn:
        await film_marks.mark(conn, ANN, second, "later", now=NOW)
        await film_marks.mark(conn, ANN, first, "later", now=later(1))
        await film_marks.mark(conn, ANN, first, "seen", now=later(1))
        await film_marks.mark(conn, ANN, first, "seen", now=later(3))
        assert await film_marks.unmark(conn, ANN, second, "declined") is False
        found = await film_marks.of_person(conn, ANN)
        assert found == {
            "seen": {first: later(3)},
            "declined": {},
            "later": {second: NOW, first: later(1)},
            "unseen": {},
        }
        assert list(found["later"]) == [second, first]
        assert await film_marks.unmark(conn, ANN, second, "later") is True
        assert list((await film_marks.of_person(conn, ANN))["later"]) == [first]


async def test_a_mark_of_another_kind_or_an_unknown_film_is_refused(db: Database) -> None:
    first, _ = await set_stage(db)
    kind: Any = "adored"
    for film_id, mark in ((first, kind), (999_999, "seen")):
        with pytest.raises(IntegrityError):
            async with db.write() as conn:
                await film_marks.mark(conn, ANN, film_id, mark, now=NOW)


async def test_answers_are_kept_as_given_and_can_be_taken_back(db: Database) -> None:
    async with db.write() as conn:
        await quiz_answers.add(conn, ANN, "shelf", ["warm"], now=NOW)
        await quiz_answers.add(conn, ANN, "loved", ["7"], screen=1, now=later(1))
        await quiz_answers.add(conn, ANN, "loved", ["3"], screen=1, now=later(1))
        await quiz_answers.add(conn, ANN, "shelf", ["warm"], screen=2, now=later(2))
        assert await quiz_answers.of_person(conn, ANN) == (
            quiz_answers.QuizAnswer("loved", "3", 1, later(1)),
            quiz_answers.QuizAnswer("loved", "7", 1, later(1)),
            quiz_answers.QuizAnswer("shelf", "warm", 2, later(2)),
        )
        assert await quiz_answers.of_person(conn, BEN) == ()
        assert await quiz_answers.remove(conn, ANN, "loved", "7") == 1
        assert await quiz_answers.remove(conn, ANN, "loved") == 1
        assert [given.question for given in await quiz_answers.of_person(conn, ANN)] == ["shelf"]


async def test_nobody_shows_their_taste_until_they_say_so_and_only_there(db: Database) -> None:
    async with db.write() as conn:
        assert await profiles.showing_taste(conn, GUILD) == {}
        await profiles.show_taste(conn, BEN, GUILD, shown=True, now=NOW)
        await profiles.show_taste(conn, ANN, GUILD, shown=True, now=later(1))
        await profiles.show_taste(conn, ANN, GUILD, shown=True, now=later(2))
        agreed = await profiles.showing_taste(conn, GUILD)
        assert list(agreed.items()) == [(BEN, NOW), (ANN, later(2))], "agreed anew"
        assert await profiles.showing_taste(conn, GUILD + 1) == {}
        await profiles.show_taste(conn, BEN, GUILD, shown=False, now=later(3))
        assert await profiles.showing_taste(conn, GUILD) == {ANN: later(2)}


async def test_comparing_is_part_of_showing_and_can_be_switched_off_alone(db: Database) -> None:
    async with db.write() as conn:
        await profiles.set_comparable(conn, ANN, GUILD, comparable=True)
        assert await profiles.comparing_taste(conn, GUILD) == {}, "nobody shows their taste"
        await profiles.show_taste(conn, ANN, GUILD, shown=True, now=NOW)
        await profiles.show_taste(conn, ANN, GUILD + 1, shown=True, now=NOW)
        assert await profiles.comparing_taste(conn, GUILD) == {ANN: NOW}
        exported = (await privacy.export(conn, ANN))["taste_consents"]
        assert [row["comparable"] for row in exported] == [True, True]
        await profiles.set_comparable(conn, ANN, GUILD, comparable=False)
        assert await profiles.comparing_taste(conn, GUILD) == {}
        assert await profiles.showing_taste(conn, GUILD) == {ANN: NOW}
        assert await profiles.comparing_taste(conn, GUILD + 1) == {ANN: NOW}
        await profiles.show_taste(conn, ANN, GUILD, shown=True, now=later(1))
        assert await profiles.comparing_taste(conn, GUILD) == {ANN: later(1)}


async def live_a_little(db: Database, person_id: int) -> None:
    """Store a row in every table that has rows about people."""
    first, second = await set_stage(db)
    async with db.write() as conn:
        await preferences.set_values(conn, person_id, "zone", ["Asia/Tokyo"], now=NOW)
        await preferences.set_values(conn, person_id, "never", ["War", "Horror"], now=NOW)
        await profiles.show_taste(conn, person_id, GUILD, shown=True, now=NOW)
        await film_marks.mark(conn, person_id, first, "seen", now=NOW)
        await quiz_answers.add(conn, person_id, "loved", [str(first)], now=NOW)
        await guilds.setup(conn, GUILD, now=NOW)
        await schedules.create(
            conn,
            GUILD,
            theme="staff",
            post_time="19:00",
            now=NOW,
            next_at=None,
            channel_id=CHANNEL,
            manager_id=person_id,
            staff_id=person_id,
        )
        await impressions.record(
            conn,
            [
                impressions.NewImpression(
                    shown_at=NOW,
                    surface="recommend",
                    film_id=first,
                    position=0,
                    reason="popular",
                    model_version="none",
                    person_id=person_id,
                    guild_id=GUILD,
                    channel_id=CHANNEL,
                )
            ],
        )
        about = {"person_id": person_id, "film_id": first, "message_id": CARD}
        await conn.execute(insert(schema.card_events).values(about | {"kind": "opened", "at": NOW}))
        seen = {"experiment": "tail", "unit": "person", "unit_id": person_id, "arm": "more"}
        await conn.execute(insert(schema.exposures).values(seen | {"first_at": NOW}))
        for message_id in (CARD, OTHER_CARD):
            await reactions.add(
                conn,
                message_id=message_id,
                person_id=person_id,
                emoji="❤️",
                at=NOW,
                scale=SCALE,
            )
        await reactions.freeze(conn, message_id=OTHER_CARD, at=NOW)
        await manager_messages.add(conn, person_id, "It stopped.", NOW)
        night = await add_night(conn, person_id)
        await night_steps.see(conn, night.id, [person_id], NOW)
        await night_questions.ask(conn, GUILD, [person_id], night.id, NOW)
        await bring_a_history(conn, person_id, first)
        await ratings.state(
            conn,
            person_id=person_id,
            film_id=second,
            source="command",
            stars=2,
            at=NOW,
            scale=SCALE,
        )


async def traces(db: Database, person_id: int) -> set[str]:
    """Returns the columns of all tables that hold the person's id in any form."""
    found: set[str] = set()
    async with db.read() as conn:
        for table in metadata.sorted_tables:
            for row in (await conn.execute(select(table))).mappings():
                found |= {
                    f"{table.name}.{name}"
                    for name, value in row.items()
                    if str(person_id) in str(value)
                }
    return found


async def test_erasing_leaves_nothing_and_touches_nobody_else(db: Database) -> None:
    await live_a_little(db, ANN)
    async with db.write() as conn:
        await reactions.add(conn, message_id=CARD, person_id=BEN, emoji="👍", at=NOW, scale=SCALE)
    before = await traces(db, ANN)
    columns = {
        f"{table.name}.{name}"
        for table in metadata.sorted_tables
        for name in ("person_id", "manager_id", "staff_id", "planner_id")
        if name in table.c
    }
    assert before == columns | {
        "people.id",
        "exposures.unit_id",
    }  # otherwise this test would not know what to look for
    async with db.write() as conn:
        assert await privacy.erase(conn, ANN) == 32
    assert await traces(db, ANN) == set()
    assert "ratings.person_id" in await traces(db, BEN)
    async with db.read() as conn:
        card = await cards.card(conn, CARD)
        assert card is not None
        assert (card.person_id, card.guild_id) == (None, GUILD)
    async with db.write() as conn:
        assert await privacy.erase(conn, ANN) == 0


async def test_reactions_still_standing_do_not_bring_an_erased_person_back(db: Database) -> None:
    await live_a_little(db, ANN)
    async with db.write() as conn:
        await privacy.erase(conn, ANN)
        kept = {card.message_id for card in await cards.recent_cards(conn, NOW, 10)}
        assert kept == {CARD, OTHER_CARD, DM_CARD}  # other people's reactions are read again
        changes = await reactions.reconcile(
            conn,
            message_id=CARD,
            reactions={"❤️": [ANN, BEN]},
            at=later(1),
            scale=SCALE,
            erased={ANN: later(0.5)},
        )
        assert [change.person_id for change in changes] == [BEN]
        gone = await reactions.remove(
            conn, message_id=CARD, person_id=ANN, emoji="❤️", at=later(2), scale=SCALE
        )
        assert gone is not None
        assert gone.after is None
    assert await traces(db, ANN) == set()
    async with db.write() as conn:  # but they may start again
        again = await reactions.add(
            conn, message_id=CARD, person_id=ANN, emoji="👍", at=later(3), scale=SCALE
        )
        assert again is not None
        assert again.after == 4.0
    async with db.write() as conn:  # and what they did since is not withdrawn
        await reactions.reconcile(
            conn,
            message_id=CARD,
            reactions={"👍": [ANN], "❤️": [ANN, BEN]},
            at=later(4),
            scale=SCALE,
            erased={ANN: later(0.5)},
        )
        rated = await ratings.of_person(conn, ANN)
        assert [(row.stars, row.at) for row in rated] == [(4.0, later(3))]


async def test_what_is_newer_than_an_erasure_stays(db: Database) -> None:
    await live_a_little(db, ANN)
    _, second = await set_stage(db)
    async with db.write() as conn:
        await film_marks.mark(conn, ANN, second, "later", now=later(2))
        await privacy.erase(conn, ANN, until=later(1))
    assert await traces(db, ANN) == {"people.id", "film_marks.person_id"}
    async with db.read() as conn:
        marks = await film_marks.of_person(conn, ANN)
        assert marks["later"] == {second: later(2)}
        assert marks["seen"] == {}
        assert await privacy.known_since(conn) == {ANN: later(1)}
    async with db.write() as conn:
        await privacy.erase(conn, ANN, until=later(3))
    assert await traces(db, ANN) == set()


async def test_an_export_holds_everything_and_is_json(db: Database) -> None:
    await live_a_little(db, ANN)
    async with db.read() as conn:
        told = json.loads(json.dumps(await privacy.export(conn, ANN)))
        nobody = await privacy.export(conn, BEN)
    assert all(rows for rows in told.values())
    assert {name for name, rows in told.items() if rows} == {
        column.split(".")[0] for column in await traces(db, ANN)
    }
    assert told["people"] == [
        {
            "id": str(ANN),
            "shapes_others": True,
            "shares_imports": False,
            "created_at": NOW.isoformat(),
            "updated_at": NOW.isoformat(),
        }
    ]
    assert told["preferences"] == [
        {"person_id": str(ANN), "kind": kind, "value": value, "at": NOW.isoformat()}
        for kind, value in (("never", "Horror"), ("never", "War"), ("zone", "Asia/Tokyo"))
    ]
    assert {(row["film"], row["film_year"], row["stars"]) for row in told["ratings"]} == {
        ("Film 0", 1990, 5.0),
        ("Film 1", 1991, 2.0),
    }
    assert told["standing_acts"][0]["message_id"] in {str(CARD), str(OTHER_CARD), "0"}
    assert not any(nobody.values())


async def test_of_each_film_one_answer_stands(db: Database) -> None:
    first, second = await set_stage(db)

    async def stands() -> set[tuple[str, str]]:
        return {(a.question, a.subject) for a in await quiz_answers.of_person(conn, ANN)}

    async with db.write() as conn:
        assert await quiz_answers.set_film_answer(conn, ANN, first, "loved", now=NOW, screen=1)
        assert await quiz_answers.set_film_answer(conn, ANN, second, "unseen", now=later(1))
        assert not await quiz_answers.set_film_answer(conn, ANN, second, "unseen", now=later(2))
        assert await stands() == {("loved", str(first)), ("unseen", str(second))}
        assert list((await film_marks.of_person(conn, ANN))["unseen"]) == [second]
        assert await quiz_answers.set_film_answer(conn, ANN, second, "fine", now=later(3))
        assert await quiz_answers.set_film_answer(conn, ANN, first, "unseen", now=later(3))
        assert await stands() == {("unseen", str(first)), ("fine", str(second))}
        assert list((await film_marks.of_person(conn, ANN))["unseen"]) == [first]
        assert await quiz_answers.set_film_answer(conn, ANN, first, None, now=later(4))
        assert not await quiz_answers.set_film_answer(conn, ANN, first, None, now=later(5))
        assert await stands() == {("fine", str(second))}
        assert not (await film_marks.of_person(conn, ANN))["unseen"]
