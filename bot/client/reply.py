"""How the bot replies to an interaction, and what it says after an error.

A reply is sent directly. If it is not ready after 1.5 s, the interaction is deferred: Discord shows
"thinking …" until the reply comes. An error becomes one friendly sentence that only the person
sees. If the error is an unforeseen one, the sentence has a reference to the log entry.

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

from bot.client.deferral import DEFER_AFTER_SECONDS, note_response, settle
from bot.client.refusals import BROKEN
from bot.errors import Lapsed, Sorry
from bot.services.notes import Note, note
from bot.services.operations import saving
from bot.services.picks.consent import MemberNotKnown
from bot.views.custom_ids import Unreadable, parse
from bot.wording import interaction as words
from bot.wording.errors.said import said

log = logging.getLogger(__name__)
T = TypeVar("T")
Outcome = Literal["done", "refused", "failed"]
"""How an interaction ended.

"done": it was answered. "refused": the person got a sentence on why this is not possible. "failed":
an unforeseen error occurred.
"""

TOO_LATE_CODES = (10062, 40060, 50027, 10015)
"""Discord's error codes for: unknown interaction, already acknowledged, invalid token, unknown
webhook."""


@dataclass(frozen=True)
class Sent:
    """The message that the bot has sent.

    Attributes:
        message_id: the message's id; 0 if Discord does not say it.
        channel_id: the id of its channel; 0 if Discord does not say it.
    """

    message_id: int
    channel_id: int


async def await_or_defer(
    interaction: discord.Interaction[Any], work: Coroutine[Any, Any, T], *, private: bool
) -> T:
    """Waits for `work` and returns its result. Shows "thinking …" if it takes longer than 1.5 s.

    If "thinking …" cannot be shown, `work` is still finished before the error is raised. The caller
    can then undo what it stored.

    private: True if only the person sees "thinking …". The reply that follows is then private too.
    """
    await settle(interaction)
    task = asyncio.ensure_future(work)
    try:
        done, _ = await asyncio.wait({task}, timeout=DEFER_AFTER_SECONDS)
        if not done and not interaction.response.is_done():
            try:
                await interaction.response.defer(ephemeral=private, thinking=True)
            except Exception:
                await asyncio.wait({task})
                raise
            note_response(interaction)
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
    """Sends `view` as the reply, or as a follow-up if the interaction was acknowledged already.

    private: True if only the person sees it.
    files: files to send with it; None for no files.

    Returns the ids of the message.
    """
    await settle(interaction)
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
    note_response(interaction)
    return Sent(answer.message_id or 0, interaction.channel_id or 0)


async def edit(interaction: discord.Interaction[Any], view: ui.LayoutView) -> None:
    """Shows `view` in place of the message whose button, menu or form was used."""
    await settle(interaction)
    if interaction.response.is_done():
        await interaction.edit_original_response(view=view)
    else:
        await interaction.response.edit_message(view=view)
        note_response(interaction)


async def show_alone(interaction: discord.Interaction[Any], view: ui.LayoutView) -> None:
    """Shows `view` so that only the person sees it.

    It takes the place of the message whose button or menu was used, if only the person sees that
    message. Otherwise it is a new message.
    """
    message = interaction.message
    if message is not None and message.flags.ephemeral:
        await edit(interaction, view)
    else:
        await send(interaction, view, private=True)


async def open_form(interaction: discord.Interaction[Any], modal: ui.Modal) -> None:
    """Opens a form. Raises Sorry if Discord no longer allows one, because too much time has
    passed.
    """
    await settle(interaction)
    if interaction.response.is_done():
        raise Sorry("too-late-for-form")
    await interaction.response.send_modal(modal)
    note_response(interaction)


async def say(interaction: discord.Interaction[Any], text: str) -> None:
    """Sends `text` so that only the person sees it."""
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay(text))
    await send(interaction, view, private=True)


async def run_guarded(interaction: discord.Interaction[Any], work: Awaitable[None]) -> Outcome:
    """Waits for the work on an interaction. If it raises an error, the person gets a sentence about
    it.

    Returns how the work ended.
    """
    try:
        await work
    except Exception as error:
        return await apologise(interaction, error)
    return "done"


async def apologise(interaction: discord.Interaction[Any], error: BaseException) -> Outcome:
    """Tells the person in one private sentence what went wrong.

    Returns "refused" if the sentence explains the error. Returns "failed" if the storage failed or
    if nobody foresaw the error; the log then has the cause.
    """
    if isinstance(error, app_commands.CommandInvokeError):
        error = error.original
    reason = _reason(error)
    outcome: Outcome = "failed" if reason is None else "refused"
    if reason is None and (reason := saving.failure(error)) is not None:
        log.error("%s failed: %s", _label(interaction), error)
    if reason is not None:
        sentence = said(reason, markdown=True)
    else:
        reference = secrets.token_hex(4)
        log.error("%s failed, reference %s", _label(interaction), reference, exc_info=error)
        sentence = words.unforeseen(reference, saving.part_kept())
    try:
        await settle(interaction)
        if interaction.response.is_done() and await _is_public_placeholder(interaction):
            await interaction.delete_original_response()
        await say(interaction, sentence)
    except discord.HTTPException as failure:
        if failure.code in TOO_LATE_CODES:
            log.warning("%s: too late to answer (%s)", _label(interaction), failure.text)
        else:
            log.exception("%s: the apology could not be sent", _label(interaction))
    except BROKEN as failure:
        log.warning("%s: the apology could not be sent (%s)", _label(interaction), failure)
    return outcome


def _reason(error: BaseException) -> Sorry | Note | None:
    """Returns what to tell the person about an error; None for an unforeseen error."""
    if isinstance(error, Sorry):
        return error
    if isinstance(error, MemberNotKnown):
        return note("discord-silent")
    if isinstance(error, Lapsed):  # the process that has the server's shard now answers again
        return note("just-restarting")
    if isinstance(error, Unreadable):
        return note("unknown-button")
    if isinstance(error, app_commands.TransformerError):
        return note("not-a-choice", typed=str(error.value)[:60])
    if isinstance(error, app_commands.MissingPermissions):
        return note("managers-only")
    if isinstance(error, app_commands.NoPrivateMessage):
        return note("servers-only")
    if isinstance(error, app_commands.CommandSignatureMismatch | app_commands.CommandNotFound):
        return note("changed-command")
    if isinstance(error, discord.HTTPException) and error.code in TOO_LATE_CODES:
        return note("too-late")
    return None


def _label(interaction: discord.Interaction[Any]) -> str:
    """Returns the name and the id of an interaction, for the log.

    A button has only the name of its action, because its other arguments may be ids of people.
    """
    data: Any = interaction.data or {}
    pressed = parse(str(data.get("custom_id") or ""))
    name = data.get("name") or (pressed.action if pressed else "interaction")
    return f"{name} ({interaction.id})"


async def _is_public_placeholder(interaction: discord.Interaction[Any]) -> bool:
    """True if "thinking …" is still shown, to everybody, where the reply should be."""
    kind = interaction.response.type
    if kind is not discord.InteractionResponseType.deferred_channel_message:
        return False
    original = await interaction.original_response()
    return not original.flags.ephemeral and original.flags.loading
