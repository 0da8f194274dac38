"""The functions that every text for people goes through.

The text in the source is English, is a literal, and is the key of the message in the catalogue.
Values go into placeholders by name: `_("I've saved {film}.", film=name)`. Whole numbers and
fractions are written as the language writes them.
"""

from collections.abc import Callable

from bot.wording.speech.formats import number
from bot.wording.speech.language import spoken

Sentence = str | Callable[..., str]
"""How a table says a key: a text that `N_` has marked, or a function that takes the data."""


def _(text: str, /, **values: object) -> str:
    """Returns a message in the language that is spoken, with the values in its placeholders."""
    return filled(spoken().translations.gettext(text), values)


def pgettext(place: str, text: str, /, **values: object) -> str:
    """Returns a message for a place of `PLACES`, such as "button"."""
    return filled(spoken().translations.pgettext(place, text), values)


def ngettext(one: str, many: str, n: int, /, **values: object) -> str:
    """Returns a message that depends on a number. The number's placeholder is `{n}`.

    one, many: the English forms for 1 and for other numbers. Other languages may have more forms.
    """
    return filled(spoken().translations.ngettext(one, many, n), {"n": n, **values})


def N_(text: str, place: str = "") -> str:  # gettext's own name
    """Marks a text for the catalogue and returns it unchanged; `translated` says it later.

    It is for constants, which are made before anybody knows which language will be spoken.

    place: a place of `PLACES`; "" for the text of an answer.
    """
    return text


def translated(text: str, place: str = "", /, **values: object) -> str:
    """Returns a message that was marked by `N_`, in the language that is spoken."""
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
