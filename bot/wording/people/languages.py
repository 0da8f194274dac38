"""Texts about the language in which the bot speaks to a person or in a server."""

from bot.wording.speech import N_, Sentence, _, pgettext, spoken
from bot.wording.speech.pseudo import PSEUDO

REFUSALS: dict[str, Sentence] = {
    "language-not-spoken": N_("I don't speak “{typed}” yet. Try {choices}."),
}
"""The sentence of each error, by the error's key."""

NOTES: dict[str, Sentence] = {}
"""The sentence of each note, by the note's key."""

LIKE_DISCORD = "discord"
"""The value that is chosen for the language of the person's or the server's Discord."""


def own_name(code: str) -> str:
    """Returns the name of a language in that language, with a capital letter: "Deutsch".

    The pseudo-locale (changed English for tests) has a name in the present language.
    """
    if code == PSEUDO:
        return _("Pseudo-English, for tests")
    return spoken().dress(_name(code, code))


def names(code: str) -> frozenset[str]:
    """Returns the names of a language that people may type, in small letters: its own name, the
    English name, and the name in the present language.
    """
    found = {own_name(code)}
    if code != PSEUDO:
        found |= {_name(code, other) for other in (code, "en", spoken().cldr)}
    return frozenset(name.casefold() for name in found)


def _name(code: str, other: str) -> str:
    """Returns the name of a language in another one, with a capital letter."""
    from babel import Locale  # not at the top: commands of the command line need it never

    found = Locale.parse(code).get_display_name(other) or code
    return found[:1].upper() + found[1:]


def like_discord() -> str:
    """Returns the choice of the language of the person's or the server's Discord."""
    return pgettext("choice", "Same as Discord")


def chosen_name(code: str | None) -> str:
    """Returns the name of a choice among the languages.

    code: the language's code; None for the language of the person's or the server's Discord.
    """
    return like_discord() if code is None else own_name(code)


def language_chosen(code: str | None) -> str:
    """Returns the answer to a person who chose the language of private messages.

    code: the language's code; None for the language of their Discord.
    """
    if code is None:
        return _("Done. I'll answer you in the language you use on Discord.")
    return _("Done. I'll answer you in {spoken}.", spoken=own_name(code))


def language_line(code: str | None) -> str:
    """Returns the language of a person's private messages, as a line of `/settings`.

    code: its code; None for the language of their Discord.
    """
    return _("Language: **{spoken}**", spoken=chosen_name(code))


def public_language_line(code: str | None) -> str:
    """Returns the language of a server's public messages, as a line of `/setup`.

    code: its code; None for the server's language on Discord.
    """
    return _("Language of posts and public answers: **{spoken}**", spoken=chosen_name(code))


def language_menu() -> str:
    """Returns the text of the menu for the language of private messages."""
    return pgettext("menu", "Language")
