"""Acts: each time somebody says what a film was to them, and which of these still stand.

`rating_events` is the log: every act in the order in which we heard of it, never changed.
`standing_acts` is what the log comes to: the acts that were not withdrawn. An act is known by
person, film, source, message and emoji; a statement by button, command, quiz or import has no
message, so a newer one of the same source takes its place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy import insert as plain_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database.upsert import insert
from storage.people import profiles
from storage.schema import people as everybody
from storage.schema import rating_events, standing_acts

Source = Literal["reaction", "button", "command", "quiz", "import"]
Origin = Literal["live", "reconciled"]

_SKIN_TONES = range(0x1F3FB, 0x1F3FF + 1)
_EMOJI_STYLE = "\ufe0f"  # variation selector 16: "draw it in colour"
_KEY = ("person_id", "film_id", "source", "message_id", "emoji")


@dataclass(frozen=True, slots=True)
class RatingEvent:
    """What identifies an act. `message_id` 0 and `emoji` "" where it is no reaction."""

    person_id: int
    film_id: int
    source: Source
    message_id: int = 0
    emoji: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """An act that stands; `stars` None is a reaction, or the statement "no rating"."""

    act: RatingEvent
    event_id: int
    guild_id: int | None
    stars: float | None
    at: datetime
    frozen_at: datetime | None


def reaction(person_id: int, film_id: int, message_id: int, emoji: str) -> RatingEvent:
    """The act of reacting; the emoji with and without a variation selector is the same one."""
    return RatingEvent(person_id, film_id, "reaction", message_id, emoji.replace(_EMOJI_STYLE, ""))


def normalise_emoji(emoji: str) -> str:
    """The emoji without skin tone (U+1F3FB to U+1F3FF) and without variation selector (U+FE0F)."""
    kept = (sign for sign in emoji if sign != _EMOJI_STYLE and ord(sign) not in _SKIN_TONES)
    return "".join(kept)


async def stand(
    conn: AsyncConnection,
    act: RatingEvent,
    *,
    at: datetime,
    raw_emoji: str | None = None,
    stars: float | None = None,
    guild_id: int | None = None,
    origin: Origin = "live",
) -> None:
    """Log the act and let it stand as the newest one of its person and film."""
    await profiles.ensure(conn, act.person_id, now=at)
    event_id = await _log(conn, act, "set", at, raw_emoji, stars, guild_id, origin)
    told = {
        "event_id": event_id,
        "guild_id": guild_id,
        "stars": stars,
        "at": at,
        "frozen_at": None,
    }
    await conn.execute(
        insert(conn, standing_acts)
        .values(asdict(act) | told)
        .on_conflict_do_update(index_elements=_KEY, set_=told)
    )


async def withdraw(
    conn: AsyncConnection,
    act: RatingEvent,
    *,
    at: datetime,
    raw_emoji: str | None = None,
    origin: Origin = "live",
) -> bool:
    """Log that the act was taken back, and drop it; False where it did not stand."""
    gone = await conn.execute(delete(standing_acts).where(*_is(act)))
    if gone.rowcount == 0:
        return False
    await _log(conn, act, "withdraw", at, raw_emoji, None, None, origin)
    return True


async def freeze(conn: AsyncConnection, act: RatingEvent, *, at: datetime) -> None:
    """Let a standing reaction count on though Discord shows it no longer."""
    await _log(conn, act, "freeze", at, act.emoji, None, None, "live")
    await conn.execute(update(standing_acts).where(*_is(act)).values(frozen_at=at))


async def find(conn: AsyncConnection, act: RatingEvent) -> Standing | None:
    """The act as it stands, or None."""
    found = await _standing(conn, *_is(act))
    return found[0] if found else None


async def on_message(conn: AsyncConnection, message_id: int) -> tuple[Standing, ...]:
    """The reactions that stand on a message, the frozen ones included, oldest first."""
    return await _standing(
        conn, standing_acts.c.message_id == message_id, standing_acts.c.source == "reaction"
    )


async def on_film(conn: AsyncConnection, person_id: int, film_id: int) -> tuple[Standing, ...]:
    """What stands of a person's acts on a film, oldest first."""
    return await _standing(
        conn, standing_acts.c.person_id == person_id, standing_acts.c.film_id == film_id
    )


async def made_since(
    conn: AsyncConnection, since: datetime, films: Sequence[int] | None = None
) -> tuple[Standing, ...]:
    """What stands of the reactions, buttons and commands made at `since` or later, in the order of
    acts, by people who may shape what others are shown; on these films only where they are given.
    The quiz and imports are left out: their times are no times of watching."""
    shaping = select(everybody.c.id).where(everybody.c.shapes_others)
    where = [
        standing_acts.c.at >= since,
        standing_acts.c.source.in_(("reaction", "button", "command")),
        standing_acts.c.person_id.in_(shaping),
    ]
    if films is not None:
        where.append(standing_acts.c.film_id.in_(films))
    return await _standing(conn, *where)


async def withdrawn_since(
    conn: AsyncConnection, message_id: int, since: datetime
) -> frozenset[RatingEvent]:
    """The reactions on a message that were taken back after `since`."""
    rows = await conn.execute(
        select(rating_events.c.person_id, rating_events.c.film_id, rating_events.c.emoji).where(
            rating_events.c.message_id == message_id,
            rating_events.c.action == "withdraw",
            rating_events.c.at > since,
        )
    )
    return frozenset(reaction(row.person_id, row.film_id, message_id, row.emoji) for row in rows)


async def lift_live(conn: AsyncConnection, person_id: int, film_id: int, after: int) -> None:
    """Let what we heard live after event `after` stand as newer than anything else, in its order:
    an act that a listing told us of meanwhile was done before."""
    for one in await on_film(conn, person_id, film_id):
        if one.event_id <= after or one.frozen_at is not None:
            continue
        if await origin(conn, one.event_id) == "live":
            await stand(
                conn,
                one.act,
                at=one.at,
                raw_emoji=one.act.emoji or None,
                stars=one.stars,
                guild_id=one.guild_id,
            )


async def origin(conn: AsyncConnection, event_id: int) -> str:
    """How we heard of an event: "live" or "reconciled"."""
    found = await conn.execute(select(rating_events.c.origin).where(rating_events.c.id == event_id))
    return str(found.scalar_one())


async def newest_event(conn: AsyncConnection) -> int:
    """The id of the newest event, 0 before the first."""
    found = await conn.execute(select(func.max(rating_events.c.id)))
    return int(found.scalar_one() or 0)


def deciding(
    found: Sequence[Standing], scale: Mapping[str, float]
) -> tuple[Standing, float] | None:
    """The act that makes the rating, and its stars; None where there is no rating.

    `found` is what stands of one person's acts on one film, oldest first; `scale` maps emoji to
    stars. The newest act with something to say decides: a reaction outside the scale says
    nothing, a statement without stars says "no rating".
    """
    values = {normalise_emoji(emoji): stars for emoji, stars in scale.items()}
    for standing in reversed(found):
        if standing.act.source != "reaction":
            return None if standing.stars is None else (standing, standing.stars)
        stars = values.get(normalise_emoji(standing.act.emoji))
        if stars is not None:
            return standing, stars
    return None


async def _log(
    conn: AsyncConnection,
    act: RatingEvent,
    action: Literal["set", "withdraw", "freeze"],
    at: datetime,
    raw_emoji: str | None,
    stars: float | None,
    guild_id: int | None,
    origin: Origin,
) -> int:
    result = await conn.execute(
        plain_insert(rating_events)
        .values(
            person_id=act.person_id,
            film_id=act.film_id,
            source=act.source,
            action=action,
            message_id=act.message_id or None,
            guild_id=guild_id,
            emoji=raw_emoji,
            stars=stars,
            at=at,
            origin=origin,
        )
        .returning(rating_events.c.id)
    )
    event_id: int = result.scalar_one()
    return event_id


async def _standing(conn: AsyncConnection, *where: ColumnElement[bool]) -> tuple[Standing, ...]:
    rows = await conn.execute(
        select(standing_acts).where(*where).order_by(standing_acts.c.event_id)
    )
    return tuple(
        Standing(
            RatingEvent(row.person_id, row.film_id, row.source, row.message_id, row.emoji),
            row.event_id,
            row.guild_id,
            row.stars,
            row.at,
            row.frozen_at,
        )
        for row in rows
    )


def _is(act: RatingEvent) -> list[ColumnElement[bool]]:
    return [standing_acts.c[name] == value for name, value in asdict(act).items()]
