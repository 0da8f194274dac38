"""What applying a film history changes for each film, before anything is changed.

A rating that was made here counts, unless the file has a later day. A file without days never
replaces a rating that was made here. Between two files with days, the later day counts. Otherwise
the file that was brought last counts. A like in place of stars counts only if there is no
rating.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.feedback.rating_events import StandingEvent, standing_on_films
from storage.histories.drafts import FilmImport, HistoryFacts, facts_of
from storage.schema import film_marks, import_films

RatingFate = Literal["none", "new", "changed", "same", "kept"]
"""What happens to a film's rating. "none": the file does not rate the film. "new": the film was not
rated. "changed": an older rating is replaced. "same": the rating is stored already. "kept": a newer
rating stays."""

_ENDING = ("seen", "declined")
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class FormerRating:
    """A rating from an earlier file.

    Attributes:
        event_id: id of its event.
        stars: its stars.
        at: its time.
    """

    event_id: int
    stars: float
    at: datetime


@dataclass(frozen=True, slots=True)
class HistoryChange:
    """What applying a file changes for one film.

    Attributes:
        film_id: the film.
        fate: what becomes of its rating.
        stars: the new rating; None for none.
        at: the time of the new rating.
        former: the rating of an earlier file that it replaces; None without one.
        seen_at: the time of a new mark "seen"; None for no such mark.
        later_at: the time of a new mark "later"; None for no such mark.
    """

    film_id: int
    fate: RatingFate
    stars: float | None
    at: datetime
    former: FormerRating | None
    seen_at: datetime | None
    later_at: datetime | None


async def plan(
    conn: AsyncConnection, batch: FilmImport, after: int, limit: int
) -> list[HistoryChange]:
    """Returns what applying an import changes for its next films, in the order of their ids.

    after: only films with a greater id.
    limit: the most films.
    """
    columns = import_films.c
    rows = await conn.execute(
        select(import_films)
        .where(columns.import_id == batch.id, columns.film_id > after)
        .order_by(columns.film_id)
        .limit(limit)
    )
    return await plan_films(conn, batch, {row.film_id: facts_of(row) for row in rows})


async def plan_films(
    conn: AsyncConnection, batch: FilmImport, facts: Mapping[int, HistoryFacts]
) -> list[HistoryChange]:
    """Returns what a file changes for some films, in their order.

    facts: what the file says, by film id.
    """
    standing: dict[int, list[StandingEvent]] = defaultdict(list)
    for one in await standing_on_films(conn, batch.person_id, list(facts)):
        standing[one.event.film_id].append(one)
    marks: dict[int, dict[str, datetime]] = defaultdict(dict)
    found = await conn.execute(
        select(film_marks.c.film_id, film_marks.c.kind, film_marks.c.at).where(
            film_marks.c.person_id == batch.person_id, film_marks.c.film_id.in_(list(facts))
        )
    )
    for film_id, kind, at in found:
        marks[film_id][kind] = at
    return [
        change_of(film_id, one, batch.at, standing[film_id], marks[film_id])
        for film_id, one in facts.items()
    ]


def change_of(
    film_id: int,
    facts: HistoryFacts,
    brought_at: datetime,
    standing: list[StandingEvent],
    marks: dict[str, datetime],
) -> HistoryChange:
    """Returns what a file changes for one film.

    facts: what the file says.
    brought_at: when the person brought the file; used where the file does not say the day.
    standing: the person's ratings of the film that nobody took back.
    marks: when they marked the film, by the kind of the mark.
    """
    ours = [one for one in standing if one.event.source != "import"]
    former = next((one for one in standing if one.event.source == "import"), None)
    fate, at = _fate(facts, brought_at, ours, former)
    stored = fate in ("new", "changed")
    replaced = None
    if stored and former is not None and former.stars is not None:
        replaced = FormerRating(former.event_id, former.stars, former.at)
    rated = stored or bool(standing)
    seen_at = facts.seen_on or brought_at
    adds_seen = facts.seen and not rated and "seen" not in marks
    return HistoryChange(
        film_id,
        fate,
        facts.stars if stored else None,
        at,
        replaced,
        seen_at if adds_seen else None,
        _later_at(facts, brought_at, standing, marks, None if fate == "kept" else at, seen_at),
    )


def _fate(
    facts: HistoryFacts,
    brought_at: datetime,
    ours: list[StandingEvent],
    former: StandingEvent | None,
) -> tuple[RatingFate, datetime]:
    """Returns what becomes of a film's rating, and the time of the file's rating."""
    at, day = facts.rated_on or brought_at, facts.rated_on
    if facts.stars is None:
        return "none", at
    if former is not None and former.stars == facts.stars and day in (None, former.at):
        return "same", at
    if facts.from_like and (ours or former is not None):
        return "kept", at
    if any(day is None or one.at >= day for one in ours):
        return "kept", at
    if former is not None and day is not None and _is_day(former.at) and former.at > day:
        return "kept", at
    return ("changed" if ours or former is not None else "new"), at


def _later_at(
    facts: HistoryFacts,
    brought_at: datetime,
    standing: list[StandingEvent],
    marks: dict[str, datetime],
    rated_at: datetime | None,
    seen_at: datetime,
) -> datetime | None:
    """Returns the time of a new mark "later"; None for no such mark.

    A film that the same file has as seen or rated can be wanted again: the mark is then newer. What
    the person did here since they wanted the film ends the mark, so it is not made. A rating from
    an earlier file ends it too, unless the same file has the film as seen or rated.
    """
    if not facts.wanted or "later" in marks:
        return None
    wanted_at = facts.added_on or brought_at
    known = facts.seen or facts.stars is not None
    ends = [one.at for one in standing if not (known and one.event.source == "import")]
    ends += [marks[kind] for kind in _ENDING if kind in marks]
    if any(end >= wanted_at for end in ends):
        return None
    same_file = [rated_at] if facts.stars is not None and rated_at is not None else []
    same_file += [seen_at] if facts.seen else []
    return max([wanted_at, *(one + _INSTANT for one in same_file)])


def _is_day(at: datetime) -> bool:
    """True if a time is a midnight UTC: only the day is known."""
    return at.time() == time()
