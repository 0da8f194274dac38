"""Every message with sample data, for the playground's page of messages.

Translators and reviewers read the product there, by place, in a language of their choice. The
playground imports nothing of the bot, so `matinee play` hands it these functions.
"""

from bot.wording.catalogues.examples import sample_values
from bot.wording.catalogues.extract import source_messages
from bot.wording.speech import language_codes, speaking
from bot.wording.speech.pseudo import PSEUDO
from bot.wording.speech.say import filled

TEXT = "text"
"""The place of a message that is the text of an answer."""


def shown_languages() -> tuple[str, ...]:
    """Returns the codes of the languages in which the page can show the messages."""
    return (*language_codes(), PSEUDO)


def shown_messages(code: str) -> list[dict[str, str]]:
    """Returns every message in a language, with sample data, in the order of the source.

    Each message has the keys "room" (the module that says it), "place" (such as "button"), "about"
    (where it is said, in words), "text", and "source", the English text. A message that depends on
    a number comes in each form.

    code: the language's code.
    """
    found = []
    with speaking(code) as language:
        said = language.translations
        for message in source_messages():
            room = message.file.removeprefix("bot/wording/").removesuffix(".py")
            if message.plural:
                forms = {said.ngettext(message.text, message.plural, n): n for n in (5, 2, 1)}
            elif message.place:
                forms = {said.pgettext(message.place, message.text): 0}
            else:
                forms = {said.gettext(message.text): 0}
            for form, n in forms.items():
                values = sample_values(message) | ({"n": str(n)} if message.plural else {})
                found.append(
                    {
                        "room": room,
                        "place": message.place or TEXT,
                        "about": message.about,
                        "text": filled(form, values),
                        "source": message.text,
                    }
                )
    return found
