"""A film is kept for later until something newer ends that; what several keep counts who agreed."""

from datetime import timedelta

import pytest

from storage.database.engine import Database
from storage.feedback import ratings
from storage.people import film_marks, profiles, quiz_answers, watchlist
from tests.storage.samples import ANN, BEN, CAT, GUILD, SCALE, add_films, later

BEFORE, KEPT, AFTER = later(-60), later(0), later(60)


async def kept(db: Database, person: int = ANN) -> list[int]:
    async with db.read() as conn:
        return list(await watchlist.kept(conn, person))


async def test_later_keeps_films_in_the_order_of_keeping(db: Database) -> None:
    async with db.write() as conn:
        first, second, *_ = await add_films(conn)
        await film_marks.mark(conn, ANN, second, "later", now=KEPT)
        await film_marks.mark(conn, ANN, first, "later", now=AFTER)
        await film_marks.mark(conn, BEN, first, "seen", now=AFTER)
    async with db.read() as conn:
        assert await watchlist.kept(conn, ANN) == {second: KEPT, first: AFTER}
    assert await kept(db, BEN) == []


@pytest.mark.parametrize("how", ["rating", "seen", "declined", "unwanted"])
async def test_what_is_newer_ends_it_and_taken_back_it_holds_again(db: Database, how: str) -> None:
    async with db.write() as conn:
        film, other, *_ = await add_films(conn)
        await film_marks.mark(conn, ANN, other, "later", now=KEPT)
        await film_marks.mark(conn, ANN, film, "later", now=KEPT)
    one = {"person_id": ANN, "film_id": film, "source": "command", "scale": SCALE}
    for at, expected in ((BEFORE, [film, other]), (AFTER, [other])):
        async with db.write() as conn:
            if how == "rating":
                await ratings.state(conn, stars=4.0, at=at, **one)
            elif how == "unwanted":
                await quiz_answers.add(conn, ANN, how, [str(film)], now=at)
            else:
                await film_marks.mark(conn, ANN, film, how, now=at)
        assert sorted(await kept(db)) == expected, at
    async with db.write() as conn:
        if how == "rating":
            await ratings.withdraw(conn, at=AFTER + timedelta(minutes=1), **one)
        elif how == "unwanted":
            await quiz_answers.remove(conn, ANN, how, str(film))
        else:
            await film_marks.unmark(conn, ANN, film, how)
    assert sorted(await kept(db)) == [film, other]


async def test_a_seen_film_that_is_kept_again_is_on_the_list(db: Database) -> None:
    async with db.write() as conn:
        film, *_ = await add_films(conn)
        await film_marks.mark(conn, ANN, film, "seen", now=BEFORE)
        await film_marks.mark(conn, ANN, film, "unseen", now=AFTER)
        await film_marks.mark(conn, ANN, film, "later", now=KEPT)
    assert await kept(db) == [film]


async def test_only_people_who_agreed_here_and_did_not_opt_out_count(db: Database) -> None:
    async with db.write() as conn:
        film, other, *_ = await add_films(conn)
        for person in (ANN, BEN, CAT):
            await film_marks.mark(conn, person, film, "later", now=KEPT)
        await film_marks.mark(conn, BEN, other, "later", now=KEPT)
    for person, guild, shown, expected in (
        (ANN, GUILD, True, {film: (ANN,)}),
        (BEN, GUILD, True, {film: (ANN, BEN), other: (BEN,)}),
        (CAT, GUILD + 1, True, {film: (ANN, BEN), other: (BEN,)}),
        (ANN, GUILD, False, {film: (BEN,), other: (BEN,)}),
    ):
        async with db.write() as conn:
            await profiles.show_taste(conn, person, guild, shown=shown, now=KEPT)
        async with db.read() as conn:
            assert await watchlist.kept_here(conn, GUILD) == expected
    async with db.write() as conn:
        await film_marks.mark(conn, BEN, other, "seen", now=AFTER)
    async with db.read() as conn:
        assert await watchlist.kept_here(conn, GUILD) == {film: (BEN,)}
    async with db.write() as conn:
        await profiles.set_shapes_others(conn, BEN, False, now=AFTER)
    async with db.read() as conn:
        assert await watchlist.kept_here(conn, GUILD) == {}
