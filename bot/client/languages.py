"""Chooses the language of an answer: the person's if only they see it, else the server's."""

from contextlib import AbstractContextManager
from typing import Any

import discord

from bot.settings import Settings
from bot.wording.speech import Language, speaking, speaks
from bot.wording.speech.pseudo import PSEUDO


def answer_language(
    settings: Settings, interaction: discord.Interaction[Any], *, private: bool
) -> str:
    """Returns the code of the language for an answer.

    A private answer, and one outside of a server, is in the language of the person's Discord. A
    public one is in the server's. If the bot does not speak it, the settings decide. If they name
    the pseudo-locale, everything is in it.
    """
    public = interaction.guild_locale if not private else None
    code = (public or interaction.locale).value
    return code if settings.locale != PSEUDO and speaks(code) else settings.locale


def server_language(settings: Settings, guild: discord.Guild | None) -> str:
    """Returns the code of the language for a post to a server, and for its manager.

    It is the server's language on Discord. If that is not known, or the bot does not speak it, the
    settings decide.
    """
    code = guild.preferred_locale.value if guild is not None else settings.locale
    return code if settings.locale != PSEUDO and speaks(code) else settings.locale


def speaking_to(
    settings: Settings, interaction: discord.Interaction[Any], *, private: bool
) -> AbstractContextManager[Language]:
    """Speaks the language of an answer within a `with` block.

    private: True if only the person sees the answer.
    """
    return speaking(answer_language(settings, interaction, private=private))
