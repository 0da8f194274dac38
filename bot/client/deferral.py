"""Acknowledges an interaction whose answer is late, so that Discord does not call it failed.

The timer begins with the interaction. If there is no answer after 1.5 s, the interaction is
acknowledged. For a command, or a form that a command opened, Discord then shows "thinking …". For a
button, a menu, or a form that one of these opened, the message stays as it was. A handler may defer
earlier and in another way (`await_or_defer` in `bot/client/reply.py`).

Source: Discord's documentation, interactions/receiving-and-responding: 3 s to acknowledge.
"""

import asyncio
import logging
import time
from typing import Any

import discord

log = logging.getLogger(__name__)

DEFER_AFTER_SECONDS = 1.5
DEFERRAL_KEY = "matinee.deferral"
"""The key in `Interaction.extras` under which the timer is kept."""

RESPONDED_KEY = "matinee.responded"
"""The key in `Interaction.extras` under which the time of the first response is kept, in monotonic
seconds.
"""


class Deferral:
    """The timer that acknowledges one interaction if its answer is late."""

    def __init__(self, interaction: discord.Interaction[Any]) -> None:
        self._interaction = interaction
        self._sending: asyncio.Task[None] | None = None
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(DEFER_AFTER_SECONDS, self._time_is_up)

    async def settle(self) -> None:
        """Stops the timer. If it is acknowledging just now, waits until that is done."""
        self._timer.cancel()
        if self._sending is not None:
            await asyncio.wait({self._sending})

    def _time_is_up(self) -> None:
        if not self._interaction.response.is_done():
            self._sending = asyncio.create_task(self._acknowledge(), name="deferral")

    async def _acknowledge(self) -> None:
        response = self._interaction.response
        try:
            if _edits_a_message(self._interaction):
                await response.defer()
            else:
                await response.defer(ephemeral=_is_private(self._interaction), thinking=True)
            note_response(self._interaction)
        except discord.DiscordException as error:
            log.info("an interaction could not be deferred: %s", error)


def start(interaction: discord.Interaction[Any]) -> None:
    """Starts the timer that acknowledges an interaction if its answer is late.

    For autocomplete no timer is started, because Discord does not let a bot defer it.
    """
    if interaction.type is not discord.InteractionType.autocomplete:
        interaction.extras[DEFERRAL_KEY] = Deferral(interaction)


async def settle(interaction: discord.Interaction[Any]) -> None:
    """Stops the timer that would acknowledge the interaction. Call it before every answer.

    Nothing happens if the interaction has no timer.
    """
    timer = interaction.extras.get(DEFERRAL_KEY)
    if isinstance(timer, Deferral):
        await timer.settle()


def note_response(interaction: discord.Interaction[Any]) -> None:
    """Stores that the interaction was answered or acknowledged now. Later calls change nothing."""
    interaction.extras.setdefault(RESPONDED_KEY, time.monotonic())


def _edits_a_message(interaction: discord.Interaction[Any]) -> bool:
    """True for a button or menu of a message, and for a form that one of these opened."""
    return interaction.message is not None


def _is_private(interaction: discord.Interaction[Any]) -> bool:
    """True if only the person who made the interaction is to see the answer.

    Commands with an option `private` answer publicly unless the option is set. All other commands
    answer privately.
    """
    command = interaction.command
    parameters = getattr(command, "parameters", ())
    if not any(one.name == "private" for one in parameters):
        return True
    return bool(getattr(interaction.namespace, "private", False))
