"""The pseudo-locale: English that is longer, accented and marked, for tests.

"Not for me" becomes "⟦Ñôţ ƒôŕ ɱé ōōō⟧". If a text comes without marks, it did not go through the
catalogue; if one of the marks is missing, it was cut.
"""

import re
from functools import lru_cache
from gettext import NullTranslations

from bot.wording.speech.places import limit_of

PSEUDO = "pseudo"
OPEN, CLOSE = "⟦", "⟧"
ACCENTS = str.maketrans(
    "acdefghijklmnorstuwyzACDEGHIKLNORSTUWYZ",
    "áçďéƒĝĥíĵķĺɱñôŕšţûŵýžÁÇĎÉĜĤÍĶĹÑÔŔŠŢÛŴÝŽ",
)
_KEPT = re.compile(r"(\{\w*\}|`[^`]*`|<[^<>\s]+>|\]\([^)\s]*\)|https?://\S+)")
"""What is not changed: placeholders, code, mentions and times of Discord, addresses."""

_START = re.compile(r"\A(?:-# |#{1,3} |> |[-*•] |\d+\. )?")
"""What gives a line its form in Discord's markdown, and so has to stay at its beginning."""


@lru_cache(maxsize=8192)
def pseudo(text: str, limit: int | None = None) -> str:
    """Returns a text of the pseudo-locale: every line accented, in marks and a third longer.

    limit: the most characters that Discord allows; the text is lengthened only as far.
    """
    lines = text.split("\n")
    spare = None if limit is None else max(0, limit - len(text) - 2 * len(lines))
    return "\n".join(_line(line, spare) for line in lines)


def _line(line: str, spare: int | None) -> str:
    if not any(letter.isalpha() for letter in _KEPT.sub("", line)):
        return line
    start = _START.match(line)
    cut = start.end() if start else 0
    rest = "".join(
        part if at % 2 else part.translate(ACCENTS)
        for at, part in enumerate(_KEPT.split(line[cut:]))
    )
    more = max(1, len(line) // 3)
    more = more if spare is None else min(more, spare)
    padding = f" {'ō' * (more - 1)}" if more > 1 else ""
    return f"{line[:cut]}{OPEN}{rest}{padding}{CLOSE}"


class PseudoTranslations(NullTranslations):
    """Finds the pseudo-locale's text for each message of the source."""

    def gettext(self, message: str) -> str:
        return pseudo(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return pseudo(msgid1 if n == 1 else msgid2)

    def pgettext(self, context: str, message: str) -> str:
        return pseudo(message, limit_of(context))

    def npgettext(self, context: str, msgid1: str, msgid2: str, n: int) -> str:
        return pseudo(msgid1 if n == 1 else msgid2, limit_of(context))
