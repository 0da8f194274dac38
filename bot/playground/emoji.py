"""What counts as an emoji in a reaction or on a button (10014 for the rest).

Unicode ones are recognised by the shape of their code points (Unicode TR51); a guild's own ones
by `name:id`, which must exist in the world.
"""

import re

from bot.playground.errors import refusal
from bot.playground.objects import Reaction
from bot.playground.world import World

_BASE = (
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u24c2\u25a0-\u27bf"
    "\u2900-\u297f\u2b00-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
)
_ONE = f"{_BASE}\ufe0f?[\U0001f3fb-\U0001f3ff]?[\U000e0020-\U000e007f]*"
_UNICODE = re.compile(
    f"(?:[0-9#*]\ufe0f?\u20e3|[\U0001f1e6-\U0001f1ff]{{2}}|{_ONE}(?:\u200d{_ONE})*)"
)
_CUSTOM = re.compile(r"(?:<?a?:)?(\w{1,32}):(\d{15,20})>?")


def is_unicode(text: str) -> bool:
    """True for one Unicode emoji."""
    return bool(_UNICODE.fullmatch(text))


def parse(world: World, text: str) -> Reaction:
    """An empty reaction of the emoji written in a URL. Raises 10014 for what is none."""
    custom = _CUSTOM.fullmatch(text)
    if custom:
        emoji_id = int(custom[2])
        for guild in world.guilds.values():
            found = guild.emojis.get(emoji_id)
            if found is not None:
                return Reaction(found.name, found.id, found.animated)
        raise refusal(10014)
    if not is_unicode(text):
        raise refusal(10014)
    return Reaction(text)


def same(one: Reaction, other: Reaction) -> bool:
    """Two spellings of one emoji: the variation selector makes no difference."""
    if one.id is not None or other.id is not None:
        return one.id == other.id
    return one.name.replace("\ufe0f", "") == other.name.replace("\ufe0f", "")
