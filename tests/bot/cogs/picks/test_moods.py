"""The one-tap moods: on the card, for everybody who presses, ordered by time of day."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.playground import Person
from bot.playground.testing import buttons_of, text_of
from bot.services.catalogue.moods import MOODS, mood_number, order_moods, tags_of
from bot.wording.picks.tastes import mood_button
from tests.clock import at, days_until
from tests.house import Visit
from tests.starter import starter_catalogue

pytestmark = pytest.mark.clock

EVENING, MORNING = at(days_until(4), "20:00"), at(days_until(4) + 3, "08:00")
NAMES = [mood_button(mood) for mood in MOODS]


@pytest.fixture
async def mira(visit: Visit) -> AsyncIterator[Person]:
    async with visit.member("mira") as person:
        visit.house.world.clock.set(EVENING)
        yield person


@pytest.fixture
async def june(visit: Visit) -> AsyncIterator[Person]:
    async with visit.member("june") as person:
        yield person


def offered(message: Any) -> list[str]:
    return [label for label in buttons_of(message) if label in NAMES]


def active(message: Any) -> list[str]:
    return [name for name, one in buttons_of(message).items() if one["style"] == 1]


def films(visit: Visit, person: Person, mood: str | None) -> list[tuple[int, set[str]]]:
    """Returns the films of a person's newest card with that mood, with their tags."""
    rows = visit.rows(
        "select film_id from impressions where person_id = ? and mood is ? order by id desc"
        " limit 5",
        int(person.id),
        mood,
    )
    tags = visit.rows("select film_id, tag_slug from film_tags")
    return [(film, {slug for of, slug in tags if of == film}) for (film,) in rows]


def test_moods_name_mood_tags_and_no_tag_belongs_to_two() -> None:
    catalogue = starter_catalogue()
    known = {tag.slug: tag.facet for tag in catalogue.tags}
    tags = [tag for mood in MOODS.values() for tag in mood.tags]
    assert {known.get(tag) for tag in tags} == {"mood"}
    assert len(tags) == len(set(tags))
    assert not MOODS.keys() & known.keys(), "a mood is never taken for a tag"
    for mood in MOODS.values():
        some = [f for f in catalogue.films if {slug for slug, _ in f.tags} & set(mood.tags)]
        assert len(some) >= 200, mood.key


def test_a_moods_number_is_stable_and_shared_by_its_tags() -> None:
    assert mood_number("light") == 2_146_773_592
    assert len({mood_number(mood) for mood in (*MOODS, "romantic", "bleak")}) == 6
    assert {mood_number(tag) for tag in tags_of("moving")} == {mood_number("moving")}
    assert tags_of("romantic") == ("romantic",)


def test_moods_are_sorted_by_number_of_requests() -> None:
    assert order_moods({}) == tuple(MOODS)
    assert order_moods({"strange": 2, "tense": 1, "cosy": 1, "moving": 3})[:2] == (
        "moving",
        "strange",
    )
    assert order_moods({"tense": 2, "suspenseful": 2, "moving": 3})[0] == "gripping"


async def test_one_tap_gives_a_card_of_that_mood(visit: Visit, mira: Person) -> None:
    card = (await mira.command("films", "recommend", max_runtime=120)).message
    assert offered(card) == NAMES
    assert "What are you in the mood for tonight?" in text_of(card or {})
    first = {film for film, _ in films(visit, mira, None)}
    tapped = await mira.click(card, "Strange")
    assert tapped.error is None
    assert "First picks for tonight · strange · up to 120 min" in tapped.text
    assert "Strange" in active(tapped.message)
    strange = films(visit, mira, "strange")
    assert all(tags & set(MOODS["strange"].tags) for _, tags in strange)
    assert len(first & {film for film, _ in strange}) == 0
    acts = visit.rows(
        "select person_id, film_id, message_id, kind from card_acts where person_id = ?",
        int(mira.id),
    )
    assert [(act[0], act[3]) for act in acts] == [(int(mira.id), "another")]
    assert acts[0][2] == int((card or {})["id"])
    back = await mira.click(tapped.message, "Strange")
    assert "strange" not in back.text.splitlines()[0]
    again = await mira.click(back.message, "Strange")
    another = await mira.click(again.message, "Another")
    assert "· strange ·" in another.text, "Another keeps the mood"


async def test_on_anothers_card_a_tap_gives_a_card_of_ones_own(
    visit: Visit, mira: Person, june: Person
) -> None:
    card = (await mira.command("films", "recommend")).message
    hers = await june.click(card, "Light")
    assert hers.error is None
    assert hers.message is not None
    assert hers.message["flags"] & 64, "privately"
    light = "select count(*) from impressions where mood = 'light' and person_id = ?"
    assert [visit.rows(light, int(one.id)) for one in (mira, june)] == [[(0,)], [(5,)]]
    passed = visit.rows("select * from card_acts where person_id = ?", int(june.id))
    assert passed == [], "she passed nothing over"
    await visit.house.restart()
    again = await mira.click(card, "Moving")
    assert again.error is None
    assert "moving" in again.text


async def test_moods_requested_at_a_time_of_day_come_first_then(visit: Visit, mira: Person) -> None:
    await mira.command("films", "recommend", mood="moving")
    await mira.command("films", "recommend", mood="tense")
    evening = (await mira.command("films", "recommend", mood="gripping")).message
    assert "gripping" in text_of(evening or {})
    card = (await mira.command("films", "recommend")).message
    assert offered(card) == ["Gripping", "Moving", "Light", "Strange"]
    visit.house.world.clock.set(MORNING)
    card = (await mira.command("films", "recommend")).message
    assert offered(card) == NAMES
    panel = (await mira.command("films", "settings")).message
    await mira.click(panel, "Ignore the time of day")
    card = (await mira.command("films", "recommend")).message
    assert offered(card)[0] == "Gripping", "at any hour"
    assert "What are you in the mood for?" in text_of(card or {})


async def test_moods_are_offered_with_the_mood_tags(mira: Person) -> None:
    choices = await mira.autocomplete("films", "recommend", "mood", "")
    assert [choice["value"] for choice in choices][:4] == list(MOODS)
    near = await mira.autocomplete("films", "recommend", "mood", "suspensful")
    assert "suspenseful" in [choice["value"] for choice in near]
    wrong = await mira.command("films", "recommend", mood="qqqqqqq")
    assert "I don't know a mood called" in wrong.text
