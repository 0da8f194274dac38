"""A message may show another film later. A reaction keeps the film that it was given for."""

from storage.database.engine import Database
from storage.feedback import cards, ratings, reactions
from tests.storage.samples import ANN, CARD, NOW, SCALE, set_stage

ONE, OTHER = 1, 2


async def stars(db: Database) -> dict[int, float]:
    async with db.read() as conn:
        return {row.film_id: row.stars for row in await ratings.of_person(conn, ANN)}


async def react(db: Database, emoji: str, *, removed: bool = False) -> None:
    act = reactions.remove if removed else reactions.add
    async with db.write() as conn:
        await act(conn, message_id=CARD, person_id=ANN, emoji=emoji, at=NOW, scale=SCALE)


async def show(db: Database, film: int) -> None:
    async with db.write() as conn:
        await cards.show_other_film(conn, CARD, film)


async def test_a_reaction_rates_what_was_shown_when_it_was_added(db: Database) -> None:
    await set_stage(db)
    await react(db, "👍")
    await show(db, OTHER)
    await react(db, "❤️")
    assert await stars(db) == {ONE: SCALE["👍"], OTHER: SCALE["❤️"]}
    await react(db, "👍", removed=True)
    assert await stars(db) == {OTHER: SCALE["❤️"]}
    await react(db, "👍")
    await show(db, ONE)
    assert await stars(db) == {OTHER: SCALE["👍"]}


async def test_reconciling_keeps_the_film_of_each_reaction(db: Database) -> None:
    await set_stage(db)
    await react(db, "👍")
    await show(db, OTHER)
    async with db.write() as conn:
        await reactions.reconcile(
            conn, message_id=CARD, reactions={"👍": [ANN], "❤️": [ANN]}, at=NOW, scale=SCALE
        )
    assert await stars(db) == {ONE: SCALE["👍"], OTHER: SCALE["❤️"]}
    async with db.write() as conn:
        await reactions.reconcile(conn, message_id=CARD, reactions={}, at=NOW, scale=SCALE)
    assert await stars(db) == {}


async def test_only_known_films_and_messages_change(db: Database) -> None:
    await set_stage(db)
    await show(db, 999)
    async with db.write() as conn:
        await cards.show_other_film(conn, CARD + 99, OTHER)
        assert await cards.card(conn, CARD + 99) is None
        assert (await cards.card(conn, CARD) or CARD).film_id == ONE  # type: ignore[union-attr]


async def test_a_film_that_was_read_before_a_change_does_not_come_back(db: Database) -> None:
    await set_stage(db)
    await show(db, OTHER)
    for stored, film, then in ((ONE, ONE, OTHER), (OTHER, ONE, ONE)):
        async with db.write() as conn:
            await cards.show_other_film(conn, CARD, film, instead_of=stored)
            assert (await cards.card(conn, CARD) or CARD).film_id == then  # type: ignore[union-attr]
