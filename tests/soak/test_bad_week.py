"""The bad week: seven simulated days in which everything goes wrong that can go wrong at random.

    MATINEE_SOAK=1.0 pytest -m soak -s tests/soak/test_bad_week.py

A server of two hundred people has five posts a day. The bot runs in a process of its own, on a disk
of its own, with the real discord.py. People react and use commands while faults of every sort come
(`bad_days.py`, and `bad_posts.py` for those at the time of a post). The clock is moved. Each day
ends in a quiet hour, in which the bot's ratings must be Discord's. At the end, `matinee report` has
to say what the messages and reactions on Discord give (`week_figures.py`). MATINEE_SEED chooses
another week.
"""

import json
import os
import subprocess
from collections import Counter
from datetime import date, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from random import Random

import pytest

from bot.services.operations import engagement
from bot.settings import Settings
from bot.wiring import open_app
from bot.wording.speech import day as written_day
from recommender.data import MIN_PEOPLE
from tests.bot.command import matinee
from tests.disk import small_disk
from tests.house import until
from tests.soak.bad_days import KINDS
from tests.soak.bad_posts import FAILURES, SLOTS, slot
from tests.soak.bad_week import (
    FAILED,
    QUIET_SECONDS,
    START,
    STOPPED,
    TIMES,
    Week,
    advance,
    bad_week,
)
from tests.soak.process import SCALE, scaled
from tests.soak.week_figures import figures

pytestmark = pytest.mark.soak

SEED = int(os.environ.get("MATINEE_SEED") or 16)
DAYS = 7 if SCALE > 0.2 else 1
FAULTS = scaled(320, at_least=32)
DISK_BYTES = 96 << 20


def drawn(names: list[str], count: int, rng: Random) -> list[str]:
    """Returns `count` names in random order, each as often as the others."""
    names = rng.sample(names, len(names))
    return rng.sample(found := list(islice(cycle(names), count)), len(found))


async def test_the_bad_week(tmp_path: Path) -> None:
    print(f"\nseed {SEED}, {DAYS} days")
    rng = Random(SEED)
    with small_disk(tmp_path / "data", DISK_BYTES) as mounted:
        kinds = [name for name in KINDS if mounted or name != "disk full"]
        at_slots = [name for name in SLOTS if mounted or name != "post: disk full"]
        slots = iter(drawn(at_slots, DAYS * len(TIMES), rng))
        others = drawn(kinds, FAULTS - DAYS * len(TIMES), rng)
        per_slot = -(-len(others) // (DAYS * len(TIMES)))
        async with bad_week(tmp_path, SEED) as week:
            try:
                for day in range(DAYS):
                    for time in TIMES:
                        hour, minute = map(int, time.split(":"))
                        at = START.replace(hour=hour, minute=minute) + timedelta(days=day)
                        now, others = others[:per_slot], others[per_slot:]
                        await _until_slot(week, at, now)
                        await slot(week, at, week.places[time], next(slots))
                        week.react(10)
                    await week.erase()
                    advance(week, START + timedelta(days=day, hours=22))
                    await week.assert_ratings(day)
                    _assert_erased(week)
            except BaseException:
                print("\n".join(week.journal[-12:]), week.bot.rows("select * from schedules"))
                raise
            finally:
                _report(week)
            _assert_told(week)
            await _all_found(week)
            await week.bot.end()
            await _assert_report(week, tmp_path)
            _assert_erased(week)
            assert [x for x in week.bot.errors() if "CRITICAL" in x or "never" in x] == []


async def _until_slot(week: Week, at: datetime, names: list[str]) -> None:
    """Lets faults come one after the other until a slot."""
    begin = week.world.clock.now()
    for number, name in enumerate(names, 1):
        week.note(name)
        await KINDS[name](week)
        await week.none_on_its_way()
        advance(week, begin + (at - timedelta(minutes=5) - begin) * number / len(names))
    week.local.faults.clear()
    await week.back()


def _assert_erased(week: Week) -> None:
    """Asserts that nobody who was erased is found in a file of the data folder or in the log."""
    for user in sorted(week.erased):
        name = week.world.users[user].username
        forms = [str(user).encode(), name.encode(), user.to_bytes(8, "big")]
        for path in (week.bot.log, *sorted(week.bot.data.rglob("*"))):
            if path.is_file():
                content = subprocess.run(["cat", path], capture_output=True, check=True).stdout
                found = [form for form in forms if form in content]
                assert not found, f"{name} ({user}) is found in {path.name}: {found}"


async def _all_found(week: Week) -> None:
    """Waits until the bot knows of every answer whether it came."""
    unsure = "select count(*) from impressions where message_id is null and delivered"
    unsure += " and not private"
    advance(week, week.world.clock.now() + timedelta(hours=2))
    await until(lambda: week.bot.rows(unsure) == [(0,)], "it is known what came", QUIET_SECONDS)


async def _assert_report(week: Week, folder: Path) -> None:
    """Asserts that `matinee report` says what happened, and `/status` too."""
    wanted = figures(week)
    ended = matinee(folder, "report", "--weeks", "520", "--json", "report.json")
    assert ended.code == 0, ended.err
    found = json.loads((folder / "report.json").read_text("utf-8"))
    print(ended.out, wanted)
    total = found["picks"]["total"]["total"]
    assert {"picks", "rated"} <= total.keys()
    assert total == {name: wanted.picks[name] for name in total}
    weeks = {row: counts for row, counts in found["picks"]["week"].items() if row != "rest"}
    for monday, counts in weeks.items():
        assert counts == {name: wanted.by_week[monday][name] for name in counts}
    people = found["newcomers"]["total"]["total"]  # some columns are left out
    between = {
        "came": (wanted.least_came, wanted.most_came),
        "got a pick": (wanted.got_a_pick, wanted.got_a_pick),
        "rated": (wanted.rated, wanted.rated),
        "back 1 d": (wanted.least_back, wanted.most_back),
    }
    assert between.keys() & people.keys()
    for name in between.keys() & people.keys():
        assert between[name][0] <= people[name] <= between[name][1], name
    the_end = START + engagement.HEART_SPAN  # the clock may have gone on a little further
    async with open_app(Settings(data=week.bot.data), lambda: the_end) as app:
        first, back, well = await engagement.heart_notes(app)
    assert first.data["count"] == wanted.rated
    assert well.data["count"] == wanted.picks["rated well"]
    came_back = back.data["count"]
    if came_back is None:  # one or two people
        assert wanted.least_back < MIN_PEOPLE
    else:
        assert wanted.least_back <= came_back <= wanted.most_back


def _assert_told(week: Week) -> None:
    """Asserts that the manager got one message for each stop, and for each failure that is new."""
    told = week.told()
    stops = Counter(found[1] for text in told if (found := STOPPED.search(text)))
    assert stops == week.stops
    failures = Counter((x[1], x[2]) for text in told if (x := FAILED.search(text)))
    rows = week.bot.rows(
        "select channel_id, local_date, outcome from posts join schedules"
        " on schedules.id = schedule_id where channel_id is not null"
        " order by channel_id, local_date"
    )
    names = {channel.id: channel.name for channel in week.places.values()}
    wanted: Counter[tuple[str, str]] = Counter()
    before: dict[int, str] = {}
    for channel, day, outcome in rows:
        if outcome in FAILURES and before.get(channel) not in FAILURES:
            wanted[(names[channel], written_day(date.fromisoformat(day)))] += 1
        before[channel] = outcome
    assert failures == wanted
    stopped = "select channel_id, disabled_reason from schedules where disabled_reason is not null"
    assert week.bot.rows(stopped) == []


def _report(week: Week) -> None:
    rows = week.bot.rows("select outcome, count(*) from posts group by 1")
    print(f"{week.faults.total()} faults; posts {dict(rows)}; {len(week.erased)} erased;", end=" ")
    print(f"requests and connections met: {week.local.faults.met}; commands {week.commands}")
    for name, count in sorted(week.faults.items()):
        print(f"  {count:4}  {name}")
