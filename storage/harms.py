"""Finds stored data that mistakes of earlier versions have spoiled. It changes nothing.

It reads a database of any age. `matinee doctor` reports what was found.
`bot/services/operations/mending.py` corrects what can be corrected.
"""

import json
import sqlite3
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from storage.catalogue.titles import normalise_title
from storage.database.inspection import reading

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


def misread_ratings(database: Path) -> tuple[MisreadRating, ...]:
    """Returns the ratings that people may have meant for another film.

    The result is empty if the database cannot be read.
    """
    try:
        with reading(database) as conn:
            return tuple(_misread(conn, _since(conn)))
    except sqlite3.Error:
        return ()


def stopped_schedules(database: Path) -> tuple[StoppedSchedule, ...]:
    """Returns the schedules of posts that should not have stopped.

    The result is empty if the database cannot be read.
    """
    try:
        with reading(database) as conn:
            rows = conn.execute(
                "SELECT id, guild_id, disabled_reason, manager_id, updated_at FROM schedules"
                " WHERE disabled_reason IS NOT NULL ORDER BY id"
            ).fetchall()
            since = _since(conn)
    except sqlite3.Error:
        return ()
    return tuple(
        StoppedSchedule(id_, guild_id, reason)
        for id_, guild_id, reason, manager_id, at in rows
        if _passes(reason, manager_id) and (since is None or _time(at) < since)
    )


def folded_films(database: Path) -> tuple[str, ...]:
    """Returns the titles of films that a data set may have joined with a film of a similar title.

    Earlier versions ignored the accents and other marks of all scripts, so that titles that differ
    only in these marks were equal. Importing the data set again separates such films. Films that
    the data set itself added are left out.
    """
    try:
        with reading(database) as conn:
            if _value(conn, SEPARATED_KEY) is not None:
                return ()
            rows = conn.execute(
                "SELECT DISTINCT films.title, films.original_title, films.aliases FROM films"
                " JOIN external_ids ON external_ids.film_id = films.id"
                " WHERE external_ids.source NOT IN ('imdb', 'tmdb')"
                " AND external_ids.source != films.source AND films.retired_at IS NULL"
            ).fetchall()
    except sqlite3.Error:
        return ()
    return tuple(
        title
        for title, original, aliases in rows
        if any(map(loses_marks, filter(None, (title, original, *json.loads(aliases)))))
    )


def loses_marks(title: str) -> bool:
    """True if earlier versions may have taken the title for another title of the same script.

    They ignored accents and other marks (`former_key`).
    """
    split = unicodedata.normalize("NFKD", normalise_title(title))
    return any(unicodedata.category(sign)[0] == "M" for sign in split)


def _misread(conn: sqlite3.Connection, since: datetime | None) -> Iterator[MisreadRating]:
    owners: dict[str, set[int]] = defaultdict(set)
    ids = set()
    for film_id, title, original, aliases in conn.execute(
        "SELECT id, title, original_title, aliases FROM films WHERE retired_at IS NULL"
    ):
        ids.add(film_id)
        for name in filter(None, (title, original, *json.loads(aliases))):
            key = normalise_title(name)
            if key.isascii() and key.isdigit():
                owners[key].add(film_id)
    for key, films in owners.items():
        meant = int(key)
        if len(films) != 1 or meant not in ids or str(meant) != key or meant in films:
            continue
        (film_id,) = films
        for person_id, stars, at in conn.execute(
            "SELECT person_id, stars, at FROM standing_acts"
            " WHERE film_id = ? AND source = 'command' AND stars IS NOT NULL",
            (film_id,),
        ):
            if since is not None and _time(at) >= since:
                continue
            shown = {
                other: conn.execute(
                    "SELECT max(shown_at) FROM impressions WHERE person_id = ? AND film_id = ? AND"
                    " shown_at <= ?",
                    (person_id, other, at),
                ).fetchone()[0]
                for other in (film_id, meant)
            }
            is_sure = shown[film_id] is None and _just_shown(shown[meant], at)
            yield MisreadRating(person_id, film_id, meant, stars, _time(at), is_sure)


def _just_shown(shown_at: str | None, at: str) -> bool:
    """True if a film was shown shortly before a time.

    shown_at: when it was shown; None if it was not shown.
    at: that time.
    """
    return shown_at is not None and _time(at) - _time(shown_at) <= MAX_LOOK


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


def _since(conn: sqlite3.Connection) -> datetime | None:
    found = _value(conn, SINCE_KEY)
    return datetime.fromisoformat(found) if found else None


def _value(conn: sqlite3.Connection, key: str) -> str | None:
    row = conn.execute("SELECT value FROM settings_kv WHERE key = ?", (key,)).fetchone()
    return None if row is None else str(row[0])


def _time(stored: object) -> datetime:
    return datetime.fromisoformat(str(stored)).replace(tzinfo=UTC)
