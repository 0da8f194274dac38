"""The functions that return texts for people in the present language.

In the source, a text is an English literal, which is also the key of the message in the catalogue
of translations. Placeholders have names: `_("I've saved {film}.", film=name)`. Numbers are
formatted for the language.
"""

from collections.abc import Callable

from bot.wording.speech.formats import number
from bot.wording.speech.language import spoken

Sentence = str | Callable[..., str]
"""An entry in a table of sentences: a text that `N_` has marked, or a function that takes the
data.
"""


def _(text: str, /, **values: object) -> str:
    """Returns a message in the present language, with the values in its placeholders."""
    return filled(spoken().translations.gettext(text), values)


def pgettext(place: str, text: str, /, **values: object) -> str:
    """Returns a message for one of the places of `PLACES`, such as "button", in the present
    language.
    """
    return filled(spoken().translations.pgettext(place, text), values)


def ngettext(one: str, many: str, n: int, /, **values: object) -> str:
    """Returns a message that depends on a number, in the present language. The placeholder is
    `{n}`.

    one, many: the English forms for 1 and for other numbers. Other languages may have more forms.
    """
    return filled(spoken().translations.ngettext(one, many, n), {"n": n, **values})


def N_(text: str, place: str = "") -> str:  # gettext's own name
    """Marks a text for the catalogue of translations and returns it unchanged.

    It is for constants, which are made before the language is known. `translated` translates them
    later.

    place: where Discord shows the text, a key of `PLACES`; "" for the text of an answer.
    """
    return text


def translated(text: str, place: str = "", /, **values: object) -> str:
    """Returns a message that was marked by `N_`, in the present language."""
    found = spoken().translations
    return filled(found.pgettext(place, text) if place else found.gettext(text), values)


def filled(text: str, values: dict[str, object]) -> str:
    """Returns a text with the values in its placeholders."""
    if not values:
        return text
    shown = {
        name: number(value)
        if isinstance(value, int | float) and not isinstance(value, bool)
        else value
        for name, value in values.items()
    }
    return text.format_map(shown)
