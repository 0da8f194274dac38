"""Finds sentences for people outside of the wording, by reading the code.

A stray sentence is a string literal that reads like prose: two words or more, or a word beside a
value that is glued to it. Not meant are docstrings, what goes to the log, SQL, patterns, type
annotations, and messages of built-in exceptions, which only a defect of the program raises.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.wording.speech.places import PLACES

ROOT = Path(__file__).resolve().parents[3]
READ = (
    "bot/services", "bot/cogs", "bot/views", "bot/client", "bot/jobs", "bot/cli", "bot/settings.py",
    "bot/env_file.py", "bot/errors.py", "bot/instrument.py", "bot/run.py", "bot/wiring.py",
    "recommender", "storage",
)  # fmt: skip
"""The folders and files that hold no sentence for people."""

DOCUMENTS = (
    "storage/database/roundtrip.py",
    "bot/instrument.py",
    "recommender/datasets/exploration_report.py",
    "recommender/evaluation/cold_start/",
    "recommender/evaluation/context/",
    "recommender/evaluation/groups.py",
    "recommender/evaluation/nights.py",
    "recommender/evaluation/growth/",
    "recommender/evaluation/matches/",
    "recommender/evaluation/ranking/",
    "recommender/evaluation/splits.py",
    "recommender/evaluation/movielens_folds.py",
    "recommender/evaluation/taste/",
    "recommender/engagement/",
    "recommender/experiments/report.py",
    "recommender/reports/",
)
"""What describes the metrics page and writes the reports of studies: English documents for whoever
examines the bot and its models, like the pages in `docs/`. Their errors are for the people who run
Matinee, and count."""

DEFECTS = frozenset(
    {"ValueError", "TypeError", "KeyError", "IndexError", "LookupError", "RuntimeError"}
    | {"AssertionError", "AttributeError", "NotImplementedError", "OSError", "FileExistsError"}
)
"""Exceptions that nobody is shown."""

LOGS = frozenset({"log", "logger", "logging", "warnings"})
NO_PROSE = frozenset(
    {"text", "execute", "exec_driver_sql", "executescript", "literal_column", "server_default"}
    | {"compile", "fullmatch", "sub", "cast", "TypeVar", "Index", "CheckConstraint", "DDL"}
    | {"getLogger", "add_gauge"}
)
"""Functions whose texts are SQL, patterns or types."""

SHOWN = frozenset(
    {"label", "description", "placeholder", "title", "help", "heading", "sentence", "note"}
    | {"metavar", "prompt"}
)
"""Names of arguments that people read: one word in them is a stray too."""

TABLES_OF_DATA = ("storage/catalogue/places.py", "storage/schema/")
"""Codes and names of countries and languages as data sets write them, and rules of the database."""

NAMES_OF_DATA = frozenset(
    {"Film Noir", "Science Fiction", "(no genres listed)", "sci fi", "rom com"}
    | {"Film \x00"}  # the title that a film without a title gets
    | {"your rating", "tmdb id", "title type", "letterboxd uri"}  # headings of exports
    | {"the channel is gone", "there is nobody to send it to"}  # stored by earlier versions
    | {"I am no longer in this server"}  # the same
    | {"service unavailable", "internal network error"}  # said by Discord
)
"""Names in data that are no text of the bot."""

_SQL = re.compile(
    r"\s*(?:SELECT|INSERT|UPDATE|DELETE|CREATE|DROP|ALTER|PRAGMA|WITH|VACUUM|BEGIN|ATTACH|DETACH|"
    r"ANALYZE|COMMIT|ROLLBACK|REINDEX)\b"
)
_WORD = r"[^\W\d_][^\W\d_’'\-]*"
_PROSE = re.compile(rf"(?<![\w/.\-]){_WORD}[’'\w]*[,;:.]? {_WORD}(?![\w/]*[=(])")
_GLUED = re.compile(rf"(?:\x00[,;:.]? ?{_WORD})|(?:{_WORD}[,;:.]? ?\x00)")
_GAP = "\x00"  # where an f-string has a value


@dataclass(frozen=True)
class Stray:
    """A sentence outside of the wording.

    Attributes:
        file: the module's path from the root of the project.
        line: its line.
        text: the sentence, with "…" for values.
    """

    file: str
    line: int
    text: str


def strays(root: Path = ROOT) -> Iterator[Stray]:
    """Yields the stray sentences of the whole project."""
    for name in READ:
        place = root / name
        paths = [place] if place.is_file() else sorted(place.rglob("*.py"))
        for path in paths:
            file = path.relative_to(root).as_posix()
            if "storage/migrations" not in file:
                yield from module_strays(path.read_text("utf-8"), file)


def module_strays(source: str, file: str) -> Iterator[Stray]:
    """Yields the stray sentences of one module."""
    if file.startswith(TABLES_OF_DATA):
        return
    tree = ast.parse(source)
    if file.startswith("bot/cli/"):
        yield from _shown_docstrings(tree, file)
    document = file.startswith(DOCUMENTS)
    for node, above in _literals(tree):
        text = _text(node)
        if document and not any(isinstance(step, ast.Raise) for step in above):
            continue
        if _reads_like_prose(text, node, above):
            yield Stray(file, node.lineno, " ".join(text.replace(_GAP, "…").split()))


def _shown_docstrings(tree: ast.Module, file: str) -> Iterator[Stray]:
    """Yields the docstrings that the command line shows as the help of a command."""
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef):
            continue
        calls = [call for call in node.decorator_list if isinstance(call, ast.Call)]
        shown = [call for call in calls if _called(call) in ("command", "callback")]
        if any(all(word.arg != "help" for word in call.keywords) for call in shown):
            text = (ast.get_docstring(node) or "").split("\n")[0]
            yield Stray(file, node.lineno, text)


def _literals(tree: ast.Module) -> Iterator[tuple[ast.expr, tuple[ast.AST, ...]]]:
    """Yields the string literals of a module with the nodes that they are in, innermost last."""
    waiting: list[tuple[ast.AST, tuple[ast.AST, ...]]] = [(tree, ())]
    while waiting:
        node, above = waiting.pop()
        if _is_no_prose(node):
            continue
        if isinstance(node, ast.JoinedStr):
            yield node, above
            inner = [value.value for value in node.values if isinstance(value, ast.FormattedValue)]
            waiting += [(child, (*above, node)) for child in inner]
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node, above
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns", "bases"):
                continue
            children = value if isinstance(value, list) else [value]
            waiting += [(c, (*above, node)) for c in children if isinstance(c, ast.AST)]


def _is_no_prose(node: ast.AST) -> bool:
    """True for a part of the code in which no string is for people."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True  # a docstring
    if isinstance(node, ast.Assert | ast.Import | ast.ImportFrom | ast.Compare):
        return True
    if isinstance(node, ast.FunctionDef) and node.name in ("__repr__", "__str__"):
        return True  # for logs
    if isinstance(node, ast.Attribute) and node.attr == "split":
        return isinstance(node.value, ast.Constant)  # a list of words
    if isinstance(node, ast.Subscript):
        return isinstance(node.value, ast.Name) and node.value.id == "Literal"
    if isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return any(isinstance(t, ast.Name) and t.id in ("__all__", "__slots__") for t in targets)
    if isinstance(node, ast.Call):
        of = node.func.value if isinstance(node.func, ast.Attribute) else None
        if isinstance(of, ast.Name) and of.id in LOGS:
            return True
        return _called(node) in NO_PROSE | DEFECTS
    return False


def _called(node: ast.Call) -> str:
    """Returns the name of the called function, without what it is an attribute of."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _text(node: ast.expr) -> str:
    """Returns a literal's text, with `_GAP` for each value of an f-string."""
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(part.value) if isinstance(part, ast.Constant) else _GAP for part in node.values
        )
    return str(node.value) if isinstance(node, ast.Constant) else ""


def _reads_like_prose(text: str, node: ast.expr, above: tuple[ast.AST, ...]) -> bool:
    """True if a literal is a sentence for people, or a part of one."""
    if _SQL.match(text) or text in PLACES or text in NAMES_OF_DATA:
        return False
    if _PROSE.search(text.replace(_GAP, " ")) and " " in text.strip(_GAP).strip():
        return True
    if isinstance(node, ast.JoinedStr) and " " in text.strip() and _GLUED.search(text):
        return True
    parent = above[-1] if above else None
    shown = isinstance(parent, ast.keyword) and parent.arg in SHOWN
    return shown and any(letter.isalpha() for letter in text)
