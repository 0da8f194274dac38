"""Impressions are found by person, message and channel, and a card is stored once."""

from dataclasses import replace

from storage.database.engine import Database
from storage.feedback import cards, impressions
from storage.feedback.cards import Card
from storage.feedback.impressions import NewImpression
from storage.people import privacy
from tests.storage.samples import ANN, BEN, CARD, CHANNEL, GUILD, NOW, add_films, later


def shown(film_id: int, position: int = 0, **more: object) -> NewImpression:
    plain = NewImpression(
        shown_at=NOW,
        surface="recommend",
        film_id=film_id,
        position=position,
        reason="popular",
        model_version="20260314T030000Z-abc",
        person_id=ANN,
        guild_id=GUILD,
        channel_id=CHANNEL,
    )
    return replace(plain, **more)


async def test_impressions_are_recorded_in_order_and_attached(db: Database) -> None:
    async with db.write() as conn:
        first, second, third, *_ = await add_films(conn)
        ids = await impressions.record(conn, [shown(second), shown(first, 1), shown(third, 2)])
        assert ids == tuple(sorted(ids))
        assert await impressions.of_message(conn, CARD) == ()
        await impressions.attach(conn, ids, message_id=CARD)
        found = await impressions.of_message(conn, CARD)
        assert [(one.id, one.film_id, one.message_id) for one in found] == [
            (ids[0], second, CARD),
            (ids[1], first, CARD),
            (ids[2], third, CARD),
        ]
        assert found[0].shown_at == NOW
        assert await impressions.record(conn, []) == ()
        await impressions.attach(conn, [], message_id=1)


async def test_what_a_person_was_shown_lately(db: Database) -> None:
    async with db.write() as conn:
        first, second, third, *_ = await add_films(conn)
        await impressions.record(
            conn,
            [
                shown(first),
                shown(second, shown_at=later(10)),
                shown(third, 3, shown_at=later(10), private=True),
                shown(first, person_id=BEN, shown_at=later(10)),
                shown(first, person_id=None, surface="post", shown_at=later(10)),
            ],
        )
        assert await impressions.shown_to(conn, ANN, NOW) == {first, second, third}
        assert await impressions.shown_to(conn, ANN, later(10)) == {second, third}
        assert await impressions.shown_to(conn, ANN, later(11)) == frozenset()


async def test_headlines_without_a_message_are_found_again(db: Database) -> None:
    async with db.write() as conn:
        first, second, *_ = await add_films(conn)
        known, lost, *_ = await impressions.record(
            conn,
            [
                shown(first),
                shown(first, shown_at=later(1)),
                shown(second, 1, shown_at=later(1)),
                shown(first, shown_at=later(2), private=True),
                shown(second, shown_at=later(3), channel_id=CHANNEL + 1),
                shown(second, shown_at=later(4), channel_id=CHANNEL + 1),
                shown(second, shown_at=later(5), channel_id=None),
            ],
        )
        await impressions.attach(conn, [known], message_id=CARD)
        found = await cards.headlines_without_message(conn, NOW)
        assert [one.shown_at for one in found] == [later(5), later(4), later(3), later(1)]
        assert found[-1].id == lost


async def test_cards(db: Database) -> None:
    async with db.write() as conn:
        first, second, *_ = await add_films(conn)
        card = Card(
            message_id=CARD,
            channel_id=CHANNEL,
            guild_id=GUILD,
            person_id=ANN,
            film_id=first,
            surface="recommend",
            posted_at=NOW,
        )
        await cards.add_card(conn, card)
        await cards.add_card(conn, replace(card, film_id=second))
        assert await cards.card(conn, CARD) == card
        assert await cards.card(conn, 1) is None
        await cards.mark_cards_seeded(conn, [CARD])
        assert await cards.card(conn, CARD) == replace(card, seeded=True)
        for message_id, posted_at, reconcile in ((1, -5, True), (2, 5, True), (3, 6, False)):
            more = replace(
                card, message_id=message_id, posted_at=later(posted_at), reconcile=reconcile
            )
            await cards.add_card(conn, more)
        assert [one.message_id for one in await cards.recent_cards(conn, NOW, 9)] == [2, CARD]
        assert [one.message_id for one in await cards.recent_cards(conn, NOW, 1)] == [2]
        assert await cards.mark_card_deleted(conn, 2, 77, at=later(9)) == 1
        assert await cards.mark_card_deleted(conn, 2, at=later(10)) == 0
        gone = await cards.card(conn, 2)
        assert gone is not None
        assert gone.deleted_at == later(9)
        assert [one.message_id for one in await cards.recent_cards(conn, NOW, 9)] == [CARD]


async def test_the_chance_to_be_shown_is_stored_exported_and_erased(db: Database) -> None:
    async with db.write() as conn:
        first, second, third, *_ = await add_films(conn)
        items = [shown(first, chance=1.0), shown(second, 1, chance=0.03125), shown(third, 2)]
        ids = await impressions.record(conn, items)
        await impressions.attach(conn, ids, message_id=CARD)
        found = await impressions.of_message(conn, CARD)
        assert [one.chance for one in found] == [1.0, 0.03125, None]
        exported = (await privacy.export(conn, ANN))["impressions"]
        assert [row["chance"] for row in exported] == [1.0, 0.03125, None]
        await privacy.erase(conn, ANN)
        assert await impressions.of_message(conn, CARD) == ()
