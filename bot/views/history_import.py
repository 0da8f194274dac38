"""Draws the messages of `/import`: the preview, the questions, and what was applied."""

from typing import Any

import discord
from discord import ui

from bot.services.imports.person.applying import AppliedImport
from bot.services.imports.person.preview import ImportPreview
from bot.services.imports.person.settling import HistoryQuestion, QuestionPage
from bot.services.wording import shorten
from bot.views import cards
from bot.views.buttons import button, select
from bot.wording.people import history_import as words
from bot.wording.people import history_import_buttons as buttons

SKIP = "skip"
"""The value of the option that leaves a film out."""


def preview_view(told: ImportPreview, days: int) -> ui.LayoutView:
    """Returns what a file would change, with buttons to apply it, to ask about it or forget it.

    days: how long it waits to be applied.
    """
    number = told.import_id
    row: ui.ActionRow[Any] = ui.ActionRow(
        button(buttons.apply_button(), "imp-apply", number, style=discord.ButtonStyle.primary)
    )
    if told.waiting:
        row.add_item(button(buttons.ask_button(), "imp-ask", number))
    if told.likely:
        row.add_item(button(buttons.likely_button(), "imp-likely", number))
    if told.waiting:
        row.add_item(button(buttons.file_button(), "imp-file", number))
    row.add_item(button(buttons.forget_button(), "imp-forget", number))
    text = words.previewed(told, days)
    return cards.text_view(
        shorten(text, cards.MAX_CHARACTERS), row, sharing_row(told.shares, number)
    )


def sharing_row(shares: bool, number: int) -> ui.ActionRow[Any]:
    """Returns a row with the switch that lets imported ratings count for other people.

    shares: True if others do now.
    number: the id of the import.
    """
    return ui.ActionRow(
        button(buttons.sharing_button(shares), "imp-share", number, int(not shares))
    )


def applied_view(told: AppliedImport) -> ui.LayoutView:
    """Returns what was applied, with the button *Undo* unless nothing changed."""
    number = told.import_id
    if number is None:
        return cards.text_view(words.applied(told))
    undo: ui.ActionRow[Any] = ui.ActionRow(button(buttons.undo_button(), "imp-undo", number))
    return cards.text_view(words.applied(told), undo, sharing_row(told.shares, number))


def unfinished_view(number: int) -> ui.LayoutView:
    """Returns what is shown if applying or undoing a file broke off. number: the import's id."""
    row: ui.ActionRow[Any] = ui.ActionRow(
        button(buttons.apply_button(), "imp-apply", number),
        button(buttons.undo_button(), "imp-undo", number),
    )
    return cards.text_view(words.unfinished(), row)


def questions_view(page: QuestionPage) -> ui.LayoutView:
    """Returns films that were not recognised, each with a menu of those that it may be."""
    view = ui.LayoutView(timeout=None)
    box: ui.Container[Any] = ui.Container(accent_colour=cards.QUIET_COLOUR)
    box.add_item(ui.TextDisplay(words.asked(page)))
    for one in page.questions:
        box.add_item(ui.TextDisplay(words.question(one)))
        box.add_item(ui.ActionRow(_menu(page, one)))
    row: ui.ActionRow[Any] = ui.ActionRow(button(buttons.back_button(), "imp-show", page.import_id))
    if page.likely:
        row.add_item(button(buttons.likely_button(), "imp-likely", page.import_id))
    if page.further is not None:
        row.add_item(button(buttons.next_button(), "imp-ask", page.import_id, page.further))
    box.add_item(row)
    view.add_item(box)
    return view


def _menu(page: QuestionPage, one: HistoryQuestion) -> ui.Item[Any]:
    options = [
        discord.SelectOption(
            label=shorten(film.name), value=str(film.film_id), default=film.film_id == one.chosen
        )
        for film in one.candidates
    ]
    options.append(discord.SelectOption(label=words.none_option(), value=SKIP, default=one.skipped))
    after = "" if page.after < 0 else page.after
    placeholder = words.question_menu(len(one.candidates))
    return select(placeholder, options, "imp-pick", page.import_id, one.place, after)
