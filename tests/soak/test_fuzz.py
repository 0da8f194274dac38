"""Random and malicious interactions, many at once. Each gets an answer in words, never an error."""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot.playground import Person
from bot.playground.records.channels import COMPONENTS_V2
from bot.playground.testing import JSON, Outcome, Refused, buttons_of, selects_of
from bot.playground.world.channels import messages
from tests.house import House, running
from tests.soak.process import scaled

pytestmark = pytest.mark.soak

INTERACTIONS = scaled(1_500, at_least=150)
CONCURRENT_FUZZERS = 12
SEED = 5
NAMES = ("mira", "tomas", "june", "olek")
CHANNELS = ("films", "lounge", "late-show", "dm")
NO_ANSWER_TEXT = "did not respond"
ERROR_TEXT = "Something went wrong"

NUMBERS = (
    *("0", "1", "2", "3", "7", "40", "252", "-1", "-0", "+1", "0x10", "1e3", "1.0", "007", "NaN"),
    *("²", "١", "④", "١٢", " 1", "1 ", "1_0", "999999", str(2**31), str(2**63), "9" * 40),
)
TEXTS = (
    *("", " ", "a", "the", "Alien", "alien (1979)", "Alien (0000)", "Alien (²²²²)", "Amélie", "8½"),
    *("1984", "*", "**bold**", "`code`", "```", "||spoiler||", "<@1>", "<#2>", "@everyone", "\\"),
    *("'; drop table films; --", '"', "%", "_", "null", "None", "true", "🍿" * 50, "\u202eevil"),
    *("\x00", "\n", "a\nb", "\u200b", "ﷺ", "mt1:rate:1:0", "{}", "{0}", "%s", "é" * 99, "x" * 100),
    *("Comedy", "comedy", "Horror", "warm", "Tense", "Europe/Paris", "Mars/Olympus", "25:00"),
    *("19:00", "off", "y" * 4_000, "7" * 5_000, "[a](b)", "# big", "\ufeff", "a" + "\u0301" * 60),
)
ACTIONS = (
    *("why", "seen", "nope", "later", "unmark", "rate", "unrate", "open", "another", "quiz"),
    *("form", "screen", "pick", "ask", "again", "answer", "told", "forget", "quiet", "done"),
    *("export", "erase", "erase-yes", "nothing", "", "RATE"),
)
FOREIGN_IDS = (
    "mt0:rate:1:0",
    "mt2:why:1",
    "mt1",
    "mt1:",
    "mt1::",
    "mt1:rate",
    "shop:buy:1",
    "x",
    "::",
)


class Fuzzer:
    """Sends one random interaction at a time for one member and judges the answer."""

    def __init__(self, house: House, person: Person, rng: Random) -> None:
        self.house = house
        self.person = person
        self.rng = rng
        self.did: Counter[str] = Counter()
        self.bad: list[str] = []

    async def act(self, cards: list[JSON]) -> None:
        """Does one random thing.

        cards: public messages of the bot. New ones are added.
        """
        ways: tuple[tuple[int, Callable[[list[JSON]], Awaitable[None]]], ...] = (
            (6, self._command),
            (3, self._autocomplete),
            (6, self._forged),
            (2, self._forged_select),
            (5, self._any_button),
            (2, self._double_click),
            (1, self._quiz),
        )
        weights, choices = zip(*ways, strict=True)
        way = self.rng.choices(choices, weights)[0]
        try:
            await way(cards)
        except Refused as refusal:
            if NO_ANSWER_TEXT in str(refusal):
                self.bad.append(f"{way.__name__}: {refusal}")
            self.did["refused by the local Discord"] += 1

    def _judge(self, what: str, outcome: Outcome) -> Outcome:
        self.did[what.split()[0]] += 1
        silent = outcome.message is None and outcome.modal is None
        if outcome.state != "done" or outcome.error or ERROR_TEXT in outcome.text or silent:
            self.bad.append(f"{what}: {outcome.state} {outcome.error} {outcome.text[:200]!r}")
        elif outcome.modal is None and not outcome.text.strip():
            self.bad.append(f"{what}: an answer without a word")
        return outcome

    def _definition(self) -> JSON:
        known = sorted(self.house.world.commands.values(), key=lambda command: str(command["name"]))
        return self.rng.choice(known)

    def _value(self, option: JSON) -> Any:
        rng = self.rng
        if option.get("choices"):
            return rng.choice(option["choices"])["value"]
        kind = option["type"]
        if kind == 3:
            return rng.choice([*TEXTS, *NUMBERS])
        if kind in (4, 10):
            low, high = option.get("min_value", -(2**53)), option.get("max_value", 2**53)
            return rng.choice([low, high, rng.randint(low, high)])
        if kind == 5:
            return rng.random() < 0.5
        if kind == 7:
            return str(rng.choice(list(self.house.world.channels)))
        return None

    async def _command(self, cards: list[JSON]) -> None:
        command = self._definition()
        given = {
            option["name"]: self._value(option)
            for option in command.get("options") or []
            if option.get("required") or self.rng.random() < 0.5
        }
        what = f"/{command['name']} {given}"
        place = self.rng.choice(CHANNELS)
        outcome = self._judge(what, await self.person.command(place, command["name"], **given))
        if outcome.message is not None and not outcome.message["flags"] & 64:
            cards.append(outcome.message)

    async def _autocomplete(self, cards: list[JSON]) -> None:
        command = self._definition()
        wanted = [x for x in command.get("options") or [] if x.get("autocomplete")]
        if not wanted:
            return
        option, text = self.rng.choice(wanted)["name"], self.rng.choice([*TEXTS, *NUMBERS])
        await self.person.autocomplete("films", command["name"], option, text[:100])
        self.did["autocomplete"] += 1

    def _custom_id(self) -> str:
        rng = self.rng
        if rng.random() < 0.15:
            return rng.choice(FOREIGN_IDS)
        arguments = [rng.choice([*NUMBERS, *TEXTS]) for _ in range(rng.choice([0, 1, 1, 2, 2, 4]))]
        made = ":".join(("mt1", rng.choice(ACTIONS), *arguments))
        return made[:100]

    def _plant(self, components: list[JSON]) -> JSON:
        """Adds a message of the bot, as another version of it might have sent."""
        world = self.house.world
        channel = world.channels[int(self.person.channel("films"))]
        body = {"flags": COMPONENTS_V2, "components": [{"type": 1, "components": components}]}
        message = messages.send(world, channel, world.bot.id, body, [])
        return {"id": str(message.id), "channel_id": str(channel.id)}

    async def _forged(self, cards: list[JSON]) -> None:
        custom_id = self._custom_id()
        message = self._plant([{"type": 2, "style": 2, "label": "Press", "custom_id": custom_id}])
        self._judge(f"button {custom_id!r}", await self.person.press(message, custom_id))

    async def _forged_select(self, cards: list[JSON]) -> None:
        custom_id = self.rng.choice(["mt1:open", "mt1:pick:1", "mt1:pick:2", self._custom_id()])
        values = [x for x in self.rng.sample([*NUMBERS, *TEXTS], 4) if 0 < len(x) <= 100]
        if not values:
            return
        options = [{"label": "An option", "value": value} for value in values]
        menu = {"type": 3, "custom_id": custom_id, "options": options, "max_values": len(options)}
        message = self._plant([menu])
        chosen = self.rng.sample(values, self.rng.randint(1, len(values)))
        self._judge(
            f"menu {custom_id!r} {chosen}", await self.person.select(message, custom_id, chosen)
        )

    async def _any_button(self, cards: list[JSON]) -> None:
        """Presses a random button of a random card, then one of the answer."""
        message: JSON | None = self.rng.choice(cards)
        for _ in range(3):
            pressed = [x["custom_id"] for x in buttons_of(message or {}).values()]
            if message is None or not pressed:
                return
            menus = selects_of(message)
            if menus and self.rng.random() < 0.2:
                menu = self.rng.choice(menus)
                value = self.rng.choice(menu["options"])["value"]
                outcome = await self.person.select(message, menu["custom_id"], [value])
                self._judge(f"menu {menu['custom_id']!r} {value}", outcome)
            else:
                custom_id = self.rng.choice(pressed)
                outcome = await self.person.press(message, custom_id)
                self._judge(f"button {custom_id!r}", outcome)
            message = outcome.message

    async def _double_click(self, cards: list[JSON]) -> None:
        message = self.rng.choice(cards)
        custom_id = self.rng.choice([x["custom_id"] for x in buttons_of(message).values()])
        both = await asyncio.gather(*(self.person.press(message, custom_id) for _ in range(3)))
        for outcome in both:
            self._judge(f"button {custom_id!r} thrice at once", outcome)

    async def _quiz(self, cards: list[JSON]) -> None:
        opened = self._judge("/start", await self.person.command("films", "start"))
        if opened.modal is not None:
            zone = self.rng.choice([*TEXTS, *NUMBERS])[:64]
            outcome = await self.person.submit(opened.modal, {"zone": zone})
            self._judge(f"form {zone!r}", outcome)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with running(tmp_path) as house:
        house.world.answer_seconds = 3.0
        yield house


async def test_every_interaction_is_answered_in_words(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    fuzzers: list[Fuzzer] = []
    cards: list[JSON] = []
    for place in range(CONCURRENT_FUZZERS):
        person = house.member(NAMES[place % len(NAMES)])
        await person.__aenter__()
        fuzzers.append(Fuzzer(house, person, Random(f"{SEED} {place}")))
    try:
        for name in ("recommend", "trending"):
            for fuzzer in fuzzers[: len(NAMES)]:
                message = (await fuzzer.person.command("films", name)).message
                assert message is not None
                cards.append(message)

        async def keep_at_it(fuzzer: Fuzzer) -> None:
            for _ in range(INTERACTIONS // CONCURRENT_FUZZERS):
                await fuzzer.act(cards)

        await asyncio.gather(*(keep_at_it(fuzzer) for fuzzer in fuzzers))
    finally:
        for fuzzer in fuzzers:
            await fuzzer.person.close()
    did = sum((fuzzer.did for fuzzer in fuzzers), Counter[str]())
    print(f"\n{did.total()} random interactions by {CONCURRENT_FUZZERS} hands at once: {dict(did)}")
    assert [line for fuzzer in fuzzers for line in fuzzer.bad] == []
    assert [x.getMessage() for x in caplog.records if x.levelno >= logging.ERROR] == []
