"""Card events are stored in order and read back without those that no longer hold."""

from storage.database.engine import Database
from storage.feedback import card_events, impressions, rating_events, ratings, reactions
from storage.people import film_marks, privacy, profiles
from tests.storage.feedback.test_impressions import shown
from tests.storage.samples import (
    ANN,
    BEN,
    CARD,
    CAT,
    NOW,
    SCALE,
    add_films,
    later,
    set_stage,
)


async def test_acts_are_kept_in_order(db: Database) -> None:
    async with db.write() as conn:
        first, second, *_ = await add_films(conn)
        await card_events.record(conn, ANN, first, "opened", message_id=CARD, now=NOW)
        await card_events.record(conn, ANN, first, "another", message_id=None, now=later(1))
        await card_events.record(conn, BEN, second, "opened", message_id=None, now=later(2))
        everything = await card_events.holding_since(conn, NOW)
        assert [(one.person_id, one.film_id, one.kind) for one in everything] == [
            (ANN, first, "opened"),
            (ANN, first, "another"),
            (BEN, second, "opened"),
        ]
        assert [one.message_id for one in everything] == [CARD, None, None]
        assert [one.at for one in await card_events.holding_since(conn, later(1))] == [
            later(1),
            later(2),
        ]
        assert len(await card_events.holding_since(conn, NOW, [second])) == 1


async def test_what_was_marked_by_mistake_was_no_act(db: Database) -> None:
    async with db.write() as conn:
        first, *_ = await add_films(conn)
        for kind, act in (("seen", "seen"), ("declined", "refused"), ("later", "later")):
            await film_marks.mark(conn, ANN, first, kind, now=NOW)
            await card_events.record(conn, ANN, first, act, message_id=CARD, now=NOW)
        assert [one.kind for one in await card_events.holding_since(conn, NOW)] == [
            "seen",
            "refused",
            "later",
        ]
        for kind in ("seen", "declined", "later"):
            await film_marks.unmark(conn, ANN, first, kind)
        assert [one.kind for one in await card_events.holding_since(conn, NOW)] == ["later"]


async def test_who_opted_out_teaches_nothing_and_who_is_erased_leaves_nothing(
    db: Database,
) -> None:
    first, second = await set_stage(db)
    async with db.write() as conn:
        for person in (ANN, BEN, CAT):
            await impressions.record(conn, [shown(first, person_id=person)])
            await card_events.record(conn, person, first, "opened", message_id=CARD, now=NOW)
            await reactions.add(
                conn, message_id=CARD, person_id=person, emoji="👍", at=later(1), scale=SCALE
            )
            for source in ("quiz", "import"):
                await ratings.state(
                    conn, person_id=person, film_id=second, source=source, stars=4, at=later(1),
                    scale=SCALE,
                )  # fmt: skip
        await profiles.set_shapes_others(conn, BEN, False, now=NOW)
        await privacy.erase(conn, CAT)
        assert {one.person_id for one in await card_events.holding_since(conn, NOW)} == {ANN}
        assert {one.person_id for one in await impressions.showings(conn, NOW)} == {ANN}
        made = await rating_events.standing_since(conn, NOW)
        assert [(one.event.person_id, one.event.source) for one in made] == [(ANN, "reaction")]


async def test_wild_cards_are_counted_for_everybody_and_groups_teach_nothing(
    db: Database,
) -> None:
    async with db.write() as conn:
        first, second, *_ = await add_films(conn)
        await impressions.record(
            conn,
            [
                shown(first),
                shown(second, 1, wild=True),
                shown(second, 1, wild=True, person_id=BEN),
                shown(first, grouped=True),
            ],
        )
        await profiles.set_shapes_others(conn, BEN, False, now=NOW)
        assert await impressions.wild_counts(conn, NOW) == {second: 2}
        found = await impressions.showings(conn, NOW)
        assert [(one.film_id, one.wild) for one in found] == [(first, False), (second, True)]
        assert [one.film_id for one in await impressions.showings(conn, NOW, wild=True)] == [second]


async def test_moods_asked_are_counted_by_card_and_time_of_day(db: Database) -> None:
    async with db.write() as conn:
        first, second, *_ = await add_films(conn)
        for at, (mood, daypart) in enumerate(
            [
                ("light", "evening"),
                ("light", "evening"),
                ("moving", "evening"),
                ("strange", "morning"),
            ]
        ):
            some = {"mood": mood, "daypart": daypart, "shown_at": later(at)}
            await impressions.record(conn, [shown(first, **some), shown(second, 1, **some)])
        await impressions.record(conn, [shown(first, daypart="evening")])
        asked = await impressions.moods_asked(conn, ANN, NOW, "evening")
        assert asked == {"light": 2, "moving": 1}
        assert await impressions.moods_asked(conn, ANN, NOW, None) == asked | {"strange": 1}
        assert await impressions.moods_asked(conn, ANN, later(2), "evening") == {"moving": 1}
        assert await impressions.moods_asked(conn, BEN, NOW, None) == {}
