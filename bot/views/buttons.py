"""Every persistent button and select, so that a card from last year still answers.

Discord remembers the state in the `custom_id` (`bot/views/custom_ids.py`); one `DynamicItem` class
takes every press and hands it to the action that a cog registered under that name.
"""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol, Self

import discord
from discord import ui

from bot.services.catalogue.moods import MOODS
from bot.services.scale import LEGEND
from bot.services.view_models import FilmCard, Filters, Line
from bot.views.custom_ids import CustomId, custom_id, long_ids, parse, short_ids, whole

if TYPE_CHECKING:
    from bot.client.client import MatineeBot

    Press = discord.Interaction[MatineeBot]
else:
    Press = discord.Interaction

Action = Callable[[Press, CustomId], Awaitable[None]]
"""What a cog registers under an action's name."""

OPTION_TEXT = 100
UNKNOWN = CustomId("")
"""What another version's button comes to: no action, which is answered in a sentence."""


class _HasActions(Protocol):
    async def act(self, interaction: Press, pressed: CustomId) -> None: ...


class Persistent(ui.DynamicItem[ui.Item[Any]], template=re.compile(r"(?s).+")):
    """Any button or select on our messages, whichever process or version made it."""

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(item)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        bot: _HasActions = interaction.client
        await bot.act(interaction, parse(self.custom_id) or UNKNOWN)


def button(
    label: str,
    action: str,
    *arguments: object,
    style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    emoji: str | None = None,
) -> Persistent:
    """A button that runs `action`, now or after any restart."""
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
    """A string select that runs `action` with the chosen values in the interaction."""
    return Persistent(
        ui.Select(
            placeholder=placeholder,
            options=list(options),
            min_values=at_least,
            max_values=min(at_most, len(options)),
            custom_id=custom_id(action, *arguments),
        )
    )


def chosen(interaction: Press) -> tuple[str, ...]:
    """The values chosen in a select."""
    data: Any = interaction.data or {}
    return tuple(str(value) for value in data.get("values", ()))


def shorten(text: str, limit: int = OPTION_TEXT) -> str:
    """`text`, cut with an ellipsis where it is longer than Discord takes."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def film_options(
    lines: Sequence[Line], *, chosen_ids: frozenset[int] = frozenset(), reasons: bool = True
) -> list[discord.SelectOption]:
    """Films as select options: value is the film's id."""
    return [
        discord.SelectOption(
            label=shorten(line.name),
            value=str(line.film_id),
            description=shorten(line.reason) if reasons and line.reason else None,
            default=line.film_id in chosen_ids,
        )
        for line in lines
    ]


def rating_row(film_id: int) -> ui.ActionRow[Any]:
    """The legend as four buttons, for places where reactions cannot reach."""
    return ui.ActionRow(
        *(
            button(mark.name.capitalize(), "rate", film_id, index, emoji=mark.emoji)
            for index, mark in enumerate(LEGEND)
        )
    )


def card_row(card: FilmCard) -> ui.ActionRow[Any]:
    """Returns *Why? · Seen it · Not for me · Later*, and *Another* if the card has it."""
    film = card.headline.film_id
    row: ui.ActionRow[Any] = ui.ActionRow(
        button("Why?", "why", film),
        button("Seen it", "seen", film),
        button("Not for me", "nope", film),
        button("Later", "later", film),
    )
    if card.another:
        row.add_item(
            button(
                "Another",
                "another",
                *filter_arguments(card.filters),
                int(card.private),
                film,
                short_ids(card.filters.others),
                style=discord.ButtonStyle.primary,
            )
        )
    return row


def mood_row(card: FilmCard) -> ui.ActionRow[Any]:
    """The moods of one tap; the one that the card was asked for stands out, and pressing it again
    gives it up."""
    row: ui.ActionRow[Any] = ui.ActionRow()
    for mood in card.moods:
        active = mood == card.filters.mood
        row.add_item(
            button(
                MOODS[mood].name,
                "mood",
                *filter_arguments(replace(card.filters, mood=None if active else mood)),
                int(card.private),
                card.headline.film_id,
                short_ids(card.filters.others),
                mood,
                style=discord.ButtonStyle.primary if active else discord.ButtonStyle.secondary,
            )
        )
    return row


def filter_arguments(filters: Filters) -> tuple[object, ...]:
    """The filters as arguments of a custom_id; `read_filters` is the other way."""
    return (filters.genre, filters.mood, filters.max_runtime)


def read_filters(pressed: CustomId) -> tuple[Filters, bool]:
    """The filters and the privacy that *Another* carries; not yet checked against anything."""
    runtime = pressed.text(2)
    return (
        Filters(
            genre=pressed.text(0),
            mood=pressed.text(1),
            max_runtime=whole(runtime) if runtime else None,
            others=long_ids(pressed.text(5)),
        ),
        pressed.text(3) == "1",
    )
