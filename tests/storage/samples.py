"""A few films, cards and times that the storage tests share."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from storage.catalogue import films
from storage.database.engine import Database
from storage.feedback import cards
from storage.histories import drafts, questions
from storage.servers import nights
from storage.servers.nights import Night

NOW = datetime(2026, 3, 14, 20, 15, tzinfo=UTC)
SCALE = {"❤️": 5.0, "👍": 4.0, "😐": 3.0, "👎": 1.5}
ANN, BEN, CAT = 900000000000000001, 900000000000000002, 900000000000000003
GUILD, CHANNEL = 700000000000000001, 710000000000000001
CARD, OTHER_CARD, DM_CARD = 720000000000000001, 720000000000000002, 720000000000000003


def later(minutes: float) -> datetime:
    """Returns the time `minutes` after NOW."""
    return NOW + timedelta(minutes=minutes)


@dataclass(frozen=True)
class Row:
    """A film of a list in the form that `films.merge` takes."""

    key: str
    title: str
    year: int | None = 1999
    original_title: str | None = None
    aliases: tuple[str, ...] = ()
    runtime: int | None = 100
    countries: tuple[str, ...] = ("FR",)
    languages: tuple[str, ...] = ("fr",)
    directors: tuple[str, ...] = ("Somebody",)
    cast: tuple[str, ...] = ()
    genres: tuple[str, ...] = ("Drama",)
    audience: str | None = "everyone"
    adult: bool = False
    poster: str | None = None
    imdb: str | None = None
    tags: tuple[tuple[str, int], ...] = ()


VOCABULARY = (
    films.Tag("warm", "mood", "warm", "leaves one feeling well", ("cosy",)),
    films.Tag("heist", "theme", "heist", "somebody plans a theft", ()),
)


async def changes(conn: AsyncConnection) -> int:
    """Returns how many rows the transaction has written so far."""
    if conn.dialect.name == "postgresql":
        written = "sum(n_tup_ins + n_tup_upd + n_tup_del)::int FROM pg_stat_xact_user_tables"
    else:
        written = "total_changes()"
    return int((await conn.exec_driver_sql(f"SELECT {written}")).scalar_one())


async def add_films(conn: AsyncConnection, number: int = 5) -> tuple[int, ...]:
    """Store `number` made-up films; returns their ids."""
    rows = [Row(f"film-{at}", f"Film {at}", 1990 + at) for at in range(number)]
    await films.merge(conn, rows, source="starter", now=NOW, tags=VOCABULARY)
    return tuple(film.id for film in await films.all_films(conn))


async def set_stage(db: Database) -> tuple[int, int]:
    """Store two films: the first on two cards in a server, the second on one card in a DM.

    Returns their ids.
    """
    async with db.write() as conn:
        first, second, *_ = await add_films(conn)
        for message_id, film_id, guild_id in (
            (CARD, first, GUILD),
            (OTHER_CARD, first, GUILD),
            (DM_CARD, second, None),
        ):
            await cards.add_card(
                conn,
                cards.Card(
                    message_id=message_id,
                    channel_id=CHANNEL,
                    guild_id=guild_id,
                    person_id=ANN,
                    film_id=film_id,
                    surface="recommend",
                    posted_at=NOW,
                ),
            )
    return first, second


async def add_night(conn: AsyncConnection, planner: int, *others: int) -> Night:
    """Store a movie night in two hours, with two films that `set_stage` stored."""
    return await nights.create(
        conn,
        GUILD,
        channel_id=CHANNEL,
        person_id=planner,
        voice_id=None,
        adult_ok=False,
        at=later(120),
        guests=[planner, *others],
        films=[(1, "warm"), (2, "short")],
        now=NOW,
    )


async def bring_a_history(conn: AsyncConnection, person_id: int, film_id: int) -> None:
    """Store a file from another place that waits to be applied."""
    number = await drafts.begin(conn, person_id, source="plain", file="a.csv", told={}, now=NOW)
    batch = await drafts.get(conn, number)
    assert batch is not None
    facts = drafts.HistoryFacts(4.0)
    await drafts.add_films(conn, batch, {film_id: facts})
    unknown = questions.NewQuestion(1, "Zzyzx", None, "", None, None, facts)
    await questions.add(conn, batch, [unknown])
    await drafts.set_state(conn, number, "waiting")
