"""Words shared by services. Text of people and data sets is escaped before it meets markdown."""

import re

_MARKDOWN = re.compile(r"([\\*_~`|>\[\]#<@])")


def safe(text: str) -> str:
    """`text` with everything that Discord's markdown would act on escaped."""
    return _MARKDOWN.sub(r"\\\1", text)


def listed(words: list[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
