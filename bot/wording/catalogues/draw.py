"""The command `python -m bot.wording.catalogues.draw SEED`, which `make draw` runs.

It draws messages at random and prints each one with sample data, for a reader who judges whether a
friendly bot would say it. In brackets it says where people see the message.
"""

import ast
import random
import sys
from collections.abc import Sequence
from functools import cache

from bot.wording.catalogues.examples import sample_values
from bot.wording.catalogues.extract import ROOT, TAGS, SourceMessage, source_messages
from bot.wording.catalogues.gallery import TEXT
from bot.wording.speech import speaking
from bot.wording.speech.say import filled

COUNT = 60
"""How many messages are drawn."""


def drawn(seed: str, count: int = COUNT) -> Sequence[SourceMessage]:
    """Returns messages drawn without repetition. The same seed draws the same ones."""
    once = {(each.place, each.text): each for each in reversed(source_messages())}
    messages = [once[key] for key in sorted(once)]
    return random.Random(seed).sample(messages, min(count, len(messages)))


def printed(message: SourceMessage) -> str:
    """Returns a message with sample data, below the line that says where people see it."""
    lines = [f"[{message.place or TEXT}: {message.about}] {_room(message.file)}"]
    forms = {message.text: "1", message.plural: "5"} if message.plural else {message.text: ""}
    for form, n in forms.items():
        values = sample_values(message) | ({"n": n} if n else {})
        lines.append(filled(form, values))
    return "\n".join(lines).replace("\n", "\n    ")


@cache
def _room(file: str) -> str:
    """Returns a module's path within `bot/wording`, and what its texts are for."""
    about = ast.get_docstring(ast.parse((ROOT / file).read_text("utf-8"))) if file != TAGS else ""
    first = (about or "").partition("\n\n")[0].replace("\n", " ")
    return f"({file.removeprefix('bot/wording/')}) {first}".rstrip()


def main() -> None:
    """Prints the messages that the seed on the command line draws."""
    seed = sys.argv[1]
    with speaking("en"):
        for number, message in enumerate(drawn(seed), 1):
            sys.stdout.write(f"{number}. {printed(message)}\n\n")


if __name__ == "__main__":
    main()
