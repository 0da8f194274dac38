"""Functions with which the services put texts together.

Text that comes from people or data sets is escaped before it becomes part of markdown.
"""

import re

_MARKDOWN = re.compile(r"([\\*_~`|>\[\]#<@])")


def safe(text: str) -> str:
    """Returns `text` with every character escaped that Discord's markdown would interpret."""
    return _MARKDOWN.sub(r"\\\1", text)


def listed(words: list[str]) -> str:
    """Returns the words as a list: "a", "a and b", "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
