"""Film histories from other places: what applying them changes, and that undoing leaves nothing."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from storage.catalogue.film_rows import used_films
from storage.database.engine import Database
from storage.feedback import rating_events, ratings
from storage.histories import applying, drafts, questions
from storage.histories.drafts import FilmImport, HistoryFacts
from storage.histories.planning import change_of, plan
from storage.histories.questions import NewQuestion
from storage.people import film_marks, privacy, profiles, watchlist
from storage.schema import metadata
from tests.storage.samples import ANN, BEN, GUILD, NOW, SCALE, add_films

BROUGHT = NOW + timedelta(days=1)
OLD, NEW = datetime(2019, 5, 4, tzinfo=UTC), datetime(2027, 1, 2, tzinfo=UTC)

Rows = Mapping[str, list[tuple[Any, ...]]]


async def everything(db: Database) -> Rows:
    """Returns every row of every table."""
    async with db.read() as conn:
        return {
            table.name: sorted(
                tuple(row) for row in await conn.execute(text(f'select * from "{table.name}"'))
            )
            for table in metadata.sorted_tables
        }


async def bring(
    db: Database,
    facts: Mapping[int, HistoryFacts],
    asked: tuple[NewQuestion, ...] = (),
    *,
    person: int = ANN,
    at: datetime = BROUGHT,
) -> FilmImport:
    """Returns a file that waits to be applied."""
    async with db.write() as conn:
        number = await drafts.begin(
            conn, person, source="letterboxd", file="a.zip", told={}, now=at
        )
        batch = await drafts.get(conn, number)
        assert batch is not None
        await drafts.add_films(conn, batch, facts)
        await questions.add(conn, batch, asked)
        await drafts.set_state(conn, number, "waiting")
        return batch


async def apply(db: Database, batch: FilmImport, *, steps: int | None = None) -> None:
    async with db.write() as conn:
        await applying.begin_applying(conn, batch)
    await resume(db, batch, steps=steps)


async def resume(db: Database, batch: FilmImport, *, steps: int | None = None) -> None:
    """Applies the next films; all of them unless the number of steps is given."""
    left, done = True, 0
    while left and (steps is None or done < steps):
        async with db.write() as conn:
            now = await drafts.get(conn, batch.id)
            assert now is not None
            left = await applying.join_step(conn, now) or await applying.apply_step(conn, now)
        done += 1


async def undo(db: Database, batch: FilmImport) -> None:
    left = True
    async with db.write() as conn:
        await drafts.set_state(conn, batch.id, "undoing")
    while left:
        async with db.write() as conn:
            now = await drafts.get(conn, batch.id)
            assert now is not None
            left = await applying.undo_step(conn, now, SCALE)


async def stars(db: Database, person: int = ANN) -> dict[int, tuple[float, str]]:
    async with db.read() as conn:
        return {
            row.film_id: (row.stars, row.source) for row in await ratings.of_person(conn, person)
        }


async def rate(
    db: Database, film: int, given: float | None, at: datetime, person: int = ANN
) -> None:
    async with db.write() as conn:
        await ratings.state(
            conn,
            person_id=person,
            film_id=film,
            source="command",
            stars=given,
            at=at,
            scale=SCALE,
        )


async def test_undoing_leaves_every_table_as_it_was(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "FILMS_A_STEP", 2)
    async with db.write() as conn:
        films = await add_films(conn, 12)
    one, two, three, four, five, six, *rest = films
    before_all = await everything(db)
    await rate(db, one, 3.0, NOW)
    await rate(db, two, 2.0, NOW)
    async with db.write() as conn:
        await film_marks.mark(conn, ANN, three, "seen", now=NOW)
        await film_marks.mark(conn, ANN, four, "later", now=NOW)
    first = await bring(db, {two: HistoryFacts(5.0, rated_on=NEW), five: HistoryFacts(1.5)})
    await apply(db, first)
    assert await stars(db) == {one: (3.0, "command"), two: (5.0, "import"), five: (1.5, "import")}
    before = await everything(db)
    facts = (
        {
            one: HistoryFacts(4.5, rated_on=OLD),  # the rating that was made here is newer
            two: HistoryFacts(1.0, rated_on=NEW + timedelta(days=1), wanted=True),
            three: HistoryFacts(seen=True, seen_on=OLD),
            four: HistoryFacts(wanted=True, added_on=OLD),
            five: HistoryFacts(4.0),
            six: HistoryFacts(seen=True, wanted=True, added_on=OLD, seen_on=OLD),
        }
        | {film: HistoryFacts(3.5, rated_on=OLD) for film in rest[:4]}
    )
    asked = NewQuestion(7, "Film", 1999, "", None, None, HistoryFacts(2.5, rated_on=OLD))
    second = await bring(db, facts, (asked,), at=BROUGHT + timedelta(hours=1))
    async with db.write() as conn:
        await questions.settle(conn, second.id, 7, rest[5])
    await apply(db, second)
    now = await stars(db)
    assert now[one] == (3.0, "command")
    assert now[two] == (1.0, "import")
    assert now[five] == (4.0, "import"), "the file that was brought last"
    assert now[rest[0]] == (3.5, "import")
    assert now[rest[5]] == (2.5, "import"), "the film that was chosen"
    async with db.read() as conn:
        marks = await film_marks.of_person(conn, ANN)
        kept = await watchlist.kept(conn, ANN)
    assert marks["seen"] == {three: NOW, six: OLD}
    assert set(kept) == {two, four, six}, "wanted again, though seen"
    assert kept[four] == NOW, "the mark that was there"
    await undo(db, second)
    after = await everything(db)
    assert {name: rows for name, rows in after.items() if rows != before[name]} == {}
    await undo(db, first)
    async with db.read() as conn:
        assert await drafts.of_person(conn, ANN) == ()
    assert (await stars(db))[two] == (2.0, "command")
    for name in ("films", "external_ids", "imports", "import_films"):
        assert (await everything(db))[name] == before_all[name]


async def test_a_profile_that_an_import_made_goes_with_it_unless_it_is_used(db: Database) -> None:
    async with db.write() as conn:
        one, two, *_ = await add_films(conn)
    before = await everything(db)
    batch = await bring(db, {one: HistoryFacts(4.0, rated_on=OLD)})
    await apply(db, batch)
    await undo(db, batch)
    assert await everything(db) == before
    batch = await bring(db, {one: HistoryFacts(4.0, rated_on=OLD)})
    await apply(db, batch)
    await rate(db, two, 5.0, BROUGHT)
    await undo(db, batch)
    assert await stars(db) == {two: (5.0, "command")}


async def test_applying_twice_changes_nothing(db: Database) -> None:
    async with db.write() as conn:
        one, two, three, *_ = await add_films(conn)
    facts = {
        one: HistoryFacts(4.0, rated_on=OLD),
        two: HistoryFacts(2.0, wanted=True),
        three: HistoryFacts(seen=True, wanted=True, added_on=OLD),
    }
    await apply(db, await bring(db, facts))
    before = await everything(db)
    again = await bring(db, facts, at=BROUGHT + timedelta(days=30))
    async with db.read() as conn:
        planned = await plan(conn, again, -1, 10)
    assert [one.fate for one in planned] == ["same", "same", "none"]
    await apply(db, again)
    after = await everything(db)
    assert after == before


async def test_what_was_interrupted_goes_on_where_it_stopped(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "FILMS_A_STEP", 1)
    async with db.write() as conn:
        films = await add_films(conn)
    batch = await bring(db, {film: HistoryFacts(4.0, rated_on=OLD) for film in films})
    await apply(db, batch, steps=2)
    assert len(await stars(db)) == 2
    async with db.read() as conn:
        (found,) = await drafts.unfinished(conn)
    await resume(db, found)
    assert len(await stars(db)) == len(films)
    events = (await everything(db))["rating_events"]
    assert len(events) == len(films), "nothing twice"


async def test_chosen_films_are_applied_wherever_it_was_interrupted(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "FILMS_A_STEP", 1)
    async with db.write() as conn:
        one, two, three, *_ = await add_films(conn)
    before = await everything(db)
    asked = [
        NewQuestion(at, "Film", None, "", None, None, HistoryFacts(at + 1.0, rated_on=OLD))
        for at in range(4)
    ]
    for steps in range(7):
        batch = await bring(db, {one: HistoryFacts(5.0, rated_on=NEW)}, tuple(asked))
        async with db.write() as conn:
            for place, film in enumerate((one, two, three, None)):
                await questions.settle(conn, batch.id, place, film)
        await apply(db, batch, steps=steps)
        await resume(db, batch)
        assert await stars(db) == {
            film: (given, "import") for film, given in ((one, 5.0), (two, 2.0), (three, 3.0))
        }, steps
        await undo(db, batch)
        assert await everything(db) == before


async def test_what_the_person_did_since_survives_undoing(db: Database) -> None:
    async with db.write() as conn:
        one, two, three, *_ = await add_films(conn)
    batch = await bring(
        db,
        {
            one: HistoryFacts(4.0, rated_on=OLD),
            two: HistoryFacts(seen=True),
            three: HistoryFacts(wanted=True),
        },
    )
    await apply(db, batch)
    since = BROUGHT + timedelta(hours=1)
    await rate(db, one, 1.0, since)
    async with db.write() as conn:
        await film_marks.mark(conn, ANN, two, "seen", now=since)
        await film_marks.unmark(conn, ANN, three, "later")
    await undo(db, batch)
    assert await stars(db) == {one: (1.0, "command")}
    async with db.read() as conn:
        marks = await film_marks.of_person(conn, ANN)
    assert marks["seen"] == {two: since}
    assert marks["later"] == {}


@pytest.mark.parametrize(
    ("facts", "rated_at", "fate"),
    [
        (HistoryFacts(4.0, rated_on=OLD), None, "new"),
        (HistoryFacts(4.0), None, "new"),
        (HistoryFacts(4.0, rated_on=OLD), NOW, "kept"),
        (HistoryFacts(4.0, rated_on=NEW), NOW, "changed"),
        (HistoryFacts(4.0), NOW, "kept"),
        # The same day: a day has no time, so what was made here counts.
        (HistoryFacts(4.0, rated_on=NOW.replace(hour=0, minute=0)), NOW, "kept"),
        (HistoryFacts(4.0, from_like=True), None, "new"),
        (HistoryFacts(4.0, from_like=True, rated_on=NEW), NOW, "kept"),
        (HistoryFacts(seen=True), None, "none"),
    ],
)
async def test_a_newer_rating_that_was_made_here_counts(
    db: Database, facts: HistoryFacts, rated_at: datetime | None, fate: str
) -> None:
    async with db.write() as conn:
        one, *_ = await add_films(conn)
    if rated_at is not None:
        await rate(db, one, 2.0, rated_at)
    batch = await bring(db, {one: facts})
    async with db.read() as conn:
        (planned,) = await plan(conn, batch, -1, 10)
    assert planned.fate == fate
    await apply(db, batch)
    expected = facts.stars if fate in ("new", "changed") else 2.0 if rated_at else None
    assert (await stars(db)).get(one, (None,))[0] == expected


def test_two_rows_about_a_film_are_joined() -> None:
    older = HistoryFacts(2.0, rated_on=OLD, seen=True, seen_on=NEW)
    newer = HistoryFacts(4.0, rated_on=NEW, wanted=True, added_on=OLD)
    liked = HistoryFacts(4.0, from_like=True, rated_on=NEW + timedelta(days=9))
    joined = older.joined(newer)
    assert joined == newer.joined(older)
    assert joined == HistoryFacts(4.0, False, NEW, True, NEW, True, OLD)
    assert joined.joined(liked).from_like is False, "stars say more than a like"
    assert change_of(1, HistoryFacts(), NOW, [], {}).later_at is None


async def test_what_came_from_elsewhere_is_private_until_its_person_shares_it(
    db: Database,
) -> None:
    async with db.write() as conn:
        one, two, *_ = await add_films(conn)
        await profiles.show_taste(conn, ANN, GUILD, shown=True, now=NOW)
    batch = await bring(
        db, {one: HistoryFacts(5.0, rated_on=NOW), two: HistoryFacts(wanted=True, seen=True)}
    )
    await apply(db, batch)
    since = NOW - timedelta(days=3000)

    async def seen_by_others() -> list[Any]:
        async with db.read() as conn:
            marks = await film_marks.of_person(conn, ANN, for_others=True)
            return [
                len(await ratings.snapshot(conn)),
                len(await ratings.of_person(conn, ANN, for_others=True)),
                await ratings.lovers(conn, one, GUILD, stars=4.5, limit=5),
                sum(map(len, marks.values())),
                await watchlist.kept_here(conn, GUILD),
                len(await ratings.recent(conn, since=since)),
                await ratings.first_at(conn),
                await ratings.count_since(conn, since, until=BROUGHT),
            ]

    assert await seen_by_others() == [0, 0, (), 0, {}, 0, None, 0]
    async with db.write() as conn:
        await profiles.set_shares_imports(conn, ANN, True, now=BROUGHT)
    assert await seen_by_others() == [1, 1, (ANN,), 2, {two: (ANN,)}, 0, NOW, 1]
    async with db.write() as conn:
        await profiles.set_shares_imports(conn, ANN, False, now=BROUGHT)
    assert await seen_by_others() == [0, 0, (), 0, {}, 0, None, 0]


async def test_files_that_wait_are_forgotten_and_no_others(db: Database) -> None:
    async with db.write() as conn:
        one, *_ = await add_films(conn)
    applied = await bring(db, {one: HistoryFacts(2.0)})
    await apply(db, applied)
    first = await bring(db, {one: HistoryFacts(4.0)})
    other = await bring(db, {one: HistoryFacts(4.0)}, person=BEN)
    second = await bring(db, {one: HistoryFacts(3.0)})
    async with db.write() as conn:
        assert await drafts.forget_open(conn, ANN, keep=second.id) == (first.file,)
        left = [found.id for found in await drafts.of_person(conn, ANN)]
        assert left == [applied.id, second.id]
        assert [found.id for found in await drafts.of_person(conn, BEN)] == [other.id]
        assert await drafts.films_count(conn, first.id) == 0
        assert await drafts.films_count(conn, second.id) == 1
        assert await drafts.forget_open(conn, ANN) == (second.file,)
        assert [found.id for found in await drafts.of_person(conn, ANN)] == [applied.id]


async def test_questions_are_settled_one_by_one_or_all_that_are_likely(db: Database) -> None:
    async with db.write() as conn:
        one, two, *_ = await add_films(conn)
    asked = [
        NewQuestion(at, f"Title {at}", None, "", None, one if at else None, HistoryFacts(4.0))
        for at in range(3)
    ]
    batch = await bring(db, {}, tuple(asked))
    async with db.write() as conn:
        assert await questions.open_counts(conn, batch.id) == (3, 2)
        await questions.settle(conn, batch.id, 0, None)
        await questions.settle(conn, batch.id, 1, two)
        await questions.settle_likely(conn, batch.id)
        assert await questions.open_counts(conn, batch.id) == (0, 0)
        found = await questions.listed(conn, batch.id, after=0, limit=1)
        assert [(one.asked.title, one.chosen_id) for one in found] == [("Title 1", two)]
        assert set(await questions.chosen_facts(conn, batch.id)) == {one, two}


async def test_everything_about_an_import_is_exported_and_deleted(db: Database) -> None:
    async with db.write() as conn:
        one, *_ = await add_films(conn)
    before = await everything(db)
    asked = NewQuestion(0, "Nothing", None, "", None, None, HistoryFacts(4.0))
    batch = await bring(db, {one: HistoryFacts(4.0)}, (asked,))
    async with db.read() as conn:
        exported = await privacy.export(conn, ANN)
        assert await privacy.known_since(conn) == {ANN: None}
    for name in ("imports", "import_films", "import_questions"):
        assert len(exported[name]) == 1, name
    await apply(db, batch)
    async with db.write() as conn:
        await privacy.erase(conn, ANN)
    assert await everything(db) == before


async def test_who_keeps_their_ratings_out_still_does_after_undoing(db: Database) -> None:
    async with db.write() as conn:
        one, *_ = await add_films(conn)
    batch = await bring(db, {one: HistoryFacts(4.0, rated_on=OLD)})
    await apply(db, batch)
    async with db.write() as conn:
        await profiles.set_shapes_others(conn, ANN, False, now=BROUGHT)
    await undo(db, batch)
    async with db.read() as conn:
        found = await profiles.get(conn, ANN)
    assert found is not None
    assert not found.shapes_others
    assert await stars(db) == {}


async def test_a_reaction_that_is_found_later_counts_and_the_file_is_still_undone(
    db: Database,
) -> None:
    """The bot connected again, a file was brought in, and only then was the card read."""
    async with db.write() as conn:
        one, *_ = await add_films(conn)
        before = await rating_events.newest_event_id(conn)
    batch = await bring(db, {one: HistoryFacts(2.0)})
    await apply(db, batch)
    async with db.write() as conn:
        event = rating_events.reaction_event(ANN, one, 77, "❤️")
        await rating_events.record(conn, event, at=BROUGHT, raw_emoji="❤️", origin="reconciled")
        await rating_events.renew_live_events(conn, ANN, one, before)
        await ratings.derive(conn, ANN, one, SCALE)
    assert await stars(db) == {one: (5.0, "reaction")}
    await undo(db, batch)
    async with db.read() as conn:
        left = await rating_events.standing_on_films(conn, ANN, [one])
    assert [each.event.source for each in left] == ["reaction"]


async def test_a_film_of_a_history_is_in_use(db: Database) -> None:
    """So that it is not taken out of the catalogue before the history is applied."""
    async with db.write() as conn:
        one, two, three, *_ = await add_films(conn)
    asked = NewQuestion(1, "Film", 1999, "", None, two, HistoryFacts(4.0))
    await bring(db, {one: HistoryFacts(4.0)}, (asked,))
    async with db.read() as conn:
        used = await used_films(conn)
    assert {one, two} <= used
    assert three not in used


async def test_a_film_that_an_earlier_file_rated_since_is_not_kept_for_later(db: Database) -> None:
    """So that no preview promises what the list for later would not show."""
    async with db.write() as conn:
        one, two, three, *_ = await add_films(conn)
    rated = HistoryFacts(4.0, rated_on=NEW, seen=True)
    await apply(db, await bring(db, dict.fromkeys((one, two, three), rated)))
    later = {
        one: HistoryFacts(wanted=True, added_on=OLD),
        two: HistoryFacts(wanted=True, added_on=NEW + timedelta(days=1)),
        three: HistoryFacts(4.0, rated_on=NEW, seen=True, seen_on=OLD, wanted=True, added_on=OLD),
    }
    await apply(db, second := await bring(db, later, at=BROUGHT + timedelta(hours=1)))
    async with db.read() as conn:
        assert (await drafts.applied_counts(conn, second.id))[2] == 2
        assert sorted(await watchlist.kept(conn, ANN)) == [two, three]
