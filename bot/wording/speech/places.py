"""The places of Discord where a text has a limit.

The message of a button, for example, names its place: `pgettext("button", "Why?")`. Its limit is
then known, and translators see what they translate. Messages that are the plain text of an answer
name no place.

Source: Discord's documentation, interactions/application-commands (naming and limits) and
components/reference.
"""

ANSWER_CHARACTERS = 4000
"""The most characters of all texts of one message of components."""

PLACES = {
    "command description": 100,
    "menu command": 32,
    "option description": 100,
    "choice": 100,
    "button": 80,
    "menu": 150,
    "menu option": 100,
    "menu option description": 100,
    "form title": 45,
    "form label": 45,
    "form description": 100,
    "form placeholder": 100,
    "file description": 1024,
    "poll question": 300,
    "poll answer": 55,
    "event name": 100,
    "event description": 1000,
    "thread name": 100,
    "reason in the audit log": 512,
    "picture": 32,
}
"""The greatest number of characters of a text at each place."""


def limit_of(place: str) -> int:
    """Returns the greatest number of characters of a text at a place; "" is the text of an
    answer.
    """
    return PLACES.get(place, ANSWER_CHARACTERS)
