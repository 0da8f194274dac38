"""`matinee report` and its lines in `/status`, on a history of ten people counted by hand."""

import csv
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.services.app import App
from bot.services.notes import note
from bot.services.operations import engagement
from bot.settings import Settings
from bot.wiring import open_app
from recommender.engagement.figures import CountTable, median_wait
from recommender.engagement.suppression import REST, TOTAL
from storage.feedback import card_events, impressions, rating_events
from storage.feedback.impressions import NewImpression
from storage.people import film_marks, profiles
from tests.bot.command import matinee
from tests.house import FEWEST_FILMS, stocked

TUESDAY = datetime(2026, 3, 3, 19, tzinfo=UTC)
NEXT_TUESDAY = TUESDAY + timedelta(days=7)
FRIDAY = TUESDAY + timedelta(days=10)
FIRST_WEEK, SECOND_WEEK = "2026-03-02", "2026-03-09"
HERE, THERE = 700, 800
ARM = "bold=on"
CARD = 9000
MINUTES_TO_A_RATING = {1: 10, 2: 20, 3: 60}
OPTED_OUT, ELEVENTH = 10, 11


async def shown(
    app: App, person: int, film: int, server: int, at: datetime, arm: str | None = None
) -> None:
    """Shows somebody a film, on the card `CARD` + their number."""
    one = NewImpression(
        shown_at=at, surface="recommend", film_id=film, position=0, reason="", model_version="v",
        person_id=person, guild_id=server, arm=arm,
    )  # fmt: skip
    async with app.db.write() as conn:
        ids = await impressions.record(conn, [one])
        await impressions.attach(conn, ids, message_id=CARD + person)


async def did(app: App, person: int, film: int, kind: str, at: datetime) -> None:
    """Lets somebody press a button of their card, or react to it with ❤️."""
    async with app.db.write() as conn:
        if kind == "❤️":
            event = rating_events.reaction_event(person, film, CARD + person, kind)
            await rating_events.record(conn, event, at=at, raw_emoji=kind)
        else:
            assert kind in ("later", "refused")
            mark = "later" if kind == "later" else "declined"
            await film_marks.mark(conn, person, film, mark, now=at)
            await card_events.record(conn, person, film, kind, message_id=CARD + person, now=at)


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    """Six people come in the first week, here and on the arm; three in the second, there.

    Three of the six love their first film and come back after eight days, and three keep it for
    later. The three in the second week refuse theirs. A tenth person, who opted out, counts in
    nothing.
    """
    settings = Settings(data=tmp_path / "data")
    await stocked(settings.database, FEWEST_FILMS)
    async with open_app(settings, lambda: FRIDAY) as found:
        for person in range(1, 7):
            await shown(found, person, 1, HERE, TUESDAY, ARM)
            minutes = MINUTES_TO_A_RATING.get(person)
            what = "later" if minutes is None else "❤️"
            await did(found, person, 1, what, TUESDAY + timedelta(minutes=minutes or 5))
            if minutes is not None:
                await shown(found, person, 2, HERE, TUESDAY + timedelta(days=8), ARM)
        for person in (7, 8, 9):
            await shown(found, person, 3, THERE, NEXT_TUESDAY)
            await did(found, person, 3, "refused", NEXT_TUESDAY + timedelta(minutes=1))
        await shown(found, OPTED_OUT, 1, HERE, TUESDAY, ARM)
        await did(found, OPTED_OUT, 1, "❤️", TUESDAY + timedelta(minutes=1))
        async with found.db.write() as conn:
            await profiles.set_shapes_others(conn, OPTED_OUT, False, now=TUESDAY)
        yield found


def counts(tables: tuple[CountTable, ...], family: str, by: str | None) -> dict:
    """Returns the counts of each row of a table, without those that are 0."""
    (table,) = (one for one in tables if (one.family, one.breakdown) == (family, by))
    return {
        row.name: {
            name: count
            for name, count in zip(table.columns, row.counts, strict=True)
            if count
        }
        for row in table.rows
    }  # fmt: skip


async def test_the_report_on_ten_people(app: App) -> None:
    tables = await engagement.report(app, engagement.start_of(FRIDAY, 2))
    early = {"came": 6, "got a pick": 6, "rated": 3, "back 1 d": 3, "back 7 d": 3}
    late = {"came": 3, "got a pick": 3}
    everybody = early | {"came": 9, "got a pick": 9}
    assert counts(tables, "newcomers", None) == {TOTAL: everybody}
    assert counts(tables, "newcomers", "week") == {FIRST_WEEK: early, SECOND_WEEK: late}
    assert counts(tables, "newcomers", "server") == {str(HERE): early, str(THERE): late}
    assert counts(tables, "newcomers", "arm") == {ARM: early, "none": late}
    first, second = (
        {"picks": 6, "kept": 3, "rated": 3, "rated well": 3, "loved": 3},
        {"picks": 6, "refused": 3},
    )
    assert counts(tables, "picks", None) == {TOTAL: first | second | {"picks": 12}}
    assert counts(tables, "picks", "week") == {FIRST_WEEK: first, SECOND_WEEK: second}
    assert counts(tables, "picks", "server") == {
        str(HERE): first | {"picks": 9}, str(THERE): {"picks": 3, "refused": 3}
    }  # fmt: skip
    found = {"discovered": 1, "loved": 1}
    assert counts(tables, "long tail", "week") == {FIRST_WEEK: found}
    newcomers = next(one for one in tables if (one.family, one.breakdown) == ("newcomers", "week"))
    assert [median_wait(row, 0) for row in newcomers.rows] == [0, 0]
    assert [median_wait(row, 1) for row in newcomers.rows] == [20 * 60, None]


async def test_one_more_rating_hides_the_servers(app: App) -> None:
    """One person there who rates would follow from the number in all and the one here."""
    await shown(app, ELEVENTH, 1, THERE, TUESDAY)
    await did(app, ELEVENTH, 1, "❤️", TUESDAY + timedelta(minutes=1))
    tables = await engagement.report(app, engagement.start_of(FRIDAY, 2))
    assert set(counts(tables, "picks", "server")) == {REST}
    assert counts(tables, "picks", None)[TOTAL]["rated"] == 4


async def test_the_status_has_the_heart_of_it(app: App) -> None:
    assert await engagement.heart_notes(app) == (
        note("status-first-ratings", count=0),
        note("status-came-back", count=3),
        note("status-rated-well", count=0),
    )
    await did(app, 7, 3, "❤️", NEXT_TUESDAY + timedelta(hours=1))
    assert (await engagement.heart_notes(app))[0] == note("status-first-ratings", count=None)


async def test_the_command_writes_the_same(app: App, tmp_path: Path) -> None:
    files = ("--csv", "r.csv", "--json", "r.json", "--html", "r.html")
    ended = matinee(tmp_path, "report", "--weeks", "520", *files)
    assert ended.code == 0, ended.err
    assert "Newcomers, by week" in ended.out
    figures = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert figures["newcomers"]["week"][FIRST_WEEK]["rated"] == 3
    assert figures["newcomers"]["week"][FIRST_WEEK]["seconds to a rating"] == 20 * 60
    with (tmp_path / "r.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    assert {"family": "picks", "by": "server", "row": str(THERE), "figure": "refused",
            "value": "3"} in lines  # fmt: skip
    page = (tmp_path / "r.html").read_text("utf-8")
    assert page.count("<svg") >= 10
    assert "02 Mar" in page
