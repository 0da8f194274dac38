"""A table of Discord's refusals, with what the bot should do after each when it sends something.

Discord's own error code decides, not the HTTP status: 403 can be a missing permission, but also a
page of Cloudflare, a service in front of Discord that knows nothing of permissions.

Sources: Discord's topics/opcodes-and-status-codes (JSON error codes), topics/rate-limits,
resources/auto-moderation; for 40333 and for pages without a code discord-api-docs#6473.
"""

from typing import Final, Literal

import aiohttp
import discord

Step = Literal["stop", "confirm", "again", "other", "drop"]
"""What to do next.

"stop": it will not work until a person changes something. "confirm": if the same answer comes again
after ten minutes, the channel or message is gone. "again": try again later, because the request may
still succeed. "other": send other content, once. "drop": this message cannot be sent.
"""

STEPS: Final[dict[int, Step]] = {
    10003: "confirm",  # unknown channel
    10004: "confirm",  # unknown guild
    10013: "stop",  # unknown user
    20016: "again",  # slow mode
    20028: "again",  # the channel's limit on writing
    20029: "again",  # the server's limit on writing
    40003: "again",  # direct messages are opened too fast
    40058: "stop",  # a forum takes no messages
    40062: "again",  # the resource is limited
    40333: "again",  # blocked by Cloudflare
    50001: "stop",  # no access
    50006: "other",  # empty message
    50007: "stop",  # the person takes no direct messages
    50008: "stop",  # no text channel
    50013: "stop",  # a permission is missing
    50024: "stop",  # wrong type of channel
    50035: "other",  # a field is not valid
    50278: "stop",  # no server in common with the person
    130000: "again",  # Discord is overloaded
    200000: "other",  # refused by automatic moderation
    200001: "other",  # a title refused by automatic moderation
    240000: "other",  # harmful links
}
"""What to do next after each of Discord's error codes. The code 0 is an answer without a code."""

BROKEN = (aiohttp.ClientError, OSError, TimeoutError, ValueError, discord.RateLimited)
"""The errors of requests that got no answer from Discord. A ValueError is one, since discord.py
raises it if an answer breaks off and is no valid JSON.
"""


def next_step(error: Exception) -> Step:
    """Returns what to do after a request to Discord failed with `error`.

    After a server error, an answer without a code or a broken connection, the request may succeed
    another time. An error of any other kind is raised again, because it is a defect of the program.
    """
    if isinstance(error, discord.HTTPException):
        if error.status >= 500 or error.status in (401, 429) or not error.code:
            return "again"
        return STEPS.get(error.code, "drop")
    if isinstance(error, BROKEN):
        return "again"
    raise error


def may_be_done(error: Exception) -> bool:
    """True if Discord may have carried out the request although it failed with `error`.

    This is possible if the answer was lost, or if a server in front of Discord waited too long for
    Discord's answer. If Discord refused the request, or no connection was made, nothing was done.
    """
    if isinstance(error, discord.HTTPException):
        return error.status >= 500
    refused = isinstance(error, aiohttp.ClientConnectorError | discord.RateLimited)
    return isinstance(error, BROKEN) and not refused
