"""Impressions and acts are recorded as they happen, and joined as evidence for learning."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from bot.playground import Person
from bot.playground.testing import buttons_of, selects_of
from bot.services.catalogue.search import film_value
from bot.services.serving import evidence
from recommender.context.clock import DAY_KINDS, DAYPARTS
from recommender.feedback import NAMES, NO_OUTCOME
from storage.people import profiles
from tests.clock import at, days_until
from tests.house import House, until

pytestmark = pytest.mark.clock

FRIDAY = days_until(4)


@pytest.fixture
async def mira(house: House) -> AsyncIterator[Person]:
    async with house.member("mira") as person:
        house.world.clock.set(at(FRIDAY, "20:00"))
        yield person


@pytest.fixture
async def june(house: House) -> AsyncIterator[Person]:
    async with house.member("june") as person:
        yield person


async def card(person: Person, **options: Any) -> Any:
    outcome = await person.command("films", "recommend", **options)
    assert outcome.error is None
    return outcome.message


def film_of(message: Any, label: str = "Why?") -> int:
    return int(buttons_of(message)[label]["custom_id"].split(":")[2])


def acts(house: House) -> list[tuple[Any, ...]]:
    return house.rows("select person_id, film_id, message_id, kind from card_acts order by id")


async def test_impressions_and_acts_are_recorded(house: House, mira: Person, june: Person) -> None:
    app = house.app
    await until(lambda: app.wild.ready(app.live.served), "wild cards can be drawn")
    await impressions_record_their_circumstances(house, mira)
    await acts_on_cards_are_recorded(house, mira, june)


async def impressions_record_their_circumstances(house: House, mira: Person) -> None:
    app = house.app
    await app.shelving.get(app.db, app.live, app.settings.corpus)
    message = await card(mira, mood="tense")
    await mira.command("films", "similar", film=film_value(film_of(message)))
    await mira.command("films", "trending")
    house.world.clock.set(at(FRIDAY + 2, "01:30"))
    await card(mira)
    rows = house.rows(
        "select surface, position, daypart, day_kind, mood, grouped, wild, score, shelf "
        "from impressions order by id"
    )
    first = rows[:5]
    assert {(row[0], *row[2:6]) for row in first} == {
        ("recommend", "evening", "friday night", "tense", 0)
    }
    assert first[0][8], "the shelf that the card names"
    assert all(isinstance(row[7], float) for row in rows if row[0] == "recommend")
    assert {row[0] for row in rows} == {"recommend", "similar", "trending"}
    assert {row[2:4] for row in rows[-5:]} == {("late night", "weekend")}, "Saturday's night"
    assert {row[4] for row in rows[-5:]} == {None}


async def acts_on_cards_are_recorded(house: House, mira: Person, june: Person) -> None:
    message = await card(mira)
    film, here = film_of(message), int(message["id"])
    me, other = int(mira.id), int(june.id)
    further = int(selects_of(message)[0]["options"][0]["value"])
    opened = await june.select(message, 0, [str(further)])
    await june.click(opened.message, "Not for me")
    await mira.click(message, "Later")
    await mira.click(message, "Seen it")
    await mira.click(message, "Another")
    private = await card(june, private=True)
    await june.click(private, "Another")
    kept = acts(house)
    assert kept[0] == (other, further, here, "opened")
    assert kept[1][:2] + kept[1][3:] == (other, further, "refused")
    assert kept[2:5] == [
        (me, film, here, "later"),
        (me, film, here, "seen"),
        (me, film, here, "another"),
    ]
    assert kept[5][:2] + kept[5][3:] == (other, film_of(private), "another")


async def test_impressions_and_acts_are_joined(house: House, mira: Person, june: Person) -> None:
    message = await card(mira)
    film = film_of(message)
    await mira.react(message, "❤️")
    await june.react(message, "👎")
    await until(lambda: len(house.rows("select * from ratings")) == 2, "two reactions")
    seen = await june.click(message, "Seen it")
    await june.click(seen.message, "Haven't seen it")
    app = house.app
    async with app.db.read() as conn:
        found = await evidence.read_evidence(conn, app.clock())
        tomorrow = await evidence.read_evidence(conn, app.clock() + timedelta(days=2))
    young, both = evidence.credit_showings(found), evidence.credit_showings(tomorrow)
    assert NO_OUTCOME not in young.credited.outcome, "an answer may still come"
    assert len(both.credited.shown) == 6
    assert (both.credited.outcome == NO_OUTCOME).sum() == 4
    answered = both.credited.outcome != NO_OUTCOME
    assert {NAMES[at] for at in both.credited.outcome[answered]} == {"reacted"}, (
        "taken back is not seen"
    )
    assert sorted(both.credited.reward[answered].tolist()) == [0.125, 1.0]
    events = evidence.context_events(tomorrow, app.live.served.model.catalogue.films)
    rows = app.live.served.model.catalogue.films
    assert {int(rows.ids([row])[0]) for row in events.film[events.accepted > 0]} == {film}
    assert {DAYPARTS[at] for at in events.daypart} == {"evening"}
    assert {DAY_KINDS[at] for at in events.day} == {"friday night"}
    assert events.base is not None
    assert np.isfinite(events.base).all()
    async with app.db.write() as conn:
        await profiles.set_shapes_others(conn, int(mira.id), False, now=app.clock())
    async with app.db.read() as conn:
        without = await evidence.read_evidence(conn, app.clock() + timedelta(days=2))
    assert len(evidence.context_events(without, rows)) == 0, (
        "neither her card nor the answers to it"
    )


async def test_ratings_of_one_sitting_are_no_evidence(house: House, mira: Person) -> None:
    cards = [await card(mira) for _ in range(6)]
    for message in cards:
        await mira.react(message, "👍")
    await until(lambda: len(house.rows("select * from ratings")) == 6, "six reactions")
    app = house.app
    async with app.db.read() as conn:
        found = await evidence.read_evidence(conn, app.clock() + timedelta(days=2))
    both = evidence.credit_showings(found)
    assert len(found.showings) == 30
    assert {int(outcome) for outcome in both.credited.outcome} == {NO_OUTCOME}
    assert len(both.credited.shown) == 24


def test_a_server_counts_once_three_people_acted_there() -> None:
    servers = np.array([7, 7, 7, 7, 8, 8, 8, -1])
    people = np.array([1, 2, 3, 1, 1, 2, 1, 9])
    assert evidence.servers_of_many(servers, people).tolist() == [7, 7, 7, 7, -1, -1, -1, -1]
