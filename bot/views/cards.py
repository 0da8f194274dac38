"""Draws film cards (messages about a film) and plain messages in Discord's Components V2.

The services decide what a card says and offers; this module only draws it. Titles and names come
from people and data sets, so they are escaped.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Any

import discord
from discord import ui

from bot.services.view_models import FilmCard, Line, shelf_note
from bot.services.wording import safe
from bot.views import buttons
from bot.wording.errors.said import said
from bot.wording.feedback import legend
from bot.wording.picks import cards as words

ACCENT_COLOUR = discord.Colour(0xE0A23B)
MAX_CHARACTERS = 4000  # of a message
MAX_ROWS_CHARACTERS = 3200  # of these
QUIET_COLOUR = discord.Colour(0x5C6B8A)


def fitting(
    rows: Sequence[str], limit: int = MAX_ROWS_CHARACTERS, *, beside: Sequence[str] = ()
) -> list[str]:
    """Returns as many of the first rows as have at most `limit` characters together.

    beside: the other rows of the message, which has to be short enough with them.
    """
    limit = min(limit, MAX_CHARACTERS - sum(len(row) + 1 for row in beside))
    lengths = accumulate(len(row) + 1 for row in rows)
    return [row for row, length in zip(rows, lengths, strict=True) if length <= limit]


def title(line: Line) -> str:
    """Returns "**Title** (Year)", escaped."""
    year = f" ({line.year})" if line.year else ""
    return f"**{safe(line.title)}**{year}"


def facts(line: Line) -> str:
    """Returns a film's length and genres, such as "110 min · Comedy · Drama".

    What is unknown is left out; the text is empty if everything is.
    """
    runtime = [words.length(line.runtime)] if line.runtime else []
    return " · ".join([*runtime, *map(safe, line.genres)])


def headline_text(line: Line) -> str:
    """Returns the main film of a message in markdown: its title, its facts and why it is shown."""
    year = f" ({line.year})" if line.year else ""
    rows = [f"## {safe(line.title)}{year}"]
    if text := facts(line):
        rows.append(text)
    if line.reason:
        rows.append(f"*{said(line.reason, markdown=True)}*")
    return "\n".join(rows)


def line_text(line: Line) -> str:
    """Returns a film in one line of markdown: its title, and why it is shown."""
    reason = f" — {said(line.reason, markdown=True)}" if line.reason else ""
    return f"{title(line)}{reason}"


def film_card(card: FilmCard, *, reactable: bool, note: str | None = None) -> ui.LayoutView:
    """Returns a message about one film, with further picks as lines.

    card: what the message says and offers.
    reactable: True if reactions to the message reach the bot. The message then has a line that says
        what each rating emoji means; otherwise it has buttons to rate with.
    note: one more sentence under the card; None for no sentence.
    """
    if card.names:
        card = replace(
            card,
            headline=replace(card.headline, reason=card.reason(card.headline)),
            further=tuple(replace(line, reason=card.reason(line)) for line in card.further),
        )
    view = ui.LayoutView(timeout=None)
    box: ui.Container[Any] = ui.Container(accent_colour=ACCENT_COLOUR)
    first = [said(each, markdown=True) for each in (card.heading, *card.asked)]
    headline = headline_text(card.headline)
    shelf = said(shelf_note(card.shelf), markdown=True) if card.shelf else None
    if shelf and card.surface == "post":  # posts are about a shelf
        first.append(shelf)
    elif shelf:
        headline = f"{headline}\n{words.on_shelf(shelf)}"
    box.add_item(ui.TextDisplay(f"-# {' · '.join(first)}"))
    text: ui.TextDisplay[Any] = ui.TextDisplay(headline)
    if card.headline.poster:
        poster = ui.Thumbnail[Any](
            card.headline.poster, description=words.poster_of(card.headline.name)[:256]
        )
        box.add_item(ui.Section(text, accessory=poster))
    else:
        box.add_item(text)
    box.add_item(buttons.card_row(card))
    if reactable:
        box.add_item(ui.TextDisplay(legend(card.scale)))
    else:
        box.add_item(buttons.rating_row(card.headline.film_id))
    if card.further:
        box.add_item(ui.Separator())
        box.add_item(ui.TextDisplay("\n".join(map(line_text, card.further))))
        options = buttons.film_options(card.further)
        box.add_item(ui.ActionRow(buttons.select(words.open_one(), options, "open")))
    if card.moods:
        box.add_item(ui.TextDisplay(words.mood_question(card.time)))
        box.add_item(buttons.mood_row(card))
    view.add_item(box)
    below = [said(each, markdown=True) for each in card.notes] + ([note] if note else [])
    if below:
        view.add_item(ui.TextDisplay(f"-# {' '.join(below)}"))
    if source := words.poster_source(card.headline.poster):
        view.add_item(ui.TextDisplay(source))
    if card.offer_quiz:
        view.add_item(ui.ActionRow(buttons.button(words.quiz_button(), "quiz", emoji="🎬")))
    return view


def text_view(text: str, *rows: ui.Item[Any]) -> ui.LayoutView:
    """Returns a plain message. Rows of buttons or menus, and pictures, come below its text."""
    view = ui.LayoutView(timeout=None)
    box: ui.Container[Any] = ui.Container(accent_colour=QUIET_COLOUR)
    box.add_item(ui.TextDisplay(text))
    for row in rows:
        box.add_item(row)
    view.add_item(box)
    return view
