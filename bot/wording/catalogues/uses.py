"""Finds texts of `bot/wording` that nothing uses, and errors without a sentence, by reading the
code.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from bot.wording.catalogues.checks import placeholders

ROOT = Path(__file__).resolve().parents[3]
ROOMS = ("bot", "recommender", "storage")
WORDING = "bot/wording/"
OWN_USERS = ("bot/wording/catalogues/", "bot/wording/speech/")
"""Names that only the modules of `bot/wording` and tests use. They are not reported as unused."""

TABLES = ("REFUSALS", "NOTES", "NAMES")
MAKERS = frozenset({"Problem", "note"})
"""Functions and classes, other than errors, that are given a key and data: problems of an error,
and notes.
"""

ROOTS = frozenset({"MatineeError", "RecommenderError", "StorageError"})
"""The base classes of the errors of `bot`, `recommender` and `storage`."""


def unused(root: Path = ROOT) -> Iterator[str]:
    """Yields the public names of `bot/wording` that no other code mentions."""
    trees = _trees(root)
    mentioned = frozenset[str]().union(*map(_mentions, trees.values()))
    for file, tree in trees.items():
        if not file.startswith(WORDING) or file.startswith(OWN_USERS):
            continue
        for name, line in _public_names(tree):
            if name not in TABLES and name not in mentioned:
                yield f"{file}:{line}: {name} is used nowhere"


def unsaid(root: Path = ROOT) -> Iterator[str]:
    """Yields a sentence for each mismatch between errors and the tables of their sentences.

    Mismatches are keys without a sentence, keys in two tables, sentences whose key is never raised,
    and placeholders for which no raise gives a value.
    """
    trees = _trees(root)
    tables = dict(_tables(trees))
    raised = _raised(trees)
    named = _literals(trees)
    seen: dict[str, str] = {}
    for (file, key), sentence in tables.items():
        if key in seen:
            yield f"{file}: {key} is in {seen[key]} too"
        seen[key] = file
        if key not in raised and key not in named:
            yield f"{file}: nothing is raised with {key}"
        elif isinstance(sentence, str):
            for where, given in raised.get(key, ()):
                lacking = sorted(placeholders(sentence) - given) if given is not None else []
                yield from (f"{where}: {key} gives no {name}" for name in lacking)
    for key, places in raised.items():
        if key not in seen:
            yield f"{places[0][0]}: no table says {key}"


def _literals(trees: Mapping[str, ast.Module]) -> frozenset[str]:
    """Returns the strings in the code outside of the wording: a key may come out of a table."""
    return frozenset(
        node.value
        for file, tree in trees.items()
        if not file.startswith(WORDING)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


@cache
def _trees(root: Path) -> Mapping[str, ast.Module]:
    return {
        path.relative_to(root).as_posix(): ast.parse(path.read_text("utf-8"))
        for room in ROOMS
        for path in sorted((root / room).rglob("*.py"))
        if "playground" not in path.parts
    }


def _public_names(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yields the functions and constants of a module that do not begin with an underscore."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node.name, node.lineno
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                if isinstance(target, ast.Name) and not target.id.startswith("_"):
                    yield target.id, node.lineno


def _mentions(tree: ast.Module) -> frozenset[str]:
    """Returns the names that a module uses or imports, including those after a dot."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.alias):
            found.add(node.name)
    return frozenset(found)


def _tables(trees: Mapping[str, ast.Module]) -> Iterator[tuple[tuple[str, str], str | None]]:
    """Yields ((file, key), sentence) for each entry in a table of sentences.

    The sentence is None if the entry is a function.
    """
    for file, tree in trees.items():
        if not file.startswith(WORDING):
            continue
        for node in tree.body:
            target = node.target if isinstance(node, ast.AnnAssign) else None
            if not (isinstance(target, ast.Name) and target.id in TABLES):
                continue
            table = node.value if isinstance(node, ast.AnnAssign) else None
            if isinstance(table, ast.Dict):
                for key, value in zip(table.keys, table.values, strict=True):
                    if isinstance(key, ast.Constant):
                        yield (file, str(key.value)), _marked(value)


def _marked(node: ast.expr) -> str | None:
    """Returns the text in `N_("…")`; None for anything else."""
    if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
        return str(node.args[0].value)
    return None


def _raised(
    trees: Mapping[str, ast.Module],
) -> Mapping[str, list[tuple[str, frozenset[str] | None]]]:
    """Returns where each key of an error is raised, by the key.

    Each place comes with the names of the data that are given there, or None if these are not
    written out in the call. An error is a call of a class derived from one in `bot/errors.py`,
    `recommender/errors.py` or `storage/errors.py`, with a literal key.
    """
    families = set(MAKERS)
    classes = [n for tree in trees.values() for n in tree.body if isinstance(n, ast.ClassDef)]
    for _ in range(4):  # as deep as the families are
        for made in classes:
            bases = {base.id for base in made.bases if isinstance(base, ast.Name)}
            if bases & (families | ROOTS):
                families.add(made.name)
    found: dict[str, list[tuple[str, frozenset[str] | None]]] = defaultdict(list)
    for file, tree in trees.items():
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            if node.func.id not in families:
                continue
            keys = [
                part.value
                for argument in node.args
                for part in _branches(argument)
                if isinstance(part, ast.Constant) and isinstance(part.value, str)
            ]
            names = [keyword.arg for keyword in node.keywords]
            given = None if None in names else frozenset(n for n in names if n)
            for key in keys:
                found[key].append((f"{file}:{node.lineno}", given))
    return found


def _branches(node: ast.expr) -> Iterator[ast.expr]:
    """Yields the expressions that an expression may have as its value: both sides of `a if b else
    c`, or itself.
    """
    if isinstance(node, ast.IfExp):
        yield from (*_branches(node.body), *_branches(node.orelse))
    else:
        yield node
