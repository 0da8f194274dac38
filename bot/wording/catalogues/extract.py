"""Reads the messages out of the source: the literals in `_`, `N_`, `ngettext` and `pgettext`.

The sentences on content, such as gore, are read from the starter catalogue's list of tags.

The syntax tree is read, since one message may contain another:
`_("{films} left.", films=ngettext("{n} film", "{n} films", n))`.
"""

import ast
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
WORDING = "bot/wording"
TAGS = "storage/catalogue/tags.csv"
MEANING = "menu option description"
"""The place of a sentence on content that films warn of."""

TEXTS_OF = {"_": 1, "N_": 1, "ngettext": 2, "pgettext": 2}
"""For each function that takes messages, how many of its first arguments are literal texts."""


class NotLiteral(ValueError):
    """A text in the source is not a literal, so no catalogue can contain it. str() says where it
    is.
    """


@dataclass(frozen=True, order=True)
class SourceMessage:
    """A text for people in the source code, which can be translated.

    Attributes:
        file: the module's path from the root of the project.
        line: the line of the call, from 1.
        place: where Discord shows the text, a key of `PLACES`; "" for the text of an answer.
        text: the English text; if it depends on a number, the form for 1.
        plural: the English form for other numbers; "" if the message does not depend on a number.
        names: the placeholders for which the call has values; None if the call only marks the text
            for later.
    """

    file: str
    line: int
    place: str
    text: str
    plural: str = ""
    names: frozenset[str] | None = None


def source_messages(root: Path = ROOT) -> list[SourceMessage]:
    """Returns all messages of the source, in the order of files and lines.

    Raises NotLiteral if a message is not a literal text.
    """
    found = list(tag_messages(root))
    for path in sorted((root / WORDING).rglob("*.py")):
        found += module_messages(path.read_text("utf-8"), path.relative_to(root).as_posix())
    return found


def tag_messages(root: Path) -> Iterator[SourceMessage]:
    """Yields the sentences on content that films warn of, from the list of tags."""
    path = root / TAGS
    if not path.is_file():
        return
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        for row in rows:
            if row["facet"] == "sensitive" and row["definition"]:
                yield SourceMessage(TAGS, rows.line_num, MEANING, row["definition"])


def module_messages(source: str, file: str) -> Iterator[SourceMessage]:
    """Yields the messages of one module."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        name = node.func.id
        count = TEXTS_OF.get(name)
        if count is None:
            continue
        texts = [_literal(argument, file) for argument in node.args[:count]]
        given = [keyword.arg for keyword in node.keywords]
        filled = None if name == "N_" or None in given else frozenset(a for a in given if a)
        if name == "N_":
            place = node.args[1] if len(node.args) > 1 else None
            place = next((k.value for k in node.keywords if k.arg == "place"), place)
            where = "" if place is None else _literal(place, file)
            yield SourceMessage(file, node.lineno, where, texts[0])
        elif name == "ngettext":
            names = None if filled is None else filled | {"n"}
            yield SourceMessage(file, node.lineno, "", texts[0], texts[1], names)
        elif name == "pgettext":
            yield SourceMessage(file, node.lineno, texts[0], texts[1], "", filled)
        else:
            yield SourceMessage(file, node.lineno, "", texts[0], "", filled)


def _literal(node: ast.expr, file: str) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    raise NotLiteral(f"{file}:{node.lineno}: write the text here as one literal")
