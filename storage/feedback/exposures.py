"""Experiments: which unit was exposed to which arm, what was shown under each, what came of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Select, and_, case, exists, func, null, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import keyvalue
from storage.database.upsert import insert
from storage.feedback.card_events import holds
from storage.schema import (
    card_acts,
    exposures,
    impressions,
    people,
    rating_events,
    standing_acts,
)

Unit = Literal["person", "server"]

_ERASED, _SECONDS = "experiment-erased", "experiment-seconds"


@dataclass(frozen=True, slots=True)
class Exposure:
    """When an experiment first could matter to a unit; out: whether that person opted out since."""

    unit_id: int
    arm: str
    first_at: datetime
    out: bool


@dataclass(frozen=True, slots=True)
class ExposedFilm:
    """One film shown under an experiment, in the order of showing; `arm` as in "experiment=arm"."""

    id: int
    shown_at: datetime
    person_id: int | None
    guild_id: int | None
    message_id: int | None
    film_id: int
    position: int
    arm: str
    team: int | None


@dataclass(frozen=True, slots=True)
class ExposureOutcome:
    """What somebody did about a film: `kind` as `card_acts` names it, or "reacted" (with the emoji
    as sent) or "rated" (with stars); stands: False for a rating that was taken back since."""

    person_id: int
    film_id: int
    message_id: int | None
    kind: str
    emoji: str | None
    stars: float | None
    at: datetime
    stands: bool


def label(experiment: str, arm: str) -> str:
    """How an impression names the arm that made it."""
    return f"{experiment}={arm}"


async def expose(
    conn: AsyncConnection, experiment: str, unit: Unit, unit_id: int, arm: str, at: datetime
) -> None:
    """Keep that the experiment matters to the unit from now on; the first time counts."""
    row = {"experiment": experiment, "unit": unit, "unit_id": unit_id, "arm": arm, "first_at": at}
    await conn.execute(insert(conn, exposures).values(row).on_conflict_do_nothing())


async def exposed(conn: AsyncConnection, experiment: str, unit: Unit) -> tuple[Exposure, ...]:
    """Who was exposed, the first one first."""
    person = and_(exposures.c.unit == "person", people.c.id == exposures.c.unit_id)
    rows = await conn.execute(
        select(
            exposures.c.unit_id,
            exposures.c.arm,
            exposures.c.first_at,
            func.coalesce(people.c.shapes_others, True).label("shapes"),
        )
        .select_from(exposures.outerjoin(people, person))
        .where(exposures.c.experiment == experiment, exposures.c.unit == unit)
        .order_by(exposures.c.first_at, exposures.c.unit_id)
    )
    return tuple(Exposure(row.unit_id, row.arm, row.first_at, not row.shapes) for row in rows)


async def sizes(conn: AsyncConnection, experiment: str) -> Mapping[str, int]:
    """How many units were exposed to each arm, and are still known."""
    rows = await conn.execute(
        select(exposures.c.arm, func.count())
        .where(exposures.c.experiment == experiment)
        .group_by(exposures.c.arm)
    )
    return {row[0]: row[1] for row in rows}


async def showings(conn: AsyncConnection, experiment: str) -> tuple[ExposedFilm, ...]:
    """Everything shown under an experiment, but to people who keep out of others' picks."""
    columns = (impressions.c[name] for name in ExposedFilm.__dataclass_fields__)
    everything = select(*columns).select_from(impressions.outerjoin(people))
    inside = everything.where(func.coalesce(people.c.shapes_others, True))
    rows = await conn.execute(_shown(inside, experiment).order_by(impressions.c.id))
    return tuple(ExposedFilm(**row._mapping) for row in rows)


async def acts(conn: AsyncConnection, experiment: str) -> tuple[ExposureOutcome, ...]:
    """What people did about the films shown under an experiment, since it first showed any; in the
    quiz and by import nobody answers a showing. People who keep out of others' picks are left out,
    and so is a film marked as seen or as not for them by mistake, which is marked so no longer."""
    since = (await conn.execute(_shown(select(func.min(impressions.c.shown_at)), experiment))).one()
    if since[0] is None:
        return ()
    film = _shown(select(impressions.c.film_id).distinct(), experiment)
    stands = exists().where(standing_acts.c.event_id == rating_events.c.id)
    mine = (
        select(card_acts, null().label("emoji"), null().label("stars"), true().label("stands"))
        .where(holds())
        .order_by(card_acts.c.id)
    )
    kind = case((rating_events.c.source == "reaction", "reacted"), else_="rated").label("kind")
    rated = (
        select(rating_events, kind, stands.label("stands"))
        .where(
            rating_events.c.action == "set",
            rating_events.c.source.in_(("reaction", "button", "command")),
        )
        .order_by(rating_events.c.id)
    )
    found: list[ExposureOutcome] = []
    for table, query in ((card_acts, mine), (rating_events, rated)):
        shaping = select(people.c.id).where(people.c.shapes_others)
        rows = await conn.execute(
            query.where(
                table.c.at >= since[0],
                table.c.film_id.in_(film),
                table.c.person_id.in_(shaping),
            )
        )
        for row in rows:
            told = {name: getattr(row, name) for name in ExposureOutcome.__dataclass_fields__}
            found.append(ExposureOutcome(**told | {"stands": bool(row.stands)}))
    return tuple(sorted(found, key=lambda act: act.at))


def _shown(query: Select[Any], experiment: str) -> Select[Any]:
    return query.where(impressions.c.arm.startswith(label(experiment, ""), autoescape=True))


# Kept as sums, so that nobody is remembered ------------------------------------------------------


async def spent(conn: AsyncConnection, arm: str, seconds: float) -> None:
    """Add the seconds that one card under an arm ("experiment=arm") took to work out."""
    count, total, squares = await seconds_of(conn, arm)
    told = json.dumps([count + 1, total + seconds, squares + seconds * seconds])
    await keyvalue.set_value(conn, f"{_SECONDS}:{arm}", told)


async def seconds_of(conn: AsyncConnection, arm: str) -> tuple[int, float, float]:
    """Of an arm's cards: how many, the sum of the seconds they took, and of their squares."""
    told = await keyvalue.get_value(conn, f"{_SECONDS}:{arm}")
    count, total, squares = json.loads(told) if told else (0, 0.0, 0.0)
    return int(count), float(total), float(squares)


async def count_erased(conn: AsyncConnection, person_id: int) -> None:
    """A person is about to be erased: all that stays is one more in the counts of their arms, for
    an arm that makes people leave must not look as if they had never been."""
    mine = await conn.execute(
        select(exposures.c.experiment, exposures.c.arm).where(
            exposures.c.unit == "person", exposures.c.unit_id == person_id
        )
    )
    for experiment, arm in mine.all():
        name = label(experiment, arm)
        count = await erased(conn, name) + 1
        await keyvalue.set_value(conn, f"{_ERASED}:{name}", str(count))


async def erased(conn: AsyncConnection, arm: str) -> int:
    """How many people of an arm ("experiment=arm") had everything deleted."""
    return int(await keyvalue.get_value(conn, f"{_ERASED}:{arm}") or 0)
