"""How the bot answers: directly, deferring only when 1.5 s have gone by; an error is one kind
sentence, always private, with a reference where the log holds more.

Source of the deadlines: Discord's documentation, interactions/receiving-and-responding (3 s to
acknowledge, 15 minutes of follow-ups).
"""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Coroutine
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

import discord
from discord import app_commands, ui

from bot.errors import Sorry
from bot.views.custom_ids import Unreadable

log = logging.getLogger(__name__)
T = TypeVar("T")
Outcome = Literal["done", "refused", "failed"]

PATIENCE_SECONDS = 1.5
GONE = (10062, 40060, 50027, 10015)
"""Discord: unknown interaction, already acknowledged, invalid token, unknown webhook."""


@dataclass(frozen=True)
class Sent:
    """Where a reply went."""

    message_id: int
    channel_id: int


async def worked_out(
    interaction: discord.Interaction[Any], work: Coroutine[Any, Any, T], *, private: bool
) -> T:
    """The result of `work`; shows "thinking …" when it takes longer than 1.5 s."""
    task = asyncio.ensure_future(work)
    try:
        done, _ = await asyncio.wait({task}, timeout=PATIENCE_SECONDS)
        if not done and not interaction.response.is_done():
            await interaction.response.defer(ephemeral=private, thinking=True)
        return await task
    finally:
        task.cancel()


async def send(
    interaction: discord.Interaction[Any],
    view: ui.LayoutView,
    *,
    private: bool,
    files: list[discord.File] | None = None,
) -> Sent:
    """Send `view` as the reply, or as a follow-up where a reply was already begun."""
    mentions = discord.AllowedMentions.none()
    attached = files or []
    if interaction.response.is_done():
        message = await interaction.followup.send(
            view=view, ephemeral=private, allowed_mentions=mentions, files=attached, wait=True
        )
        return Sent(message.id, message.channel.id)
    answer = await interaction.response.send_message(
        view=view, ephemeral=private, allowed_mentions=mentions, files=attached
    )
    return Sent(answer.message_id or 0, interaction.channel_id or 0)


async def say(interaction: discord.Interaction[Any], text: str) -> None:
    """One private sentence."""
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay(text))
    await send(interaction, view, private=True)


async def guarded(interaction: discord.Interaction[Any], work: Awaitable[None]) -> Outcome:
    """Run an interaction's work inside the error boundary; what came of it."""
    try:
        await work
    except Exception as error:
        return await apologise(interaction, error)
    return "done"


async def apologise(interaction: discord.Interaction[Any], error: BaseException) -> Outcome:
    """Tell the person what happened in one sentence; log what they need not read."""
    sentence = _sentence(error)
    outcome: Outcome = "failed" if sentence is None else "refused"
    if sentence is None:
        reference = secrets.token_hex(4)
        log.error("%s failed, reference %s", _what(interaction), reference, exc_info=error)
        sentence = (
            "Something went wrong on my side; nothing you rated is lost. If it keeps happening, "
            f"give the person who runs this bot the reference `{reference}`."
        )
    try:
        if interaction.response.is_done() and await _is_public_placeholder(interaction):
            await interaction.delete_original_response()
        await say(interaction, sentence)
    except discord.HTTPException as failure:
        if failure.code in GONE:
            log.warning("%s: too late to answer (%s)", _what(interaction), failure.text)
        else:
            log.exception("%s: the apology could not be sent", _what(interaction))
    return outcome


def _sentence(error: BaseException) -> str | None:
    if isinstance(error, app_commands.CommandInvokeError):
        error = error.original
    if isinstance(error, Sorry):
        return str(error)
    if isinstance(error, Unreadable):
        return "I no longer know that button."
    if isinstance(error, app_commands.TransformerError):
        return f"I cannot use {str(error.value)!r} there; pick one of the choices."
    if isinstance(error, app_commands.MissingPermissions):
        return "Only people who may manage this server can do that."
    if isinstance(error, app_commands.NoPrivateMessage):
        return "That works in a server only."
    if isinstance(error, app_commands.CommandSignatureMismatch | app_commands.CommandNotFound):
        return "That command has just changed; reload Discord and try again."
    if isinstance(error, discord.HTTPException) and error.code in GONE:
        return "That took too long to reach me; please try again."
    return None


def _what(interaction: discord.Interaction[Any]) -> str:
    data: Any = interaction.data or {}
    name = data.get("name") or data.get("custom_id") or "interaction"
    return f"{name} ({interaction.id})"


async def _is_public_placeholder(interaction: discord.Interaction[Any]) -> bool:
    kind = interaction.response.type
    if kind is not discord.InteractionResponseType.deferred_channel_message:
        return False
    original = await interaction.original_response()
    return not original.flags.ephemeral and original.flags.loading
