"""Draws `/profile`, the list of a person's own ratings, and `/compare`."""

import io
from typing import Any

import discord
from discord import ui

from bot.services.people.compare import Comparison
from bot.services.people.own_ratings import RatingsPage
from bot.services.people.profile import TasteProfile
from bot.services.view_models import Line
from bot.services.wording import shorten
from bot.views import cards
from bot.views.buttons import Persistent, button, select
from bot.views.custom_ids import short_ids
from bot.wording.feedback import stars
from bot.wording.people import compare as compare_words
from bot.wording.people import preferences
from bot.wording.people import profile as words
from bot.wording.picks import film as film_words
from bot.wording.picks import watchlist

FILE_NAME = "taste.png"
MAX_ITEM_DESCRIPTION = 256
"""The most characters of the description of a picture within a message of components."""


def profile_view(
    found: TasteProfile, picture: bytes | None, *, question: Line | None = None
) -> tuple[ui.LayoutView, list[discord.File]]:
    """Returns a profile and the files that belong to it.

    picture: the PNG of the taste; None if it was not drawn.
    question: the film that the quiz would ask about; None for no film.
    """
    own = found.name is None
    lines = [words.heading(found), *words.summary(found)]
    if own:
        lines += words.knowing(found, question)
    if picture is None and found.taste is not None:
        lines.append(words.not_drawn())
    items: list[ui.Item[Any]] = []
    files = []
    if picture is not None:
        about = words.description(found)
        files.append(discord.File(io.BytesIO(picture), FILE_NAME, description=about))
        gallery: ui.MediaGallery[Any] = ui.MediaGallery()
        gallery.add_item(
            media=f"attachment://{FILE_NAME}", description=shorten(about, MAX_ITEM_DESCRIPTION)
        )
        items.append(gallery)
    buttons: list[Persistent] = []
    if own and found.count:
        buttons.append(button(words.ratings_button(), "my-ratings"))
    if own and question is not None:
        buttons.append(button(film_words.rate_button(), "ask-stars", question.film_id))
    if not own:
        buttons.append(
            button(compare_words.compare_button(), "compare", short_ids([found.person_id]))
        )
    if buttons:
        items.append(ui.ActionRow(*buttons))
    return cards.text_view("\n".join(lines), *items), files


def ratings_view(
    found: RatingsPage,
    *,
    done: str | None = None,
    undo: tuple[int, float] | None = None,
) -> ui.LayoutView:
    """Returns a page of a person's own ratings, with a menu to take one back.

    done: a sentence above the list on what has just changed; None for no sentence.
    undo: id of the film whose rating was just taken back, and the stars that it had; it gets the
        button *Undo*. None for no film.
    """
    lines = [preferences.settings_done(done)] if done else []
    lines += words.ratings_heading(found)
    below = words.ratings_footer(found)
    rows = [words.rating_line(one) for one in found.films]
    lines = [*lines, *cards.fitting(rows, beside=[*lines, *below]), *below]
    items: list[ui.Item[Any]] = []
    if found.films:
        options = [
            discord.SelectOption(
                label=shorten(one.name), value=str(one.film_id), description=stars(one.stars)
            )
            for one in found.films
        ]
        menu = select(words.take_back_menu(), options, "rating-take-back", found.page)
        items.append(ui.ActionRow(menu))
    buttons: list[Persistent] = []
    if undo is not None:
        film, before = undo
        put_back = ("rating-put-back", film, round(2 * before), found.page)
        buttons.append(button(watchlist.undo_button(), *put_back))
    if found.page > 0:
        buttons.append(button(watchlist.earlier_button(), "my-ratings", found.page - 1))
    if found.page + 1 < found.pages:
        buttons.append(button(watchlist.later_button(), "my-ratings", found.page + 1))
    if buttons:
        items.append(ui.ActionRow(*buttons))
    return cards.text_view("\n".join(lines), *items)


def comparison_view(found: Comparison) -> ui.LayoutView:
    """Returns how well the tastes of two members match."""
    lines = [compare_words.heading(found), *compare_words.match_lines(found)]
    if found.both_loved:
        lines.append(compare_words.both_loved(found.both_loved))
    if found.differ:
        lines += compare_words.differ_lines(found.differ, found.name)
    if found.for_you:
        lines += compare_words.for_you_lines(found.for_you, found.name)
    if found.together:
        lines.append(compare_words.together(found.together))
    lines.append(compare_words.footer())
    row: ui.ActionRow[Any] = ui.ActionRow(
        button(
            compare_words.together_button(),
            "pick-together",
            short_ids([found.person_id]),
            style=discord.ButtonStyle.primary,
        ),
        button(compare_words.consent_button(), "taste"),
    )
    return cards.text_view("\n".join(lines), row)
