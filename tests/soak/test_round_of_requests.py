"""What a start asks Discord for: five hundred cards in forty channels, with differing people.

    MATINEE_SOAK=1.0 pytest -m soak -s tests/soak/test_round_of_requests.py

While the bot was away, for every card and emoji one person took a reaction back, and another or two
added one. Between two cards of a channel are a hundred other messages, so no page holds two. That
is the most that a round can need. The bot's requests are recorded without waiting. Then they pass
the bot's own throttle and the local Discord's rate limits once more, by a simulated clock, one
after the other as the bot sends them. That is the time that they would take.
"""

import logging
import re
from pathlib import Path
from random import Random
from types import SimpleNamespace

import pytest

from bot.jobs import background_reading
from bot.jobs.background_reading import Throttle
from bot.playground.records.channels import Channel, Message, Reaction
from bot.playground.rest import limits
from bot.playground.rest.limits import Limits, LimitVerdict, Rule
from bot.playground.world.channels import messages
from bot.playground.world.channels import reactions as on_discord
from bot.services.scale import LEGEND, SCALE
from bot.wiring import open_app
from storage.feedback import cards, reactions
from storage.feedback.cards import Card
from tests.house import FEW_FILMS, House, running, until
from tests.loading import busy_world
from tests.soak.process import scaled

pytestmark = pytest.mark.soak

CARDS = scaled(500, at_least=40)
MESSAGES_BETWEEN = 100
REQUESTS_PER_CARD = 1 + len(LEGEND)
"""The stated budget (`bot/jobs/reconciling.py`): a page for each card, a list for each emoji."""
MAX_SECONDS = 600.0
SEED = 5

Sent = list[tuple[Rule, str]]
Placed = list[tuple[Channel, Message]]


def place_cards(house: House, rng: Random) -> Placed:
    """Sends the cards, each after a hundred other messages, to channels at random."""
    world = house.world
    places = [x for x in world.channels.values() if x.name.startswith("films-")]
    assert len(places) == 40
    placed: Placed = []
    for _ in range(CARDS):
        channel = rng.choice(places)
        for _ in range(MESSAGES_BETWEEN):
            messages.send(world, channel, world.bot.id, {"content": "chat"}, [])
        card = messages.send(world, channel, world.bot.id, {"content": "a card"}, [])
        placed.append((channel, card))
    return placed


async def react(house: House, placed: Placed, rng: Random) -> dict[tuple[int, str], set[int]]:
    """Stores what the bot knew, and lets people react otherwise.

    Returns who reacts on Discord now, by message and emoji.
    """
    standing: dict[tuple[int, str], set[int]] = {}
    film = house.rows("select min(id) from films")[0][0]
    people = {guild.id: guild.members for guild in house.world.guilds.values()}
    async with open_app(house.settings, house.world.clock.now) as app, app.db.write() as conn:
        for channel, message in placed:
            at = message.timestamp
            await cards.add_card(
                conn,
                Card(
                    message_id=message.id, channel_id=channel.id, guild_id=channel.guild_id,
                    person_id=None, film_id=film, surface="post", posted_at=at,
                ),
            )  # fmt: skip
            here = sorted(x for x in people[channel.guild_id or 0] if not house.world.users[x].bot)
            for mark in LEGEND:
                before, *now = rng.sample(here, rng.choice((2, 3)))
                await reactions.add(
                    conn, message_id=message.id, person_id=before, emoji=mark.emoji, at=at,
                    scale=SCALE,
                )  # fmt: skip
                standing[message.id, mark.emoji] = set(now)
                for person in now:
                    on_discord.add(house.world, channel, message, person, Reaction(mark.emoji))
    return standing


def record(house: House, monkeypatch: pytest.MonkeyPatch) -> Sent:
    """Lets all requests pass at once from now on; returns the list of those that read."""
    sent: Sent = []

    def take(rule: Rule, major: str) -> LimitVerdict:
        if re.match(r"GET /channels/\{channel\}/messages", rule.name):
            sent.append((rule, major))
        return LimitVerdict({})

    monkeypatch.setattr(house.local.limits, "take", take)
    monkeypatch.setattr(background_reading, "READS_PER_SECOND", 1e9)
    return sent


async def simulated_seconds(sent: Sent, monkeypatch: pytest.MonkeyPatch) -> float:
    """Returns how long the requests take with the throttle of the bot and the limits of Discord."""
    clock = 0.0

    async def sleep(seconds: float) -> None:
        nonlocal clock
        clock += seconds

    watch = SimpleNamespace(monotonic=lambda: clock, time=lambda: clock)
    for module in (limits, background_reading):
        monkeypatch.setattr(module, "time", watch)
    monkeypatch.setattr(background_reading, "asyncio", SimpleNamespace(sleep=sleep))
    throttle, discord = Throttle(), Limits()
    for rule, major in sent:
        await throttle.take()
        while (refused := discord.take(rule, major).body) is not None:
            clock += refused["retry_after"]
    return clock


async def test_a_start_with_five_hundred_cards_keeps_its_budget(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    rng = Random(SEED)
    async with running(tmp_path, world=busy_world(), max_films=FEW_FILMS) as house:
        await house._close()
        placed = place_cards(house, rng)
        standing = await react(house, placed, rng)
        with pytest.MonkeyPatch.context() as patch:
            sent = record(house, patch)
            caplog.set_level(logging.INFO, "bot.jobs.reconciling")
            await house._open()
            await until(lambda: "reactions reconciled" in caplog.text, "a round", patience=300.0)
        told = f"reactions reconciled: {CARDS} cards, {len(sent)} requests, 0 cards to try again"
        assert told in caplog.messages
        found = house.rows(
            "select message_id, emoji, person_id from standing_acts where source = 'reaction'"
        )
        by_emoji = {reactions.normalise_emoji(emoji): emoji for _, emoji in standing}
        stored: dict[tuple[int, str], set[int]] = {}
        for message, emoji, person in found:
            stored.setdefault((message, by_emoji[emoji]), set()).add(person)
        assert stored == standing
    with pytest.MonkeyPatch.context() as patch:
        seconds = await simulated_seconds(sent, patch)
    print(f"\n{CARDS} cards: {len(sent)} requests in {seconds:.0f} simulated seconds")
    assert len(sent) == CARDS * REQUESTS_PER_CARD
    assert seconds <= MAX_SECONDS * CARDS / 500
