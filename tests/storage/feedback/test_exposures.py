"""Exposures: only the first counts; films and outcomes of an experiment; erased people."""

from dataclasses import replace

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import schema
from storage.database.engine import Database
from storage.feedback import deliveries, exposures, impressions, ratings, reactions
from storage.feedback.exposures import Exposure
from storage.people import film_marks, privacy, profiles
from storage.servers import guilds
from tests.storage.feedback.test_impressions import shown
from tests.storage.samples import ANN, BEN, CARD, CAT, GUILD, NOW, SCALE, later, set_stage


async def test_the_first_exposure_counts(db: Database) -> None:
    async with db.write() as conn:
        await exposures.expose(conn, "x", "person", ANN, "a", NOW)
        await exposures.expose(conn, "x", "person", ANN, "b", later(5))
        await exposures.expose(conn, "x", "person", BEN, "b", later(1))
        await exposures.expose(conn, "y", "server", GUILD, "a", NOW)
        await profiles.set_shapes_others(conn, BEN, False, now=NOW)
        assert await exposures.of_experiment(conn, "x", "person") == (
            Exposure(ANN, "a", NOW, False),
            Exposure(BEN, "b", later(1), True),
        )
        assert await exposures.of_experiment(conn, "x", "server") == ()


async def act(conn: AsyncConnection, person_id: int, film_id: int, kind: str, at: float) -> None:
    row = {"person_id": person_id, "film_id": film_id, "message_id": None, "kind": kind}
    await conn.execute(insert(schema.card_events).values(row | {"at": later(at)}))


async def test_showings_and_acts_of_an_experiment(db: Database) -> None:
    first, second = await set_stage(db)
    async with db.write() as conn:
        await impressions.record(
            conn,
            [
                shown(first, arm="x=a"),
                shown(second, 1, arm="x=a", team=1),
                shown(first, arm="xx=a", person_id=BEN),
                shown(first, arm="x-2=a", person_id=BEN),  # some countries sort it between the two
                shown(first, arm="X=a", person_id=BEN),
                shown(first, person_id=BEN),
                shown(first, person_id=CAT, arm="x=a"),
                shown(first, person_id=None, arm="x=a", surface="post"),
            ],
        )
        await profiles.ensure(conn, CAT, now=NOW)
        await profiles.set_shapes_others(conn, CAT, False, now=NOW)
        found = await exposures.shown_films(conn, "x")
        assert [(one.film_id, one.position, one.arm, one.team) for one in found] == [
            (first, 0, "x=a", None),
            (second, 1, "x=a", 1),
            (first, 0, "x=a", None),
        ]
        await act(conn, ANN, second, "opened", 3)
        await act(conn, ANN, second, "refused", -3)  # before the experiment showed anything
        await act(conn, CAT, second, "later", 3)
        await profiles.ensure(conn, BEN, now=NOW)
        await act(conn, BEN, first, "refused", 3)
        await act(conn, BEN, first, "seen", 3.5)
        await film_marks.mark(conn, BEN, first, "seen", now=NOW)  # the refusal was a mistake
        react = {"message_id": CARD, "emoji": "❤️", "scale": SCALE}
        await reactions.add(conn, person_id=ANN, at=later(1), **react)
        await reactions.add(conn, person_id=BEN, at=later(2), **react)
        await reactions.remove(conn, person_id=BEN, at=later(2.5), **react)
        for source in ("quiz", "command"):
            await ratings.state(
                conn, person_id=BEN, film_id=second, source=source, stars=4.5, at=later(4),
                scale=SCALE,
            )  # fmt: skip
        acts = await exposures.outcomes(conn, "x")
        assert [(one.person_id, one.film_id, one.kind, one.stars, one.holds) for one in acts] == [
            (ANN, first, "reacted", None, True),
            (BEN, first, "reacted", None, False),
            (ANN, second, "opened", None, True),
            (BEN, first, "seen", None, True),
            (BEN, second, "rated", 4.5, True),
        ]
        assert acts[0].emoji == "❤️"
        assert await exposures.outcomes(conn, "none") == ()
        assert await exposures.shown_films(conn, "x=") == ()


async def test_seconds_and_departures_are_kept_as_sums(db: Database) -> None:
    async with db.write() as conn:
        assert await exposures.seconds_of(conn, "x=a") == (0, 0.0, 0.0)
        for seconds in (0.5, 0.25):
            await exposures.add_seconds(conn, "x=a", seconds)
        assert await exposures.seconds_of(conn, "x=a") == (2, 0.75, 0.3125)
        for person_id in (ANN, BEN):
            await profiles.ensure(conn, person_id, now=NOW)
            await exposures.expose(conn, "x", "person", person_id, "a", NOW)
            await exposures.expose(conn, "y", "person", person_id, "b", NOW)
        await exposures.count_erasure(conn, ANN)
        await privacy.erase(conn, ANN)
        assert len(await exposures.of_experiment(conn, "x", "person")) == 1
        assert [await exposures.erased_count(conn, arm) for arm in ("x=a", "y=b", "x=b")] == [
            1,
            1,
            0,
        ]


async def test_answers_that_did_not_come_expose_nobody(db: Database) -> None:
    film, _ = await set_stage(db)
    async with db.write() as conn:
        for at in (NOW, later(5)):
            await exposures.expose(conn, "x", "person", ANN, "a", at)
        await exposures.expose(conn, "y", "server", GUILD, "a", NOW)
        rows = [shown(film, arm="x=a"), replace(shown(film, arm="x=a"), shown_at=later(5))]
        first, second = await impressions.record(conn, rows)
        (post,) = await impressions.record(
            conn, [shown(film, person_id=None, guild_id=GUILD, arm="y=a", surface="post")]
        )
        await deliveries.mark_undelivered(conn, [first, post])
        assert await exposures.of_experiment(conn, "x", "person") == (
            Exposure(ANN, "a", later(5), False),
        )
        assert await exposures.of_experiment(conn, "y", "server") == ()
        await deliveries.mark_undelivered(conn, [second])
        assert await exposures.of_experiment(conn, "x", "person") == ()
        await exposures.count_erasure(conn, ANN)
        assert await exposures.erased_count(conn, "x=a") == 0, "no answer made them leave"
        await impressions.attach(conn, [first], message_id=CARD)  # it came after all
        assert await exposures.of_experiment(conn, "x", "person") == (
            Exposure(ANN, "a", NOW, False),
        )


async def test_a_server_is_forgotten_with_its_exposures(db: Database) -> None:
    async with db.write() as conn:
        await exposures.expose(conn, "x", "server", GUILD, "a", NOW)
        await exposures.expose(conn, "x", "person", GUILD, "a", NOW)
        assert await guilds.erase(conn, GUILD) == 1
        assert await exposures.of_experiment(conn, "x", "server") == ()
        assert len(await exposures.of_experiment(conn, "x", "person")) == 1
