"""Sends the definitions of the slash commands to Discord, if they have changed.

Discord may refuse them. If Discord still has the commands of an earlier start, the bot runs with
those and sends the new ones again later. Posts and ratings work without new commands.

Source: Discord's interactions/application-commands (limits) and topics/opcodes-and-status-codes.
"""

import asyncio
import json
import logging

import discord
from discord.ext import commands

from bot.client.translator import payloads
from bot.errors import CannotConnect, NotLeading
from bot.services.app import App
from bot.services.notes import Note, note, written
from bot.services.operations import markers
from bot.wording.errors.said import said

log = logging.getLogger(__name__)

SYNC_SECONDS = 60.0
"""The longest time for which the answer is awaited. After a refusal with 429, discord.py waits as
long as Discord says, which can be the rest of the day."""

MAX_ANSWER_CHARACTERS = 580
"""The longest part of Discord's answer that is repeated."""

TOO_MANY_CREATES = 30034
"""Discord's error code: 200 commands were created today."""


async def sync(bot: commands.AutoShardedBot, app: App) -> bool:
    """Sends the commands to Discord, unless it has the same ones.

    Returns False if Discord refused them but has commands of an earlier start. Raises CannotConnect
    if it has no commands at all, since nobody could use the bot. The log has the cause.
    """
    payload = await payloads(bot.tree)
    text = json.dumps([bot.application_id, payload], sort_keys=True)
    if not await markers.commands_changed(app, text):
        return True
    try:
        sent = await asyncio.wait_for(bot.tree.sync(), SYNC_SECONDS)
    except Exception as error:
        cause = said(_cause(error))
        log.error("Discord did not take the slash commands: %s", cause, exc_info=_unforeseen(error))
        if not await _are_there(bot, app):
            raise CannotConnect(_key(error), cause=cause) from None
        log.warning("the bot goes on with the commands that Discord has; they are sent again later")
        return False
    try:
        await markers.record_commands(app, text, {command.name: command.id for command in sent})
    except NotLeading:
        log.info("another process leads now and stores which commands Discord has")
        return False
    log.info("%d commands synced", len(payload))
    return True


async def _are_there(bot: commands.AutoShardedBot, app: App) -> bool:
    """True if Discord has slash commands of the bot.

    If Discord does not answer, True if the bot has ever sent commands.
    """
    try:
        return bool(await asyncio.wait_for(bot.tree.fetch_commands(), SYNC_SECONDS))
    except Exception as error:
        log.warning("Discord does not say which commands it has: %s", said(_cause(error)))
        return await markers.commands_known(app)


def _unforeseen(error: Exception) -> Exception | None:
    """Returns the error if its cause is unknown; the log then gets its traceback.

    Otherwise returns None.
    """
    return None if isinstance(error, discord.HTTPException) else error


def _cause(error: Exception) -> Note:
    """Returns what happened, in technical terms."""
    if isinstance(error, TimeoutError):
        return note("no-answer-within", seconds=SYNC_SECONDS)
    if isinstance(error, discord.HTTPException):
        which = str(error).splitlines()[1:]  # discord.py names the commands from the second line on
        words = " ".join([error.text, *which]).split()
        return note(
            "http-answer",
            status=str(error.status),
            code=str(error.code),
            answer=" ".join(words)[:MAX_ANSWER_CHARACTERS],
        )
    return written(repr(error))


def _key(error: Exception) -> str:
    """Returns the key of the sentence that tells the operator what to do about refused commands."""
    if not isinstance(error, discord.HTTPException):
        return "commands-not-taken"
    if error.code == TOO_MANY_CREATES:
        return "commands-used-up"
    return "commands-refused" if error.status == 400 else "commands-not-taken"
