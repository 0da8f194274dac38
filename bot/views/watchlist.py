"""Draws `/watchlist`: the films that a person keeps for later, and what several people keep."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import discord
from discord import ui

from bot.services.picks.watchlist import SharedList, Watchlist
from bot.services.view_models import Line
from bot.services.wording import shorten
from bot.views import cards
from bot.views.buttons import Persistent, button, film_options, select
from bot.wording.errors.said import said
from bot.wording.people import preferences
from bot.wording.picks import shelves
from bot.wording.picks import watchlist as words

MAX_TITLE = 80
"""The most characters of a film's title in a line of the list."""


def watchlist_view(
    found: Watchlist,
    *,
    own: bool = True,
    here: bool = False,
    done: str | None = None,
    undo: int | None = None,
) -> ui.LayoutView:
    """Returns a page of the films that a person keeps for later.

    own: True for the person alone; then there are menus and buttons to change the list. For others
        there is only the menu to open a film.
    here: True in a server. There is then the button *What several of us keep*.
    done: a sentence above the list on what has just changed; None for no sentence.
    undo: id of the film that was just taken off; it gets the button *Undo*. None for no film.
    """
    above = [preferences.settings_done(done)] if done else []
    above += [words.heading(), *words.summary(found)]
    below = words.footer(found)
    lines = [*above, *_rows(found.films, beside=[*above, *below]), *below]
    rows: list[ui.Item[Any]] = []
    if found.films:
        rows.append(_open_menu(found.films))
        if own:
            options = film_options(found.films, reasons=False)
            menu = select(words.remove_menu(), options, "list-remove", found.page)
            rows.append(ui.ActionRow(menu))
    buttons = _buttons(found, here=here, undo=undo) if own else []
    if buttons:
        rows.append(ui.ActionRow(*buttons))
    return cards.text_view("\n".join(lines), *rows)


def shared_view(found: SharedList) -> ui.LayoutView:
    """Returns the films that several other members of a server keep for later."""
    lines = [words.shared_heading(), words.shared_rule(bool(found.films)), *_rows(found.films)]
    rows: list[ui.Item[Any]] = [_open_menu(found.films)] if found.films else []
    if not found.counted:
        rows.append(ui.ActionRow(button(preferences.taste_button(False), "taste")))
    return cards.text_view("\n".join(lines), *rows)


def _rows(films: Sequence[Line], beside: Sequence[str] = ()) -> list[str]:
    """Returns the films as lines of text, as many as fit: title, length, and why it suits.

    beside: the other lines of the message.
    """
    rows = []
    for line in films:
        facts = cards.facts(replace(line, genres=()))
        name = cards.title(replace(line, title=shorten(line.title, MAX_TITLE)))
        why = [f"*{said(line.reason, markdown=True)}*"] if line.reason else []
        rows.append(" · ".join([name, *filter(None, [facts]), *why]))
    return cards.fitting(rows, beside=beside)


def _open_menu(films: Sequence[Line]) -> ui.ActionRow[Any]:
    options = film_options(films, reasons=False)  # the reasons are in the list itself
    return ui.ActionRow(select(shelves.open_film(), options, "open"))


def _buttons(found: Watchlist, *, here: bool, undo: int | None) -> list[Persistent]:
    buttons = []
    if undo is not None:
        buttons.append(button(words.undo_button(), "list-restore", undo, found.page))
    if found.count:
        style = discord.ButtonStyle.primary
        buttons.append(button(words.pick_button(), "list-pick", style=style))
    if found.page > 0:
        buttons.append(button(words.earlier_button(), "list", found.page - 1))
    if found.page + 1 < found.pages:
        buttons.append(button(words.later_button(), "list", found.page + 1))
    if here:
        buttons.append(button(words.shared_button(), "list-shared"))
    return buttons
