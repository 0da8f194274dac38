"""A server's own emoji that rate: `/setup reactions`, new and old cards, and while away."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.playground import Person
from bot.playground.testing import buttons_of, text_of
from bot.services.picks import impressions
from bot.services.scale import LEGEND
from tests.bot.jobs.test_reconciling import Away, lose_session, shown, stars
from tests.house import Visit, until

USUAL = "❤️ loved · 👍 liked · 😐 fine · 👎 disliked"
OWN = "🔥 5, 👍 3.5 · 💤 0,5"
OWN_LEGEND = "🔥 ★ 5 · 👍 ★ 3.5 · 💤 ★ 0.5"


@pytest.fixture
async def mira(visit: Visit) -> AsyncIterator[Person]:
    async with visit.member("mira") as person:
        yield person


async def choose(mira: Person, emoji: str = OWN) -> dict[str, Any]:
    """Chooses the emoji that rate; returns the answer."""
    drafted = await mira.command("films", "setup reactions", emoji=emoji)
    assert drafted.error is None, drafted.text
    used = await mira.click(drafted.message, "Use these emoji")
    assert used.message is not None
    return used.message


def place(card: Away) -> dict[str, str]:
    """Returns where a card is, in the form in which members name it."""
    return {"id": str(card.message.id), "channel_id": str(card.channel.id)}


async def seeded(visit: Visit, card: Away) -> list[str]:
    """Returns the emoji under a card, once the bot has put them there."""
    done = "select 1 from cards where message_id = ? and seeded"
    await until(lambda: visit.rows(done, card.message.id) != [], "seeded")
    return [one.name for one in card.message.reactions]


async def test_a_manager_sees_tries_chooses_and_goes_back(visit: Visit, mira: Person) -> None:
    now = await mira.command("films", "setup reactions")
    assert f"Reactions: {USUAL}" in now.text
    assert not buttons_of(now.message or {})
    drafted = await mira.command("films", "setup reactions", emoji=OWN)
    assert f"React to rate: {OWN_LEGEND}" in drafted.text
    shows = await mira.command("films", "setup show")
    assert f"Reactions: {USUAL}" in shows.text, "a draft changes nothing"
    used = await mira.click(drafted.message, "Use these emoji")
    assert f"React to rate: {OWN_LEGEND}" in used.text
    overview = (await mira.command("films", "setup show")).text
    assert f"Reactions: {OWN_LEGEND}" in overview
    assert "Server Settings*, *Integrations*, *Matinee" in overview, "who may use the commands"
    back = await mira.click(used.message, "Use the usual emoji")
    assert f"React to rate: {USUAL}" in back.text
    card = await shown(visit, mira)
    assert await seeded(visit, card) == [step.emoji for step in LEGEND]


async def test_a_message_with_a_scale_that_is_forgotten_can_be_stored(
    visit: Visit, mira: Person
) -> None:
    """The bot finds a card later whose storing had failed."""
    used, app = await choose(mira), visit.house.app
    await mira.click(used, "Use the usual emoji")
    ours = "select id from rating_scales where guild_id = ?"
    ((old,),) = visit.rows(ours, visit.guild.id)
    visit.house.world.clock.advance(2 * 86_400.0)
    await mira.command("films", "setup reactions", emoji="🍎 5 🍏 1")
    assert old not in [one for (one,) in visit.rows(ours, visit.guild.id)]
    film = next(iter(app.live.served.library.films))
    place = {"channel_id": 1, "guild_id": visit.guild.id, "person_id": None, "film_id": film}
    assert await impressions.adopt_card(
        app, message_id=1, posted_at=app.clock(), scale_id=old, **place
    )


async def test_what_cannot_be_used_is_said(visit: Visit, mira: Person) -> None:
    for typed, why in (
        ("🔥 5 👍", "How many stars is 👍 worth?"),
        ("<:other:1234567890123456789> 5 👍 1", "I can't use "),
    ):
        refused = await mira.command("films", "setup reactions", emoji=typed)
        assert why in refused.text
    assert visit.rows("select 1 from rating_scales where guild_id = ?", visit.guild.id) == []


async def test_cards_posts_and_pages_show_and_take_the_servers_emoji(
    visit: Visit, mira: Person
) -> None:
    own = visit.house.world.add_emoji(visit.guild, "popcorn")
    await choose(mira, f"<:popcorn:{own.id}> 5 👍🏽 3½ 👎 1")
    named = f"<:popcorn:{own.id}>"
    for command, options in (("recommend", {}), ("film", {"title": "White Heat (1949)"})):
        card = await shown(visit, mira, command, **options)
        text = text_of(await mira.message(place(card)) or {})
        assert f"{named} ★ 5 · 👍🏽 ★ 3.5 · 👎 ★ 1" in text
        assert len(await seeded(visit, card)) == 3
    before = stars(visit, "june")
    async with visit.member("june") as june:
        await june.react(place(card), f"popcorn:{own.id}")
        await until(lambda: stars(visit, "june") == [*before, 5.0], "rated")
        await june.unreact(place(card), f"popcorn:{own.id}")
        await until(lambda: stars(visit, "june") == before, "taken back")
        await june.react(place(card), "❤️")  # means nothing here
        await june.react(place(card), "👍🏿")
        await until(lambda: stars(visit, "june") == [*before, 3.5], "any skin tone")


async def test_cards_get_the_other_emoji_if_one_was_deleted(visit: Visit, mira: Person) -> None:
    own = visit.house.world.add_emoji(visit.guild, "popcorn")
    await choose(mira, f"<:popcorn:{own.id}> 5 👍 4 👎 1")
    del visit.guild.emojis[own.id]
    card = await shown(visit, mira)
    reactions = card.message.reactions
    await until(lambda: [one.name for one in reactions] == ["👍", "👎"], "the others")
    card.add("june", "👎")
    await until(lambda: stars(visit, "june") == [1.0], "rated")


async def test_an_old_card_keeps_the_meaning_of_its_legend(visit: Visit, mira: Person) -> None:
    """Also when the bot hears of the reactions only later."""
    old, quiet = await shown(visit, mira), await shown(visit, mira)
    old.add("june", "👍")
    await until(lambda: stars(visit, "june") == [4.0], "rated")
    await seeded(visit, quiet)
    await choose(mira, "👍 1 😴 5")
    new = await shown(visit, mira)
    assert sorted(await seeded(visit, new)) == ["👍", "😴"]
    assert stars(visit, "june") == [4.0], "what was rated stays"
    old.add("olek", "👍")
    new.add("tomas", "👍")
    await until(lambda: stars(visit, "olek") + stars(visit, "tomas") == [4.0, 1.0], "rated")
    lose_session(visit, "away")
    old.remove("olek", "👍")
    old.add("olek", "😴")  # means nothing on the old card
    quiet.add("olek", "👍")
    new.remove("tomas", "👍")
    new.add("tomas", "😴")
    new.add("june", "❤️")  # means nothing on the new card
    visit.house.local.faults.clear()
    await until(lambda: stars(visit, "olek") + stars(visit, "tomas") == [4.0, 5.0], "found")
    assert stars(visit, "june") == [4.0]
    await visit.house.restart()
    new.add("olek", "👍")
    await until(lambda: sorted(stars(visit, "olek")) == [1.0, 4.0], "the choice outlives a restart")


async def test_a_card_that_shows_another_film_keeps_its_legend(visit: Visit, mira: Person) -> None:
    card = await shown(visit, mira)
    await choose(mira)
    before = card.message.id
    turned = await mira.click(await mira.message(place(card)), "Another")
    assert turned.message is not None
    assert int(turned.message["id"]) == before
    assert USUAL in text_of(turned.message)
    card.add("june", "👍")
    await until(lambda: stars(visit, "june") == [4.0], "rated as its legend says")
