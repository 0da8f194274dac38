"""Random requests are accepted or refused with a sentence. None causes a crash."""

import asyncio
import copy
import json
import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from bot.playground import World, connector, start
from bot.playground.records.channels import VOICE
from bot.playground.records.interactions import Interaction
from bot.playground.validation import components
from bot.playground.validation.errors import ApiError, Problems
from bot.playground.world.channels import drafts, messages
from bot.playground.world.guilds import scheduled_events
from bot.playground.world.interactions import commands, forms, invocations
from bot.playground.world.state import TOKEN
from tests.clock import PATIENCE_SECONDS, club_world
from tests.playground.rest.test_rest import TOO_LONG_MESSAGES
from tests.playground.validation.test_commands import BAD_COMMANDS, command, option
from tests.playground.validation.test_components import BAD_MESSAGES, GOOD_MESSAGES, GOOD_MODALS

ODD_VALUES: list[Any] = [
    None,
    True,
    0,
    -1,
    2**70,
    1.5,
    "",
    "x" * 5000,
    "5",
    "\ud800".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
    [],
    {},
    [[]],
    [{}],
    {"id": []},
    ["users", []],
]


def twisted(rng: random.Random, value: Any) -> Any:
    """Returns a copy with one to three places replaced by something odd."""
    made = copy.deepcopy(value)
    for _ in range(rng.randint(1, 3)):
        places: list[tuple[Any, Any]] = []

        def visit(node: Any, places: list[tuple[Any, Any]] = places) -> None:
            keys = node if isinstance(node, dict) else range(len(node))
            for key in keys:
                places.append((node, key))
                if isinstance(node[key], (dict, list)):
                    visit(node[key])

        visit(made)
        if not places:
            break
        node, key = rng.choice(places)
        if isinstance(node, dict) and rng.random() < 0.2:
            del node[key]
        else:
            node[key] = copy.deepcopy(rng.choice(ODD_VALUES))
    return made


def attempt(what: Callable[..., Any], *given: Any, **named: Any) -> None:
    refused: ApiError | None = None
    try:
        what(*given, **named)
    except ApiError as error:
        refused = error
    assert refused is None or json.dumps(refused.body())


BODIES: list[dict[str, Any]] = [
    *({"flags": 32768, "components": x} for x in [*GOOD_MESSAGES, *BAD_MESSAGES.values()]),
    *TOO_LONG_MESSAGES.values(),
    {"content": "x", "allowed_mentions": {"parse": ["users"], "roles": ["1"]}},
    {"content": "x", "message_reference": {"message_id": "1"}, "nonce": "x", "tts": False},
    {"embeds": [{"title": "t", "color": 1, "fields": [{"name": "n", "value": "v"}]}]},
    {"embeds": [{"footer": {"text": "x"}, "author": {"name": "n"}, "image": {"url": "u"}}]},
    {"content": "x", "attachments": [{"id": "0", "description": "d"}]},
    {
        "poll": {
            "question": {"text": "q"},
            "answers": [{"poll_media": {"text": "a", "emoji": {"id": None, "name": "👍"}}}],
            "duration": 1,
            "allow_multiselect": True,
            "layout_type": 1,
        }
    },
]


def test_messages() -> None:
    rng = random.Random(21)
    world = club_world()
    channel = next(x for x in world.channels.values() if x.name == "films")
    existing = messages.send(world, channel, world.bot.id, {"content": "x"}, [])
    for body in BODIES:
        for _ in range(30):
            sent = twisted(rng, body)
            attempt(messages.send, world, channel, world.bot.id, sent, [])
            attempt(drafts.read, world, sent, [], existing=existing)


def test_scheduled_events() -> None:
    rng = random.Random(21)
    world = club_world()
    guild = next(iter(world.guilds.values()))
    room = next(str(x) for x in guild.channels if world.channels[x].kind == VOICE)
    start = world.clock.now() + timedelta(hours=1)
    common: dict[str, Any] = {
        "name": "n",
        "description": "d",
        "privacy_level": 2,
        "scheduled_start_time": start.isoformat(),
        "scheduled_end_time": (start + timedelta(hours=1)).isoformat(),
        "image": "data:image/png;base64,AA==",
    }
    places: list[dict[str, Any]] = [
        {"entity_type": 3, "entity_metadata": {"location": "l"}, "channel_id": None},
        {"entity_type": 2, "channel_id": room},
    ]
    for place in places:
        event = scheduled_events.create(world, guild, world.bot.id, common | place)
        for when in ("0001-01-01T00:00+14:00", "9999-12-31T23:59-14:00"):
            sent = common | place | {"scheduled_start_time": when, "scheduled_end_time": when}
            attempt(scheduled_events.create, world, guild, world.bot.id, sent)
        for _ in range(60):
            sent = twisted(rng, common | place | {"status": 1})
            attempt(scheduled_events.create, world, guild, world.bot.id, sent)
            attempt(scheduled_events.change, world, event, world.bot.id, sent)


def test_modals() -> None:
    rng = random.Random(21)
    world = club_world()

    def read(nodes: Any) -> None:
        problems = Problems()
        components.modal_components(problems, {"components": nodes}, world.ids)
        problems.raise_any()

    for nodes in GOOD_MODALS:
        for _ in range(60):
            sent = twisted(rng, nodes)
            attempt(read, sent)


def test_commands() -> None:
    rng = random.Random(21)
    world = club_world()
    rich = command(
        contexts=[0, 1],
        integration_types=[0],
        default_member_permissions=32,
        options=[
            option(required=True, min_length=1, max_length=5),
            option("n", type=4, min_value=1, max_value=5, choices=[{"name": "c", "value": 1}]),
            option("c", type=7, channel_types=[0]),
        ],
    )
    for bodies in [[rich], *([x for x in y if isinstance(x, dict)] for y in BAD_COMMANDS.values())]:
        for _ in range(30):
            sent = [x for x in twisted(rng, bodies[:3]) if isinstance(x, dict)]
            attempt(commands.overwrite, world, None, sent)


async def test_interactions_that_people_send() -> None:
    rng = random.Random(21)
    world: World = club_world()
    person = world.people()[0].id
    films = next(x for x in world.channels.values() if x.name == "films")
    options = [
        option("s"),
        option("i", type=4),
        option("u", type=6),
        option("b", type=5),
        option("n", type=10),
        option("m", type=9),
    ]
    commands.overwrite(world, None, [command(options=options)])
    given = [
        {"name": "s", "type": 3, "value": "x"},
        {"name": "i", "type": 4, "value": 1},
        {"name": "u", "type": 6, "value": str(person)},
        {"name": "b", "type": 5, "value": True},
        {"name": "n", "type": 10, "value": 1.5},
    ]
    body = {
        "flags": 32768,
        "components": [{"type": 1, "components": [{"type": 5, "custom_id": "c"}]}],
    }
    message = messages.send(world, films, world.bot.id, body, [])
    opened: list[Interaction] = []

    def use(sent: Any) -> None:
        opened.append(invocations.use_command(world, person, films, "x", 1, sent))

    for _ in range(400):
        sent = [x for x in twisted(rng, given) if isinstance(x, dict)]
        attempt(use, sent)
        values = twisted(rng, [str(person), "1"])
        attempt(invocations.press, world, person, films, message.id, "c", values)
    use(given)
    problems = Problems()
    for nodes in GOOD_MODALS:
        parts = components.modal_components(problems, {"components": nodes}, world.ids)
        opened[-1].modal = {"custom_id": "m", "components": parts}
        answers = [
            {"type": 18, "component": {"type": 4, "custom_id": "t", "value": "x"}},
            {"type": 18, "component": {"type": 22, "custom_id": "c", "values": ["v1"]}},
            {"type": 18, "component": {"type": 21, "custom_id": "r", "value": "v1"}},
        ]
        for _ in range(60):
            sent = [x for x in twisted(rng, answers) if isinstance(x, dict)]
            attempt(forms.submit, world, person, opened[-1].id, sent)
    for interaction in world.interactions.values():
        assert interaction.deadline is not None
        interaction.deadline.cancel()


FRAMES: list[dict[str, Any]] = [
    {"op": 1, "d": 5},
    {"op": 2, "d": {"token": TOKEN, "intents": 1, "shard": [0, 1]}},
    {"op": 6, "d": {"token": TOKEN, "session_id": "x", "seq": 1}},
    {"op": 3, "d": {"status": "online"}},
    {"op": 8, "d": {"guild_id": "5", "query": "x", "limit": 1, "user_ids": ["1"], "nonce": "n"}},
]


@pytest.mark.parametrize("seed", range(40))
async def test_gateway_frames(seed: int, caplog: pytest.LogCaptureFixture) -> None:
    rng = random.Random(seed)
    async with start(club_world(), rate_limits=False) as local:
        guild = str(next(iter(local.world.guilds)))
        async with (
            aiohttp.ClientSession(connector=connector(local.port, local.ca_pem)) as session,
            session.ws_connect("https://gateway.discord.gg/?v=10&encoding=json") as socket,
        ):
            if seed % 2:
                await socket.send_json(FRAMES[1])
            for _ in range(20):
                frame = copy.deepcopy(rng.choice(FRAMES))
                if isinstance(frame["d"], dict) and "guild_id" in frame["d"]:
                    frame["d"]["guild_id"] = guild
                try:
                    await socket.send_json(twisted(rng, frame))
                except ConnectionError:
                    break
            await asyncio.sleep(0)
            async with asyncio.timeout(PATIENCE_SECONDS):
                await socket.close()
    assert not [x for x in caplog.records if x.levelname in ("ERROR", "CRITICAL")]
