"""No query that an answer, a tick or a start waits for reads a whole table.

Every public function of `storage/` that takes a connection is called with values for its arguments,
and SQLite is asked for the plan of each statement. The plans do not depend on how many rows there
are, because nothing ever runs ANALYZE. `test_million_rows.py` tries what happens if somebody does.
A new function needs a value in `VALUES` for each argument of a new name, or a place in `SLOW`.
"""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import datetime
from functools import cache
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.schema import Table

import storage
from storage.cluster.leases import Lease
from storage.cluster.processes import Process
from storage.database.engine import Database
from storage.feedback import cards, impressions, rating_events, ratings
from storage.histories import drafts, questions
from storage.registry import ModelVersion
from storage.schema import metadata
from storage.servers import guilds, schedules
from storage.shards import Shards
from tests.storage.samples import ANN, CARD, CHANNEL, GUILD, NOW, SCALE, add_night, set_stage

pytestmark = pytest.mark.sqlite

Function = Callable[..., Awaitable[Any]]

SLOW = {
    "cluster.leases.end": "there are only a few leases",
    "cluster.processes.every": "there are only a few processes",
    "catalogue.external.merge_external": "an import reads the whole catalogue",
    "catalogue.film_rows.ids_of": "an import reads the whole catalogue",
    "catalogue.film_rows.link": "an import",
    "catalogue.imdb.listed.listed_imdb": "an import",
    "catalogue.film_rows.move_links": "an import",
    "catalogue.film_rows.retag": "an import",
    "catalogue.imdb.merge.read_matcher": "an import reads the whole catalogue",
    "catalogue.imdb.merge.merge_imdb": "happens in an import of IMDb's tables",
    "catalogue.film_rows.select_films": "its conditions are the caller's",
    "catalogue.imdb.listed.store_listed_imdb": "an import",
    "catalogue.film_rows.used_films": "an import reads every table about films",
    "catalogue.film_rows.write": "an import",
    "catalogue.films.all_films": "a start and a fit read the whole catalogue",
    "catalogue.films.merge": "an import reads the whole catalogue",
    "feedback.engagement.given_ratings": "a report for the bot's owner",
    "feedback.engagement.newcomers": "a report for the bot's owner",
    "feedback.exposures.outcomes": "a report for the bot's owner",
    "feedback.ratings.first_at": "goes by the index and stops at the first who did not opt out",
    "feedback.ratings.counts": "a report for the bot's owner",
    "feedback.ratings.rebuild": "a new scale concerns every rating",
    "feedback.scales.every": "a start reads the few scales that servers chose",
    "feedback.ratings.snapshot": "a fit reads all ratings",
    "histories.known_films.known_films": "reading a history compares it with the whole catalogue",
    "histories.drafts.unfinished": "a start looks once; imports are few",
    "people.privacy.export": "one table, exposures, has no column that is a person's id",
    "people.privacy.known_since": "a start reads everybody once, if somebody had all deleted",
    "people.privacy.erase": "one table, exposures, has no column that is a person's id",
    "retention.delete_old": "runs at night, a thousand rows at a time by their keys",
    "retention.find_old": "runs at night, in a read transaction",
    "retention.first_exposure": "runs at night, in a read transaction",
    "retention.oldest_of_newest": "runs at night, in a read transaction",
    "servers.manager_messages.waiting": "messages that could not be sent yet are few",
    "servers.guilds.known": "each time that the bot connects",
    "servers.guilds.left_by": "the servers that the bot left within a month are few",
    "servers.guilds.erase": "happens once for a server that the bot left",
    "servers.schedules.active": "every schedule that runs is what it returns",
    "servers.schedules.servers": "every server with a schedule that runs is what it returns",
    "servers.guilds.zones": "every server's zone is what it returns",
}
"""Functions that may read a whole table, each with the reason."""

SMALL_TABLES = frozenset({"model_versions", "tags"})
"""Tables whose size does not grow with people, servers or time."""

BATCH = drafts.FilmImport(1, ANN, NOW, "waiting", "plain", "a.csv", {}, 0, False)
FACTS = drafts.HistoryFacts(4.0, rated_on=NOW)
MODEL = ModelVersion("v1", "v1", "f", NOW, {})
VALUES: dict[str, Any] = {
    "action": "set",
    "adult_ok": False,
    "came": "said",
    "guests": [ANN],
    "here": [ANN],
    "night_id": 1,
    "people": [ANN],
    "said": "yes",
    "state": "done",
    "states": ["planned"],
    "step": "list",
    "voice_id": CHANNEL,
    "votes": {0: 2},
    "answer": "loved",
    "arm": "test=a",
    "at": NOW,
    "batch": BATCH,
    "burst": False,
    "card": cards.Card(
        message_id=CARD, channel_id=CHANNEL, film_id=1, surface="recommend", posted_at=NOW
    ),
    "bucket": 0,
    "channel_id": CHANNEL,
    "comparable": True,
    "day_of": datetime.date,
    "daypart": "evening",
    "emoji": "👍",
    "experiment": "test",
    "after": 1,
    "event": rating_events.RatingEvent(ANN, 1, "command"),
    "event_id": 1,
    "facts": {1: FACTS},
    "file": "a.csv",
    "film_id": 1,
    "film_ids": [1, 2],
    "films": [1, 2],
    "guild_id": GUILD,
    "holder": "process",
    "holders": ["process"],
    "lease": Lease("leader", "process", 1, NOW),
    "headline": impressions.Impression(
        id=1,
        message_id=None,
        shown_at=NOW,
        surface="post",
        film_id=1,
        position=0,
        reason="",
        model_version="v1",
    ),
    "import_id": 1,
    "impression_id": 1,
    "impression_ids": [1, 2],
    "knows_person": True,
    "items": [
        impressions.NewImpression(
            shown_at=NOW, surface="post", film_id=1, position=0, reason="", model_version="v1"
        )
    ],
    "key": "key",
    "kind": "later",
    "limit": 10,
    "local_date": "2026-03-14",
    "message_id": CARD,
    "message_ids": [CARD],
    "model": MODEL,
    "never_tags": ["gore"],
    "name": "leader",
    "near": NOW,
    "next_at": NOW,
    "now": NOW,
    "origin": "live",
    "outcome": "sent",
    "person_id": ANN,
    "place": 0,
    "prefix": "key",
    "process": Process("other", "place", Shards(0, 3, 16), 5, None, NOW, NOW),
    "post_time": "18:30",
    "question": "loved",
    "scale_id": 0,
    "steps": [("👍", 4.0)],
    "questions": [questions.NewQuestion(1, "Film", None, "", None, None, FACTS)],
    "reactions": {"👍": [ANN]},
    "reason": "because",
    "scale": SCALE,
    "reasons": ["reason"],
    "schedule_id": 1,
    "screen": 1,
    "seconds": 0.1,
    "expires_at": NOW,
    "serving": "v1",
    "shapes": False,
    "shards": Shards(0, 3, 16),
    "share": 5,
    "shares": True,
    "shown": True,
    "shown_at": NOW,
    "since": NOW,
    "source": "command",
    "stars": 4.0,
    "subject": "1",
    "subjects": ["1"],
    "theme": "auto",
    "unit": "person",
    "until": NOW,
    "unit_id": ANN,
    "text": "text",
    "told": {},
    "value": "value",
    "values": ["value"],
    "version": "v0",
}
"""Name of an argument -> its value; arguments with a default are also left out once."""
SPECIAL = {
    "feedback.scales.of_card": {
        "card": cards.Card(
            message_id=CARD,
            channel_id=CHANNEL,
            film_id=1,
            surface="post",
            posted_at=NOW,
            scale_id=1,
        )
    },
    "histories.drafts.set_state": {"state": "waiting"},
    "people.preferences.set_values": {"kind": "never"},
    "servers.slots.forget_skipped": {"after": NOW},
    "servers.nights.create": {"films": [(1, "warm")]},
    "servers.schedules.create": {"days": "0123456"},
}
"""Values that one function needs differently."""


@cache
def functions() -> dict[str, Function]:
    """Returns name -> function for every public function that takes a connection."""
    found: dict[str, Function] = {}
    for module in pkgutil.walk_packages(storage.__path__, "storage."):
        if ".migrations" in module.name:
            continue
        for name, one in vars(importlib.import_module(module.name)).items():
            if (
                inspect.iscoroutinefunction(one)
                and one.__module__ == module.name
                and not name.startswith("_")
                and "conn" in inspect.signature(one).parameters
            ):
                found[f"{module.name.removeprefix('storage.')}.{name}"] = one
    return found


def calls(name: str, schedule: schedules.Schedule) -> Iterator[tuple[list[Any], dict[str, Any]]]:
    """Yields arguments for a function twice; the second time without those that have a default."""
    parameters = inspect.signature(functions()[name]).parameters.values()
    for every in (True, False):
        positional: list[Any] = []
        named: dict[str, Any] = {}
        values = VALUES | SPECIAL.get(name, {}) | {"schedule": schedule}
        for one in parameters:
            if one.name == "conn" or one.kind is one.VAR_KEYWORD:
                continue
            if one.kind is one.VAR_POSITIONAL:
                positional += values[one.name]
            elif every or one.default is one.empty:
                if one.name not in values and one.default is not one.empty:
                    continue
                assert one.name in values, f"give the argument {one.name!r} a value in VALUES"
                if one.kind is one.KEYWORD_ONLY:
                    named[one.name] = values[one.name]
                else:
                    positional.append(values[one.name])
        yield positional, named


@contextmanager
def listening(db: Database) -> Iterator[list[tuple[str, Any]]]:
    """Yields the list of the statements, with their parameters, that the block sends."""
    sent: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, parameters: Any, ___: Any, many: bool) -> None:
        if statement.startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")):
            sent.append((statement, parameters[0] if many else parameters))

    engine = db._backend._writer.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


class Undo(Exception):
    """Ends a transaction without keeping what it wrote."""


PARTIAL = {
    index.name
    for table in metadata.sorted_tables
    for index in table.indexes
    if index.dialect_options["sqlite"]["where"] is not None
}


def is_whole(step: str) -> bool:
    """True if a step of a plan reads a table or an index from end to end.

    An index that holds only the rows of the question is no such index.
    """
    if "AUTOMATIC" in step:
        return True
    scanned = re.match(r"SCAN (\w+)(?:.* USING (?:COVERING )?INDEX (\w+))?", step)
    if scanned is None or scanned[1] in ("CONSTANT", "SUBQUERY"):
        return False
    return scanned[1] not in SMALL_TABLES and scanned[2] not in PARTIAL


async def stage(db: Database) -> schedules.Schedule:
    """Stores a few rows, so that the functions get as far as their last statement."""
    film, other = await set_stage(db)
    assert (film, other) == (1, 2)
    async with db.write() as conn:
        await guilds.setup(conn, GUILD, now=NOW)
        made = await schedules.create(
            conn, GUILD, theme="auto", post_time="18:30", now=NOW, next_at=NOW
        )
        await impressions.record(conn, VALUES["items"])
        await add_night(conn, ANN)
        await drafts.begin(conn, ANN, source="plain", file="a.csv", told={}, now=NOW)
        await drafts.add_films(conn, BATCH, {1: FACTS, 2: FACTS})
        await ratings.state(
            conn, person_id=ANN, film_id=1, source="command", stars=4.0, at=NOW, scale=SCALE
        )
        row = asdict(MODEL) | {"version": "v0", "metrics": "{}"}
        await conn.execute(metadata.tables["model_versions"].insert().values(row))
    return made


async def plans(db: Database, name: str, schedule: schedules.Schedule) -> list[tuple[str, str]]:
    """Returns (step of a plan, statement) for all statements that a function sends."""
    steps: list[tuple[str, str]] = []
    for positional, named in calls(name, schedule):
        with suppress(Undo):
            async with db.write() as conn:
                with listening(db) as sent:
                    await functions()[name](conn, *positional, **named)
                assert sent, f"{name} sent no statement"
                for statement, parameters in sent:
                    rows = await conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
                    steps += [(str(row[3]), statement) for row in rows]
                raise Undo
    return steps


async def test_no_hot_query_reads_a_whole_table(db: Database) -> None:
    schedule = await stage(db)
    whole = {
        name: found
        for name in sorted(set(functions()) - set(SLOW))
        if (found := [one for one in await plans(db, name, schedule) if is_whole(one[0])])
    }
    lines = [f"{name}: {step}: {sql}" for name in whole for step, sql in whole[name]]
    assert not whole, "\n".join(lines)


async def test_the_plans_do_not_depend_on_the_rows(db: Database) -> None:
    assert set(SLOW) <= set(functions()), "a function that is no more"
    async with db.read() as conn:
        statistics = "SELECT count(*) FROM sqlite_master WHERE name LIKE 'sqlite_stat%'"
        assert (await conn.execute(text(statistics))).scalar_one() == 0


def test_rows_that_are_deleted_are_found_from_their_parents() -> None:
    """SQLite looks for children of each row that it deletes: without an index, in all rows."""

    def led(table: Table) -> set[str]:
        leading = {next(iter(index.columns)).name for index in table.indexes}
        return leading | {next(iter(table.primary_key.columns)).name}

    lacking = [
        f"{table.name}.{key.parent.name}"
        for table in metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name not in ("films", "tags") and key.parent.name not in led(table)
    ]
    assert lacking == []
