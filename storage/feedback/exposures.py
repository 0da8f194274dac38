"""Experiments: who was exposed to which arm, what they were shown, and what they did.

An arm is one of the variants that an experiment compares. A unit is what an experiment assigns to
its arms: a person or a server. A unit counts as exposed from the first of its requests that its arm
answered. An impression (one film shown once) names the arm that chose the film by a label,
"experiment=arm".
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Select, and_, case, exists, func, null, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import keyvalue
from storage.database.code_order import CodeOrder
from storage.database.upsert import upsert
from storage.feedback.card_events import still_holds
from storage.feedback.rating_events import WATCHING_SOURCES
from storage.people import profiles
from storage.schema import (
    card_events,
    exposures,
    impressions,
    people,
    rating_events,
    standing_events,
)

Unit = Literal["person", "server"]

_ERASED_KEY, _SECONDS_KEY = "experiment-erased", "experiment-seconds"


@dataclass(frozen=True, slots=True)
class Exposure:
    """A person or server (a unit) that an arm (a variant) of an experiment has answered.

    Attributes:
        unit_id: id of the person or server.
        arm: the arm of the unit.
        first_at: when the arm first answered a request of the unit, UTC.
        out: True for a person who has opted out: their feedback may not shape other people's picks.
    """

    unit_id: int
    arm: str
    first_at: datetime
    out: bool


@dataclass(frozen=True, slots=True)
class ExposedFilm:
    """A film that an arm of an experiment chose and that was shown.

    Attributes:
        id: id of the impression; a greater id was shown later.
        shown_at: when the film was shown, UTC.
        person_id: the person who was shown the film; None for a server's post.
        guild_id: the server; None for a direct message.
        message_id: the message; None if unknown.
        film_id: the film.
        position: place in the message, from 0; 0 is the main film.
        arm: label of the arm (a variant), "experiment=arm".
        team: which of two interleaved rankings chose the film, 0 or 1; None if only one ranking was
            used.
    """

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
    """What a person did about a film that an experiment showed.

    Attributes:
        person_id: the person.
        film_id: the film.
        message_id: the message on which they did it; None if unknown.
        kind: "reacted", "rated", or a kind of card event (`CardEventKind`).
        emoji: the emoji as Discord sent it; None unless the kind is "reacted".
        stars: 0.5 to 5; None unless the kind is "rated".
        at: when they did it, UTC.
        holds: False for a rating that the person has taken back or replaced.
    """

    person_id: int
    film_id: int
    message_id: int | None
    kind: str
    emoji: str | None
    stars: float | None
    at: datetime
    holds: bool


def label(experiment: str, arm: str) -> str:
    """Returns the label "experiment=arm", which is stored with each film that the arm chose.

    An arm is a variant that the experiment compares.
    """
    return f"{experiment}={arm}"


async def expose(
    conn: AsyncConnection, experiment: str, unit: Unit, unit_id: int, arm: str, at: datetime
) -> None:
    """Store that an arm (a variant) answers this person or server from `at` on.

    Later calls for the same unit change nothing.

    unit: the kind of unit that the experiment assigns to its arms: person or server.
    unit_id: its id.
    """
    row = {"experiment": experiment, "unit": unit, "unit_id": unit_id, "arm": arm, "first_at": at}
    await conn.execute(upsert(conn, exposures).values(row).on_conflict_do_nothing())


async def of_experiment(conn: AsyncConnection, experiment: str, unit: Unit) -> tuple[Exposure, ...]:
    """Returns the people or servers that an experiment's arms (variants) answered.

    The first to get such an answer comes first. Answers that never reached Discord do not count.

    unit: the kind of unit that the experiment assigns to its arms: person or server.
    """
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
    )
    late = await _late_exposures(conn, experiment, unit)
    found = [
        Exposure(row.unit_id, row.arm, first_at, not row.shapes)
        for row in rows
        if (first_at := late.get((row.unit_id, row.arm), row.first_at)) is not None
    ]
    return tuple(sorted(found, key=lambda one: (one.first_at, one.unit_id)))


async def _late_exposures(
    conn: AsyncConnection, experiment: str, unit: Unit
) -> dict[tuple[int, str], datetime | None]:
    """Returns the people or servers to whom an arm's first answer was not delivered.

    An arm is a variant that an experiment compares. The keys of the result are (id of the person or
    server, arm). The value is when an answer of the arm was first delivered; None if none was.
    """
    owner = impressions.c.person_id if unit == "person" else impressions.c.guild_id
    shown_at, delivered = impressions.c.shown_at, impressions.c.delivered
    times = [func.min(shown_at).filter(which) for which in (~delivered, delivered)]
    query = _of(select(owner, impressions.c.arm, *times), experiment)
    return {
        (unit_id, arm.partition("=")[2]): came
        for unit_id, arm, missed, came in await conn.execute(query.group_by(owner, "arm"))
        if missed is not None and (came is None or missed <= came)
    }


async def shown_films(conn: AsyncConnection, experiment: str) -> tuple[ExposedFilm, ...]:
    """Returns the films that an experiment's arms (variants) chose and showed, oldest first.

    Films shown to people who opted out (whose feedback may not shape other people's picks) are left
    out.
    """
    columns = (impressions.c[name] for name in ExposedFilm.__dataclass_fields__)
    everything = select(*columns).select_from(impressions.outerjoin(people))
    shaping = everything.where(func.coalesce(people.c.shapes_others, True))
    rows = await conn.execute(_under(shaping, experiment).order_by(impressions.c.id))
    return tuple(ExposedFilm(**row._mapping) for row in rows)


async def outcomes(conn: AsyncConnection, experiment: str) -> tuple[ExposureOutcome, ...]:
    """Returns what people did about the films that an experiment showed, oldest first.

    Only what happened after the experiment showed its first film is returned. The following are
    left out: answers of the quiz and imported ratings, because they do not respond to a message of
    the bot; people who opted out (whose feedback may not shape other people's picks); marks "seen"
    or "declined" that the person removed again.
    """
    since = (await conn.execute(_under(select(func.min(impressions.c.shown_at)), experiment))).one()
    if since[0] is None:
        return ()
    films = _under(select(impressions.c.film_id).distinct(), experiment)
    holds = exists().where(standing_events.c.event_id == rating_events.c.id)
    card_query = (
        select(card_events, null().label("emoji"), null().label("stars"), true().label("holds"))
        .where(still_holds())
        .order_by(card_events.c.id)
    )
    kind = case((rating_events.c.source == "reaction", "reacted"), else_="rated").label("kind")
    rating_query = (
        select(rating_events, kind, holds.label("holds"))
        .where(
            rating_events.c.action == "set",
            rating_events.c.source.in_(WATCHING_SOURCES),
        )
        .order_by(rating_events.c.id)
    )
    found: list[ExposureOutcome] = []
    for table, query in ((card_events, card_query), (rating_events, rating_query)):
        rows = await conn.execute(
            query.where(
                table.c.at >= since[0],
                table.c.film_id.in_(films),
                profiles.shapes_others(table.c.person_id),
            )
        )
        for row in rows:
            values = {name: getattr(row, name) for name in ExposureOutcome.__dataclass_fields__}
            found.append(ExposureOutcome(**values | {"holds": bool(row.holds)}))
    return tuple(sorted(found, key=lambda outcome: outcome.at))


def _under(query: Select[Any], experiment: str) -> Select[Any]:
    """Returns the query, restricted to the films that the experiment chose and that people saw."""
    return _of(query, experiment).where(impressions.c.delivered)


def _of(query: Select[Any], experiment: str) -> Select[Any]:
    """Returns the query, restricted to the films that the experiment's arms (variants) chose."""
    first = label(experiment, "")
    after = label(experiment, "")[:-1] + chr(ord("=") + 1)  # the next text after all its labels
    arm = CodeOrder(impressions.c.arm)
    return query.where(arm >= first, arm < after)


# Sums, which say nothing about single people ------------------------------------------------------


async def add_seconds(conn: AsyncConnection, arm: str, seconds: float) -> None:
    """Add one card (a message with films) to the sums that `seconds_of` returns for an arm (a
    variant).

    arm: the arm's label, "experiment=arm".
    seconds: how long it took to rank the films for the card.
    """
    count, total, squares = await seconds_of(conn, arm)
    sums = json.dumps([count + 1, total + seconds, squares + seconds * seconds])
    await keyvalue.set_value(conn, f"{_SECONDS_KEY}:{arm}", sums)


async def seconds_of(conn: AsyncConnection, arm: str) -> tuple[int, float, float]:
    """Returns (number of cards, sum of seconds, sum of squared seconds) of an arm (a variant).

    A card is a message with films. The seconds are those that it took to rank its films.

    arm: label, "experiment=arm".
    """
    sums = await keyvalue.get_value(conn, f"{_SECONDS_KEY}:{arm}")
    count, total, squares = json.loads(sums) if sums else (0, 0.0, 0.0)
    return int(count), float(total), float(squares)


async def count_erasure(conn: AsyncConnection, person_id: int) -> None:
    """Count a person whose data are about to be erased, once for each arm that answered them.

    An arm is a variant that an experiment compares. After the erasure only these counts are left.
    They show whether an arm makes people delete their data.
    """
    arms = await conn.execute(
        select(exposures.c.experiment, exposures.c.arm).where(
            exposures.c.unit == "person", exposures.c.unit_id == person_id
        )
    )
    for experiment, arm in arms.all():
        late = await _late_exposures(conn, experiment, "person")
        if late.get((person_id, arm), arm) is None:
            continue  # no answer of the arm ever came
        name = label(experiment, arm)
        count = await erased_count(conn, name) + 1
        await keyvalue.set_value(conn, f"{_ERASED_KEY}:{name}", str(count))


async def erased_count(conn: AsyncConnection, arm: str) -> int:
    """Returns how many people whom an arm ("experiment=arm") answered had their data erased.

    An arm is a variant that an experiment compares.
    """
    return int(await keyvalue.get_value(conn, f"{_ERASED_KEY}:{arm}") or 0)
