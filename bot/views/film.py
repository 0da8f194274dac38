"""Draws the page of a film, and what its buttons answer."""

from typing import Any

import discord
from discord import ui

from bot.services.picks.film_page import FilmContent, FilmPage, RatingQuestion
from bot.services.scale import HALF_STARS, USUAL_SCALE, RatingScale
from bot.services.wording import safe, shorten
from bot.views import cards
from bot.views.buttons import button, rating_row, select, why_button
from bot.wording.feedback import legend, stars
from bot.wording.picks import cards as card_texts
from bot.wording.picks import film as words

IMDB = "https://www.imdb.com/title/{id}/"
LETTERBOXD = "https://letterboxd.com/imdb/{id}/"
MAX_FACTS_CHARACTERS, MAX_TAGS_CHARACTERS = 2200, 1200  # of a message's 4000
MAX_SHOWN_TITLE = 120  # characters of a title in its own language


def page_view(
    page: FilmPage,
    *,
    reactable: bool,
    scale: RatingScale = USUAL_SCALE,
    note: str | None = None,
) -> ui.LayoutView:
    """Returns the page of a film.

    reactable: True if reactions to the message reach the bot. The message then has a line that says
        what each rating emoji means; otherwise it has buttons to rate with.
    scale: the emoji that rate here.
    note: one more sentence below; None for no sentence.
    """
    film = page.film
    view = ui.LayoutView(timeout=None)
    box: ui.Container[Any] = ui.Container(accent_colour=cards.ACCENT_COLOUR)
    lines = cards.fitting(_lines(page), MAX_FACTS_CHARACTERS)
    text: ui.TextDisplay[Any] = ui.TextDisplay("\n".join(lines))
    if film.poster:
        poster = ui.Thumbnail[Any](film.poster, description=card_texts.poster_of(page.name)[:256])
        box.add_item(ui.Section(text, accessory=poster))
    else:
        box.add_item(text)
    if tags := cards.fitting(words.tag_lines(page), MAX_TAGS_CHARACTERS):
        box.add_item(ui.Separator())
        box.add_item(ui.TextDisplay("\n".join(tags)))
    box.add_item(_buttons(film.id, scale, reactable=reactable))
    box.add_item(ui.TextDisplay(legend(scale)) if reactable else rating_row(film.id))
    if page.imdb:
        box.add_item(
            ui.ActionRow(
                ui.Button(label=words.imdb_button(), url=IMDB.format(id=page.imdb)),
                ui.Button(label=words.letterboxd_button(), url=LETTERBOXD.format(id=page.imdb)),
            )
        )
    view.add_item(box)
    for line in (words.source(page), f"-# {note}" if note else None):
        if line:
            view.add_item(ui.TextDisplay(line))
    return view


def rating_view(question: RatingQuestion) -> ui.LayoutView:
    """Returns the question how a film was, with the four rating buttons and a menu of half
    stars.
    """
    options = [
        discord.SelectOption(
            label=stars(value), value=f"{value:g}", default=value == question.stars
        )
        for value in reversed(HALF_STARS)
    ]
    menu = select(words.stars_menu(), options, "stars", question.film_id)
    return cards.text_view(
        words.rating_question(question), rating_row(question.film_id), ui.ActionRow(menu)
    )


def content_view(content: FilmContent) -> ui.LayoutView:
    """Returns what a film warns of."""
    return cards.text_view("\n".join(cards.fitting(words.content_lines(content))))


def content_button(film_id: int) -> ui.Item[Any]:
    """Returns the button that shows privately what a film warns of."""
    return button(words.content_button(), "content", film_id)


def _lines(page: FilmPage) -> list[str]:
    film = page.film
    year = f" ({film.year})" if film.year else ""
    lines = [f"## {safe(film.title)}{year}"]
    if film.original_title and film.original_title != film.title:
        lines.append(f"*{safe(shorten(film.original_title, MAX_SHOWN_TITLE))}*")
    lines += words.facts_lines(page)
    if where := words.offers(page):
        lines.append(where)
    if page.loved_by:
        lines.append(words.loved_by(page.loved_by))
    if page.for_you is not None and (own := words.for_you(page.for_you)):
        lines.append(own)
    return lines


def _buttons(film_id: int, scale: RatingScale, *, reactable: bool) -> ui.ActionRow[Any]:
    row: ui.ActionRow[Any] = ui.ActionRow(why_button(words.for_you_button(), film_id, scale))
    if reactable:
        row.add_item(button(words.rate_button(), "ask-stars", film_id))
    row.add_item(button(card_texts.card_button("later"), "later", film_id))
    row.add_item(button(words.similar_button(), "like", film_id))
    row.add_item(content_button(film_id))
    return row
