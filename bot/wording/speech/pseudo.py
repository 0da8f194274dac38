"""The pseudo-locale: English that is longer, accented and marked, for tests.

"Not for me" becomes "⟦Ñôţ ƒôŕ ɱé ōōō⟧". If a text is shown without marks, it did not come from the
catalogue. If one of the two marks is missing, the text was cut.
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
"""Parts of a text that stay unchanged: placeholders, code, addresses, and mentions and times of
Discord.
"""

_START = re.compile(r"\A(?:-# |#{1,3} |> |[-*•] |\d+\. )?")
"""Signs at the beginning of a line that have a meaning in Discord's markdown, such as those of a
list. They stay at the beginning.
"""


@lru_cache(maxsize=8192)
def pseudo(text: str, limit: int | None = None) -> str:
    """Returns a text in the pseudo-locale: every line with accents, in marks and a third longer.

    limit: the greatest number of characters that Discord allows, which the result keeps to.
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
    """The translations of the pseudo-locale (changed English for tests), made from each message of
    the source.
    """

    def gettext(self, message: str) -> str:
        return pseudo(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return pseudo(msgid1 if n == 1 else msgid2)

    def pgettext(self, context: str, message: str) -> str:
        return pseudo(message, limit_of(context))

    def npgettext(self, context: str, msgid1: str, msgid2: str, n: int) -> str:
        return pseudo(msgid1 if n == 1 else msgid2, limit_of(context))
