"""The answers of `/setup reactions`: which emoji give how many stars on a server's cards."""

from typing import Any

import discord
from discord import ui

from bot.client.client import Press
from bot.cogs.interaction import requester
from bot.services.feedback import scales
from bot.services.feedback.scales import ScaleChoice
from bot.services.scale import RatingScale
from bot.views import cards
from bot.views.buttons import button
from bot.wording.posts import scale as words

USUAL = 0
"""Stands for the usual scale in a button."""


async def scale_view(interaction: Press, typed: str | None) -> ui.LayoutView:
    """Returns the emoji that rate in the server, or those that a manager typed, with buttons.

    typed: emoji with their stars; None to show those of now.

    Raises Sorry if what was typed cannot be used.
    """
    app = interaction.client.app
    if typed is None:
        scale = app.scales.of_server(interaction.guild_id)
        return _view(words.scale_now(ScaleChoice(scale)), scale)
    own = await _usable_emoji(interaction.guild) if "<" in typed else frozenset()
    found = await scales.draft(app, requester(interaction), typed, own)
    assert found.draft is not None
    if found.draft.id == found.now.id:
        return _view(words.scale_chosen(found.now), found.now)
    return _view(words.scale_draft(found.draft), found.now, offered=found.draft)


async def chosen_view(interaction: Press, scale_id: int) -> ui.LayoutView:
    """Stores which emoji rate in the server, and returns the answer.

    scale_id: the id of a scale of the server, or `USUAL`.

    Raises Sorry if the server has no such scale.
    """
    found = await scales.choose(interaction.client.app, requester(interaction), scale_id)
    return _view(words.scale_chosen(found.now), found.now)


def _view(text: str, now: RatingScale, *, offered: RatingScale | None = None) -> ui.LayoutView:
    buttons: list[ui.Item[Any]] = []
    if offered is not None and offered.id != now.id:
        style = discord.ButtonStyle.primary
        buttons.append(button(words.use_scale_button(), "scale-use", offered.id, style=style))
    if now.id is not None:
        buttons.append(button(words.usual_scale_button(), "scale-use", USUAL))
    return cards.text_view(text, *([ui.ActionRow(*buttons)] if buttons else []))


async def _usable_emoji(guild: discord.Guild | None) -> frozenset[int]:
    """Returns the ids of the server's own emoji that everybody may use there.

    They are read from Discord, because it does not report changes of them without an intent that
    the bot does not ask for.
    """
    if guild is None:
        return frozenset()
    return frozenset(
        emoji.id for emoji in await guild.fetch_emojis() if emoji.available and not emoji.roles
    )
