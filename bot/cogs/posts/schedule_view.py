"""The message about one scheduled post, for those who manage the server."""

import discord
from discord import ui

from bot.client.client import Press
from bot.cogs.interaction import missing_permissions
from bot.services.posts import restoring
from bot.services.posts.setup import LocalSchedule
from bot.views import cards
from bot.views.buttons import button
from bot.wording.posts import setup as words


def schedule_view(
    interaction: Press, found: LocalSchedule, *, saved: bool = False
) -> ui.LayoutView:
    """Returns a message about a scheduled post: a description and its buttons.

    If something keeps the post from being sent, the message says what. If the post took the place
    of another one, the message says so and offers to keep both.

    saved: True if the manager has just set the post up.
    """
    one = found.schedule
    text = words.schedule_lines(found, interaction.created_at)
    lines = [words.saved(text) if saved else text]
    if found.replaced is not None:
        lines.append(words.replaced(found.replaced))
    if one.channel_id and (problem := posting_problem(interaction, one.channel_id)):
        lines.append(problem)
    switch = "post-pause" if one.running else "post-resume"
    buttons = [button(words.pause_button(one.running), switch, one.id)]
    if one.theme != "digest":
        buttons.insert(0, button(words.preview_button(), "post-preview", one.id))
        if len(one.days) > 1:
            buttons.append(button(words.fewer_button(len(one.days)), "post-fewer", one.id))
        danger = discord.ButtonStyle.danger
        buttons.append(button(words.remove_button(), "post-remove", one.id, style=danger))
    if found.replaced is not None:
        before = restoring.arguments(found.replaced)
        buttons.append(button(words.keep_both_button(), "post-restore", *before))
    return cards.text_view("\n".join(lines), ui.ActionRow(*buttons))


def posting_problem(interaction: Press, channel_id: int) -> str | None:
    """Returns a sentence about what prevents the bot from posting in a channel; None if nothing
    does.
    """
    guild = interaction.guild
    channel = guild.get_channel(channel_id) if guild else None
    if guild is None or channel is None:
        return words.channel_hidden(channel_id)
    allowed = channel.permissions_for(guild.me)
    lacking = missing_permissions(allowed)
    if not allowed.send_messages:
        lacking.insert(0, "send_messages")
    if not lacking:
        return None
    return words.permissions_lacking(channel_id, lacking)
