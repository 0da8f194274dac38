"""The buttons and menus of all messages. They still work on messages that are a year old.

What a button does is written in its `custom_id`, which Discord keeps and sends back at each press
(`bot/views/custom_ids.py`). One `DynamicItem` class takes every press and hands it to the client,
which runs the action that the `custom_id` names.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Protocol, Self

import discord
from discord import ui

from bot.services.scale import LEGEND, RatingScale
from bot.services.view_models import FilmCard, Filters, Line
from bot.services.wording import shorten
from bot.views.custom_ids import (
    DIGITS,
    CustomId,
    Unreadable,
    custom_id,
    long_ids,
    parse,
    short_ids,
    whole,
)
from bot.wording.errors.said import said
from bot.wording.feedback import rating_button
from bot.wording.picks.cards import card_button
from bot.wording.picks.tastes import mood_button

MAX_GENRE_CHARACTERS, MAX_MOOD_CHARACTERS = 15, 13  # of a name in a custom_id
MAX_LANGUAGE_CHARACTERS = 3  # of a language's code in a custom_id
FIRST_YEAR = 1900  # decades are counted from here in a custom_id
NO_WISH, SURPRISE = "-", "s"
UNKNOWN_CUSTOM_ID = CustomId("")
"""Replaces a custom_id that cannot be read. No action has this name, so the person gets the
sentence that the bot no longer knows the button."""


class ActionRunner(Protocol):
    """What pressed buttons call: an object with a method that runs the button's action."""

    async def act(self, interaction: discord.Interaction, pressed: CustomId) -> None:
        """Runs the action that `pressed` names."""


class Persistent(ui.DynamicItem[ui.Item[Any]], template=re.compile(r"(?s).+")):
    """Any button or select on the bot's messages, made by this or an earlier run of the bot."""

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(item)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        client: ActionRunner = interaction.client
        await client.act(interaction, parse(self.custom_id) or UNKNOWN_CUSTOM_ID)


def button(
    label: str,
    action: str,
    *arguments: object,
    style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    emoji: str | None = None,
) -> Persistent:
    """Returns a button that runs `action` with `arguments`, also after a restart.

    action: the name of what a press does.
    """
    return Persistent(
        ui.Button(label=label, emoji=emoji, style=style, custom_id=custom_id(action, *arguments))
    )


def select(
    placeholder: str,
    options: Sequence[discord.SelectOption],
    action: str,
    *arguments: object,
    at_least: int = 1,
    at_most: int = 1,
) -> Persistent:
    """Returns a menu of texts that runs `action` with `arguments`, also after a restart.

    The action reads the chosen values with `chosen`.

    placeholder: the text that is shown while nothing is chosen.
    at_least, at_most: how many options may be chosen.
    """
    return Persistent(
        ui.Select(
            placeholder=placeholder,
            options=list(options),
            min_values=at_least,
            max_values=min(at_most, len(options)),
            custom_id=custom_id(action, *arguments),
        )
    )


def chosen(interaction: discord.Interaction) -> tuple[str, ...]:
    """Returns the values chosen in a select."""
    data: Any = interaction.data or {}
    return tuple(str(value) for value in data.get("values", ()))


def film_options(
    lines: Sequence[Line], *, chosen_ids: frozenset[int] = frozenset(), reasons: bool = True
) -> list[discord.SelectOption]:
    """Returns films as the options of a menu. The value of each option is the film's id.

    chosen_ids: ids of the films that are chosen already.
    reasons: False leaves out why each film is shown.
    """
    return [
        discord.SelectOption(
            label=shorten(line.name),
            value=str(line.film_id),
            description=shorten(said(line.reason)) if reasons and line.reason else None,
            default=line.film_id in chosen_ids,
        )
        for line in lines
    ]


def custom_ids(message: discord.Message) -> list[CustomId]:
    """Returns the custom_ids in a message that belong to this bot's buttons and menus."""
    view = ui.LayoutView.from_message(message, timeout=None)
    found = (parse(str(getattr(item, "custom_id", "") or "")) for item in view.walk_children())
    return [one for one in found if one is not None]


def headline_film(message: discord.Message) -> int | None:
    """Returns the id of the film that a card of the bot is about; None if it is no card.

    A card is a message about one film. The id is read from the card's button *Why?*.

    message: a message of the bot.
    """
    return next((one.number(0) for one in custom_ids(message) if one.action == "why"), None)


def shown_scale(message: discord.Message) -> int | None:
    """Returns the id of the server's own scale that the legend of a card shows; None for the usual
    scale.

    A card is a message about one film. The id is read from the card's button *Why?*.

    message: a message of the bot.
    """
    why = next((one for one in custom_ids(message) if one.action == "why"), None)
    return whole(why.text(1) or "") if why else None


def rating_row(film_id: int) -> ui.ActionRow[Any]:
    """Returns a row with the four rating emoji as buttons.

    It is for messages on which the bot does not see reactions.
    """
    return ui.ActionRow(
        *(
            button(rating_button(mark.name), "rate", film_id, index, emoji=mark.emoji)
            for index, mark in enumerate(LEGEND)
        )
    )


def why_button(label: str, film_id: int, scale: RatingScale) -> Persistent:
    """Returns the button that says why a film is picked.

    Its custom_id also says which film a message is about, and which scale its legend shows.
    """
    return button(label, "why", film_id, *([] if scale.id is None else [scale.id]))


def card_row(card: FilmCard) -> ui.ActionRow[Any]:
    """Returns the buttons *Why? · Seen it · Not for me · Later*, and *Another* if it is offered."""
    film = card.headline.film_id
    row: ui.ActionRow[Any] = ui.ActionRow(why_button(card_button("why"), film, card.scale))
    for action in ("seen", "nope", "later"):
        row.add_item(button(card_button(action), action, film))
    if card.another:
        row.add_item(
            button(
                card_button("another"),
                "another",
                *filter_arguments(card.filters),
                int(card.private),
                film,
                short_ids(card.filters.others),
                short_wishes(card.filters),
                style=discord.ButtonStyle.primary,
            )
        )
    return row


def mood_row(card: FilmCard) -> ui.ActionRow[Any]:
    """Returns a row of buttons, one for each mood that a message of films offers.

    The mood that the films were asked for is highlighted. Pressing it again asks for films without
    a mood.
    """
    row: ui.ActionRow[Any] = ui.ActionRow()
    for at, mood in enumerate(card.moods):
        active = mood == card.filters.mood
        row.add_item(
            button(
                mood_button(mood),
                "mood",
                *filter_arguments(replace(card.filters, mood=None if active else mood)),
                int(card.private),
                card.headline.film_id,
                short_ids(card.filters.others),
                at,  # no two buttons of a message may have the same custom_id
                short_wishes(card.filters),
                style=discord.ButtonStyle.primary if active else discord.ButtonStyle.secondary,
            )
        )
    return row


def filter_arguments(filters: Filters) -> tuple[object, ...]:
    """Returns the filters of a request for films, as arguments of a custom_id.

    `read_filters` reads them back. A long name is cut, because a custom_id is short. The beginning
    of a name is understood too.
    """
    genre, mood = filters.genre or "", filters.mood or ""
    return (
        genre.replace(":", " ")[:MAX_GENRE_CHARACTERS] or None,
        mood[:MAX_MOOD_CHARACTERS] or None,
        filters.max_runtime,
    )


def short_wishes(filters: Filters) -> str | None:
    """Returns the wishes for a decade, a surprise and a language as a few characters, in this
    order.

    None if there are no such wishes. `read_filters` reads them back.
    """
    if not (filters.decade or filters.surprise or filters.language):
        return None
    decade = DIGITS[(filters.decade - FIRST_YEAR) // 10] if filters.decade else NO_WISH
    surprise = SURPRISE if filters.surprise else NO_WISH
    return f"{decade}{surprise}{(filters.language or '')[:MAX_LANGUAGE_CHARACTERS]}"


def read_wishes(text: str | None) -> tuple[int | None, bool, str | None]:
    """Returns the decade, whether a surprise is wished for, and the language that `short_wishes`
    wrote.

    Raises Unreadable for any other text.
    """
    if not text:
        return None, False, None
    found = re.fullmatch(f"([{NO_WISH}0-9a-z])([{NO_WISH}{SURPRISE}])([a-z]*)", text)
    if found is None:
        raise Unreadable(text)
    number = DIGITS.find(found[1])
    decade = FIRST_YEAR + 10 * number if number >= 0 else None
    return decade, found[2] == SURPRISE, found[3] or None


def read_filters(pressed: CustomId) -> tuple[Filters, bool]:
    """Returns the filters that a pressed button has in its custom_id.

    Also returns True if the message with the button is private. The filters are not checked: they
    may name a mood or genre that no longer exists. Raises Unreadable if the ids of the people who
    watch together cannot be read.
    """
    runtime = pressed.text(2)
    decade, surprise, language = read_wishes(pressed.text(7 if pressed.action == "mood" else 6))
    return (
        Filters(
            genre=pressed.text(0),
            mood=pressed.text(1),
            max_runtime=whole(runtime) if runtime else None,
            others=long_ids(pressed.text(5)),
            language=language,
            decade=decade,
            surprise=surprise,
        ),
        pressed.text(3) == "1",
    )
