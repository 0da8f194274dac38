"""Chooses the language of a message: the person's if only they see it, else the server's."""

from contextlib import AbstractContextManager
from typing import Any

import discord

from bot.errors import Sorry
from bot.services.app import App
from bot.settings import Settings
from bot.wording.people.languages import LIKE_DISCORD, like_discord, names, own_name
from bot.wording.speech import Language, language_codes, speaking, speaks
from bot.wording.speech.pseudo import PSEUDO


def answer_language(app: App, interaction: discord.Interaction[Any], *, private: bool) -> str:
    """Returns the code of the language for an answer.

    A private answer, or an answer outside of a server, is in the language that the person chose,
    else in that of their Discord. A public answer in a server is in the language that the server
    chose, else in that of the server on Discord. If the bot does not have that language, the
    language in the settings is used. If the settings name the pseudo-locale (changed English for
    tests), everything is in it, except for whom chose another language.

    private: True if only the person sees the answer.
    """
    public = interaction.guild_locale if not private else None
    if public is None:
        chosen = app.languages.people.get(interaction.user.id)
    else:
        chosen = app.languages.servers.get(interaction.guild_id or 0)
    return _chosen(app, chosen) or _of_discord(app, (public or interaction.locale).value)


def server_language(app: App, guild_id: int, guild: discord.Guild | None) -> str:
    """Returns the code of the language for a post to a server.

    It is the language that the server chose, else the server's language on Discord. If that is not
    known, or the bot does not speak it, the settings decide.
    """
    chosen = _chosen(app, app.languages.servers.get(guild_id))
    if chosen is None and guild is not None:
        return _of_discord(app, guild.preferred_locale.value)
    return chosen or app.settings.locale


def direct_language(
    app: App, person_id: int | None, guild_id: int, guild: discord.Guild | None
) -> str:
    """Returns the code of the language for a direct message to somebody about a server.

    It is the language that the person chose, else the language of posts to the server, because
    Discord does not say the language of somebody who does nothing just now.

    person_id: None if the person is not known.
    """
    chosen = _chosen(app, app.languages.people.get(person_id or 0))
    return chosen or server_language(app, guild_id, guild)


def speaking_to(
    app: App, interaction: discord.Interaction[Any], *, private: bool
) -> AbstractContextManager[Language]:
    """Within the `with` block, texts are in the language of the answer to an interaction.

    private: True if only the person sees the answer.
    """
    return speaking(answer_language(app, interaction, private=private))


def offered_languages(settings: Settings) -> tuple[str, ...]:
    """Returns the codes of the languages that people and servers can choose.

    The pseudo-locale is among them if the settings name it.
    """
    return (*language_codes(), *([PSEUDO] if settings.locale == PSEUDO else []))


def find_language(settings: Settings, typed: str) -> str | None:
    """Returns the code of the language that a person typed or chose; None for that of their
    Discord.

    Raises Sorry, with the languages that the bot speaks, if the bot does not speak the language.

    typed: the language's own name, its name in English or in the present language, or its code.
    """
    wanted = typed.strip().casefold()
    if wanted in ("", LIKE_DISCORD, like_discord().casefold()):
        return None
    offered = offered_languages(settings)
    for code in offered:
        if wanted.replace("-", "_") == code.casefold() or wanted in names(code):
            return code
    raise Sorry(
        "language-not-spoken", typed=typed.strip()[:40], choices=[own_name(one) for one in offered]
    )


def _chosen(app: App, code: str | None) -> str | None:
    """Returns the code of a language that was chosen; None if the bot does not speak it now."""
    if code == PSEUDO:
        return code if app.settings.locale == PSEUDO else None
    return code if code is not None and speaks(code) else None


def _of_discord(app: App, code: str) -> str:
    """Returns the code of a language of Discord if the bot speaks it, else that in the settings."""
    return code if app.settings.locale != PSEUDO and speaks(code) else app.settings.locale
