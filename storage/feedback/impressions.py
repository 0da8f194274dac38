"""Impressions: which film was shown when, to whom, in which message, and what model chose it.

An impression is one film shown once. Its type `Showing` has only the facts that models learn from.
A wild card is a new or little known film that is shown to find out whether people like it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Literal

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.people import profiles
from storage.schema import impressions

Surface = Literal["recommend", "similar", "trending", "post", "quiz"]
"""What made the bot show a film: a command, a scheduled post or the end of the quiz."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewImpression:
    """One film that is about to be shown.

    Attributes:
        shown_at: when, UTC.
        surface: the command, button or scheduled post that made the bot show it.
        film_id: the film.
        position: place in the message, from 0; 0 is the headline, the message's main film.
        reason: the text that told people why the film was shown.
        model_version: version of the model that chose it.
        private: True if only one person sees the message (an ephemeral reply).
        person_id: the person who asked; None for a server's post.
        guild_id: the server; None for a direct message.
        channel_id: the channel; None if unknown.
        shelf: key of the shelf (micro-genre) that the card names; None without one.
            Earlier versions stored its English name.
        daypart: local part of the day, such as "evening"; None if unknown.
        day_kind: local kind of day, such as "weekend"; None if unknown.
        mood: the mood that the person asked for, by its key or its tag's slug; None without a mood.
        grouped: True if the film was chosen for several people.
        wild: True for a wild card: a new or little known film that is shown as a trial.
        score: the film's score for the person; None if there is no score. The unit is the standard
            deviation of the scores of the person's best films.
        chance: the chance, above 0 and at most 1, that the same request shows this film. It is
            below 1 for wild cards, for picks that a wild card might have replaced, and for
            interleaved rankings. The random choice of an experiment's arm (variant) is not
            included. None if unknown: in rows from before revision 0008, and in posts that
            interleave two rankings.
        arm: label of the experiment's arm that answered, "experiment=arm"; None if the request
            counts for no experiment.
        team: which of two interleaved rankings chose the film, 0 or 1; None if only one ranking was
            used.
    """

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
    chance: float | None = None
    arm: str | None = None
    team: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Impression(NewImpression):
    """One film that was shown, with the facts of `NewImpression` and its ids.

    Attributes:
        id: the impression's id; a greater id was shown later.
        message_id: the message that showed the film; None until it is known.
        delivered: False if the message did not reach Discord, so that nobody saw the film.
    """

    id: int
    message_id: int | None
    delivered: bool = True


@dataclass(frozen=True, slots=True)
class Showing:
    """The part of an impression that models learn from.

    Attributes:
        film_id: the film.
        person_id: the person who was shown the film; None for a server's post.
        guild_id: the server; None for a direct message.
        message_id: the message; None if unknown.
        surface: the command, button or scheduled post that made the bot show the film.
        position: place in the message, from 0; 0 is the main film.
        shown_at: when, UTC.
        daypart: local part of the day, such as "evening"; None if unknown.
        day_kind: local kind of day, such as "weekend"; None if unknown.
        mood: the mood that the person asked for, by its key or its tag's slug; None without a mood.
        wild: True for a wild card: a new or little known film that was shown as a trial.
        score: the film's score for the person; None if there was no score. The unit is the standard
            deviation of the scores of the person's best films.
    """

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


_NEW_COLUMNS = tuple(field.name for field in fields(NewImpression))
_INSERT = insert(impressions).returning(impressions.c.id)
_ATTACH = (
    update(impressions)
    .where(impressions.c.id.in_(bindparam("shown", expanding=True)))
    .values(message_id=bindparam("message"), delivered=True)
)
_MOODS_ASKED = (
    select(impressions.c.mood, func.count())
    .where(
        impressions.c.person_id == bindparam("person"),
        impressions.c.shown_at >= bindparam("since"),
        impressions.c.position == 0,
        impressions.c.delivered,
        impressions.c.mood.is_not(None),
    )
    .group_by(impressions.c.mood)
)
_MOODS_ASKED_THEN = _MOODS_ASKED.where(impressions.c.daypart == bindparam("daypart"))
_SHOWN_TO = (
    select(impressions.c.film_id)
    .where(
        impressions.c.person_id == bindparam("person"),
        impressions.c.shown_at >= bindparam("since"),
        impressions.c.delivered,
    )
    .distinct()
)


async def record(conn: AsyncConnection, items: Sequence[NewImpression]) -> tuple[int, ...]:
    """Store films that are about to be shown; returns their impression ids, in the given order."""
    for person_id, shown_at in {
        item.person_id: item.shown_at for item in items if item.person_id is not None
    }.items():
        await profiles.ensure(conn, person_id, now=shown_at)
    if not items:
        return ()
    rows = [{name: getattr(item, name) for name in _NEW_COLUMNS} for item in items]
    added = await conn.execute(_INSERT, rows)
    return tuple(sorted(added.scalars()))  # ids count up in the order of the rows


async def attach(
    conn: AsyncConnection, impression_ids: Collection[int], *, message_id: int
) -> None:
    """Store the message that showed the films of these impressions (records of shown films)."""
    await conn.execute(_ATTACH, {"shown": list(impression_ids), "message": message_id})


async def of_post(
    conn: AsyncConnection, guild_id: int, channel_id: int, shown_at: datetime
) -> tuple[Impression, ...]:
    """Returns the films that a post shows, its main film first.

    The post is the one that was composed at `shown_at`. If Discord refused its message and another
    one was composed, the films of the last one are returned. It makes no difference whether the
    message is already recorded as delivered.
    """
    columns = impressions.c
    rows = await conn.execute(
        select(impressions)
        .where(columns.guild_id == guild_id, columns.channel_id == channel_id)
        .where(columns.surface == "post", columns.person_id.is_(None))
        .where(columns.shown_at == shown_at)
        .order_by(columns.id)
    )
    found = [Impression(**row._mapping) for row in rows]
    begins = max((n for n, one in enumerate(found) if one.position == 0), default=0)
    return tuple(found[begins:])


async def shown_to(conn: AsyncConnection, person_id: int, since: datetime) -> frozenset[int]:
    """Returns the ids of the films that the person was shown at `since` or later."""
    rows = await conn.execute(_SHOWN_TO, {"person": person_id, "since": since})
    return frozenset(rows.scalars())


async def showings(
    conn: AsyncConnection, since: datetime, *, wild: bool | None = None
) -> tuple[Showing, ...]:
    """Returns the films shown at `since` or later, oldest first.

    Films shown to people who opted out (whose feedback may not shape other people's picks) are left
    out. Films chosen for several people are left out too, because they say nothing about one
    person.

    wild: True for wild cards only (new or little known films shown as a trial), False for all films
        but these, None for all films.
    """
    columns = impressions.c
    shaping = profiles.shapes_others(columns.person_id)
    statement = select(*(columns[name] for name in Showing.__slots__)).where(
        columns.shown_at >= since,
        columns.delivered,
        columns.grouped.is_(False),
        columns.person_id.is_(None) | shaping,
    )
    if wild is not None:
        statement = statement.where(columns.wild.is_(wild))
    rows = await conn.execute(statement.order_by(columns.shown_at, columns.id))
    return tuple(Showing(*row) for row in rows)


async def wild_counts(conn: AsyncConnection, since: datetime) -> dict[int, int]:
    """Returns how often each film was shown as a wild card at `since` or later, by film id.

    A wild card is a new or little known film that is shown to find out whether people like it.
    """
    rows = await conn.execute(
        select(impressions.c.film_id, func.count())
        .where(impressions.c.wild.is_(True), impressions.c.delivered)
        .where(impressions.c.shown_at >= since)
        .group_by(impressions.c.film_id)
    )
    return {row[0]: row[1] for row in rows}


async def moods_asked(
    conn: AsyncConnection, person_id: int, since: datetime, daypart: str | None
) -> dict[str, int]:
    """Returns how often the person asked for films of each mood at `since` or later, by the mood.

    daypart: only requests at this part of the day, such as "evening"; None for all requests.
    """
    asked = {"person": person_id, "since": since}
    if daypart is None:
        rows = await conn.execute(_MOODS_ASKED, asked)
    else:
        rows = await conn.execute(_MOODS_ASKED_THEN, asked | {"daypart": daypart})
    return {row[0]: row[1] for row in rows}


async def of_message(conn: AsyncConnection, message_id: int) -> tuple[Impression, ...]:
    """Returns the films that a message showed, its main film first."""
    rows = await conn.execute(
        select(impressions)
        .where(impressions.c.message_id == message_id)
        .order_by(impressions.c.position, impressions.c.id)
    )
    return tuple(Impression(**row._mapping) for row in rows)
