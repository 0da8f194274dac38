"""An evening in the playground: quiz, card, reaction, next answer, restarts and deletion."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from bot.playground import Person
from bot.playground.testing import Outcome, buttons_of, selects_of, text_of, walk
from bot.services.feedback import reconcile
from tests.clock import at
from tests.house import House, until


@pytest.fixture
async def mira(house: House) -> AsyncIterator[Person]:
    async with house.member("mira") as person:
        yield person


@pytest.fixture
async def june(house: House) -> AsyncIterator[Person]:
    async with house.member("june") as person:
        yield person


def film_of(message: dict[str, Any] | None) -> int:
    """Returns the headline film of a card, from its buttons."""
    assert message is not None
    why = buttons_of(message)["Why?"]["custom_id"]
    return int(why.split(":")[2])


def ratings(house: House, person: Person) -> dict[int, float]:
    found = house.rows("select film_id, stars from ratings where person_id = ?", int(person.id))
    return dict(found)


async def card(person: Person, **options: Any) -> Outcome:
    outcome = await person.command("films", "recommend", **options)
    assert outcome.error is None
    assert outcome.message is not None
    return outcome


async def test_a_newcomer_is_answered_at_once_and_offered_the_quiz(
    house: House, mira: Person
) -> None:
    outcome = await card(mira)
    assert "to begin with" in outcome.text
    assert "Take the taste quiz" in buttons_of(outcome.message or {})
    assert len(selects_of(outcome.message or {})[0]["options"]) == 4
    shown = house.rows("select film_id, position, model_version from impressions order by position")
    assert [position for _, position, _ in shown] == [0, 1, 2, 3, 4]
    assert {version for *_, version in shown} == {house.app.live.served.version}


async def test_the_legend_is_seeded_in_order(house: House, mira: Person) -> None:
    message = (await card(mira)).message

    async def seeded() -> bool:
        now = await mira.message(message)
        names = [reaction["emoji"]["name"] for reaction in (now or {}).get("reactions", [])]
        return names == ["❤️", "👍", "😐", "👎"]

    await until(seeded, "four reactions")
    await until(
        lambda: house.rows("select seeded from cards") == [(1,)], "the seeding is remembered"
    )
    assert ratings(house, mira) == {}


async def test_reactions_rate_switch_and_unrate(house: House, mira: Person) -> None:
    message = (await card(mira)).message
    film = film_of(message)
    await mira.react(message, "👍")
    await until(lambda: ratings(house, mira) == {film: 4.0}, "liked")
    await mira.react(message, "👎")
    await until(lambda: ratings(house, mira) == {film: 1.5}, "the newest counts")
    await mira.unreact(message, "👎")
    await until(lambda: ratings(house, mira) == {film: 4.0}, "what stood before counts again")
    await mira.unreact(message, "👍")
    await until(lambda: ratings(house, mira) == {}, "un-rated")


async def test_a_reaction_changes_the_next_answer_of_this_person_only(
    house: House, mira: Person, june: Person
) -> None:
    await card(june)
    before = await june.command("films", "recommend")
    loved = []
    for emoji in ("❤️", "❤️", "👎"):
        message = (await card(mira)).message
        await mira.react(message, emoji)
        if emoji == "❤️":
            loved.append(film_of(message))
    await until(lambda: len(ratings(house, mira)) == 3, "three ratings on disk")
    names = [house.app.live.served.library.films[film].title for film in loved]
    after = await card(mira)
    assert any(f"because you loved {name}" in after.text.replace("\\", "") for name in names)
    assert film_of(after.message) not in ratings(house, mira)
    assert ratings(house, june) == {}
    assert "because you loved" not in before.text


async def test_a_moderator_clearing_reactions_unrates_nothing(
    house: House, mira: Person, june: Person
) -> None:
    message = (await card(june)).message
    film = film_of(message)
    await june.react(message, "❤️")
    await until(lambda: ratings(house, june) == {film: 5.0}, "loved")
    await mira.clear_reactions(message)
    await house.restart()
    assert ratings(house, june) == {film: 5.0}
    await mira.delete_message(message)
    await until(
        lambda: house.rows("select deleted_at is not null from cards") == [(1,)], "deletion seen"
    )
    assert ratings(house, june) == {film: 5.0}


@pytest.mark.clock
async def test_reactions_made_while_the_bot_was_away_are_found(
    house: House, mira: Person, june: Person
) -> None:
    first, second = (await card(mira)).message, (await card(june)).message
    await mira.react(second, "❤️")
    await until(lambda: ratings(house, mira) == {film_of(second): 5.0}, "loved")
    await house._close()
    await mira.unreact(second, "❤️")
    await mira.react(first, "👍")
    await mira.react(first, "👎")
    await june.react(second, "😐")
    await house._open()
    await until(lambda: ratings(house, mira) == {film_of(first): 4.0}, "the legend's order decides")
    await until(lambda: ratings(house, june) == {film_of(second): 3.0}, "fine")


async def test_a_card_whose_record_was_lost_is_known_again(house: House, mira: Person) -> None:
    message = (await card(mira)).message
    async with house.app.db.write() as conn:
        await conn.exec_driver_sql("delete from cards")
        await conn.exec_driver_sql("update impressions set message_id = null")
    await mira.react(message, "❤️")
    await until(lambda: ratings(house, mira) == {film_of(message): 5.0}, "adopted and rated")


async def test_buttons_act_for_the_member_who_presses_and_survive_a_restart(
    house: House, mira: Person, june: Person
) -> None:
    message = (await card(mira)).message
    film = film_of(message)
    await house.restart()
    why = await june.click(message, "Why?")
    assert "What speaks for and against" in why.text
    assert (why.message or {}).get("flags", 0) & 64
    seen = await june.click(message, "Seen it")
    rated = await june.click(seen.message, "Loved")
    assert "Saved: ❤️ loved" in rated.text
    assert ratings(house, june) == {film: 5.0}
    assert ratings(house, mira) == {}
    back = await june.click(rated.message, "Take it back")
    assert "no longer rated" in back.text
    assert ratings(house, june) == {}
    await june.click(message, "Not for me")
    await june.click(message, "Later")
    marks = house.rows("select kind from film_marks where person_id = ? order by 1", int(june.id))
    assert marks == [("declined",), ("later",), ("seen",)]
    other = await june.click(message, "Another")
    assert "someone else's" in other.text
    own = await mira.click(message, "Another")
    assert film_of(own.message) != film


@pytest.mark.clock
async def test_nothing_comes_twice_within_the_cool_down(house: House, mira: Person) -> None:
    seen: set[str] = set()
    for _ in range(6):
        message = (await card(mira)).message or {}
        names = {option["label"] for option in selects_of(message)[0]["options"]}
        names.add(str(film_of(message)))
        assert not names & seen
        seen |= names
    later = house.world.clock.now() + timedelta(days=house.settings.cooldown_days + 1)
    house.world.clock.set(later)
    again = await card(mira)
    assert str(film_of(again.message)) in seen


async def test_the_quiz_folds_in_at_once_and_can_be_changed(
    house: House, mira: Person, june: Person
) -> None:
    form = (await mira.command("films", "start")).modal
    screen = await mira.submit(form, {"shelves": ["scary"], "never": ["Musical"], "zone": "Tokyo"})
    options = selects_of(screen.message or {})[0]["options"]
    assert 20 <= len(options) <= 25
    chosen = [option["value"] for option in options[:3]]
    screen = await mira.select(screen.message, 0, chosen)
    await house.restart()
    second = await mira.click(screen.message, "More films")
    shown = {option["value"] for option in options}
    fresh = [option["value"] for option in selects_of(second.message or {})[1]["options"]]
    assert not shown & set(fresh)
    disliked = fresh[0]
    second = await mira.select(second.message, 1, [disliked])
    expected = {int(film): 5.0 for film in chosen} | {int(disliked): 1.5}
    assert ratings(house, mira) == expected
    picks = await mira.click(second.message, "Show my picks")
    assert (picks.message or {}).get("flags", 0) & 64
    assert film_of(picks.message) not in expected

    first = await mira.click(second.message, "Back")
    now = {o["value"] for o in selects_of(first.message or {})[0]["options"] if o.get("default")}
    assert now == set(chosen)
    await mira.select(first.message, 0, chosen[:1])
    assert ratings(house, mira) == {int(chosen[0]): 5.0, int(disliked): 1.5}
    again = (await mira.command("films", "start")).modal or {}
    by_id = {part.get("custom_id"): part for part in walk(again["components"])}
    assert [o["value"] for o in by_id["shelves"]["options"] if o.get("default")] == ["scary"]
    assert by_id["zone"]["value"] == "Asia/Tokyo"
    assert ratings(house, june) == {}


async def test_an_unknown_zone_keeps_the_rest_of_the_form(house: House, mira: Person) -> None:
    form = (await mira.command("films", "start")).modal
    screen = await mira.submit(form, {"shelves": ["warm"], "zone": "Europe/Atlantis"})
    assert "no time zone I know" in screen.text
    kept = house.rows("select question, subject from answers where question != 'shown'")
    assert kept == [("shelf", "warm")]


MISTAKES: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("recommend", {"genre": "polka"}, "I know no genre called"),
    ("recommend", {"mood": "zzzzzz"}, "I know no mood called"),
    ("recommend", {"max_runtime": 3}, "Nothing fits all of that. Loosen the longest runtime"),
    ("similar", {"film": "qqqqqqqqq"}, "I don't know “qqqqqqqqq”"),
    ("rate", {"film": "qqqqqqqqq", "stars": 4.0}, "I don't know “qqqqqqqqq”"),
    ("unrate", {"film": "999999999"}, "I don't know"),
    ("setup post", {"time": "evening"}, "no time of day"),
    ("setup server", {"zone": "Atlantis"}, "no time zone I know"),
)


async def test_mistakes_get_a_private_sentence(house: House, mira: Person) -> None:
    for command, options, answer in MISTAKES:
        outcome = await mira.command("films", command, **options)
        assert answer in outcome.text, (command, options)
        assert (outcome.message or {}).get("flags", 0) & 64


async def test_similar_and_a_typo(house: House, mira: Person) -> None:
    choices = await mira.autocomplete("films", "similar", "film", "godfathr")
    assert choices[0]["name"].startswith("The Godfather")
    outcome = await mira.command("films", "similar", film=choices[0]["value"])
    assert "Like The Godfather" in outcome.text
    assert "shares " in outcome.text


@pytest.mark.clock
async def test_trending_needs_three_people(house: House, mira: Person, june: Person) -> None:
    quiet = await mira.command("films", "trending")
    assert "All-time favourites" in quiet.text
    message = (await card(mira)).message
    for name in ("mira", "tomas", "june"):
        async with house.member(name) as person:
            await person.react(message, "❤️")
    await until(lambda: house.rows("select count(*) from ratings") == [(3,)], "three ratings")
    async with house.member("olek") as olek:
        hot = await olek.command("films", "trending", scope="server")
    assert "trending in this server: 3 people" in hot.text
    assert film_of(hot.message) == film_of(message)


async def test_rate_and_unrate(house: House, mira: Person) -> None:
    film = (await mira.autocomplete("films", "rate", "film", "seven samurai"))[0]["value"]
    outcome = await mira.command("films", "rate", film=film, stars=4.5)
    assert "Saved: ★ 4.5" in outcome.text
    assert ratings(house, mira) == {int(film): 4.5}
    outcome = await mira.command("films", "unrate", film=film)
    assert "Taken back: your ★ 4.5" in outcome.text
    assert ratings(house, mira) == {}


async def test_deleting_leaves_nothing_and_stays_deleted(house: House, mira: Person) -> None:
    message = (await card(mira)).message
    await mira.react(message, "❤️")
    await until(lambda: len(ratings(house, mira)) == 1, "rated")
    await mira.command("films", "start")
    shown = await mira.command("films", "privacy")
    export = await mira.click(shown.message, "Export")
    names = {attachment["filename"] for attachment in (export.message or {})["attachments"]}
    assert names == {"matinee.json", "ratings.csv"}
    sure = await mira.click(shown.message, "Delete everything")
    assert "for good" in sure.text
    assert "Deleted" in (await mira.click(sure.message, "Yes, delete everything")).text
    await house.restart()
    tables = [name for (name,) in house.rows("select name from sqlite_master where type = 'table'")]
    for table in tables:
        for row in house.rows(f"select * from {table}"):
            assert int(mira.id) not in row, table


@pytest.mark.clock
async def test_the_night_brings_a_new_model(house: House, mira: Person) -> None:
    before = house.app.live.served.version
    message = (await card(mira)).message
    await mira.react(message, "❤️")
    await until(lambda: len(ratings(house, mira)) == 1, "rated")
    house.world.clock.set(house.world.clock.now() + timedelta(days=1))
    serves = "a new version serves"  # slow, since the fit has the lowest priority
    await until(lambda: house.app.live.served.version != before, serves, 90.0)
    assert house.app.live.served.model.ratings == 1
    assert house.rows("select count(*) from model_versions where is_live") == [(1,)]
    version = house.app.live.served.version
    await house.restart()
    assert house.app.live.served.version == version
    await card(mira)
    newest = house.rows("select model_version from impressions order by id desc limit 1")
    assert newest == [(version,)]


@pytest.mark.clock
async def test_the_daily_post_comes_once_at_its_local_time(
    house: House, mira: Person, june: Person
) -> None:
    """The test allows for the Monday digest, which is a second post that only Mira gets."""
    house.world.clock.set(at(1, "12:00", "Asia/Tokyo"))
    lounge = mira.channel("lounge")
    outcome = await mira.command(
        "films", "setup post", channel=lounge, time="19:00", zone="Asia/Tokyo"
    )
    assert "19:00" in outcome.text

    async def posts() -> list[dict[str, Any]]:
        return [m for m in await june.messages("lounge") if m["author"].get("bot")]

    assert await posts() == []
    target = at(1, "19:00", "Asia/Tokyo")
    house.world.clock.set(target - timedelta(seconds=3))
    await until(lambda: house.app.clock() >= target, "the time comes")

    async def arrived() -> bool:
        return len(await posts()) == 1

    await until(arrived, "the post")
    (post,) = await posts()
    assert "The next one comes" in text_of(post)
    assert "Another" not in buttons_of(post)
    await june.react(post, "❤️")
    await until(lambda: ratings(house, june) == {film_of(post): 5.0}, "the post rates")
    await house.restart()
    house.world.clock.set(target + timedelta(minutes=10))
    kept = (
        "select outcome from posts join schedules on schedules.id = schedule_id"
        " where theme != 'digest'"
    )
    await until(lambda: house.rows(kept) == [("sent",)], "recorded")
    assert len(await posts()) == 1


async def test_members_without_manage_server_do_not_see_setup(june: Person) -> None:
    assert "setup" not in await june.commands()


async def test_in_direct_messages_reactions_rate_and_stay_out_of_the_server(
    house: House, june: Person
) -> None:
    outcome = await june.command("dm", "recommend")
    await june.react(outcome.message, "❤️")
    await until(lambda: len(ratings(house, june)) == 1, "rated")
    assert house.rows("select guild_id from ratings") == [(None,)]


async def test_commands_are_synced_only_when_they_changed(house: House, mira: Person) -> None:
    def syncs() -> int:
        log = (house.settings.data.parent / "traffic.jsonl").read_text(encoding="utf-8")
        return sum('"PUT"' in line and "/commands" in line for line in log.splitlines())

    assert syncs() == 1
    await house.restart()
    await card(mira)
    assert syncs() == 1


@pytest.mark.clock
async def test_reconciled_reactions_are_older_than_later_acts(house: House, mira: Person) -> None:
    """A button pressed before the reconciliation ended wins over the reactions that it finds."""
    message = (await card(mira)).message
    film = film_of(message)
    await house._close()
    await mira.react(message, "❤️")
    gate = house.settings.model_copy(update={"reconcile_days": 0})
    days, house.settings = house.settings, gate  # start without a reconciliation
    await house._open()
    newest_event_before = await reconcile.newest_event(house.app)
    outcome = await mira.click((await mira.click(message, "Seen it")).message, "Disliked")
    assert "Saved: 👎" in outcome.text
    await reconcile.reconcile_card(  # and reconcile only now
        house.app,
        int((message or {})["id"]),
        {"❤️": [int(mira.id)]},
        listed_at=house.app.clock(),
        newest_event_before=newest_event_before,
    )
    house.settings = days
    assert ratings(house, mira) == {film: 1.5}
    await mira.click(outcome.message, "Take it back")
    assert ratings(house, mira) == {film: 5.0}
