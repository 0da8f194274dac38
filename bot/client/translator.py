"""Translates the commands, their options and the options' choices for Discord.

The names of commands and options are the same in every language, because sentences, help pages and
other people name commands by them. Their descriptions are translated, and the names of choices and
of commands in menus.
"""

from typing import Any

import discord
from discord import app_commands
from discord.app_commands import TranslationContextLocation as Location

from bot.wording.speech import language, language_codes
from bot.wording.speech.pseudo import PSEUDO

PLACES = {
    Location.command_description: "command description",
    Location.group_description: "command description",
    Location.parameter_description: "option description",
    Location.choice_name: "choice",
}
"""For each kind of text that is translated, the name of its place in the catalogue of
translations.
"""

MENU = "menu command"
"""The place of the name of a command in the menu of a message. Discord allows spaces and capital
letters there.
"""


class CommandTranslator(app_commands.Translator):
    """Finds the text of a command in a language of Discord. discord.py calls it.

    pseudo: True to use the pseudo-locale (changed English for tests) in place of English.
    """

    def __init__(self, *, pseudo: bool = False) -> None:
        self._pseudo = pseudo

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """Returns the text in a language; None if it is the same in that language.

        locale: the language of Discord.
        context: where the text is, such as a command's name.
        """
        menu = isinstance(context.data, app_commands.ContextMenu)
        place = MENU if menu else PLACES.get(context.location)
        if place is None:
            return None
        english = locale in (discord.Locale.american_english, discord.Locale.british_english)
        if self._pseudo and not english:
            return None
        found = language(PSEUDO if self._pseudo else locale.value).translations
        text = found.pgettext(place, string.message)
        return text if text != string.message else None


def translator(locale: str) -> CommandTranslator | None:
    """Returns an object that translates commands for discord.py; None if English is the only
    language.

    locale: the language in the settings.
    """
    if locale == PSEUDO or len(language_codes()) > 1:
        return CommandTranslator(pseudo=locale == PSEUDO)
    return None


async def payloads(tree: app_commands.CommandTree[Any]) -> list[dict[str, Any]]:
    """Returns the definitions of all commands with their translations, in the form that is sent to
    Discord.
    """
    found = tree.translator
    if found is None:
        return [command.to_dict(tree) for command in tree.get_commands()]
    return [await command.get_translated_payload(tree, found) for command in tree.get_commands()]
