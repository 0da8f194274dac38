"""Reads from a message of films which film it shows and what its buttons offer."""

from collections.abc import Iterator

import discord
from discord import ui

from bot.services.picks.in_place import Controls
from bot.services.view_models import Filters
from bot.views.buttons import read_filters
from bot.views.custom_ids import CustomId, parse


def custom_ids(message: discord.Message) -> Iterator[CustomId]:
    """Yields the custom_ids in a message that belong to this bot's buttons and menus."""
    view = ui.LayoutView.from_message(message, timeout=None)
    for item in view.walk_children():
        found = parse(str(getattr(item, "custom_id", "") or ""))
        if found is not None:
            yield found


def film_shown(message: discord.Message) -> int | None:
    """Returns the id of the film that a message is about; None if it is about no film.

    Raises Unreadable if the message's buttons are from another version of the bot.
    """
    pressed = next((one for one in custom_ids(message) if one.action == "why"), None)
    return pressed.number(0) if pressed else None


def read_controls(message: discord.Message) -> Controls | None:
    """Returns what the buttons of a message of films offer; None if it is not about a film.

    Raises Unreadable if the ids of the people who watch together cannot be read.
    """
    film = film_shown(message)
    if film is None:
        return None
    found = list(custom_ids(message))
    another = next((one for one in found if one.action == "another"), None)
    moods = tuple(mood for one in found if one.action == "mood" and (mood := one.text(6)))
    return Controls(
        film_id=film,
        filters=read_filters(another)[0] if another else Filters(),
        moods=moods,
        another=another is not None,
        offer_quiz=any(one.action == "quiz" for one in found),
    )
