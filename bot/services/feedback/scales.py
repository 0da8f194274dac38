"""A server's own emoji that rate films: reads what a manager typed, and stores it."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from bot.errors import Sorry
from bot.services.app import App
from bot.services.scale import HALF_STARS, RatingScale, ScaleStep, ServerScales, server_scale
from bot.services.view_models import Requester
from storage.database.engine import Database
from storage.feedback import scales
from storage.feedback.emoji import normalise_emoji
from storage.servers import guilds

MIN_EMOJI, MAX_EMOJI = 2, 8
MAX_SHOWN_CHARACTERS = 30  # of what a manager typed, in an error

_BASE = (
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u24c2\u25a0-\u27bf"
    "\u2900-\u297f\u2b00-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
)
_PART = f"{_BASE}\ufe0f?[\U0001f3fb-\U0001f3ff]?[\U000e0020-\U000e007f]*"
_EMOJI = re.compile(
    "<a?:(?P<name>\\w{2,32}):(?P<own>\\d{15,20})>"  # a server's own, as Discord writes it
    "|[0-9#*]\ufe0f?\u20e3"  # a key
    "|[\U0001f1e6-\U0001f1ff]{2}"  # a flag
    f"|{_PART}(?:\u200d{_PART})*"
)
"""An emoji by the shape of its code points: Unicode Technical Standard 51, section 1.4.9."""

_GAP = re.compile(r"(?:[\s,;:=·|/★-]|is\b|stars?\b)*", re.IGNORECASE)
_STARS = re.compile(r"([0-9]+)(?:[.,]([0-9]+)|(½))?(?!\ufe0f?\u20e3)")


@dataclass(frozen=True)
class ScaleChoice:
    """The emoji that rate in a server, and another scale that its manager may choose.

    Attributes:
        now: the scale of new cards (messages about a film).
        draft: the scale that the manager typed; None if they typed none.
    """

    now: RatingScale
    draft: RatingScale | None = None


async def read_scales(db: Database) -> ServerScales:
    """Returns the servers' own scales."""
    async with db.read() as conn:
        stored = await scales.every(conn)
        chosen = await guilds.chosen_scales(conn)
    return ServerScales({one.id: server_scale(one) for one in stored}, chosen)


async def draft(app: App, requester: Requester, typed: str, own: Collection[int]) -> ScaleChoice:
    """Stores a scale that a manager typed, without using it yet.

    own: the ids of the server's own emoji.

    Raises Sorry if it cannot be used.
    """
    guild_id = _guild_id(requester)
    steps = parse(typed, own)
    async with app.db.write() as conn:
        before = {one.id for one in await scales.of_server(conn, guild_id)}
        stored = await scales.add(
            conn, guild_id, [(step.emoji, step.stars) for step in steps], now=requester.now
        )
        gone = before - {one.id for one in await scales.of_server(conn, guild_id)}
    for scale_id in gone:  # no card can be stored with it any more
        app.scales.known.pop(scale_id, None)
    scale = app.scales.known[stored.id] = server_scale(stored)
    return ScaleChoice(app.scales.of_server(guild_id), scale)


async def choose(app: App, requester: Requester, scale_id: int) -> ScaleChoice:
    """Uses a scale for the server's new cards (messages about a film).

    Cards that are there already keep the scale that their legend shows.

    scale_id: a scale of the server; 0 for the usual scale.

    Raises Sorry if the server has no such scale.
    """
    guild_id = _guild_id(requester)
    async with app.write_for(requester) as conn:
        own = {scale.id for scale in await scales.of_server(conn, guild_id)}
        if scale_id and scale_id not in own:
            raise Sorry("no-such-scale")
        await guilds.setup(conn, guild_id, now=requester.now, scale_id=scale_id)
    if scale_id:
        app.scales.chosen[guild_id] = scale_id
    else:
        app.scales.chosen.pop(guild_id, None)
    return ScaleChoice(app.scales.of_server(guild_id))


def parse(typed: str, own: Collection[int]) -> tuple[ScaleStep, ...]:
    """Returns the steps of a scale as typed, such as "🔥 5 👍 4 👎 1.5"; the most stars come first.

    own: the ids of the server's own emoji, which are the only ones besides Unicode's.

    Raises Sorry if something is no emoji, if an emoji has no stars or is there twice, and if there
    are too few or too many.
    """
    steps: dict[str, ScaleStep] = {}
    at = _after_gap(typed, 0)
    while at < len(typed):
        found = _EMOJI.match(typed, at)
        if found is None:
            raise Sorry("no-emoji", typed=typed[at : at + MAX_SHOWN_CHARACTERS])
        name = f":{found['name']}:" if found["own"] else found[0][:MAX_SHOWN_CHARACTERS]
        if found["own"] and int(found["own"]) not in own:
            raise Sorry("foreign-emoji", emoji=name)
        number = _STARS.match(typed, _after_gap(typed, found.end()))
        if number is None:
            raise Sorry("emoji-without-stars", emoji=name)
        stars = float(number[1]) + (0.5 if number[3] else float(f"0.{number[2] or 0}"))
        if stars not in HALF_STARS:
            shown = number[0][:MAX_SHOWN_CHARACTERS]
            raise Sorry("no-such-emoji-stars", emoji=name, typed=shown)
        if normalise_emoji(found[0]) in steps:
            raise Sorry("emoji-twice", emoji=name)
        steps[normalise_emoji(found[0])] = ScaleStep(found[0], "", stars)
        at = _after_gap(typed, number.end())
    if not MIN_EMOJI <= len(steps) <= MAX_EMOJI:
        raise Sorry("number-of-emoji", least=MIN_EMOJI, most=MAX_EMOJI)
    if len({step.stars for step in steps.values()}) == 1:
        raise Sorry("emoji-all-alike")
    return tuple(sorted(steps.values(), key=lambda step: -step.stars))


def _after_gap(typed: str, at: int) -> int:
    found = _GAP.match(typed, at)
    return found.end() if found else at


def _guild_id(requester: Requester) -> int:
    """Returns the server's id. Raises Sorry for a request in a direct message."""
    if requester.guild_id is None:
        raise Sorry("servers-only")
    return requester.guild_id
