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

    A private answer, or an answer outside of a server, is in the language of the person's Discord.
    A public answer in a server is in the server's language. If the bot does not have that language,
    the language in the settings is used. If the settings name the pseudo-locale (changed English
    for tests), everything is in it.

    private: True if only the person sees the answer.
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
    """Within the `with` block, texts are in the language of the answer to an interaction.

    private: True if only the person sees the answer.
    """
    return speaking(answer_language(settings, interaction, private=private))
