"""Scheduled posts in the playground.

Each slot is posted once, even at daylight-saving changes and after an outage. Posts can be
previewed, paused and made less frequent. The themes and the digest show what they promise.
"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.errors import Sorry
from bot.playground import Person
from bot.playground.testing import Refused, buttons_of, selects_of, text_of
from bot.services.posts import post
from bot.services.posts.claims import DuePost
from bot.services.posts.slots import NO_SPREAD, next_slot, slots
from bot.services.posts.wishes import parse_days
from bot.wording.posts.setup import preview_button
from storage.feedback import ratings
from storage.people import profiles
from storage.servers import guilds, schedules
from storage.servers.schedules import Schedule
from tests.bot.fitted import nobody
from tests.clock import ZONE, at, days_until
from tests.house import FEW_FILMS, House, running, until

pytestmark = pytest.mark.clock


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with running(tmp_path, max_films=FEW_FILMS) as house:
        yield house


@pytest.fixture
async def mira(house: House) -> AsyncIterator[Person]:
    async with house.member("mira") as person:
        yield person


def a_schedule(post_time: str, days: str = schedules.EVERY_DAY) -> Schedule:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    return Schedule(
        id=1, guild_id=2, channel_id=3, theme="auto", staff_id=None, language=None,
        post_time=post_time, days=days, paused=False, disabled_reason=None, manager_id=None,
        next_at=None, created_at=now, updated_at=now,
    )  # fmt: skip


# Slots, without Discord --------------------------------------------------------------------------


@pytest.mark.parametrize("post_time", ["00:00", "01:30", "02:30", "19:00", "23:59"])
@pytest.mark.parametrize(
    "zone", ["Europe/Paris", "America/New_York", "Australia/Lord_Howe", "America/Havana", "UTC"]
)
def test_each_local_day_of_a_year_has_one_slot(zone: str, post_time: str) -> None:
    """This holds even if a change of the clock skips midnight or is half an hour."""
    place, daily = ZoneInfo(zone), a_schedule(post_time)
    found = []
    at = datetime(2026, 1, 1, 12, tzinfo=UTC)
    while at < datetime(2027, 1, 1, 12, tzinfo=UTC):
        at = next_slot(daily, place, NO_SPREAD, at)
        found.append(at)
    assert all(later - one > timedelta(hours=22) for one, later in pairwise(found))
    local = [one.astimezone(place) for one in found]
    dates = [one.date() for one in local]
    assert dates == sorted(set(dates)), "no local day twice"
    assert (dates[-1] - dates[0]).days == len(dates) - 1, "and none is missing"
    moved = [one for one in local if f"{one:%H:%M}" != post_time]
    assert len(moved) <= 1, "at most the day of the gap"
    assert all(one.fold == 0 for one in local if f"{one:%H:%M}" == post_time)


def test_only_the_chosen_days() -> None:
    twice_a_week, place = a_schedule("19:00", "14"), ZoneInfo("Asia/Tokyo")
    first = datetime(2026, 3, 2, tzinfo=UTC).date()
    found = slots(twice_a_week, place, NO_SPREAD, first, first + timedelta(days=13))
    assert [day.weekday() for day, _ in found] == [1, 4, 1, 4]


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("daily", "0123456"), ("Weekends", "56"), ("mon, thu", "03"), ("Mon-Fri", "01234"),
        ("fri - mon", "0456"), ("Tuesdays and Saturdays", "15"), ("sun", "6"), ("tue wed", "12"),
        ("weekdays, sun", "012346"),
    ],
)  # fmt: skip
def test_days_as_people_type_them(typed: str, days: str) -> None:
    assert parse_days(typed) == days


@pytest.mark.parametrize("typed", ["", "never", "m", "8", "mon-xyz", ", ,"])
def test_text_without_days_is_refused(typed: str) -> None:
    with pytest.raises(Sorry, match=r"no-days-typed|no-such-days"):
        parse_days(typed)


# Over the wire -----------------------------------------------------------------------------------


def day(number: int) -> str:
    """Returns the local date some days after that of NOW, as it is stored."""
    return at(number).astimezone(ZoneInfo(ZONE)).date().isoformat()


async def outcomes(house: House) -> list[tuple[str, str]]:
    return house.rows(
        "select local_date, outcome from posts join schedules on schedules.id = schedule_id"
        " where theme != 'digest' and outcome is not null order by local_date"
    )


async def test_setting_up_previewing_pausing_and_removing(house: House, mira: Person) -> None:
    lounge = mira.channel("lounge")
    saved = await mira.command(
        "films", "setup post", channel=lounge, time="7pm", days="mon-fri", zone="Europe/Paris"
    )
    assert "on Monday, Tuesday, Wednesday, Thursday, and Friday at 7:00 PM" in saved.text
    preview = await mira.click(saved.message, preview_button())
    assert "Why?" in buttons_of(preview.message or {})
    assert house.rows("select count(*) from impressions") == [(0,)], "a preview leaves no trace"
    fewer = await mira.click(saved.message, "Three posts a week")
    assert "Tuesday, Friday, and Sunday" in fewer.text
    fewer = await mira.click(fewer.message, "Fridays only")
    assert "on Friday at 7:00 PM" in fewer.text
    assert not {"Three posts a week", "Fridays only"} & buttons_of(fewer.message or {}).keys()
    paused = await mira.click(fewer.message, "Pause")
    assert "paused" in paused.text
    assert house.rows("select next_at from schedules where theme = 'auto'") == [(None,)]
    await mira.click(paused.message, "Resume")
    second = await mira.command("films", "setup post", channel=lounge, theme="wild", time="20:00")
    assert "wild card" in second.text
    shown = await mira.command("films", "setup show")
    assert shown.text.count("at 7:00 PM") == 1
    assert "Europe/Paris (it's " in shown.text
    assert len(selects_of(shown.message or {})[0]["options"]) == 3, "two posts and the digest"
    async with house.member("june") as june:
        with pytest.raises(Refused, match="gone"):  # only Mira can see it
            await june.click(second.message, "Remove")
    gone = await mira.click(second.message, "Remove")
    assert "I've removed" in gone.text
    assert house.rows("select count(*) from schedules where theme = 'wild'") == [(0,)]


async def test_a_changed_post_says_what_it_replaces_and_both_can_be_kept(
    house: House, mira: Person
) -> None:
    lounge = mira.channel("lounge")
    first = await mira.command("films", "setup post", channel=lounge, time="19:00", days="fri")
    assert "It replaces" not in first.text
    same = await mira.command("films", "setup post", channel=lounge, time="19:00")
    assert "It replaces" not in same.text, "nothing changed"
    changed = await mira.command(
        "films", "setup post", channel=lounge, time="21:00", days="sat, sun", language="korean"
    )
    before = "A shelf that suits the time of day · on Friday at 7:00 PM"
    assert f"This post replaces the one you had here before: {before}." in changed.text
    times = "select post_time, days, language from schedules where theme = 'auto' order by id"
    assert house.rows(times) == [("21:00", "56", "ko")]
    both = await mira.click(changed.message, "Keep both posts")
    assert "on Friday at 7:00 PM" in both.text
    assert house.rows(times) == [("21:00", "56", "ko"), ("19:00", "4", None)]
    ((planned,),) = house.rows("select next_at is null from schedules where post_time = '19:00'")
    assert not planned
    shown = await mira.command("films", "setup show")
    assert shown.text.count("A shelf that suits the time of day") == 2
    await mira.command("films", "setup post", channel=lounge, time="19:00", days="wed")
    assert house.rows(times) == [("21:00", "56", "ko"), ("19:00", "2", None)], "the one at seven"


async def test_a_removed_post_comes_back_as_it_was(house: House, mira: Person) -> None:
    lounge = mira.channel("lounge")
    saved = await mira.command(
        "films", "setup post", channel=lounge, theme="wild", time="20:30", days="mon, thu"
    )
    paused = await mira.click(saved.message, "Pause")
    gone = await mira.click(paused.message, "Remove")
    post = "select theme, post_time, days, channel_id, paused from schedules where theme = 'wild'"
    assert house.rows(post) == []
    undone = await mira.click(gone.message, "Undo")
    assert "paused" in undone.text
    assert house.rows(post) == [("wild", "20:30", "03", int(lounge), 1)]
    async with house.app.db.write() as conn:  # as if somebody had forged the button
        await conn.exec_driver_sql("update schedules set channel_id = 1 where theme = 'wild'")
    gone = await mira.click(undone.message, "Remove")
    refused = await mira.click(gone.message, "Undo")
    assert "I can't see the channel of that post any more" in refused.text
    assert house.rows(post) == []


async def test_a_language_of_posts_is_typed_by_name(mira: Person) -> None:
    found = await mira.autocomplete("films", "setup post", "language", "kore")
    assert [one["name"] for one in found] == ["Korean"]
    lounge = mira.channel("lounge")
    wrong = await mira.command("films", "setup post", channel=lounge, language="Koreean films")
    assert "Korean" in wrong.text


async def test_a_zone_as_people_write_it_is_shown_with_its_time(house: House, mira: Person) -> None:
    lounge = mira.channel("lounge")
    saved = await mira.command("films", "setup post", channel=lounge, time="20:00", zone="GMT+1")
    assert "Time zone: **UTC+1 (it's " in saved.text
    ((planned,),) = house.rows("select next_at from schedules where theme = 'auto'")
    assert "19:00:00" in planned, "eight in the evening is seven in UTC"
    asked = await mira.command("films", "setup post", channel=lounge, zone="IST")
    assert "“IST” could mean Asia/Kolkata" in asked.text
    assert "Europe/Dublin" in asked.text
    offered = await mira.autocomplete("films", "setup post", "zone", "india")
    assert offered[0]["value"] == "Asia/Kolkata"
    india = await mira.command("films", "setup server", zone="india")
    assert "Asia/Kolkata (it's " in india.text


async def test_missed_slots_are_noted_and_only_the_newest_comes_late(
    house: House, mira: Person
) -> None:
    house.world.clock.set(at(1))
    await mira.command("films", "setup post", channel=mira.channel("lounge"), time="19:00")
    await house._close()
    house.world.clock.set(at(7, "19:40"))
    await house._open()

    async def settled() -> bool:
        return len(await outcomes(house)) == 7

    await until(settled, "every slot is noted")
    assert [outcome for _, outcome in await outcomes(house)] == ["skipped"] * 6 + ["sent"]
    posts = [m for m in await mira.messages("lounge") if m["author"].get("bot")]
    assert len(posts) == 1
    house.world.clock.set(at(8, "20:30"))

    async def too_late() -> bool:
        return len(await outcomes(house)) == 8

    await until(too_late, "a slot more than an hour old")
    assert (await outcomes(house))[-1] == (day(8), "skipped")


async def test_a_members_favourites_need_their_consent(house: House, mira: Person) -> None:
    house.world.clock.set(at(1, "18:59"))
    guild = next(iter(house.world.guilds))
    june = next(user.id for user in house.world.people() if user.username == "june")
    lounge = mira.channel("lounge")
    options = {"channel": lounge, "theme": "staff", "time": "19:00", "member": str(june)}
    refused = await mira.command("films", "setup post", **options)
    assert "hasn't agreed" in refused.text
    films = sorted(house.app.live.served.library.films)[:6]
    now = house.app.clock()
    async with house.app.db.write() as conn:
        await profiles.show_taste(conn, june, guild, shown=True, now=now)
        for film in films:
            await ratings.state(
                conn, person_id=june, film_id=film, source="command", stars=5.0, at=now,
                scale={},
            )  # fmt: skip
    assert "favourites" in (await mira.command("films", "setup post", **options)).text
    house.world.clock.set(at(1, "19:00:30"))

    async def posted() -> bool:
        return any(m["author"].get("bot") for m in await mira.messages("lounge"))

    await until(posted, "the post")
    shown = house.rows("select film_id from impressions where surface = 'post'")
    assert {film for (film,) in shown} <= set(films)
    async with house.app.db.write() as conn:
        await profiles.show_taste(conn, june, guild, shown=False, now=now)
    house.world.clock.set(at(2, "19:00:30"))

    async def manager_knows() -> bool:
        return any(
            "stopped one of your scheduled posts" in text_of(m) for m in await mira.messages("dm")
        )

    await until(manager_knows, "the manager hears that consent is gone")


async def test_when_every_film_was_posted_the_oldest_come_again(house: House, mira: Person) -> None:
    """A language with few films reaches that point soon."""
    guild, channel = next(iter(house.world.guilds)), int(mira.channel("lounge"))
    now = house.app.clock()
    library = house.app.live.served.library.films.values()
    few = [film.id for film in library if "fa" in film.languages and film.audience != "adults"]
    async with house.app.db.write() as conn:
        await guilds.setup(conn, guild, now=now, family_safe=True)
        made = await schedules.create(
            conn, guild, theme="auto", post_time="19:00", now=now, next_at=None,
            channel_id=channel, language="fa",
        )  # fmt: skip

    async def posted() -> list[int]:
        claimed = DuePost(made, "2026-03-02", house.app.clock(), now, now)
        card = await post.compose(house.app, claimed, nobody, adult_ok=False)
        await mira.set_clock(advance=24 * 3600)
        return [line.film_id for line in (card.headline, *card.further)]

    found: list[int] = []
    while len(found) < 2 * len(few):
        found += await posted()
    first, again = found[: len(few) // 4 * 4], found[len(few) // 4 * 4 :]
    assert len(set(first)) == len(first), "nothing twice as long as there is something new"
    assert set(found) <= set(few)
    half = set(first[: len(few) // 2 + 4])
    assert set(again[:4]) <= half | (set(few) - set(first)), "then what came longest ago"


async def test_the_digest_tells_managers_and_can_be_switched_off(
    house: House, mira: Person
) -> None:
    friday = days_until(4)
    house.world.clock.set(at(friday, "18:59"))
    await mira.command("films", "setup post", channel=mira.channel("lounge"), time="19:00")
    for number in (friday, friday + 1):
        house.world.clock.set(at(number, "19:00:05"))

        async def sent(day: str = day(number)) -> bool:
            return (day, "sent") in await outcomes(house)

        await until(sent, f"the post of {day(number)}")
    house.world.clock.set(at(friday + 3, "10:00:05"))

    async def arrived() -> bool:
        return any("The week in" in text_of(m) for m in await mira.messages("dm"))

    await until(arrived, "the digest")
    (message,) = [m for m in await mira.messages("dm") if "The week in" in text_of(m)]
    assert "I sent 2 posts." in text_of(message)
    off = await mira.click(message, "No more digests")
    assert "I won't send you any more digests" in off.text
    assert house.rows("select paused from schedules where theme = 'digest'") == [(1,)]


async def test_a_clock_set_back_replans_the_slots(house: House, mira: Person) -> None:
    """The clock of the playground can go back."""
    house.world.clock.set(at(18))
    await mira.command("films", "setup post", channel=mira.channel("lounge"), time="19:00")
    house.world.clock.set(at(1))
    today = f"{at(1, '19:00'):%Y-%m-%d %H:%M}"

    def planned() -> bool:
        (found,) = house.rows("select next_at from schedules where theme = 'auto'")[0]
        return str(found).startswith(today)

    await until(planned, "the next slot is today's again")


@pytest.mark.parametrize("wrong", [60, -60], ids=["ahead", "behind"])
async def test_slots_that_a_wrong_clock_passed_are_not_counted(
    house: House, mira: Person, wrong: int
) -> None:
    """The clock is wrong by sixty days for a moment, while two posts are set up."""
    house.world.clock.set(at(0))
    for place in ("films", "lounge"):
        await mira.command("films", "setup post", channel=mira.channel(place), time="19:00")

    def planned(number: int) -> bool:
        rows = house.rows("select next_at from schedules where theme = 'auto'")
        return {str(found)[:10] for (found,) in rows} == {f"{at(number, '19:00'):%Y-%m-%d}"}

    house.world.clock.set(at(wrong))
    await until(lambda: planned(wrong), "the wrong clock is believed")
    house.world.clock.set(at(0, "13:00"))  # time went on: later than both were set up
    await until(lambda: planned(0), "the right clock is believed again")
    assert await outcomes(house) == []
