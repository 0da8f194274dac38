"""`/recommend with:` in the playground. A card for several members reveals nobody's ratings."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.playground import Person
from bot.playground.testing import Outcome, buttons_of, text_of
from tests.house import House, running

TASTES = {
    "mira": ("Notting Hill", "Amélie", "When Harry Met Sally...", "Pretty Woman"),
    "june": ("Alien", "Se7en", "The Shining", "The Silence of the Lambs"),
}


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with running(tmp_path, cooldown_days=0) as house:
        yield house


@pytest.fixture
async def mira(house: House) -> AsyncIterator[Person]:
    async with house.member("mira") as person:
        await rate_tastes(person)
        yield person


@pytest.fixture
async def june(house: House) -> AsyncIterator[Person]:
    async with house.member("june") as person:
        await rate_tastes(person)
        await agree(person)
        yield person


async def rate_tastes(person: Person) -> None:
    for title in TASTES[person.name]:
        outcome = await person.command("films", "rate", film=title, stars=5.0)
        assert "Got it" in outcome.text


async def agree(person: Person) -> None:
    panel = (await person.command("films", "settings")).message
    assert "see your taste" in (await person.click(panel, "Show my taste here")).text


async def withdraw(person: Person) -> None:
    panel = (await person.command("films", "settings")).message
    await person.click(panel, "Hide my taste here")


async def card(person: Person, *others: Person, **options: Any) -> Outcome:
    names = ("with", "with2", "with3")
    group = {name: other.id for name, other in zip(names, others, strict=False)}
    return await person.command("films", "recommend", **group, **options)


def films(house: House, count: int = 5) -> list[int]:
    """Returns the films of the newest impressions, in the order of the card."""
    rows = house.rows("select film_id from impressions order by id desc limit ?", count)
    return [film for (film,) in reversed(rows)]


async def test_a_card_for_several_members(house: House, mira: Person, june: Person) -> None:
    await a_card_for_two(house, mira, june)
    await only_members_of_this_server(house, mira, june)


async def test_consent_and_exclusions(house: House, mira: Person, june: Person) -> None:
    await nobody_counts_without_consent(house, mira, june)
    await films_that_one_member_excludes_are_not_shown(house, mira, june)
    await whoever_left_has_to_agree_again(house, mira, june)


async def a_card_for_two(house: House, mira: Person, june: Person) -> None:
    alone = set()
    for person in (mira, june):
        await card(person)
        alone |= {tuple(films(house))}
    found = await card(mira, june)
    assert found.error is None
    assert "or you and June" in found.text
    assert "because you loved" not in found.text, "whose love would that be"
    together = films(house)
    assert tuple(together) not in alone
    rated = {film for (film,) in house.rows("select film_id from ratings")}
    assert not rated & set(together)
    rows = house.rows("select person_id, grouped from impressions order by id desc limit 5")
    assert set(rows) == {(int(mira.id), 1)}
    another = await mira.click(found.message, "Another")
    assert "or you and June" in another.text
    moody = await mira.click(another.message, "Moving")
    assert "or you and June, tonight · moving" in moody.text
    refused = await june.click(moody.message, "Another")
    assert "That card isn't yours" in refused.text
    own = await june.click(moody.message, "Light")
    assert "or you tonight · light" in own.text
    assert (own.message or {})["flags"] & 64


async def films_that_one_member_excludes_are_not_shown(
    house: House, mira: Person, june: Person
) -> None:
    panel = (await june.command("films", "settings")).message
    await june.select(panel, 1, ["Comedy", "Romance"])
    await card(mira, june)
    first = films(house)
    genres = dict(house.rows("select id, genres from films"))
    assert not any("Comedy" in genres[film] or "Romance" in genres[film] for film in first)
    declined = house.rows("select count(*) from film_marks")
    assert declined == [(0,)]
    shown = await card(june)
    await june.click(shown.message, "Not for me")
    (gone,) = house.rows("select film_id from film_marks")
    await card(mira, june, mood="gripping")
    assert gone[0] not in films(house)


async def nobody_counts_without_consent(house: House, mira: Person, june: Person) -> None:
    """Without consent, or if they keep their ratings to themselves, the card is Mira's own."""
    agreed = await card(mira, june)
    assert "or you and June" in agreed.text
    with_june = films(house)
    reasons = house.rows("select reason from impressions")
    assert not any("June" in reason for (reason,) in reasons), "no name is stored"
    await card(mira)
    own = films(house)
    assert own != with_june
    privacy = (await june.command("films", "privacy")).message
    privacy = (await june.click(privacy, "Keep my ratings out of others' picks")).message
    await alone(house, mira, june, own)
    await june.click(privacy, "Let my ratings shape others' picks")
    await withdraw(june)
    await alone(house, mira, june, own)
    async with house.member("tomas") as tomas:
        await alone(house, mira, tomas, own)
        await agree(june)
        some = await card(mira, june, tomas)
        assert "or you and June" in some.text
        assert "I couldn't use the taste of Tomás, because they don't show it here." in some.text
        assert films(house) == with_june


async def alone(house: House, mira: Person, other: Person, own: list[int]) -> None:
    """Checks that a card with the other member is Mira's own."""
    found = await card(mira, other)
    assert found.text.splitlines()[0].startswith("-# For you tonight")
    assert "or you and" not in found.text
    assert "These picks are just for you. I couldn't use the taste" in found.text
    assert films(house) == own


async def whoever_left_has_to_agree_again(house: House, mira: Person, june: Person) -> None:
    assert "or you and June" in (await card(mira, june)).text
    guild = next(iter(house.world.guilds.values()))
    user = house.world.users[int(june.id)]
    house.world.remove_member(guild, user)
    house.world.clock.advance(3600)
    house.world.add_member(guild, user)
    panel = await june.command("films", "settings")
    assert "Show my taste in this server: **off**" in panel.text
    assert "These picks are just for you." in (await card(mira, june)).text
    assert house.rows("select * from taste_consents") == []


async def only_members_of_this_server(house: House, mira: Person, june: Person) -> None:
    refusal = "You can only pick films together with members of this server."
    bot = str(house.world.bot.id)
    assert refusal in (await mira.command("films", "recommend", **{"with": bot})).text
    alone = await card(mira, mira)
    assert "or you" in alone.text.splitlines()[0]
    assert "and" not in alone.text.splitlines()[0]
    found = await card(mira, june, june)
    assert "or you and June" in found.text
    house.world.faults.answer("GET", r"/guilds/\d+/members/", 403, code=50001)
    unsaid = await card(mira, june)
    assert "Discord isn't answering." in unsaid.text
    house.world.faults.clear()
    del house.world.guilds[next(iter(house.world.guilds))].members[int(june.id)]
    gone = await mira.click(found.message, "Another")
    assert refusal in gone.text
    for label in ("Another", "Moving"):
        assert len(buttons_of(found.message or {})[label]["custom_id"]) <= 100
    assert text_of(found.message or {})
