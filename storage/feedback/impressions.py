"""What was shown, where and by which model; and cards: the messages whose reactions rate a film."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Literal

from sqlalchemy import bindparam, func, select, update
from sqlalchemy import insert as plain_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.people import profiles
from storage.schema import impressions
from storage.schema import people as everybody

Surface = Literal["recommend", "similar", "trending", "post", "quiz"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewImpression:
    """One film about to be shown; `position` 0 is the headline, `private` an ephemeral reply.

    `daypart` and `day_kind` are local, as `recommender.context` names them; `mood` is a tag's slug;
    `score` is the person's own, in spreads of the best films'; `arm` "experiment=arm"; `team` says
    which of two interleaved rankings chose the film."""

    shown_at: datetime
    surface: Surface
    film_id: int
    position: int
    reason: str
    model_version: str
    private: bool = False
    person_id: int | None = None
    guild_id: int | None = None
    channel_id: int | None = None
    shelf: str | None = None
    daypart: str | None = None
    day_kind: str | None = None
    mood: str | None = None
    grouped: bool = False
    wild: bool = False
    score: float | None = None
    arm: str | None = None
    team: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Impression(NewImpression):
    """One film that was shown; `message_id` once it is known."""

    id: int
    message_id: int | None


@dataclass(frozen=True, slots=True)
class Showing:
    """Of an impression what is learned from. `person_id` is None where a server was shown it."""

    film_id: int
    person_id: int | None
    guild_id: int | None
    message_id: int | None
    surface: Surface
    position: int
    shown_at: datetime
    daypart: str | None
    day_kind: str | None
    mood: str | None
    wild: bool
    score: float | None


_SHOWN = tuple(field.name for field in fields(NewImpression))
_RECORD = plain_insert(impressions).returning(impressions.c.id)
_SHOWN_TO = (
    select(impressions.c.film_id)
    .where(
        impressions.c.person_id == bindparam("person"), impressions.c.shown_at >= bindparam("since")
    )
    .distinct()
)


async def record(conn: AsyncConnection, items: Sequence[NewImpression]) -> tuple[int, ...]:
    """Keep what is about to be shown; the ids, in the order of `items`."""
    for person_id, shown_at in {
        item.person_id: item.shown_at for item in items if item.person_id is not None
    }.items():
        await profiles.ensure(conn, person_id, now=shown_at)
    if not items:
        return ()
    rows = [{name: getattr(item, name) for name in _SHOWN} for item in items]
    added = await conn.execute(_RECORD, rows)
    return tuple(sorted(added.scalars()))  # rows are numbered in the order in which they are given


async def attach(
    conn: AsyncConnection, impression_ids: Collection[int], *, message_id: int
) -> None:
    """Say in which message these impressions were shown."""
    await conn.execute(
        update(impressions)
        .where(impressions.c.id.in_(impression_ids))
        .values(message_id=message_id)
    )


async def shown_to(conn: AsyncConnection, person_id: int, since: datetime) -> frozenset[int]:
    """The ids of the films that the person was shown at `since` or later."""
    rows = await conn.execute(_SHOWN_TO, {"person": person_id, "since": since})
    return frozenset(rows.scalars())


async def showings(
    conn: AsyncConnection, since: datetime, *, wild: bool | None = None
) -> tuple[Showing, ...]:
    """What was shown at `since` or later, oldest first, to servers and to people who may shape what
    others are shown; of wild cards only, or without any, where `wild` is given. What a group was
    shown says nothing of one person and is left out."""
    columns = impressions.c
    shaping = select(everybody.c.id).where(everybody.c.shapes_others)
    statement = select(*(columns[name] for name in Showing.__slots__)).where(
        columns.shown_at >= since,
        columns.grouped.is_(False),
        columns.person_id.is_(None) | columns.person_id.in_(shaping),
    )
    if wild is not None:
        statement = statement.where(columns.wild.is_(wild))
    rows = await conn.execute(statement.order_by(columns.id))
    return tuple(Showing(*row) for row in rows)


async def wild_counts(conn: AsyncConnection) -> dict[int, int]:
    """Film id -> how often it was shown as a wild card, to anybody."""
    rows = await conn.execute(
        select(impressions.c.film_id, func.count())
        .where(impressions.c.wild.is_(True))
        .group_by(impressions.c.film_id)
    )
    return {row[0]: row[1] for row in rows}


async def moods_asked(
    conn: AsyncConnection, person_id: int, since: datetime, daypart: str | None
) -> dict[str, int]:
    """Mood -> how many of the person's cards since then asked for it; at this time of day only,
    where it is given."""
    columns = impressions.c
    statement = select(columns.mood, func.count()).where(
        columns.person_id == person_id,
        columns.shown_at >= since,
        columns.position == 0,
        columns.mood.is_not(None),
    )
    if daypart is not None:
        statement = statement.where(columns.daypart == daypart)
    rows = await conn.execute(statement.group_by(columns.mood))
    return {row[0]: row[1] for row in rows}


async def of_message(conn: AsyncConnection, message_id: int) -> tuple[Impression, ...]:
    """What a message showed, the headline first."""
    rows = await conn.execute(
        select(impressions)
        .where(impressions.c.message_id == message_id)
        .order_by(impressions.c.position, impressions.c.id)
    )
    return tuple(Impression(**row._mapping) for row in rows)
