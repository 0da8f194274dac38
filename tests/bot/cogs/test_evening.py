"""An evening in the playground: quiz, card, reaction, next answer, restarts and deletion."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.playground import Person
from bot.playground.testing import Outcome, buttons_of, selects_of, walk
from bot.services.feedback import reconcile
from tests.house import House, Visit, until


@pytest.fixture
async def mira(visit: Visit) -> AsyncIterator[Person]:
    async with visit.member("mira") as person:
        yield person


@pytest.fixture
async def june(visit: Visit) -> AsyncIterator[Person]:
    async with visit.member("june") as person:
        yield person


def film_of(message: dict[str, Any] | None) -> int:
    """Returns the headline film of a card, from its buttons."""
    assert message is not None
    why = buttons_of(message)["Why?"]["custom_id"]
    return int(why.split(":")[2])


def ratings(place: House | Visit, person: Person) -> dict[int, float]:
    found = place.rows("select film_id, stars from ratings where person_id = ?", int(person.id))
    return dict(found)


def kept(visit: Visit, message: dict[str, Any] | None, what: str) -> Any:
    """Returns a column of the card's row; what: the column or expression."""
    assert message is not None
    ((found,),) = visit.rows(f"select {what} from cards where message_id = ?", int(message["id"]))
    return found


async def card(person: Person, **options: Any) -> Outcome:
    outcome = await person.command("films", "recommend", **options)
    assert outcome.error is None
    assert outcome.message is not None
    return outcome


async def test_a_newcomer_is_answered_at_once_and_offered_the_quiz(
    visit: Visit, mira: Person
) -> None:
    outcome = await card(mira)
    assert "First picks" in outcome.text
    assert "Take the taste quiz" in buttons_of(outcome.message or {})
    assert len(selects_of(outcome.message or {})[0]["options"]) == 4
    shown = visit.rows(
        "select film_id, position, model_version from impressions where person_id = ?"
        " order by position",
        int(mira.id),
    )
    assert [position for _, position, _ in shown] == [0, 1, 2, 3, 4]
    assert {version for *_, version in shown} == {visit.app.live.served.version}


async def test_the_legend_is_seeded_in_order(visit: Visit, mira: Person) -> None:
    message = (await card(mira)).message

    async def seeded() -> bool:
        now = await mira.message(message)
        names = [reaction["emoji"]["name"] for reaction in (now or {}).get("reactions", [])]
        return names == ["❤️", "👍", "😐", "👎"]

    await until(seeded, "four reactions")
    await until(
        lambda: kept(visit, message, "seeded") == 1,
        "the seeding is remembered",
    )
    assert ratings(visit, mira) == {}


async def test_reactions_rate_switch_and_unrate(visit: Visit, mira: Person) -> None:
    message = (await card(mira)).message
    film = film_of(message)
    await mira.react(message, "👍")
    await until(lambda: ratings(visit, mira) == {film: 4.0}, "liked")
    await mira.react(message, "👎")
    await until(lambda: ratings(visit, mira) == {film: 1.5}, "the newest counts")
    await mira.unreact(message, "👎")
    await until(lambda: ratings(visit, mira) == {film: 4.0}, "what stood before counts again")
    await mira.unreact(message, "👍")
    await until(lambda: ratings(visit, mira) == {}, "un-rated")


async def test_a_reaction_changes_the_next_answer_of_this_person_only(
    visit: Visit, mira: Person, june: Person
) -> None:
    await card(june)
    before = await june.command("films", "recommend")
    message = (await card(mira)).message
    await mira.react(message, "👎")
    loved: list[str] = []
    after = await card(mira)
    for _ in range(10):  # which films she is shown is up to chance, and so is their likeness
        await mira.react(after.message, "❤️")
        loved.append(visit.app.live.served.library.films[film_of(after.message)].title)
        await until(lambda: len(ratings(visit, mira)) == 1 + len(loved), "it is on disk")
        after = await card(mira)
        if "because you loved" in after.text:
            break
    said = after.text.replace("\\", "")
    assert any(f"because you loved {name}" in said for name in loved)
    assert film_of(after.message) not in ratings(visit, mira)
    assert ratings(visit, june) == {}
    assert "because you loved" not in before.text


async def test_a_moderator_clearing_reactions_unrates_nothing(
    visit: Visit, mira: Person, june: Person
) -> None:
    message = (await card(june)).message
    film = film_of(message)
    await june.react(message, "❤️")
    await until(lambda: ratings(visit, june) == {film: 5.0}, "loved")
    await mira.clear_reactions(message)
    await visit.house.restart()
    assert ratings(visit, june) == {film: 5.0}
    await mira.delete_message(message)
    await until(
        lambda: kept(visit, message, "deleted_at is not null") == 1,
        "deletion seen",
    )
    assert ratings(visit, june) == {film: 5.0}


@pytest.mark.clock
async def test_reactions_made_while_the_bot_was_away_are_found(
    visit: Visit, mira: Person, june: Person
) -> None:
    first, second = (await card(mira)).message, (await card(june)).message
    await mira.react(second, "❤️")
    await until(lambda: ratings(visit, mira) == {film_of(second): 5.0}, "loved")
    await visit.house._close()
    await mira.unreact(second, "❤️")
    await mira.react(first, "👍")
    await mira.react(first, "👎")
    await june.react(second, "😐")
    await visit.house._open()
    await until(lambda: ratings(visit, mira) == {film_of(first): 4.0}, "the legend's order decides")
    await until(lambda: ratings(visit, june) == {film_of(second): 3.0}, "fine")


async def test_a_card_whose_record_was_lost_is_known_again(visit: Visit, mira: Person) -> None:
    message = (await card(mira)).message
    number = int((message or {})["id"])
    async with visit.app.db.write() as conn:
        await conn.exec_driver_sql(f"delete from cards where message_id = {number}")
        await conn.exec_driver_sql(
            f"update impressions set message_id = null where message_id = {number}"
        )
    await mira.react(message, "❤️")
    await until(lambda: ratings(visit, mira) == {film_of(message): 5.0}, "adopted and rated")


async def test_buttons_act_for_the_member_who_presses_and_survive_a_restart(
    visit: Visit, mira: Person, june: Person
) -> None:
    message = (await card(mira)).message
    film = film_of(message)
    await visit.house.restart()
    why = await june.click(message, "Why?")
    assert "what counted most" in why.text
    assert (why.message or {}).get("flags", 0) & 64
    seen = await june.click(message, "Seen it")
    rated = await june.click(seen.message, "Loved")
    assert rated.text.startswith("Got it: ")
    assert "❤️ loved." in rated.text
    assert ratings(visit, june) == {film: 5.0}
    assert ratings(visit, mira) == {}
    back = await june.click(rated.message, "Take it back")
    assert "taken back your rating of" in back.text
    assert ratings(visit, june) == {}
    await june.click(message, "Not for me")
    await june.click(message, "Later")
    marks = visit.rows("select kind from film_marks where person_id = ? order by 1", int(june.id))
    assert marks == [("declined",), ("later",), ("seen",)]
    other = await june.click(message, "Another")
    assert "isn't yours" in other.text
    own = await mira.click(message, "Another")
    assert film_of(own.message) != film


async def test_the_quiz_folds_in_at_once_and_can_be_changed(
    visit: Visit, mira: Person, june: Person
) -> None:
    form = (await mira.command("films", "start")).modal
    screen = await mira.submit(form, {"shelves": ["scary"], "never": ["Musical"], "zone": "Tokyo"})
    options = selects_of(screen.message or {})[0]["options"]
    assert 20 <= len(options) <= 25
    chosen = [option["value"] for option in options[:3]]
    screen = await mira.select(screen.message, 0, chosen)
    await visit.house.restart()
    second = await mira.click(screen.message, "More films")
    shown = {option["value"] for option in options}
    fresh = [option["value"] for option in selects_of(second.message or {})[1]["options"]]
    assert not shown & set(fresh)
    disliked = fresh[0]
    second = await mira.select(second.message, 1, [disliked])
    expected = {int(film): 5.0 for film in chosen} | {int(disliked): 1.5}
    assert ratings(visit, mira) == expected
    picks = await mira.click(second.message, "Show my picks")
    assert (picks.message or {}).get("flags", 0) & 64
    assert film_of(picks.message) not in expected

    first = await mira.click(second.message, "Back")
    now = {o["value"] for o in selects_of(first.message or {})[0]["options"] if o.get("default")}
    assert now == set(chosen)
    await mira.select(first.message, 0, chosen[:1])
    assert ratings(visit, mira) == {int(chosen[0]): 5.0, int(disliked): 1.5}
    again = (await mira.command("films", "start")).modal or {}
    by_id = {part.get("custom_id"): part for part in walk(again["components"])}
    assert [o["value"] for o in by_id["shelves"]["options"] if o.get("default")] == ["scary"]
    assert by_id["zone"]["value"] == "Asia/Tokyo"
    assert ratings(visit, june) == {}


async def test_an_unknown_zone_keeps_the_rest_of_the_form(visit: Visit, mira: Person) -> None:
    form = (await mira.command("films", "start")).modal
    screen = await mira.submit(form, {"shelves": ["warm"], "zone": "Europe/Atlantis"})
    assert "I don't know the time zone “Europe/Atlantis”" in screen.text
    told = visit.rows(
        "select question, subject from answers where question != 'shown' and person_id = ?",
        int(mira.id),
    )
    assert told == [("shelf", "warm")]


@pytest.mark.parametrize(
    ("command", "options", "said"),
    [
        ("recommend", {"genre": "polka"}, "I don't know a genre called"),
        ("recommend", {"mood": "zzzzzz"}, "I don't know a mood called"),
        (
            "recommend",
            {"max_runtime": 3},
            "Here's what would help:\n- Without the maximum length, I'd have ",
        ),
        ("similar", {"film": "qqqqqqqqq"}, "I don't have “qqqqqqqqq” yet"),
        ("rate", {"film": "qqqqqqqqq", "stars": 4.0}, "I don't have “qqqqqqqqq” yet"),
        ("unrate", {"film": "999999999"}, "I don't have “999999999” yet"),
        ("setup post", {"time": "evening"}, "I can't read the time"),
        ("setup server", {"zone": "Atlantis"}, "I don't know the time zone"),
    ],
)
async def test_a_mistake_gets_a_private_sentence(
    mira: Person, command: str, options: dict[str, Any], said: str
) -> None:
    outcome = await mira.command("films", command, **options)
    assert said in outcome.text
    assert (outcome.message or {}).get("flags", 0) & 64


async def test_similar_and_a_typo(mira: Person) -> None:
    choices = await mira.autocomplete("films", "similar", "film", "casablnca")
    assert choices[0]["name"].startswith("Casablanca")
    outcome = await mira.command("films", "similar", film=choices[0]["value"])
    assert "Films like Casablanca" in outcome.text
    assert "in common: " in outcome.text
    assert "To Have and Have Not" in outcome.text
    assert "Too few" not in outcome.text


@pytest.mark.parametrize("by", ["tags", "people", "both"])
async def test_similar_by_people_says_when_too_few_have_rated(mira: Person, by: str) -> None:
    film = (await mira.autocomplete("films", "similar", "film", "casablanca"))[0]["value"]
    outcome = await mira.command("films", "similar", film=film, by=by)
    assert "To Have and Have Not" in outcome.text
    assert ("Too few people have rated Casablanca" in outcome.text) == (by != "tags")
    measured = await mira.command("films", "similar", film=film, by=by, measure="jaccard")
    assert "Films like Casablanca" in measured.text


async def test_rate_and_unrate(visit: Visit, mira: Person) -> None:
    film = (await mira.autocomplete("films", "rate", "film", "seven samurai"))[0]["value"]
    said = await mira.command("films", "rate", film=film, stars=4.5)
    assert said.text.startswith("Got it: ")
    assert "★ 4.5." in said.text
    assert ratings(visit, mira) == {int(film.removeprefix("film#")): 4.5}
    said = await mira.command("films", "unrate", film=film)
    assert "Done. I've taken back your rating" in said.text
    assert ratings(visit, mira) == {}


async def test_deleting_leaves_nothing_and_stays_deleted(visit: Visit, mira: Person) -> None:
    message = (await card(mira)).message
    await mira.react(message, "❤️")
    await until(lambda: len(ratings(visit, mira)) == 1, "rated")
    await mira.command("films", "start")
    shown = await mira.command("films", "privacy")
    export = await mira.click(shown.message, "Export")
    names = {attachment["filename"] for attachment in (export.message or {})["attachments"]}
    assert names == {"matinee.json", "ratings.csv", "letterboxd-watched.csv"}
    sure = await mira.click(shown.message, "Delete everything")
    assert "for good" in sure.text
    assert "deleted" in (await mira.click(sure.message, "Yes, delete everything")).text
    await visit.house.restart()
    tables = [name for (name,) in visit.rows("select name from sqlite_master where type = 'table'")]
    for table in tables:
        for row in visit.rows(f"select * from {table}"):
            assert int(mira.id) not in row, table


async def test_members_without_manage_server_do_not_see_setup(june: Person) -> None:
    assert "setup" not in await june.commands()


async def test_in_direct_messages_reactions_rate_and_stay_out_of_the_server(
    visit: Visit, june: Person
) -> None:
    outcome = await june.command("dm", "recommend")
    await june.react(outcome.message, "❤️")
    await until(lambda: len(ratings(visit, june)) == 1, "rated")
    of_june = "select guild_id from ratings where person_id = ?"
    assert visit.rows(of_june, int(june.id)) == [(None,)]


@pytest.mark.clock
async def test_reconciled_reactions_are_older_than_later_acts(visit: Visit, mira: Person) -> None:
    """A button pressed before the reconciliation ended wins over the reactions that it finds."""
    message = (await card(mira)).message
    film = film_of(message)
    await visit.house._close()
    await mira.react(message, "❤️")
    gate = visit.house.settings.model_copy(update={"reconcile_days": 0})
    days, visit.house.settings = visit.house.settings, gate  # start without reconciling …
    await visit.house._open()
    newest_event_before = await reconcile.newest_event(visit.app)
    said = await mira.click((await mira.click(message, "Seen it")).message, "Disliked")
    assert said.text.startswith("Got it: ")
    assert "👎 disliked." in said.text
    listing = reconcile.Listing(
        people={"❤️": [int(mira.id)]},
        complete=["❤️"],
        cleared=[],
        listed_at=visit.app.clock(),
        newest_event=await reconcile.newest_event(visit.app),
    )
    await reconcile.reconcile_card(  # … and let it come only now
        visit.app,
        int((message or {})["id"]),
        listing,
        newest_event_before=newest_event_before,
    )
    visit.house.settings = days
    assert ratings(visit, mira) == {film: 1.5}
    await mira.click(said.message, "Take it back")
    assert ratings(visit, mira) == {film: 5.0}


async def test_the_commands_in_help_can_be_tapped(visit: Visit, mira: Person) -> None:
    ids = {one["name"]: number for number, one in visit.house.world.commands.items()}
    for _ in range(2):
        text = (await mira.command("films", "help")).text
        assert f"</start:{ids['start']}>" in text
        assert f"</similar:{ids['similar']}>" in text
        await visit.house.restart()
