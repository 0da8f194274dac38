"""What people chose about their picks: one row for each person, kind and value.

A preference that the person never chose has no row, so its default applies. The kinds and their
values:

- zone: one IANA time zone.
- dial: how adventurous the picks may be, in words such as "deep cuts", which
  `bot/services/picks/facts.py` lists.
- clock: "off" if the picks do not depend on the time of day and the weekday.
- quiet: "on" if the bot must not ask about one more film after it recommends films.
- language: the code of the language in which private messages are, such as "en".
- never: genres that are never shown.
- never_tag: slugs of tags; films with any of them are never shown.
- when: parts of the day in which the person usually watches.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import bindparam, delete, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database.code_order import CodeOrder
from storage.people import profiles
from storage.schema import preferences

PreferenceKind = Literal["zone", "dial", "clock", "quiet", "language", "never", "never_tag", "when"]

# Choosing one of these counts as an answer in the quiz; choosing the dial does not.
_ANSWER_KINDS: frozenset[PreferenceKind] = frozenset({"zone", "never", "when"})


@dataclass(frozen=True, slots=True)
class Preferences:
    """What one person chose about their picks.

    Attributes:
        zone: IANA name of the time zone; None if the person chose none.
        dial: how adventurous the picks may be, in words; None if the person never chose.
        by_clock: True if the picks depend on the time of day and the weekday.
        quiet: True if the bot must not ask about one more film after it recommends films.
        never: genres that are never shown, in the order of choosing.
        when: parts of the day in which the person usually watches, in the order of choosing.
        answered_at: when the person last chose a zone, a genre or a part of the day; choices that
            they have removed do not count. UTC; None if there is no such choice.
        never_tags: slugs of tags, in the order of choosing. Films with any of them are never shown.
        language: the code of the language of private messages; None for that of the person's
            Discord.
    """

    zone: str | None = None
    dial: str | None = None
    by_clock: bool = True
    quiet: bool = False
    never: tuple[str, ...] = ()
    when: tuple[str, ...] = ()
    answered_at: datetime | None = None
    never_tags: tuple[str, ...] = ()
    language: str | None = None


# Built once, because building a statement takes longer than running it.
_OF_PERSON = (
    select(preferences.c.kind, preferences.c.value, preferences.c.at)
    .where(preferences.c.person_id == bindparam("person"))
    .order_by(preferences.c.at, CodeOrder(preferences.c.kind), CodeOrder(preferences.c.value))
)


async def of_person(conn: AsyncConnection, person_id: int) -> Preferences:
    """Returns what the person chose. Anything that they did not choose has its default."""
    values: dict[PreferenceKind, list[str]] = {}
    answered_at = None
    for kind, value, at in await conn.execute(_OF_PERSON, {"person": person_id}):
        values.setdefault(kind, []).append(value)
        if kind in _ANSWER_KINDS:
            answered_at = at
    return Preferences(
        zone=values.get("zone", [None])[-1],
        dial=values.get("dial", [None])[-1],
        by_clock="off" not in values.get("clock", ()),
        quiet="on" in values.get("quiet", ()),
        language=values.get("language", [None])[-1],
        never=tuple(values.get("never", ())),
        when=tuple(values.get("when", ())),
        answered_at=answered_at,
        never_tags=tuple(values.get("never_tag", ())),
    )


async def languages(conn: AsyncConnection) -> dict[int, str]:
    """Returns the code of the language of private messages, for everybody who chose one, by id."""
    chosen = select(preferences.c.person_id, preferences.c.value)
    rows = await conn.execute(chosen.where(preferences.c.kind == text("'language'")))
    return {int(row.person_id): str(row.value) for row in rows}


async def set_values(
    conn: AsyncConnection,
    person_id: int,
    kind: PreferenceKind,
    values: Collection[str],
    *,
    now: datetime,
) -> None:
    """Store `values` as everything that the person chose for this kind of preference.

    Values that were stored before and are not in `values` are deleted. Without values, the default
    applies again. A value that was stored before keeps its time. The caller checks that the values
    are valid.
    """
    same_kind = (preferences.c.person_id == person_id, preferences.c.kind == kind)
    rows = await conn.execute(select(preferences.c.value).where(*same_kind))
    before = set(rows.scalars())
    dropped = sorted(before - set(values))
    if dropped:
        await conn.execute(delete(preferences).where(*same_kind, preferences.c.value.in_(dropped)))
    added = sorted(set(values) - before)
    if added:
        await profiles.ensure(conn, person_id, now=now)
        row = {"person_id": person_id, "kind": kind, "at": now}
        await conn.execute(insert(preferences), [row | {"value": value} for value in added])
