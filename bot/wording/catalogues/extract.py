"""Reads the messages out of the source: the literals in `_`, `N_`, `ngettext` and `pgettext`.

The sentences on content, such as gore, are read from the starter catalogue's list of tags.

The syntax tree is read, since one message may contain another:
`_("{films} left.", films=ngettext("{n} film", "{n} films", n))`.
"""

import ast
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
WORDING = "bot/wording"
TAGS = "storage/catalogue/tags.csv"
MEANING = "menu option description"
"""The place of a sentence on content that films warn of."""

TEXTS_OF = {"_": 1, "N_": 1, "ngettext": 2, "pgettext": 2}
"""For each function that takes messages, how many of its first arguments are literal texts."""

ONE_OF = {"REFUSALS": "an error", "NOTES": "a remark", "NAMES": "a name"}
"""What a text in a table of a room's texts is, by the table's name."""


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
        about: where the text is said, from the docstring of its function or table, such as "the
            heading of a shelf"; without a docstring, the name of the function or table in words.
    """

    file: str
    line: int
    place: str
    text: str
    plural: str = ""
    names: frozenset[str] | None = None
    about: str = ""


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
                name = row["name"]
                yield SourceMessage(
                    TAGS, rows.line_num, MEANING, row["definition"], about=f"content: {name}"
                )


def module_messages(source: str, file: str) -> Iterator[SourceMessage]:
    """Yields the messages of one module."""
    tree = ast.parse(source)
    about = {node: said for part, said in _described(tree.body) for node in ast.walk(part)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield from _messages_of(node, node.func.id, file, about.get(node, ""))


def _messages_of(node: ast.Call, name: str, file: str, about: str) -> Iterator[SourceMessage]:
    """Yields the message of a call; nothing if the function that it calls takes no message."""
    count = TEXTS_OF.get(name)
    if count is None:
        return
    texts = [_literal(argument, file) for argument in node.args[:count]]
    given = [keyword.arg for keyword in node.keywords]
    filled = None if name == "N_" or None in given else frozenset(a for a in given if a)
    line = node.lineno
    if name == "N_":
        place = node.args[1] if len(node.args) > 1 else None
        place = next((k.value for k in node.keywords if k.arg == "place"), place)
        where = "" if place is None else _literal(place, file)
        yield SourceMessage(file, line, where, texts[0], about=about)
    elif name == "ngettext":
        names = None if filled is None else filled | {"n"}
        yield SourceMessage(file, line, "", texts[0], texts[1], names, about)
    elif name == "pgettext":
        yield SourceMessage(file, line, texts[0], texts[1], "", filled, about)
    else:
        yield SourceMessage(file, line, "", texts[0], "", filled, about)


def _described(body: list[ast.stmt]) -> Iterator[tuple[ast.AST, str]]:
    """Yields the parts of a module that may contain messages, each with what it is about."""
    for node, following in zip_longest(body, body[1:]):
        if isinstance(node, ast.FunctionDef):
            said = (ast.get_docstring(node) or "").split("\n\n")[0]
            yield node, _about(said.removeprefix("Returns "), node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            named = ast.unparse(target)
            document = following.value if isinstance(following, ast.Expr) else None
            said = str(document.value) if isinstance(document, ast.Constant) else ""
            if named in ONE_OF and said.startswith(("Key of ", "The sentence of each ")):
                said = ONE_OF[named]
            about = _about(said, named)
            if not isinstance(node.value, ast.Dict):
                yield node.value, about
                continue
            for key, value in zip(node.value.keys, node.value.values, strict=True):
                words = _words(str(key.value)) if isinstance(key, ast.Constant) else ""
                yield value, f"{about}: {words}" if words else about


def _about(docstring: str, name: str) -> str:
    """Returns the first sentence of a docstring in one line, or else a name in words."""
    first = re.split(r"\.(?:\s|$)", " ".join(docstring.split()))[0]
    return re.sub(r", by the (note|error)'s key$", "", first) or _words(name)


def _words(name: str) -> str:
    return re.sub(r"[-_]+", " ", name).strip().lower()


def _literal(node: ast.expr, file: str) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    raise NotLiteral(f"{file}:{node.lineno}: write the text here as one literal")
