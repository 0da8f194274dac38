"""Functions that put texts for people together.

Text that comes from people or data sets is escaped before it becomes part of markdown.
"""

import re

from storage.catalogue.entry import one_line

_MARKDOWN = re.compile(
    r"([\\*_~`|>\[\]#<@]|:(?=//)|^[-+](?=\s)|(?<=^\d)\.(?=\s)|(?<=^\d\d)\.(?=\s))"
)


def safe(text: str) -> str:
    """Returns `text` escaped, so that no mention, link, time, list or heading is in it.

    Every text that is not the bot's own (titles, names, what a person typed) goes through this
    function before it becomes part of a message.
    """
    return _MARKDOWN.sub(r"\\\1", one_line(text))


def shorten(text: str, limit: int = 100) -> str:
    """Returns `text`, cut to `limit` characters with an ellipsis at the end if it is longer."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def no_formula(text: str) -> str:
    """Returns the text of a CSV cell, with a quote before it if a spreadsheet would run it."""
    return f"'{text}" if text.startswith(tuple("=+-@\t\r")) else text
