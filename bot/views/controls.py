"""Reads from a message of films what its buttons offer."""

import discord

from bot.services.picks.in_place import Controls
from bot.services.view_models import Filters
from bot.views.buttons import custom_ids, headline_film, read_filters


def read_controls(message: discord.Message) -> Controls | None:
    """Returns what the buttons of a message of films offer; None if it is not about a film.

    Raises Unreadable if the ids of the people who watch together cannot be read.
    """
    film = headline_film(message)
    if film is None:
        return None
    found = custom_ids(message)
    another = next((one for one in found if one.action == "another"), None)
    filters = read_filters(another)[0] if another else Filters()
    # The button of the mood that the films were asked for asks for films without a mood.
    moods = (one.text(1) or filters.mood for one in found if one.action == "mood")
    return Controls(
        film_id=film,
        filters=filters,
        moods=tuple(mood for mood in moods if mood),
        another=another is not None,
        offer_quiz=any(one.action == "quiz" for one in found),
    )
