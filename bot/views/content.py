"""The menu of content to leave out, which the settings of people and of servers have."""

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.services.catalogue.content import ContentOption
from bot.services.wording import shorten
from bot.views.buttons import button, select
from bot.wording.people import content as words


def content_rows(options: Sequence[ContentOption], action: str) -> list[ui.Item[Any]]:
    """Returns a row with the menu, and a row with a button that brings everything back.

    The button is there only if something is left out. Without options there are no rows.

    action: the name of what a choice does.
    """
    if not options:
        return []
    offered = [
        discord.SelectOption(
            label=shorten(words.kind(one)),
            value=one.slug,
            description=shorten(words.meaning(one)) or None,
            default=one.left_out,
        )
        for one in options
    ]
    menu = select(words.content_menu(), offered, action, at_least=0, at_most=len(offered))
    rows: list[ui.Item[Any]] = [ui.ActionRow(menu)]
    if any(one.left_out for one in options):
        rows.append(ui.ActionRow(button(words.back_button(), action, "none")))
    return rows
