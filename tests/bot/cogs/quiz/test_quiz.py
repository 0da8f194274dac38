"""The quiz in the playground: two menus, one more film a day, and how sure a card is."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.playground import Person
from bot.playground.testing import Outcome, buttons_of, selects_of, text_of, walk
from bot.services.picks.facts import read_facts
from bot.services.quiz.film_answers import NO_SCREEN, films_left_out
from bot.services.quiz.screens import Screen
from bot.services.view_models import Line, Requester
from bot.views.quiz import screen_view
from bot.wording.quiz.films import near_menu
from recommender.models import newcomer
from storage.people.quiz_answers import QuizAnswer
from tests.clock import ZONE
from tests.house import House, until


@pytest.fixture
async def mira(house: House) -> AsyncIterator[Person]:
    async with house.member("mira") as mira:
        yield mira


def film_answers(house: House, member: Person) -> dict[str, str]:
    statement = (
        "select subject, question from answers where person_id = ? and question in "
        "('loved', 'liked', 'fine', 'disliked', 'unseen', 'tempting', 'unwanted')"
    )
    return dict(house.rows(statement, int(member.id)))


def ended(house: House) -> float:
    """Returns the number of /recommend commands that the bot has finished since its start."""
    labels = {"name": "recommend", "outcome": "done"}
    counted = house.app.metrics.registry
    return counted.get_sample_value("matinee_interactions_total", labels) or 0.0


async def begun(member: Person, **form: object) -> dict[str, object]:
    opened = (await member.command("films", "start")).modal
    message = (await member.submit(opened, form)).message
    assert message is not None
    return message


async def test_a_film_is_loved_or_disliked(house: House, mira: Person) -> None:
    screen = await begun(mira, dial="deep cuts")
    films = [option["value"] for option in selects_of(screen)[0]["options"]][:3]
    await mira.select(screen, 0, films)
    after = (await mira.select(screen, 1, films[:1])).message or {}
    assert film_answers(house, mira) == {films[0]: "disliked", films[1]: "loved", films[2]: "loved"}
    loved, disliked = (
        [option["value"] for option in menu["options"] if option.get("default")]
        for menu in selects_of(after)[:2]
    )
    assert (sorted(loved), disliked) == (sorted(films[1:]), films[:1])
    dial = "select value from preferences where kind = 'dial' and person_id = ?"
    assert house.rows(dial, int(mira.id)) == [("deep cuts",)]


def test_films_are_left_only_where_others_were_chosen() -> None:
    now = datetime(2026, 5, 1, tzinfo=UTC)
    shown = [(1, 11), (1, 12), (2, 21), (2, 22), (NO_SCREEN, 31), (NO_SCREEN, 32)]
    answers = [QuizAnswer("shown", str(film), screen, now) for screen, film in shown]
    assert films_left_out(answers) == []
    answers.append(QuizAnswer("loved", "12", 1, now))
    answers.append(QuizAnswer("unseen", "31", NO_SCREEN, now))
    assert films_left_out(answers) == [11]
    answers.append(QuizAnswer("fine", "11", NO_SCREEN, now))  # answered later, one at a time
    assert films_left_out(answers) == []


async def test_films_left_out_change_the_next_screen(
    house: House, mira: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two members choose the same films. For the second, the films left out have no effect."""

    async def two_screens(member: Person) -> list[set[str]]:
        first = await begun(member)
        films = [option["value"] for option in selects_of(first)[0]["options"]]
        await member.select(first, 0, films[:3])
        second = (await member.click(first, "More films")).message or {}
        return [set(films), {option["value"] for option in selects_of(second)[0]["options"]}]

    with_effect = await two_screens(mira)
    monkeypatch.setattr(newcomer, "LEFT_NOISE_FACTOR", 1e12)
    async with house.member("june") as june:
        without_effect = await two_screens(june)
    assert with_effect[0] == without_effect[0]
    assert with_effect[1] != without_effect[1]
    assert not with_effect[0] & with_effect[1]


async def test_a_card_says_how_sure_it_is(house: House, mira: Person) -> None:
    screen = await begun(mira, shelves=["warm"])
    films = [option["value"] for option in selects_of(screen)[0]["options"]]
    first = await mira.click(screen, "Show my picks")
    assert "This is an early guess. Rate 5 more films" in first.text
    await mira.select(screen, 0, films[:4])
    assert (
        "This is an early guess. Rate 1 more film and"
        in (await mira.click(screen, "Show my picks")).text
    )
    await mira.select(screen, 0, films[:5])
    assert "early guess" not in (await mira.click(screen, "Show my picks")).text


@pytest.mark.clock
async def test_picks_are_for_the_usual_hour(house: House, mira: Person) -> None:
    house.world.clock.set(datetime(2027, 3, 9, 8, tzinfo=UTC))  # a Tuesday morning
    await begun(mira, zone="UTC", when=["late night", "evening"])
    card = text_of((await mira.command("films", "recommend")).message)
    assert "this evening" in card
    house.world.clock.set(datetime(2027, 3, 12, 23, 30, tzinfo=UTC))
    assert "tonight" in text_of((await mira.command("films", "recommend")).message)
    house.world.clock.set(datetime(2027, 3, 13, 8, tzinfo=UTC))
    await begun(mira, zone="UTC", when=[])
    assert "right now" in text_of((await mira.command("films", "recommend")).message)
    assert house.rows("select * from preferences where kind = 'when'") == []


def zones(house: House) -> list[tuple[str]]:
    return house.rows("select value from preferences where kind = 'zone'")


async def test_a_time_zone_is_stored_only_if_it_was_typed(house: House, mira: Person) -> None:
    opened = (await mira.command("films", "start")).modal or {}
    field = next(part for part in walk(opened["components"]) if part.get("custom_id") == "zone")
    assert "value" not in field
    assert ZONE in field["placeholder"]
    await mira.submit(opened, {"shelves": ["warm"]})
    assert zones(house) == []
    await begun(mira, zone="tokyo")
    assert zones(house) == [("Asia/Tokyo",)]
    again = await begun(mira, zone="Europe/Atlantis")
    assert "I don't know the time zone “Europe/Atlantis”" in text_of(again)
    assert zones(house) == [("Asia/Tokyo",)], "a mistake loses nothing"
    corrected = (await mira.click(again, "Fix the form")).modal
    await mira.submit(corrected, {"zone": ""})
    assert zones(house) == [], "an emptied field is the server's zone again"


async def test_answers_can_be_forgotten_together(house: House, mira: Person) -> None:
    screen = await begun(mira)
    films = [option["value"] for option in selects_of(screen)[0]["options"]][:2]
    screen = (await mira.select(screen, 0, films)).message
    back = await mira.click(screen, "My answers")
    assert {o["value"] for o in selects_of(back.message or {})[0]["options"]} == set(films)
    after = await mira.click(back.message, "Forget all answers")
    assert "I've forgotten your answers about 2 films." in after.text
    assert film_answers(house, mira) == {}
    assert house.rows("select count(*) from ratings") == [(0,)]


@pytest.mark.clock
async def test_one_more_film_is_asked_about_once_a_day_unless_switched_off(
    house: House, mira: Person
) -> None:
    screen = await begun(mira)
    films = [option["value"] for option in selects_of(screen)[0]["options"]][:6]
    await mira.select(screen, 0, films)

    async def later(hours: int) -> list[dict[str, object]]:
        house.world.clock.set(house.world.clock.now() + timedelta(hours=hours))
        before = ended(house)
        asked = (await mira.command("films", "recommend")).id
        await until(lambda: ended(house) > before, "the bot is done with it, question and all")
        return (await mira.wait_for(asked)).followups

    assert await later(0) == [], "she has answered just now"
    (asked,) = await later(25)
    assert "One more film, if you like" in text_of(asked)
    assert asked["flags"] & 64  # type: ignore[operator]
    assert await later(2) == []
    noted = await mira.click(asked, "Haven't seen it")
    assert "Got it: you haven't seen" in noted.text
    assert "unseen" in film_answers(house, mira).values()
    (again,) = await later(25)
    quiet = await mira.click(again, "Don't ask again")
    assert "I won't ask you about films any more." in quiet.text
    assert await later(50) == []
    assert "Ask me now and then" in buttons_of(quiet.message or {})


def test_posters_are_above_the_menus() -> None:
    films = tuple(
        Line(number, f"Film {number}", 2000, 90, (), "", f"https://pictures.test/{number}.jpg")
        for number in range(1, 13)
    )
    bare = tuple(replace(film, poster=None) for film in films)
    for lines, expected in ((films, 10), (bare, 0)):
        screen = Screen(1, 2, False, lines, frozenset(), frozenset(), frozenset(), 0)
        parts = walk(screen_view(screen).to_components())
        galleries = [part for part in parts if part["type"] == 12]
        assert sum(len(part["items"]) for part in galleries) == expected
        assert len(selects_of({"components": parts})) >= 2


async def test_a_loved_film_is_named_by_typing(house: House, mira: Person) -> None:
    screen = await begun(mira)

    async def typed(text: str) -> Outcome:
        asked = await mira.click(screen, "Add one I love")
        return await mira.submit(asked.modal, {"film": text})

    added = await typed("  CASABLANCA (1942) ")
    assert "I've added **Casablanca (1942)** to the films you love." in added.text
    (casablanca,) = film_answers(house, mira)
    assert film_answers(house, mira) == {casablanca: "loved"}
    assert house.rows("select stars from ratings where film_id = ?", int(casablanca)) == [(5.0,)]
    near = await typed("Vertiggo")
    assert "I don't have a film called “Vertiggo”" in near.text
    assert film_answers(house, mira) == {casablanca: "loved"}, "a mistake loses and rates nothing"
    (menu,) = [s for s in selects_of(near.message or {}) if s["placeholder"] == near_menu()]
    (vertigo,) = [o["value"] for o in menu["options"] if o["label"] == "Vertigo (1958)"]
    done = await mira.select(near.message, 0, [vertigo])
    assert "I've added **Vertigo (1958)**" in done.text
    assert set(film_answers(house, mira)) == {casablanca, vertigo}
    unknown = await typed("Qqxzzy <@1> Wvvkk")
    assert "I don't have a film called “Qqxzzy \\<" in unknown.text, "what was typed is inert"
    assert selects_of(unknown.message or {})[0]["placeholder"] == near_menu()
    assert set(film_answers(house, mira)) == {casablanca, vertigo}
    more = await mira.click(unknown.message, "My answers")
    assert {o["value"] for o in selects_of(more.message or {})[0]["options"]} == {
        casablanca,
        vertigo,
    }


async def test_a_sequel_that_is_not_there_is_never_taken_for_another_film(
    house: House, mira: Person
) -> None:
    asked = await mira.click(await begun(mira), "Add one I love")
    found = await mira.submit(asked.modal, {"film": "Oldboy 2"})
    assert "I don't have a film called “Oldboy 2”" in found.text
    assert film_answers(house, mira) == {}


async def test_looks_good_and_not_for_me_are_answers_about_films_not_seen(
    house: House, mira: Person
) -> None:
    screen = await begun(mira, shelves=["scary"])
    films = [option["value"] for option in selects_of(screen)[2]["options"]]
    after = await mira.select(screen, 2, films[:2])
    assert film_answers(house, mira) == dict.fromkeys(films[:2], "tempting")
    kept = [o["value"] for o in selects_of(after.message or {})[2]["options"] if o.get("default")]
    assert kept == films[:2]
    single = await mira.click(after.message, "One at a time")
    assert list(buttons_of(single.message or {}))[:7] == [
        *("Loved", "Liked", "Fine", "Disliked"),
        *("Haven't seen it", "Looks good", "Not for me"),
    ]
    noted = await mira.click(single.message, "Not for me")
    assert " isn't for you." in noted.text
    (refused,) = [film for film, kind in film_answers(house, mira).items() if kind == "unwanted"]
    assert house.rows("select * from ratings") == []
    me = Requester(int(mira.id), None, 1, house.world.clock.now())
    facts = await read_facts(house.app, me)
    assert facts.wanted == {int(film) for film in films[:2]}
    assert facts.unwanted == {int(refused)}
    assert facts.unseen == facts.wanted | facts.unwanted
    assert int(refused) in facts.known_films, "it is not picked"


async def test_later_and_not_for_me_on_cards_say_the_same(house: House, mira: Person) -> None:
    card = (await mira.command("films", "recommend")).message
    await mira.click(card, "Later")
    (film,) = house.rows("select film_id from film_marks where kind = 'later'")[0]
    me = Requester(int(mira.id), None, 1, house.world.clock.now())
    assert (await read_facts(house.app, me)).wanted == {film}
    house.world.clock.set(house.world.clock.now() + timedelta(minutes=1))
    await mira.click(card, "Not for me")
    facts = await read_facts(house.app, me)
    assert (facts.wanted, facts.unwanted) == (frozenset(), {film}), "the newest counts"
