"""Draws the list in `/settings` of what is hidden from a person's picks."""

from typing import Any

import discord
from discord import ui

from bot.services.people.hidden import MAX_KEY, HiddenItem, HiddenPage
from bot.services.wording import shorten
from bot.views import cards
from bot.views.buttons import button, select
from bot.wording.people import hidden as words
from bot.wording.people import preferences
from bot.wording.picks import watchlist

MAX_VALUE = 100
"""The most characters of an option's value that Discord allows."""


def hidden_view(
    found: HiddenPage, *, done: str | None = None, undo: HiddenItem | None = None
) -> ui.LayoutView:
    """Returns a page of what is hidden from a person's picks, with a menu to bring it back.

    done: a sentence above the list on what has just changed; None for no sentence.
    undo: what was just brought back; it gets the button *Undo*. None for nothing.
    """
    lines = [preferences.settings_done(done)] if done else []
    lines += words.heading(found)
    lines += cards.fitting([words.hidden_line(item) for item in found.items])
    lines += words.footer(found)
    rows: list[ui.Item[Any]] = []
    if found.items:
        options = [
            discord.SelectOption(
                label=shorten(item.name),
                value=f"{item.kind}:{item.key}"[:MAX_VALUE],
                description=words.reason(item),
            )
            for item in found.items
        ]
        rows.append(ui.ActionRow(select(words.bring_back_menu(), options, "unhide", found.page)))
    buttons = []
    if undo is not None:
        key = undo.key.replace(":", " ")[:MAX_KEY]
        buttons.append(button(watchlist.undo_button(), "hide", undo.kind, key, found.page))
    if found.page > 0:
        buttons.append(button(watchlist.earlier_button(), "hidden", found.page - 1))
    if found.page + 1 < found.pages:
        buttons.append(button(watchlist.later_button(), "hidden", found.page + 1))
    if buttons:
        rows.append(ui.ActionRow(*buttons))
    return cards.text_view("\n".join(lines), *rows)
