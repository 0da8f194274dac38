"""Sends and changes the messages of movie nights, each message once.

A message is claimed in the database before it is sent. If the answer of Discord's was lost, or if
the bot ended while it sent, the message may have come. The bot then looks for it among its own
messages in the channel. If it may not read these, it does not send it again.
"""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import discord
from discord import ui

from bot.client.client import MatineeBot
from bot.client.languages import direct_language, server_language
from bot.client.refusals import BROKEN, next_step
from bot.cogs.interaction import is_age_restricted
from bot.services.nights import course
from bot.services.nights.view_models import Night, NightMessageKind, NightView
from bot.views.buttons import custom_ids
from bot.wording.interaction import permission_names
from bot.wording.nights import messages as words
from bot.wording.speech import Language, speaking

log = logging.getLogger(__name__)

CLOCKS_DIFFER = timedelta(minutes=10)
MAX_MESSAGES = 200
"""A message is looked for among this number of messages sent since it was claimed."""

UNKNOWN_MESSAGE = 10008
NEEDED = ("view_channel", "send_messages")

Channel = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread


class Later(Exception):
    """Something could not be done now; the next tick tries again."""


async def channel_of(bot: MatineeBot, night: Night) -> Channel | None:
    """Returns the channel of a night; None if the bot does not see it any more.

    Discord is asked for a channel that discord.py does not know: it may be a thread that was
    archived, and the bot may still write there. Raises Later if Discord does not say.
    """
    guild = bot.get_guild(night.guild_id)
    if guild is None:
        return None
    found = guild.get_channel_or_thread(night.channel_id)
    if found is None:
        try:
            found = await guild.fetch_channel(night.channel_id)
        except (discord.HTTPException, *BROKEN) as failure:
            if next_step(failure) == "again":
                raise Later from failure
            return None
    kinds = (discord.TextChannel, discord.VoiceChannel, discord.StageChannel, discord.Thread)
    return found if isinstance(found, kinds) else None


def in_language_of(bot: MatineeBot, night: Night) -> AbstractContextManager[Language]:
    """Speaks the language of a night's server within a `with` block."""
    guild = bot.get_guild(night.guild_id)
    return speaking(server_language(bot.app, night.guild_id, guild))


async def send_once(
    bot: MatineeBot,
    night: Night,
    step: NightMessageKind,
    content: Callable[[Channel], ui.LayoutView | discord.Poll | None],
    is_it: Callable[[discord.Message], bool],
) -> int | None:
    """Sends a message of a night unless it was sent, and returns its id; None if it was given up.

    Raises Later if it is to be tried again. If the bot may not write in the channel, the planner of
    the night gets a message.

    content: returns what the message is; None if it may not be posted in the channel.
    is_it: True for the message, if it is found in the channel.
    """
    app, now = bot.app, bot.app.clock()
    before = (await course.messages(app, night.id)).get(step)
    if before is not None and (before.message_id or before.outcome):
        return before.message_id
    channel = await channel_of(bot, night)
    if channel is None:
        return await _give_up(bot, night, step, None, "channel-gone")
    if before is None:
        await course.claim(app, night.id, step, now)
    else:
        known = await _find(bot, channel, before.claimed_at, is_it)
        if known is not None:
            await course.record(app, night.id, step, known)
            return known
    try:
        made = content(channel)
        if made is None:
            await course.record(app, night.id, step, None, "for-adults")
            return None
        nonce, nobody = f"mt-n{night.id}-{step}"[:25], discord.AllowedMentions.none()
        if isinstance(made, discord.Poll):
            message = await channel.send(poll=made, nonce=nonce, allowed_mentions=nobody)
        else:
            message = await channel.send(view=made, nonce=nonce, allowed_mentions=nobody)
    except Exception as failure:
        if next_step(failure) in ("again", "confirm"):
            raise Later from failure
        log.info("a message (%s) of the night %s was refused: %s", step, night.id, failure)
        return await _give_up(bot, night, step, channel, "refused")
    await course.record(app, night.id, step, message.id)
    return message.id


async def _find(
    bot: MatineeBot, channel: Channel, since: datetime, is_it: Callable[[discord.Message], bool]
) -> int | None:
    """Returns the id of a message of the bot that was claimed before; None if it is not there.

    Raises Later if the bot may not read the channel now.
    """
    allowed = channel.permissions_for(channel.guild.me)
    if not (allowed.view_channel and allowed.read_message_history):
        raise Later
    try:
        async for message in channel.history(after=since - CLOCKS_DIFFER, limit=MAX_MESSAGES):
            if bot.user is not None and message.author.id == bot.user.id and is_it(message):
                return message.id
    except discord.HTTPException as failure:
        raise Later from failure
    return None


async def _give_up(
    bot: MatineeBot,
    night: Night,
    step: NightMessageKind,
    channel: Channel | None,
    outcome: str,
) -> int | None:
    """Stores that a message is not sent, and tells whoever planned the night once."""
    app = bot.app
    known = await course.messages(app, night.id)
    if step not in known:
        await course.claim(app, night.id, step, app.clock())
    await course.record(app, night.id, step, None, outcome)
    if not any(one.outcome for one in known.values()):
        await tell_planner(bot, night, lambda server: words.unwritable(server, lacking(channel)))
    return None


async def tell_planner(bot: MatineeBot, night: Night, text: Callable[[str], str]) -> None:
    """Stores a direct message to whoever planned a night. text: returns it for the server's name"""
    guild = bot.get_guild(night.guild_id)
    with speaking(direct_language(bot.app, night.planner_id, night.guild_id, guild)):
        said = text(guild.name if guild else "?")
    await course.tell_planner(bot.app, night, said)


def lacking(channel: Channel | None) -> list[str]:
    """Returns the permissions that the bot lacks in the channel of a night, in words."""
    if channel is None:
        return []
    allowed = channel.permissions_for(channel.guild.me)
    return permission_names([name for name in NEEDED if not getattr(allowed, name)])


async def change(bot: MatineeBot, night: Night, message_id: int, view: ui.LayoutView) -> None:
    """Shows something else in a message of a night. A message that was deleted is left alone.

    Raises Later if it is to be tried again.
    """
    channel = await channel_of(bot, night)
    if channel is None:
        return
    try:
        await channel.get_partial_message(message_id).edit(
            view=view, allowed_mentions=discord.AllowedMentions.none()
        )
    except Exception as failure:
        if next_step(failure) == "again":
            raise Later from failure
        log.info("a message of the night %s is not changed: %s", night.id, failure)


def has_action(message: discord.Message, action: str, night_id: int) -> bool:
    """True if a message has a button with this action for this night."""
    return any(one.action == action and one.text(0) == str(night_id) for one in custom_ids(message))


def may_name(view: NightView, channel: Channel) -> bool:
    """True if the film of a night may be named in a channel now.

    Managers may have changed since the night was planned whether the channel is for adults.
    """
    return not view.adult or is_age_restricted(channel)
