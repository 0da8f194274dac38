"""The places of Discord where a text has a limit.

A message that is not plain text of an answer names its place, as the context that gettext gives it:
`pgettext("button", "Why?")`. So its limit is known, and translators see what they translate.

Source: Discord's documentation, interactions/application-commands (naming and limits) and
components/reference.
"""

ANSWER_CHARACTERS = 4000
"""The most characters of all texts of one message of components."""

PLACES = {
    "command": 32,
    "command description": 100,
    "option": 32,
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
}
"""Place -> the most characters of a text there."""


def limit_of(place: str) -> int:
    """Returns the most characters of a text at a place; "" is the text of an answer."""
    return PLACES.get(place, ANSWER_CHARACTERS)
