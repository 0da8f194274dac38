"""Finds stored data that mistakes of earlier versions have spoiled. It changes nothing.

It reads a database of any age. `matinee doctor` reports what was found.
`bot/services/operations/mending.py` corrects what can be corrected.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from storage.catalogue.titles import normalise_title
from storage.database.address import Address
from storage.database.inspection import inspecting, stored_value
from storage.errors import DatabaseNotReadable
from storage.schema import external_ids, films, impressions, schedules, standing_events

SINCE_KEY = "harms.since"
"""The key in `settings_kv` of the time since which these mistakes no longer spoil data."""

SEPARATED_KEY = "harms.separated"
"""The key of the time of the first import that separated films that were joined by mistake."""

MAX_LOOK = timedelta(minutes=30)
"""A person who rates a film that they were shown usually does so within this time."""

GONE = "the channel is gone"
NOBODY = "there is nobody to send it to"
_PASSING = ("internal network error", "service unavailable", "upstream", "overloaded", "<")
"""Parts of the reasons of failures that usually end by themselves. They come from Discord, or from
a server in front of Discord.
"""


@dataclass(frozen=True)
class MisreadRating:
    """A rating by the command `/rate` that the person may have meant for another film.

    Discord sent the id of the suggested film. Earlier versions took a film whose title reads like
    that id (such as "1917") instead.

    Attributes:
        person_id: who rated.
        film_id: the film that was rated.
        meant_id: the film that may have been meant; its id reads like the other film's title.
        stars: the rating.
        at: when it was made, UTC.
        is_sure: True if the person was shown the film that may be meant shortly before the rating,
            and was never shown the other film before it.
    """

    person_id: int
    film_id: int
    meant_id: int
    stars: float
    at: datetime
    is_sure: bool


@dataclass(frozen=True)
class StoppedSchedule:
    """A schedule of posts that should not have stopped: Discord's answer to a post was not final.

    Attributes:
        id: the schedule.
        guild_id: its server.
        reason: the reason that was stored when it stopped.
    """

    id: int
    guild_id: int
    reason: str


def misread_ratings(database: Address) -> tuple[MisreadRating, ...]:
    """Returns the ratings that people may have meant for another film.

    The result is empty if the database cannot be read.
    """
    try:
        return inspecting(database, lambda conn: tuple(_misread(conn, _since(conn))))
    except DatabaseNotReadable:
        return ()


def stopped_schedules(database: Address) -> tuple[StoppedSchedule, ...]:
    """Returns the schedules of posts that should not have stopped.

    The result is empty if the database cannot be read.
    """
    columns = schedules.c
    stopped = (
        select(columns.id, columns.guild_id, columns.disabled_reason, columns.manager_id)
        .add_columns(columns.updated_at)
        .where(columns.disabled_reason.is_not(None))
        .order_by(columns.id)
    )
    try:
        rows, since = inspecting(database, lambda conn: (conn.execute(stopped).all(), _since(conn)))
    except DatabaseNotReadable:
        return ()
    return tuple(
        StoppedSchedule(id_, guild_id, reason)
        for id_, guild_id, reason, manager_id, at in rows
        if _passes(reason, manager_id) and (since is None or at < since)
    )


def folded_films(database: Address) -> tuple[str, ...]:
    """Returns the titles of films that a data set may have joined with a film of a similar title.

    Earlier versions ignored the accents and other marks of all scripts, so that titles that differ
    only in these marks were equal. Importing the data set again separates such films. Films that
    the data set itself added are left out.
    """
    joined = (
        select(films.c.title, films.c.original_title, films.c.aliases)
        .where(films.c.retired_at.is_(None))
        .where(
            select(external_ids.c.film_id)
            .where(external_ids.c.film_id == films.c.id)
            .where(external_ids.c.source.not_in(("imdb", "tmdb")))
            .where(external_ids.c.source != films.c.source)
            .exists()
        )
        .order_by(films.c.id)
    )

    def read(conn: Connection) -> Sequence[tuple[str, str | None, list[str]]]:
        if stored_value(conn, SEPARATED_KEY) is not None:
            return ()
        return [(row[0], row[1], row[2]) for row in conn.execute(joined)]

    try:
        rows = inspecting(database, read)
    except DatabaseNotReadable:
        return ()
    return tuple(
        title
        for title, original, aliases in rows
        if any(map(loses_marks, filter(None, (title, original, *aliases))))
    )


def loses_marks(title: str) -> bool:
    """True if earlier versions may have taken the title for another title of the same script.

    They ignored accents and other marks (`former_key`).
    """
    split = unicodedata.normalize("NFKD", normalise_title(title))
    return any(unicodedata.category(sign)[0] == "M" for sign in split)


def _misread(conn: Connection, since: datetime | None) -> Iterator[MisreadRating]:
    owners: dict[str, set[int]] = defaultdict(set)
    ids = set()
    columns = films.c
    known = select(columns.id, columns.title, columns.original_title, columns.aliases)
    for film_id, title, original, aliases in conn.execute(
        known.where(columns.retired_at.is_(None))
    ):
        ids.add(film_id)
        for name in filter(None, (title, original, *aliases)):
            key = normalise_title(name)
            if key.isascii() and key.isdigit():
                owners[key].add(film_id)
    acts = standing_events.c
    typed = select(acts.person_id, acts.stars, acts.at).where(
        acts.source == "command", acts.stars.is_not(None)
    )
    for key, owning in owners.items():
        meant = int(key)
        if len(owning) != 1 or meant not in ids or str(meant) != key or meant in owning:
            continue
        (film_id,) = owning
        for person_id, stars, at in conn.execute(typed.where(acts.film_id == film_id)).all():
            if since is not None and at >= since:
                continue
            shown = {other: _last_shown(conn, person_id, other, at) for other in (film_id, meant)}
            is_sure = shown[film_id] is None and _just_shown(shown[meant], at)
            yield MisreadRating(person_id, film_id, meant, stars, at, is_sure)


def _last_shown(conn: Connection, person_id: int, film_id: int, until: datetime) -> datetime | None:
    """Returns when a person was last shown a film by a time; None if they were not."""
    shown = impressions.c
    last: datetime | None = conn.execute(
        select(func.max(shown.shown_at)).where(
            shown.person_id == person_id, shown.film_id == film_id, shown.shown_at <= until
        )
    ).scalar()
    return last


def _just_shown(shown_at: datetime | None, at: datetime) -> bool:
    """True if a film was shown shortly before a time.

    shown_at: when it was shown; None if it was not shown.
    at: that time.
    """
    return shown_at is not None and at - shown_at <= MAX_LOOK


def _passes(reason: str, manager_id: int | None) -> bool:
    """True if a schedule of posts stopped for a reason that can go away by itself.

    reason: the stored reason.
    manager_id: the member who set the schedule up; None if their data were erased.
    """
    return (
        reason == GONE
        or (reason == NOBODY and manager_id is not None)
        or not reason.strip()
        or any(words in reason.casefold() for words in _PASSING)
    )


def _since(conn: Connection) -> datetime | None:
    found = stored_value(conn, SINCE_KEY)
    return datetime.fromisoformat(found) if found else None
