"""Draws movie nights: the shortlist, what won, the card to rate, and the list of past nights."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import discord
from discord import ui

from bot.services.nights.view_models import NightLine, NightView, PastNight
from bot.services.notes import note
from bot.services.scale import RatingScale
from bot.services.view_models import FilmCard, Line
from bot.services.wording import shorten
from bot.views import cards
from bot.views.buttons import Persistent, button, rating_row
from bot.views.custom_ids import short_ids
from bot.wording.errors.said import said
from bot.wording.nights import history
from bot.wording.nights import messages as words

MAX_FITS = 600
"""The most characters of the line that says how well a film fits each member."""


def shortlist_view(view: NightView) -> ui.LayoutView:
    """Returns the shortlist of a night, with buttons for what can be done next."""
    lines = [words.heading(view)]
    for place, found in enumerate(view.films, 1):
        lines.append(_film(place, found))
    lines = cards.fitting([*lines, words.status(view)])
    return cards.text_view("\n".join(lines), *_rows(view))


def _film(place: int, found: NightLine) -> str:
    line = replace(found.line, title=shorten(found.line.title, words.MAX_TITLE))
    name = " · ".join([cards.title(line), *filter(None, [cards.facts(line)])])
    reason = said(found.line.reason, markdown=True) if found.line.reason else ""
    text = words.listed_film(place, found, name, reason)
    fits = words.fits(found)
    return f"{text}\n-# {fits}" if fits and len(fits) <= MAX_FITS else text


def winner_view(view: NightView) -> ui.LayoutView:
    """Returns the announcement of the film of a night."""
    lines = [words.won(view)]
    if view.state == "cancelled":
        lines.append(words.cancelled())
    elif view.event:
        lines.append(words.scheduled())
    return cards.text_view("\n".join(lines), *_rows(view, announced=True))


def _rows(view: NightView, *, announced: bool = False) -> list[ui.ActionRow[Any]]:
    """Returns the row of buttons under a message about a night; none if nothing can be done.

    announced: True for the announcement of the film.
    """
    found: list[Persistent] = []
    main = discord.ButtonStyle.primary
    if view.state == "planned":
        found.append(_button("night-poll", view.id, style=main))
        found.append(_button("night-first", view.id))
    if announced and view.state == "decided":
        found.append(_button("night-event", view.id, style=main))
    if view.state in ("planned", "polled") or (
        announced and view.state in ("decided", "scheduled", "showing")
    ):
        found.append(_button("night-cancel", view.id))
    return [ui.ActionRow(*found)] if found else []


def _button(
    action: str, *arguments: object, style: discord.ButtonStyle = discord.ButtonStyle.secondary
) -> Persistent:
    return button(words.night_button(action), action, *arguments, style=style)


def rating_card(
    night_id: int,
    line: Line,
    guild_id: int,
    version: str,
    scale: RatingScale,
    *,
    reactable: bool,
) -> ui.LayoutView:
    """Returns the card with which people rate the film of a night.

    scale: the emoji that rate the film. reactable: True if reactions to the message reach the bot.
    """
    card = FilmCard(
        surface="recommend",
        heading=note("night-over"),
        headline=line,
        further=(),
        impressions=(),
        model_version=version,
        guild_id=guild_id,
        scale=scale,
    )
    view = cards.film_card(card, reactable=reactable)
    view.add_item(ui.TextDisplay(f"-# {words.card_question()}"))
    view.add_item(ui.ActionRow(_button("night-there", night_id)))
    return view


def there_view(night_id: int, film_id: int, name: str) -> ui.LayoutView:
    """Returns the answer to whoever says that they came: buttons to rate the film.

    name: the film's name, not escaped.
    """
    take_back: ui.ActionRow[Any] = ui.ActionRow(_button("night-not-there", night_id))
    return cards.text_view(words.said_there(name), rating_row(film_id), take_back)


def question_view(server: str, slash: str, guild_id: int, *, planner: bool) -> ui.LayoutView:
    """Returns the question whether a person's taste counts in a server's movie nights.

    server: the server's name, not escaped.
    slash: the command for the settings, in markdown.
    planner: True if the person plans the movie night.
    """
    place = short_ids([guild_id])
    row: ui.ActionRow[Any] = ui.ActionRow(
        _button("night-yes", place, style=discord.ButtonStyle.primary),
        _button("night-no", place),
        _button("night-never", place),
    )
    return cards.text_view(words.question(server, slash, planner=planner), row)


def history_view(found: Sequence[PastNight]) -> ui.LayoutView:
    """Returns the list of a server's nights, with a button for each that may be cancelled."""
    if not found:
        return cards.text_view(f"{history.history_heading()}\n{history.no_history()}")
    lines: list[ui.Item[Any]] = []
    for night in found:
        said_ = history.past_night(night)
        cancel = _button("night-drop", night.id)
        lines.append(
            ui.Section(said_, accessory=cancel) if night.can_cancel else ui.TextDisplay(said_)
        )
    return cards.text_view(history.history_heading(), *lines)
