"""The emoji of a reaction, read from a URL.

Unicode emoji are recognised by the shape of their code points (Unicode TR51). A guild's emoji is
written `name:id` and must exist in a guild of the local Discord.
"""

import re

from bot.playground.records.channels import Reaction
from bot.playground.validation.emoji import is_unicode
from bot.playground.validation.errors import refusal
from bot.playground.world.world import World

_CUSTOM = re.compile(r"(?:<?a?:)?(\w{1,32}):(\d{15,20})>?")


def parse(world: World, text: str) -> Reaction:
    """Returns a reaction with this emoji and no users.

    text: the emoji in the form in which it is in a URL, already URL-decoded.

    Raises ApiError 10014 if there is no such emoji.
    """
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


def is_same(one: Reaction, other: Reaction) -> bool:
    """True if both are the same emoji, whether or not they have a variation selector."""
    if one.id is not None or other.id is not None:
        return one.id == other.id
    return one.name.replace("\ufe0f", "") == other.name.replace("\ufe0f", "")
